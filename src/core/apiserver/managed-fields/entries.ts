/** The entries of metadata.managedFields: read into owned sets and written back in the API's order. */
import type { ManagedFieldsEntry } from '../../api/types';
import { canonical, isFields, union } from '../../meta/fieldpath/fields';
import { compareElements } from '../../meta/fieldpath/path';
import type { Managers, Owned } from '../../meta/fieldpath/updater';

/** Who a manager is: what tells one entry from another. The version does not count for an apply. */
export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

export interface Managed {
  readonly managers: Managers;
  /** RFC 3339, by identifier. */
  readonly times: ReadonlyMap<string, string>;
  /** The version of each entry, by identifier. */
  readonly versions: ReadonlyMap<string, string>;
}

export const NOTHING_MANAGED: Managed = { managers: new Map(), times: new Map(), versions: new Map() };

/** As BuildManagerIdentifier: one text for one manager. */
export const identifierOf = ({ manager, operation, apiVersion, subresource }: ManagerIdentity): string =>
  JSON.stringify({
    ...(manager && { manager }),
    operation,
    ...(operation === 'Update' && { apiVersion }),
    ...(subresource && { subresource }),
  });

interface Identified {
  readonly manager?: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly subresource?: string;
}

export const identityOf = (identifier: string): Identified => JSON.parse(identifier) as Identified;

/** Undefined for entries that the API server would not take (as DecodeManagedFields). */
export function decodeEntries(entries: readonly unknown[]): Managed | undefined {
  const managers = new Map<string, Owned>();
  const times = new Map<string, string>();
  const versions = new Map<string, string>();
  for (const entry of entries) {
    if (!isEntry(entry)) return undefined;
    const identifier = identifierOf({ manager: '', ...entry });
    managers.set(identifier, { fields: entry.fieldsV1 ?? {}, applied: entry.operation === 'Apply' });
    versions.set(identifier, entry.apiVersion);
    if (entry.time) times.set(identifier, entry.time);
  }
  return { managers, times, versions };
}

function isEntry(value: unknown): value is ManagedFieldsEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { operation, apiVersion, fieldsType, fieldsV1 } = value as Record<string, unknown>;
  return (
    (operation === 'Apply' || operation === 'Update') &&
    typeof apiVersion === 'string' &&
    apiVersion !== '' &&
    fieldsType === 'FieldsV1' &&
    (fieldsV1 === undefined || fieldsV1 === null || isFields(fieldsV1))
  );
}

/** `version` is that of managers which the entries before did not hold. */
export function encodeEntries({ managers, times, versions }: Managed, version: string): ManagedFieldsEntry[] {
  const entries = [...managers].map(([identifier, { fields, applied }]): ManagedFieldsEntry => {
    const { manager, subresource } = identityOf(identifier);
    const time = times.get(identifier);
    return {
      ...(manager !== undefined && { manager }),
      operation: applied ? 'Apply' : 'Update',
      apiVersion: versions.get(identifier) ?? version,
      ...(time !== undefined && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: canonical(fields, compareElements),
      ...(subresource && { subresource }),
    };
  });
  return sortEntries(entries);
}

/** Applies first, then by time, manager, version and subresource (as sortEncodedManagedFields). */
export function sortEntries(entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...entries].sort(
    (a, b) =>
      order(a.operation, b.operation) ||
      order(a.time ?? '', b.time ?? '') ||
      order(a.manager ?? '', b.manager ?? '') ||
      order(a.apiVersion, b.apiVersion) ||
      order(a.subresource ?? '', b.subresource ?? ''),
  );
}

const MAX_UPDATERS = 10;

/** Keeps the entries of updates at ten: the oldest are put together under one name (as capUpdateManagers). */
export function capped(managed: Managed): Managed {
  const { managers, times, versions } = managed;
  const updaters = [...managers].filter(([, { applied }]) => !applied).map(([identifier]) => identifier);
  if (updaters.length <= MAX_UPDATERS) return managed;
  const age = (identifier: string): string => `${times.get(identifier) ?? ''} ${identifier}`;
  updaters.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  const next = new Map(managers);
  const nextTimes = new Map(times);
  const nextVersions = new Map(versions);
  const first = new Map<string, string>();
  let count = updaters.length;
  for (const identifier of updaters) {
    if (count <= MAX_UPDATERS) break;
    const apiVersion = versions.get(identifier) ?? '';
    const bucket = identifierOf({ manager: 'ancient-changes', operation: 'Update', apiVersion });
    const oldest = first.get(apiVersion);
    if (oldest === undefined) {
      first.set(apiVersion, identifier);
      continue;
    }
    if (!next.has(bucket)) {
      next.set(bucket, next.get(oldest)!);
      next.delete(oldest);
    }
    next.set(bucket, { fields: union(next.get(identifier)!.fields, next.get(bucket)!.fields), applied: false });
    next.delete(identifier);
    nextVersions.set(bucket, apiVersion);
    const time = times.get(identifier);
    if (time !== undefined) nextTimes.set(bucket, time);
    count--;
  }
  return { managers: next, times: nextTimes, versions: nextVersions };
}
