/**
 * Client-side apply of one object: create it, or send the difference between what was applied last, what is wanted and
 * what is there (as kubectl's apply and Patcher).
 */

import { toStorageVersion } from '../api/convert';
import { gvOf } from '../api/resources';
import { ApiError, isConflict, isNotFound } from '../api/status';
import type { KubeObject, Manifest } from '../api/types';
import { goStringify } from '../meta/gojson';
import { parseJson } from '../meta/json';
import type { Backend, FieldValidation, PatchType, WriteOptions } from './backend';
import { type Info, objectName } from './builder';
import { CommandError, withSource } from './errors';
import { LAST_APPLIED, lastApplied, withLastApplied } from './last-applied';

export type DryRun = 'none' | 'client' | 'server';

export interface ApplyOptions {
  readonly dryRun: DryRun;
  readonly validation: FieldValidation;
  readonly fieldManager: string;
  /** Called with each warning, without a prefix. */
  warn(text: string): void;
  /** Replaces an object that cannot be patched: called with --force only. Throws when it cannot either. */
  recreate?(current: KubeObject, manifest: Manifest): Promise<KubeObject>;
}

export interface Applied {
  readonly outcome: 'created' | 'configured' | 'unchanged';
  readonly object: KubeObject | Manifest;
}

const MAX_PATCH_RETRIES = 5;

/** @throws ApiError or CommandError that name the source */
export async function applyObject(backend: Backend, info: Info, options: ApplyOptions): Promise<Applied> {
  const manifest = info.object as Manifest;
  if (!info.name && manifest.metadata.generateName)
    throw new CommandError(`from ${manifest.metadata.generateName}: cannot use generate name with apply`);
  const modified = withLastApplied(manifest);
  let current: KubeObject;
  try {
    if (!info.name) throw new CommandError('resource name may not be empty');
    current = await backend.get(info.resource, info.namespace, info.name);
  } catch (e) {
    if (!isNotFound(e))
      throw withSource(`retrieving current configuration of:\n${infoText(info)}\nfrom server for:`, info.source, e);
    return { outcome: 'created', object: await create(backend, info, modified, options) };
  }
  if (lastApplied(current) === undefined)
    options.warn(
      `resource ${objectName(info)} is missing the ${LAST_APPLIED} annotation which is required by stsctl apply. ` +
        'stsctl apply should only be used on resources created declaratively by either stsctl create --save-config or ' +
        'stsctl apply. The missing annotation will be patched automatically.',
    );
  const applied = await patchWithRetries(backend, info, current, modified, options);
  if (current.metadata.deletionTimestamp)
    options.warn(`Detected changes to resource ${info.name} which is currently being deleted.`);
  return applied;
}

/** The annotation keeps the nulls, what is created does not have them: a later apply would take them away as well. */
async function create(backend: Backend, info: Info, modified: Manifest, options: ApplyOptions) {
  const manifest = withoutNulls(modified) as Manifest;
  if (options.dryRun === 'client') return manifest;
  try {
    return await backend.create(info.resource, info.namespace, manifest, writeOptions(options));
  } catch (e) {
    throw withSource('creating', info.source, e);
  }
}

/** Without the fields that are null, at any depth; the items of lists stay (as pruneNullsFromMap). */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}

async function patchWithRetries(
  backend: Backend,
  info: Info,
  first: KubeObject,
  modified: Manifest,
  options: ApplyOptions,
): Promise<Applied> {
  let current = first;
  for (let attempt = 1; ; attempt++) {
    let patch: { [key: string]: unknown };
    let type: PatchType;
    try {
      ({ patch, type } = await threeWay(info, current, modified));
    } catch (e) {
      throw applyingPatch('', info, e);
    }
    if (Object.keys(patch).length === 0) return { outcome: 'unchanged', object: current };
    try {
      return { outcome: 'configured', object: await send(backend, info, current, patch, type, options) };
    } catch (e) {
      if (isConflict(e) && attempt < MAX_PATCH_RETRIES) {
        current = await backend.get(info.resource, info.namespace, info.name);
        continue;
      }
      if (options.recreate && e instanceof ApiError && (e.reason === 'Conflict' || e.reason === 'Invalid'))
        return { outcome: 'configured', object: await options.recreate(current, modified) };
      throw applyingPatch(goStringify(patch), info, e);
    }
  }
}

const applyingPatch = (patch: string, info: Info, e: unknown): unknown =>
  withSource(
    `applying patch:\n${patch}\nto:\n${infoText(info)}\nfor:`,
    info.source,
    withSource('patching', info.source, e),
  );

/** The patch that apply would send. Throws CommandError that shows the three objects when they don't lead to one. */
export async function threeWay(
  info: Info,
  current: KubeObject,
  modified: Manifest,
): Promise<{ patch: { [key: string]: unknown }; type: PatchType }> {
  const { threeWayStrategic, threeWayJsonMerge, PatchError } = await import('../meta/patch/three-way');
  const { patchSchemaFor } = await import('../api/patch-schema');
  const wanted: { [key: string]: unknown } = { ...toStorageVersion(modified).manifest };
  // The versions of a custom resource differ in name alone: the live object has the preferred one's.
  if (info.resource.otherVersions) wanted.apiVersion = gvOf(info.resource);
  const schema = patchSchemaFor(info.resource);
  const text = lastApplied(current);
  try {
    const original = parse(text);
    return schema
      ? { type: 'strategic', patch: threeWayStrategic(original, wanted, { ...current }, schema) }
      : { type: 'merge', patch: threeWayJsonMerge(original, wanted, { ...current }) };
  } catch (e) {
    if (!(e instanceof PatchError || e instanceof SyntaxError)) throw e;
    const unreadable = text?.trimStart().startsWith('[') ? 'Mismatched JSON Documents' : 'Invalid JSON Document';
    const reason = e instanceof PatchError ? e.message : schema ? 'invalid JSON document' : unreadable;
    const [was, wants, is] = [text ?? '', `${goStringify(wanted)}\n`, `${goStringify(current)}\n`];
    throw new CommandError(
      `creating patch with:\noriginal:\n${was}\nmodified:\n${wants}\ncurrent:\n${is}\nfor: ${reason}`,
    );
  }
}

/** The configuration in the annotation. Throws SyntaxError. */
function parse(text: string | undefined): { [key: string]: unknown } {
  if (!text) return {};
  const value = parseJson(text);
  if (typeof value !== 'object' || Array.isArray(value)) throw new SyntaxError('not an object');
  return { ...value };
}

async function send(
  backend: Backend,
  info: Info,
  current: KubeObject,
  patch: { [key: string]: unknown },
  type: PatchType,
  options: ApplyOptions,
): Promise<KubeObject> {
  if (options.dryRun !== 'client')
    return backend.patch(info.resource, info.namespace, info.name, type, patch, writeOptions(options));
  const { patchLocally } = await import('./local-patch');
  return patchLocally(info.resource, current, type, patch);
}

const writeOptions = (options: ApplyOptions): WriteOptions => ({
  dryRun: options.dryRun === 'server',
  fieldValidation: options.validation,
  fieldManager: options.fieldManager,
});

/** As resource.Info.String; the core group's empty name keeps its slash. */
export function infoText({ resource, name, namespace }: Info): string {
  const version = `${resource.group}/${resource.version}`;
  return (
    `Resource: "${version}, Resource=${resource.plural}", GroupVersionKind: "${version}, Kind=${resource.kind}"\n` +
    `Name: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace ?? '')}`
  );
}
