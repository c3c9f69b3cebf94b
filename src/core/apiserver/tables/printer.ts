/** What every kind's rows are made of: columns, cells, and the few texts that many of them share. */

import type { Cell, TableColumn } from '../../api/table';
import type { KubeObject } from '../../api/types';
import { humanDuration } from '../../meta/duration';
import { compareText } from '../../meta/text';
import { fromTime } from '../../meta/time';

/** The columns of a kind, and the cells of one object of it. `now` in ms. */
export interface TablePrinter<T extends KubeObject = KubeObject> {
  readonly columns: readonly TableColumn[];
  cells(object: T, now: number): Cell[];
}

/** The first column of nearly every kind. */
export const NAME: TableColumn = { name: 'Name', type: 'string', format: 'name', priority: 0 };
export const AGE: TableColumn = { name: 'Age', type: 'string', priority: 0 };

/** A text column that is always shown. */
export const text = (name: string): TableColumn => ({ name, type: 'string', priority: 0 });
/** A text column that only `-o wide` shows. */
export const wide = (name: string): TableColumn => ({ name, type: 'string', priority: 1 });
export const integer = (name: string): TableColumn => ({ name, type: 'integer', priority: 0 });

/** How long ago, or `<unknown>` for no time at all (as translateTimestampSince). */
export function since(time: string | null | undefined, now: number): string {
  return time ? humanDuration(now - fromTime(time)) : '<unknown>';
}

export const ageOf = (object: KubeObject, now: number): string => since(object.metadata.creationTimestamp, now);

// --- reading what our types do not spell out ---

export type Json = Readonly<Record<string, unknown>>;

export const asMap = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

export const asMaps = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item): item is Json => asMap(item) !== undefined) : [];

export const asText = (value: unknown): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value);

export const asNumber = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;

export const asStrings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(asText) : []);

export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const field of path) here = asMap(here)?.[field];
  return here;
}

export const countOf = (map: unknown): number => Object.keys(asMap(map) ?? {}).length;

/** Addresses of a load balancer, sorted, each once. */
export function loadBalancerAddresses(status: unknown): string {
  const addresses = asMaps(at(status, 'loadBalancer', 'ingress')).map((entry) => asText(entry.ip || entry.hostname));
  return [...new Set(addresses.filter((address) => address !== ''))].sort(compareText).join(',');
}
