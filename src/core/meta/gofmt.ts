/**
 * Values as Go's fmt prints them, for messages that kubectl and the API server build with %v, %#v and %q. Plain JSON stands
 * for what Go decodes it to: map[string]interface {}, []interface {}, string, int64, float64, bool and nil.
 */

import { isInteger } from './json';
import { sortedKeys } from './text';

/** As %v: `map[a:1 b:[x y]]`, `<nil>`. */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return goNumber(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  const members = sortedKeys(value).map((key) => `${key}:${goValue((value as Record<string, unknown>)[key])}`);
  return `map[${members.join(' ')}]`;
}

/** As %#v: `map[string]interface {}{"a":1, "b":[]interface {}{"x"}}`. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number') return goNumber(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  const members = sortedKeys(value).map(
    (key) => `${goQuote(key)}:${goSyntax((value as Record<string, unknown>)[key])}`,
  );
  return `map[string]interface {}{${members.join(', ')}}`;
}

/** What stands behind the backslash in Go's quoted texts, for the letters that mean one character. */
export const ESCAPES: Readonly<Record<string, string | undefined>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** As %q: strconv.Quote. */
export function goQuote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let quoted = '';
  for (const character of text) quoted += quoteCharacter(character);
  return `"${quoted}"`;
}

/** Go's name for the type of a decoded JSON value. */
export function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'string') return 'string';
  return isInteger(value) ? 'int64' : 'float64';
}

/** A number as Go prints an int64, or a float64 where it is no whole number or beyond 64 bits. */
export function goNumber(value: number): string {
  if (isInteger(value)) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  // Go writes large and small floats with an exponent of at least two digits.
  if (power >= -4 && power < 6) return value.toFixed(Math.max(0, (mantissa.split('.')[1] ?? '').length - power));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function quoteCharacter(character: string): string {
  switch (character) {
    case '"':
      return '\\"';
    case '\\':
      return '\\\\';
    case '\u0007':
      return '\\a';
    case '\b':
      return '\\b';
    case '\f':
      return '\\f';
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    case '\v':
      return '\\v';
  }
  if (character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0xfffd;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
