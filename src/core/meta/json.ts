/**
 * JSON text to values and back with every integer of 64 bits exact: one that a number would change is a bigint, everything
 * else is what JSON.parse makes of it. Texts without such integers cost what JSON.parse and JSON.stringify cost.
 */

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * A number where that prints as `value` does, or where Go would read a float64 (beyond int64, as apimachinery's
 * util/json); a bigint otherwise. So equal values have one form, and `===` compares them.
 */
export function exactInteger(value: bigint): number | bigint {
  const rounded = Number(value);
  const kept = value < MIN_INT64 || value > MAX_INT64 || String(rounded) === String(value);
  return kept ? rounded : value;
}

/** Whether Go holds it as an int64: a whole number, and small enough. */
export const isInteger = (value: unknown): boolean =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63);

export const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** As JSON.parse, but integers that a number would change are bigints. @throws SyntaxError as JSON.parse does */
export function parseJson(text: string): unknown {
  return MAY_BE_LONG.test(text) ? parseExactly(text) : JSON.parse(text);
}

/** Sixteen digits, which 2^53 has, where a value may stand. It may still be the inside of a string. */
const MAY_BE_LONG = /(?:^|[[,:])\s*-?\d{16}/;

/** A string, closed or not, or a long integer between strings: neither part of a fraction nor of an exponent. */
const STRING_OR_LONG = /"(?:[^"\\]|\\.)*"?|(?<![\w.+-])-?[1-9]\d{15,}(?![\d.eE])/gs;

/** Long integers go through JSON.parse as strings that begin with a mark that nothing else holds. */
function parseExactly(text: string): unknown {
  let mark = '#';
  while (text.includes(mark)) mark += '#';
  let found = false;
  const marked = text.replace(STRING_OR_LONG, (token) => {
    if (token[0] === '"' || typeof exactInteger(BigInt(token)) === 'number') return token;
    found = true;
    return `"${mark}${token}"`;
  });
  let value: unknown;
  try {
    value = JSON.parse(marked);
  } catch {
    // The text is wrong: its own positions are to be named.
    return JSON.parse(text);
  }
  return found ? unmark(value, mark) : value;
}

function unmark(value: unknown, mark: string): unknown {
  if (typeof value === 'string') return value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const container = value as Record<string, unknown>;
  for (const key of Object.keys(container)) {
    const item = container[key];
    const plain = unmark(item, mark);
    // An own `__proto__` that held an integer is defined, not assigned.
    if (plain !== item) Object.defineProperty(container, key, { value: plain, ...OPEN });
  }
  return value;
}

const OPEN = { enumerable: true, configurable: true, writable: true };

export interface StringifyOptions {
  /** Of each level, as JSON.stringify's last argument. */
  readonly indent?: number;
  /** White space that is put before each integer beyond what a number holds, so that a reader can tell there are some. */
  readonly before?: string;
}

/** As JSON.stringify of what is JSON (fields that are undefined are left out), but bigints are written as integers. */
export function stringifyJson(value: unknown, { indent, before = '' }: StringifyOptions = {}): string {
  try {
    return JSON.stringify(value, undefined, indent) ?? 'null';
  } catch (error) {
    // JSON.stringify refuses bigints with the same error as cycles; those end in a RangeError below.
    if (!(error instanceof TypeError)) throw error;
    return write(value, ' '.repeat(indent ?? 0), indent ? '\n' : '', before);
  }
}

function write(value: unknown, indent: string, newline: string, before: string): string {
  if (typeof value === 'bigint') return before + String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = newline + indent;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${value.map((item) => inner + write(item, indent, inner, before)).join(',')}${newline}]`;
  }
  const colon = newline === '' ? ':' : ': ';
  const members: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) members.push(inner + JSON.stringify(key) + colon + write(item, indent, inner, before));
  }
  return members.length === 0 ? '{}' : `{${members.join(',')}${newline}}`;
}
