/** A patch as the API server applies it: merged, then checked like anything else that is sent (as rest/patch.go). */

import type { CustomVersions } from '../api/custom-resources/schema';
import { decode, examine, type FieldValidation, strictSentence } from '../api/decode';
import { asString } from '../api/json';
import { isServed, type ResourceInfo, resourceForKind, splitApiVersion } from '../api/resources';
import { badRequest, invalid, noSuchKind } from '../api/status';
import type { KubeObject, ObjectMeta } from '../api/types';
import { isObject } from '../meta/objects';
import type { Merge, PatchType } from './patching/types';

export type { PatchType } from './patching/types';

export interface Patched {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** Throws BadRequest or Invalid with the API server's words; `current` is not changed. */
export async function patchObject(
  resource: ResourceInfo,
  current: KubeObject,
  type: PatchType,
  patch: unknown,
  validation: FieldValidation = 'Warn',
  custom?: CustomVersions,
): Promise<Patched> {
  return patchWith(await mergeOf(type), resource, current, patch, validation, custom);
}

/** As `patchObject`, with the merge at hand. */
export function patchWith(
  merge: Merge,
  resource: ResourceInfo,
  current: KubeObject,
  patch: unknown,
  validation: FieldValidation = 'Warn',
  custom?: CustomVersions,
): Patched {
  const { patched, shown, keepsKind } = merge(resource, current, patch);
  const another = keepsKind ? undefined : otherKind(resource, patched);
  if (another !== undefined) throw refusal(shown, another);
  const read = examine(patched, custom, partsOf(current));
  const wrong = keepsKind ? read.conversionError : read.typeError;
  if (wrong !== undefined) throw refusal(shown, wrong);
  const unknown = validation === 'Ignore' ? [] : read.unknown;
  if (validation === 'Strict' && unknown.length > 0) throw refusal(shown, strictSentence(unknown));
  // What was converted may still hold what can't be decoded.
  const manifest = read.typeError === undefined ? read.manifest : decode(patched, 'Ignore', custom).manifest;
  const object = manifest as KubeObject;
  return { object: withIdentity(current, object), warnings: unknown };
}

/** What of a stored object a patch mostly leaves as it is. */
const partsOf = ({ metadata, spec, status }: KubeObject): ReadonlySet<unknown> =>
  new Set([metadata.managedFields, spec, status].filter(isObjectOrList));

const isObjectOrList = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Loaded when it is asked for: a command needs one of them at most. */
async function mergeOf(type: PatchType): Promise<Merge> {
  switch (type) {
    case 'strategic':
      return (await import('./patching/strategic')).mergeStrategic;
    case 'merge':
      return (await import('./patching/merge')).mergeMerge;
    case 'json':
      return (await import('./patching/json')).mergeJson;
  }
}

/** A patched object that says it is of another kind can't be read as one of this kind. */
function otherKind(resource: ResourceInfo, patched: unknown): string | undefined {
  if (!isObject(patched)) return undefined;
  const { apiVersion } = patched;
  const version = asString(apiVersion);
  const kind = asString(patched.kind);
  const known = resourceForKind(version, kind);
  const { group } = resource;
  const [otherGroup, otherVersion] = splitApiVersion(version);
  const same = kind === resource.kind && otherGroup === group && isServed(resource, otherVersion);
  if (known ? known.plural === resource.plural : same) return undefined;
  if (kind === 'Scale') return undefined;
  if (!known) return noSuchKind(version, kind);
  return `converting (${known.version}.${known.kind}) to (${group.split('.')[0] || 'core'}.${resource.kind}): unknown conversion`;
}

const refusal = (shown: () => string, why: string) =>
  invalid('', '', '', [{ type: 'Invalid value', field: 'patch', value: shown(), detail: why }]);

/** The patched object under the name and in the namespace of the request (as applyPatch's checks). */
function withIdentity(current: KubeObject, object: KubeObject): KubeObject {
  const { name, namespace } = current.metadata;
  const sent = object.metadata as Partial<ObjectMeta> | undefined;
  if (namespace !== undefined && sent?.namespace && sent.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (!sent?.name) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (sent.name !== name) {
    throw badRequest(`the name of the object (${sent.name}) does not match the name on the URL (${name})`);
  }
  if (sent.namespace === namespace) return object;
  const { namespace: _other, ...rest } = sent;
  return { ...object, metadata: { ...rest, ...(namespace !== undefined && { namespace }) } as ObjectMeta };
}
