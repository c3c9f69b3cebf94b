/** The description of any other kind: its fields, titled and indented (as kubectl's genericDescriber). */

import type { KubeObject } from '../../core/api/types';
import { goValue } from '../../core/meta/gofmt';
import { sortedKeys } from '../../core/meta/text';
import { asMap, type Json } from './json';
import { writeEvents, writeHeader } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeGeneric(object: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  writeHeader(w, object);
  writeFields(w, 0, object, '');
  writeEvents(w, related.events, now);
  return w.toString();
}

/** Paths that the header has already shown, or that nobody wants to see. */
const SKIPPED: readonly string[] = [
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
];

function writeFields(w: DetailWriter, level: number, fields: Json, path: string): void {
  for (const field of sortedKeys(fields)) {
    const here = `${path}.${field}`;
    const value = fields[field];
    if (value === undefined || SKIPPED.includes(here)) continue;
    const title = titleOf(field);
    const map = asMap(value);
    if (map) {
      w.line(level, `${title}:`);
      writeFields(w, level + 1, map, here);
    } else if (Array.isArray(value)) {
      w.line(level, `${title}:`);
      for (const item of value) {
        const child = asMap(item);
        if (child) writeFields(w, level + 1, child, here);
        else w.line(level + 1, goValue(item));
      }
    } else {
      w.field(level, title, goValue(value));
    }
  }
}

const ACRONYMS: readonly string[] = ['API', 'URL', 'UID', 'OSB', 'GUID'];

/** `creationTimestamp` becomes `Creation Timestamp`; names with more than letters and dashes stay as they are. */
export function titleOf(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  return splitCamelCase(field)
    .map((word) => (ACRONYMS.includes(word.toUpperCase()) ? word.toUpperCase() : capitalise(word)))
    .join(' ');
}

/**
 * Words of a camel-case name: of two capitals the last starts the next word, three and more are one word with what follows
 * (as kubectl 1.36, which tells acronyms by that).
 */
const splitCamelCase = (name: string): string[] =>
  name.match(/\p{Lu}{3,}\p{Ll}+|\p{Lu}+(?![\p{Ll}])|\p{Lu}?\p{Ll}+|[^\p{Lu}\p{Ll}]+/gu) ?? [name];

const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
