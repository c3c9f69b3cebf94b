/** Literals of templates: quoted texts, characters and numbers, by Go's rules (strconv.Unquote, ParseInt with base 0). */
import { ESCAPES, goQuote } from '../gofmt';

export type NumberLiteral =
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float64'; readonly value: number }
  | { readonly type: 'complex128'; readonly re: number; readonly im: number }
  | { readonly type: 'overflow' };

/** The text of a quoted string. @throws Error `invalid syntax` */
export function unquote(quoted: string): string {
  if (quoted.startsWith('`')) return quoted.slice(1, -1).replaceAll('\r', '');
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let at = 1; at < quoted.length - 1; ) {
    const one = unquoteCharacter(quoted, at, '"');
    if (one.byte) bytes.push(one.code);
    else bytes.push(...encoder.encode(String.fromCodePoint(one.code)));
    at = one.end;
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** One character, escaped or not, from `at` on. `byte`: an escape that stands for a byte of UTF-8. */
function unquoteCharacter(text: string, at: number, quote: string): { code: number; end: number; byte: boolean } {
  const code = text.codePointAt(at) ?? 0;
  if (code !== 92) return { code, end: at + (code > 0xffff ? 2 : 1), byte: false };
  const letter = text[at + 1] ?? '';
  if (letter === quote) return { code: quote.charCodeAt(0), end: at + 2, byte: false };
  if (Object.hasOwn(ESCAPES, letter)) return { code: ESCAPES[letter]!.charCodeAt(0), end: at + 2, byte: false };
  const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/.exec(text.slice(at + 1, at + 10));
  if (!hex) throw new Error('invalid syntax');
  const digits = hex[1] ?? hex[2] ?? hex[3];
  const value = digits === undefined ? Number.parseInt(hex[4]!, 8) : Number.parseInt(digits, 16);
  const byte = hex[1] !== undefined || hex[4] !== undefined;
  if (byte ? value > 255 : value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) throw new Error('invalid syntax');
  return { code: value, end: at + 1 + hex[0].length, byte };
}

/** `'x'` is a number. @throws Error */
export function characterLiteral(text: string): NumberLiteral {
  if (text === "''") throw new Error('invalid syntax');
  const one = unquoteCharacter(text, 1, "'");
  if (one.end !== text.length - 1) throw new Error(`malformed character constant: ${text}`);
  return { type: 'int', value: BigInt(one.code) };
}

/** @throws Error `illegal number syntax: …` or `integer overflow: …` */
export function numberLiteral(text: string): NumberLiteral {
  if (text.endsWith('i')) {
    const imaginary = parseFloat64(text.slice(0, -1));
    if (imaginary !== undefined && imaginary !== 0) return { type: 'complex128', re: 0, im: imaginary };
    if (imaginary === 0) return { type: 'complex128', re: 0, im: 0 };
  }
  const integer = parseInteger(text);
  if (integer !== undefined) {
    if (integer >= -(2n ** 63n) && integer < 2n ** 63n) return { type: 'int', value: integer };
    if (integer >= 0n && integer < 2n ** 64n && !text.startsWith('+')) return { type: 'overflow' };
  }
  const float = parseFloat64(text);
  if (float === undefined) throw new Error(`illegal number syntax: ${goQuote(text)}`);
  // It looks whole, and is none that fits: too large, or an octal with an 8 in it.
  if (!/[.eEpP]/.test(text)) throw new Error(`integer overflow: ${goQuote(text)}`);
  return { type: 'float64', value: float };
}

/** `1+2i`. @throws Error */
export function complexLiteral(text: string): NumberLiteral {
  const parts = /^(.+[^eEpP])([+-].+)i$/.exec(text) ?? /^(.)([+-].+)i$/.exec(text);
  const re = parseFloat64(parts?.[1] ?? '');
  const im = parseFloat64(parts?.[2] ?? '');
  if (re === undefined || im === undefined) throw new Error('syntax error scanning complex number');
  return { type: 'complex128', re, im };
}

function parseInteger(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[+-]/, '');
  const underscores = digits.includes('_');
  if (underscores && !/^(?:0[xXoObB]?_?)?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/.test(digits)) return undefined;
  const plain = digits.replaceAll('_', '');
  let value: bigint;
  if (/^0[xX][0-9a-fA-F]+$|^0[oO][0-7]+$|^0[bB][01]+$/.test(plain)) value = BigInt(plain.toLowerCase());
  else if (/^0[0-7]+$/.test(plain)) value = BigInt(`0o${plain.slice(1)}`);
  else if (/^(?:0|[1-9][0-9]*)$/.test(plain)) value = BigInt(plain);
  else return undefined;
  return negative ? -value : value;
}

function parseFloat64(text: string): number | undefined {
  if (/^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const hex = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]{1,5})$/.exec(text);
  const [, sign, whole = '', fraction = '', exponent] = hex ?? [];
  if (whole + fraction === '') return undefined;
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}
