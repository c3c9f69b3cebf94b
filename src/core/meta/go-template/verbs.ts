/** One value under one verb of Sprintf. */
import { goQuote } from '../gofmt';
import { get } from '../objects';
import { sortedKeys } from '../text';
import { exponential, fixed, general, hexadecimal } from './floats';
import { GoComplex, type GoNumber, isMap, numberOf, typeName, unwrap } from './values';

/** What stands between `%` and the verb. */
export interface Flags {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%#v`. */
  sharpV: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export const NONE: Readonly<Flags> = {
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  sharpV: false,
  width: undefined,
  precision: undefined,
};

/** One operand under one verb. */
export function format(operand: unknown, verb: string, flags: Flags): string {
  const value = unwrap(operand);
  if (verb === 'T') return pad(value === undefined ? '<nil>' : typeName(value), { ...flags, precision: undefined });
  if (value === undefined) return verb === 'v' ? pad('<nil>', { ...flags, precision: undefined }) : `%!${verb}(<nil>)`;
  return formatValue(value, verb, flags);
}

function formatValue(value: unknown, verb: string, flags: Flags): string {
  if (Array.isArray(value)) return list(value, verb, flags);
  if (isMap(value)) return map(value, verb, flags);
  if (typeof value === 'boolean')
    return verb === 't' || verb === 'v' ? pad(String(value), flags) : badVerb(value, verb, flags);
  if (typeof value === 'string') return text(value, verb, flags);
  if (value instanceof GoComplex) {
    if (!/^[vbgGxXfFeE]$/.test(verb)) return badVerb(value, verb, flags);
    const signed = { ...flags, plus: true };
    return `(${float(value.re, verb, flags)}${float(value.im, verb, signed)}i)`;
  }
  const number = numberOf(value);
  if (!number) return badVerb(value, verb, flags);
  return typeof number.value === 'bigint'
    ? integer(number, number.value, verb, flags)
    : /^[vgGeEfFxXb]$/.test(verb)
      ? float(number.value, verb, flags)
      : badVerb(value, verb, flags);
}

function list(value: readonly unknown[], verb: string, flags: Flags): string {
  if (verb === 'p') return badVerb(value, verb, flags);
  const items = value.map((item) => element(item, verb, flags));
  return flags.sharpV ? `[]interface {}{${items.join(', ')}}` : `[${items.join(' ')}]`;
}

function map(value: Record<string, unknown>, verb: string, flags: Flags): string {
  if (verb === 'p') return badVerb(value, verb, flags);
  const members = sortedKeys(value).map((key) => `${text(key, verb, flags)}:${element(get(value, key), verb, flags)}`);
  return flags.sharpV ? `map[string]interface {}{${members.join(', ')}}` : `map[${members.join(' ')}]`;
}

function element(item: unknown, verb: string, flags: Flags): string {
  const value = unwrap(item);
  if (value === undefined) return flags.sharpV ? 'interface {}(nil)' : '<nil>';
  return formatValue(value, verb, flags);
}

const badVerb = (value: unknown, verb: string, flags: Flags): string =>
  `%!${verb}(${typeName(value)}=${formatValue(value, 'v', flags)})`;

function text(value: string, verb: string, flags: Flags): string {
  switch (verb) {
    case 'v':
      return flags.sharpV ? quoted(value, flags) : pad(truncated(value, flags), flags);
    case 's':
      return pad(truncated(value, flags), flags);
    case 'q':
      return quoted(truncated(value, flags), flags);
    case 'x':
    case 'X':
      return pad(hexBytes(value, verb, flags), flags);
    default:
      return badVerb(value, verb, flags);
  }
}

const truncated = (value: string, flags: Flags): string =>
  flags.precision === undefined ? value : [...value].slice(0, flags.precision).join('');

function quoted(value: string, flags: Flags): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what strconv.CanBackquote refuses
  if (flags.sharp && !/[`\u0000-\u0008\u000a-\u001f\u007f\ufeff]/.test(value)) return pad(`\`${value}\``, flags);
  const plain = goQuote(value);
  return pad(flags.plus ? ascii(plain) : plain, flags);
}

const ascii = (value: string): string =>
  [...value]
    .map((c) => {
      const code = c.codePointAt(0)!;
      if (code < 0x80) return c;
      return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
    })
    .join('');

function hexBytes(value: string, verb: string, flags: Flags): string {
  const bytes = new TextEncoder().encode(value);
  const shown = flags.precision === undefined ? bytes : bytes.slice(0, flags.precision);
  const pairs = [...shown].map((byte) => byte.toString(16).padStart(2, '0'));
  const prefix = flags.sharp ? '0x' : '';
  const joined = flags.space
    ? pairs.map((p) => prefix + p).join(' ')
    : (pairs.length > 0 ? prefix : '') + pairs.join('');
  return verb === 'X' ? joined.toUpperCase() : joined;
}

function integer(number: GoNumber, value: bigint, verb: string, flags: Flags): string {
  switch (verb) {
    case 'v':
      if (flags.sharpV && number.type === 'uint8') return `0x${value.toString(16)}`;
      return digits(value, 10, verb, flags);
    case 'd':
      return digits(value, 10, verb, flags);
    case 'b':
      return digits(value, 2, verb, flags);
    case 'o':
    case 'O':
      return digits(value, 8, verb, flags);
    case 'x':
    case 'X':
      return digits(value, 16, verb, flags);
    case 'c':
      return pad(rune(value), flags);
    case 'q': {
      const inner = goQuote(rune(value)).slice(1, -1);
      const single = inner === '\\"' ? '"' : inner === "'" ? "\\'" : inner;
      return pad(flags.plus ? ascii(`'${single}'`) : `'${single}'`, flags);
    }
    case 'U': {
      const code = (value < 0n ? value + 2n ** 64n : value).toString(16).toUpperCase();
      const name = `U+${code.padStart(Math.max(4, flags.precision ?? 0), '0')}`;
      const shows =
        flags.sharp && value >= 0n && value <= 0x10ffffn && /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(rune(value));
      const shown = shows ? `${name} '${rune(value)}'` : name;
      return pad(shown, { ...flags, zero: false });
    }
    default:
      return badVerb(number, verb, flags);
  }
}

function rune(value: bigint): string {
  const good = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value < 0xe000n);
  return good ? String.fromCodePoint(Number(value)) : '\ufffd';
}

