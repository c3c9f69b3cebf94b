/** Keeping the books of a write: who owns what afterwards (as FieldManager.Update and what it is made of). */
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../../api/types';
import { deepEqual } from '../../meta/equal';
import { union } from '../../meta/fieldpath/fields';
import { type Managers, updated } from '../../meta/fieldpath/updater';
import { type ClaimFinder, entriesOf, isOpen, openEntry, statusEntries } from './derive';
import { capped, decodeEntries, encodeEntries, identifierOf, type Managed, NOTHING_MANAGED } from './entries';
import { comparable, rulesFor } from './rules';

export interface Write {
  readonly manager: string;
  readonly subresource?: string;
  /** RFC 3339. */
  readonly time: string;
  /** The kind keeps its status apart: an ordinary write can't change it. */
  readonly hasStatus: boolean;
  readonly claim: ClaimFinder;
}

const SELF = 'current-operation';

/**
 * The entries to store after a write. `next` is the object as it was sent, completed but not yet admitted; its own
 * entries are taken where they are sound, an empty list of them ends the tracking.
 */
export function recorded(
  old: KubeObject | undefined,
  next: KubeObject | Manifest,
  write: Write,
): readonly ManagedFieldsEntry[] | undefined {
  const before = baseOf(old, next, write);
  if (old && before.managers.size === 0) return before === NOTHING_MANAGED ? old.metadata.managedFields : [];
  const rules = rulesFor(next, write.subresource, write.hasStatus);
  const after = updated(rules, old ? comparable(old) : {}, comparable(next), before.managers, SELF);
  const managed = capped(signed(after, before, write, next.apiVersion));
  const left = write.subresource === 'status' ? (next as KubeObject) : (old ?? (next as KubeObject));
  return stored(encodeEntries(managed, next.apiVersion), old, left, write.claim);
}

/** Puts the writer's name in the place of what was changed just now. */
function signed(after: Managers, before: Managed, write: Write, apiVersion: string): Managed {
  const managers = new Map(after);
  const times = new Map(before.times);
  const versions = new Map(before.versions);
  const own = managers.get(SELF);
  if (own) {
    managers.delete(SELF);
    const { manager, subresource } = write;
    const name = identifierOf({ manager, operation: 'Update', apiVersion, ...(subresource && { subresource }) });
    const previous = managers.get(name);
    managers.set(name, previous ? { ...own, fields: union(own.fields, previous.fields) } : own);
    times.set(name, write.time);
    versions.set(name, apiVersion);
  }
  return { managers, times, versions };
}

/** The entries that a write starts from: those that were sent with it, else those of the stored object. */
function baseOf(old: KubeObject | undefined, next: KubeObject | Manifest, write: Write): Managed {
  const sent: unknown = write.subresource ? undefined : next.metadata.managedFields;
  if (Array.isArray(sent)) {
    if (sent.length === 0 || (sent.length === 1 && isBlank(sent[0]))) return { ...NOTHING_MANAGED };
    const decoded = decodeEntries(sent);
    if (decoded) return decoded;
  }
  const present = old && entriesOf(old, write.claim);
  return (present && decodeEntries(present)) ?? NOTHING_MANAGED;
}

const isBlank = (entry: unknown): boolean =>
  typeof entry === 'object' &&
  entry !== null &&
  Object.values(entry).every((value) => value === '' || value === null || value === undefined);

/**
 * Entries as they are stored: where they say what the object's status says anyway, without their fields. `after` has the
 * status that the write leaves.
 */
export function stored(
  entries: readonly ManagedFieldsEntry[],
  old: KubeObject | undefined,
  after: KubeObject,
  claim: ClaimFinder,
): readonly ManagedFieldsEntry[] | undefined {
  if (!old) return entries;
  if (deepEqual(entries, entriesOf(old, claim))) return old.metadata.managedFields;
  const derived = statusEntries(after, claim);
  return entries.map((entry) => {
    const { fieldsV1, fieldsType: _, ...rest } = entry;
    if (entry.subresource !== 'status' || entry.operation !== 'Update') return entry;
    const isSame = derived.some((one) => one.manager === entry.manager && deepEqual(one.fieldsV1, fieldsV1));
    return isSame ? rest : entry;
  });
}

/** The entries after one of the cluster's own actors wrote a status: only when it did is noted. */
export function touched(object: KubeObject, next: KubeObject, write: Write): readonly ManagedFieldsEntry[] | undefined {
  const entries = object.metadata.managedFields;
  if (entries === undefined || entries.length === 0) return entries;
  if (entries.some(({ fieldsV1 }) => fieldsV1 && 'f:status' in fieldsV1)) return recorded(object, next, write);
  const { manager, time } = write;
  const at = entries.findIndex((entry) => isOpen(entry) && entry.manager === manager);
  if (at < 0) return [...entries, openEntry(manager, object.apiVersion, time)];
  if (entries[at]!.time === time) return entries;
  return entries.with(at, { ...entries[at]!, time });
}
