/** Server-side apply: the configuration laid over what is there, and who owns what then (as FieldManager.Apply). */

import { LAST_APPLIED } from '../../api/annotations';
import { applyConflict, badRequest, internalError, type StatusCause } from '../../api/status';
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../../api/types';
import { faultsOf } from '../../meta/fieldpath/check';
import { compare } from '../../meta/fieldpath/compare';
import { toFieldSet } from '../../meta/fieldpath/field-set';
import { difference, EMPTY_FIELDS, type Fields, hasPath } from '../../meta/fieldpath/fields';
import { pathText } from '../../meta/fieldpath/path';
import {
  applied,
  type FieldConflict,
  FieldConflicts,
  type Merged,
  type Rules,
  updated,
} from '../../meta/fieldpath/updater';
import { goStringify } from '../../meta/gojson';
import { parseJson } from '../../meta/json';
import { entriesOf } from './derive';
import { decodeEntries, encodeEntries, identifierOf, identityOf, type Managed, NOTHING_MANAGED } from './entries';
import { stored, type Write } from './record';
import { comparable, rulesFor } from './rules';

export interface AppliedObject {
  /** What to store, before defaults. */
  readonly object: Manifest;
  readonly managedFields: readonly ManagedFieldsEntry[] | undefined;
}

/** The manager that takes over from client-side apply. */
const KUBECTL = 'kubectl';

/**
 * Throws Conflict where others own what would change, unless `force`; BadRequest for a configuration with managedFields;
 * a failure without reason for one that does not fit the schema.
 */
export function appliedObject(
  old: KubeObject | undefined,
  config: Manifest,
  write: Write,
  force: boolean,
): AppliedObject {
  const { manager, subresource } = write;
  if (config.metadata?.managedFields) throw badRequest('metadata.managedFields must be nil');
  const rules = rulesFor(config, subresource, write.hasStatus);
  checkConfig(rules, config);
  const live = old ? comparable(old) : {};
  const before = baseOf(old, rules, write, config.apiVersion);
  const identifier = identifierOf({
    manager,
    operation: 'Apply',
    apiVersion: config.apiVersion,
    ...(subresource && { subresource }),
  });
  const merged = merge(rules, live, config, before, identifier, manager, force);
  const times = new Map(before.times);
  if (merged.changed || !old) times.set(identifier, write.time);
  const versions = new Map(before.versions).set(identifier, config.apiVersion);
  const entries = encodeEntries({ managers: merged.managers, times, versions }, config.apiVersion);
  const object = withSyncedAnnotation(withoutNulls(merged.object) as Manifest, config, manager);
  return {
    object,
    managedFields: stored(entries, old, subresource === 'status' || !old ? (object as KubeObject) : old, write.claim),
  };
}

function checkConfig({ shape }: Rules, config: Manifest): void {
  const faults = faultsOf(shape, config);
  if (faults.length === 0) return;
  const { apiVersion, kind, metadata } = config;
  const list = faults.length === 1 ? faults[0] : `errors:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  throw internalError(
    `failed to create typed patch object (${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${apiVersion}, Kind=${kind}): ${list}`,
  );
}

/** What was written before anybody tracked it belongs to a manager of its own (as skipNonAppliedManager). */
function baseOf(old: KubeObject | undefined, rules: Rules, write: Write, apiVersion: string): Managed {
  const present = old && entriesOf(old, write.claim);
  const decoded = (present && decodeEntries(present)) ?? NOTHING_MANAGED;
  if (!old || decoded.managers.size > 0) return decoded;
  const first = identifierOf({ manager: 'before-first-apply', operation: 'Update', apiVersion });
  const managers = updated(rules, {}, comparable(old), new Map(), first);
  return { managers, times: new Map([[first, write.time]]), versions: new Map([[first, apiVersion]]) };
}

function merge(
  rules: Rules,
  live: object,
  config: Manifest,
  { managers }: Managed,
  identifier: string,
  manager: string,
  force: boolean,
): Merged {
  const attempt = (forced: boolean): Merged => applied(rules, live, config, managers, identifier, forced);
  try {
    return attempt(force);
  } catch (error) {
    if (!(error instanceof FieldConflicts)) throw error;
    const { conflicts } = error;
    const allowed =
      manager === KUBECTL ? fieldsOfLastApplied(rules, live as KubeObject, config.apiVersion) : EMPTY_FIELDS;
    const rest = conflicts.filter(({ path }) => !hasPath(allowed, path));
    if (rest.length === 0) return attempt(true);
    throw refusal(rest);
  }
}

/** Fields that client-side apply wrote and nobody changed since: kubectl may take them over (as lastAppliedManager). */
function fieldsOfLastApplied({ shape, equal }: Rules, live: KubeObject, apiVersion: string): Fields {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (!text) return EMPTY_FIELDS;
  let config: { apiVersion?: unknown };
  try {
    config = parseJson(text) as { apiVersion?: unknown };
  } catch {
    return EMPTY_FIELDS;
  }
  if (config?.apiVersion !== apiVersion || faultsOf(shape, config).length > 0) return EMPTY_FIELDS;
  const { added, removed, modified } = compare(shape, config, live, equal);
  return [modified, added, removed].reduce(difference, toFieldSet(shape, config));
}

/** In upstream's words: one conflict in a line, several grouped by their managers. */
function refusal(conflicts: readonly FieldConflict[]): Error {
  const causes = conflicts.map(
    ({ manager, path }): StatusCause => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${managerText(manager)}`,
      field: pathText(path),
    }),
  );
  const [first] = conflicts;
  if (conflicts.length === 1 && first) {
    return applyConflict(
      causes,
      `Apply failed with 1 conflict: conflict with ${managerText(first.manager)}: ${pathText(first.path)}`,
    );
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${managerText(manager)}:`,
    ...conflicts.filter((conflict) => conflict.manager === manager).map(({ path }) => `- ${pathText(path)}`),
  ]);
  return applyConflict(causes, `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`);
}

function managerText(identifier: string): string {
  const { manager, subresource, operation, apiVersion } = identityOf(identifier);
  const name = `${JSON.stringify(manager ?? '')}${subresource ? ` with subresource ${JSON.stringify(subresource)}` : ''}`;
  return operation === 'Update' ? `${name} using ${apiVersion ?? ''}` : name;
}

/** Keeps the annotation of client-side apply up to date, so that going back to it loses nothing (as lastAppliedUpdater). */
function withSyncedAnnotation(object: Manifest, config: Manifest, manager: string): Manifest {
  const annotations = object.metadata?.annotations;
  if (manager !== KUBECTL || !annotations?.[LAST_APPLIED]) return object;
  const { [LAST_APPLIED]: _, ...others } = config.metadata.annotations ?? {};
  const { annotations: __, ...metadata } = config.metadata;
  const bare = {
    ...config,
    metadata: Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata,
  };
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED]: `${goStringify(bare)}\n` } },
  };
}

/** A null says that there is nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === null || inner === undefined ? [] : [[key, withoutNulls(inner)]],
    ),
  );
}
