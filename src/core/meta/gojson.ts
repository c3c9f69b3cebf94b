/**
 * JSON as Go's encoding/json writes it: map keys in byte order, and the characters that are special to HTML escaped. Hashes
 * of revisions and annotations of apply depend on every byte of it.
 */

import { sortedKeys } from './text';

/**
 * The JSON text of a plain value, as json.Marshal of maps; with `indent`, as json.MarshalIndent with an empty prefix. Fields
 * that are undefined are left out. `depth`: how many containers the value stands in.
 */
export function goStringify(value: unknown, indent = '', depth = 0): string {
  return write(value, indent, indent === '' ? '' : `\n${indent.repeat(depth)}`);
}

function write(value: unknown, indent: string, newline: string): string {
  if (typeof value === 'string') return goJsonString(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const inner = newline + indent;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${value.map((item) => inner + write(item, indent, inner)).join(',')}${newline}]`;
  }
  const colon = newline === '' ? ':' : ': ';
  const members: string[] = [];
  for (const key of sortedKeys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(inner + goJsonString(key) + colon + write(member, indent, inner));
  }
  return members.length === 0 ? '{}' : `{${members.join(',')}${newline}}`;
}

/** One JSON string with Go's escapes. */
export function goJsonString(text: string): string {
  // Most strings need nothing.
  if (/^[ !#-%'-;=?-[\]-~]*$/.test(text)) return `"${text}"`;
  // A lone surrogate, which UTF-8 can't hold, comes out of JSON.stringify as an escape.
  return JSON.stringify(text).replace(/\\\\|\\ud[89a-f][0-9a-f]{2}|[<>&\u2028\u2029]/g, (found) => {
    if (found.length > 2) return '\\ufffd';
    return found.length === 2 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