function digits(value: bigint, base: number, verb: string, flags: Flags): string {
  const negative = value < 0n;
  let least = flags.precision ?? 0;
  if (flags.precision === 0 && value === 0n) return ' '.repeat(flags.width ?? 0);
  if (flags.precision === undefined && flags.zero && !flags.minus && flags.width !== undefined)
    least = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
  let body = (negative ? -value : value).toString(base).padStart(least, '0');
  if (flags.sharp) {
    if (base === 2) body = `0b${body}`;
    else if (base === 16) body = `0x${body}`;
    else if (base === 8 && !body.startsWith('0')) body = `0${body}`;
  }
  if (verb === 'O') body = `0o${body}`;
  if (verb === 'X') body = body.toUpperCase();
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  return pad(sign + body, { ...flags, zero: false });
}

function float(value: number, verb: string, flags: Flags): string {
  let body = Number.isFinite(value) ? finite(Math.abs(value), verb, flags) : Number.isNaN(value) ? 'NaN' : 'Inf';
  if (verb === 'X' || verb === 'G' || verb === 'E') body = Number.isFinite(value) ? body.toUpperCase() : body;
  const negative = value < 0 || Object.is(value, -0);
  const plus = flags.plus || (!Number.isFinite(value) && !Number.isNaN(value));
  const sign = negative ? '-' : flags.space && !flags.plus ? ' ' : plus ? '+' : '';
  if (flags.zero && !flags.minus && sign !== '' && Number.isFinite(value) && (flags.width ?? 0) > body.length + 1)
    return sign + body.padStart(flags.width! - 1, '0');
  return pad(sign + body, Number.isFinite(value) ? flags : { ...flags, zero: false });
}

function finite(value: number, verb: string, flags: Flags): string {
  switch (verb) {
    case 'f':
    case 'F':
      return fixed(value, flags.precision ?? 6);
    case 'e':
    case 'E':
      return exponential(value, flags.precision ?? 6);
    case 'x':
    case 'X':
      return hexadecimal(value);
    default:
      return general(value, flags.precision);
  }
}

/** Fills up to the width, counted in characters. */
function pad(value: string, flags: Flags): string {
  const missing = (flags.width ?? 0) - [...value].length;
  if (missing <= 0) return value;
  if (flags.minus) return value + ' '.repeat(missing);
  return (flags.zero ? '0' : ' ').repeat(missing) + value;
}
