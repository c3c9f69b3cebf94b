/**
 * Client-side apply of one object: create it, or send the difference between what was applied last, what is wanted and
 * what is there (as kubectl's apply and Patcher).
 */
import { toStorageVersion } from '../api/convert';
import { gvOf } from '../api/resources';
import { ApiError, isConflict, isNotFound } from '../api/status';
import type { KubeObject, Manifest } from '../api/types';
import { goStringify } from '../meta/gojson';
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

async function create(backend: Backend, info: Info, modified: Manifest, options: ApplyOptions) {
  if (options.dryRun === 'client') return modified;
  try {
    return await backend.create(info.resource, info.namespace, modified, writeOptions(options));
  } catch (e) {
    throw withSource('creating', info.source, e);
  }
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
    const { patch, type } = await threeWay(info, current, modified);
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
      const sent = withSource('patching', info.source, e);
      throw withSource(`applying patch:\n${goStringify(patch)}\nto:\n${infoText(info)}\nfor:`, info.source, sent);
    }
  }
}

/** The patch that apply would send. */
export async function threeWay(
  info: Info,
  current: KubeObject,
  modified: Manifest,
): Promise<{ patch: { [key: string]: unknown }; type: PatchType }> {
  const { threeWayStrategic, threeWayJsonMerge } = await import('../meta/patch/three-way');
  const { patchSchemaFor } = await import('../api/patch-schema');
  const original = parse(lastApplied(current));
  const wanted = { ...toStorageVersion(modified).manifest };
  const schema = patchSchemaFor(info.resource);
  return schema
    ? { type: 'strategic', patch: threeWayStrategic(original, wanted, { ...current }, schema) }
    : { type: 'merge', patch: threeWayJsonMerge(original, wanted, { ...current }) };
}

function parse(text: string | undefined): { [key: string]: unknown } {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    throw new CommandError(`the annotation ${LAST_APPLIED} is not valid JSON`);
  }
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

/** As resource.Info.String. */
export const infoText = (info: Info): string =>
  `Resource: "${gvOf(info.resource)}, Resource=${info.resource.plural}", GroupVersionKind: "${gvOf(info.resource)}, ` +
  `Kind=${info.resource.kind}"\nName: ${JSON.stringify(info.name)}, Namespace: ${JSON.stringify(info.namespace ?? '')}`;
