/**
 * A patch as the API server applies it: to the stored object (or its Scale), decoded strictly, written as an update (as
 * apiserver's patch handler).
 */
import { decode, type FieldValidation, strictErrors, strictSentence, typeError } from '../api/decode';
import { patchSchemaFor } from '../api/patch-schema';
import type { ResourceInfo } from '../api/resources';
import { ApiError, badRequest, invalid, notFound, unprocessable } from '../api/status';
import type { KubeObject } from '../api/types';

import { goValue } from '../meta/gofmt';
import { applyJsonPatch } from '../meta/patch/json-patch';
import { mergePatch } from '../meta/patch/merge-patch';
import { strategicMerge } from '../meta/patch/strategic';
import { assertScalable, scaleOf, withScale } from './scale';
import { resourceKey } from './storage';
import type { Store } from './store';

export type PatchType = 'strategic' | 'merge' | 'json';

export interface PatchOptions {
  readonly subresource?: 'status' | 'scale';
  readonly fieldValidation?: FieldValidation;
  readonly dryRun?: boolean;
  onWarning?(text: string): void;
}

const REJECTED = 'the server rejected our request due to an error in our request';

/**
 * Applies a patch. Throws NotFound, BadRequest (a patch that is none, another name), Invalid (a failed JSON patch test,
 * fields of the wrong type or unknown ones, broken rules). Returns the stored object, or the Scale.
 */
export function patchObject(
  store: Store,
  resource: ResourceInfo,
  namespace: string,
  name: string,
  type: PatchType,
  patch: unknown,
  options: PatchOptions = {},
): KubeObject {
  if (options.subresource === 'scale') assertScalable(resource);
  const stored = store.get<KubeObject>(resourceKey(resource), namespace, name);
  if (!stored) throw notFound(resource, name);
  const target = options.subresource === 'scale' ? scaleOf(stored) : stored;
  const patched = applyPatch(resource, target, type, patch) as KubeObject;
  const checked = check(patched, type, patch, options);
  assertSameName(checked, name);
  if (options.subresource === 'scale') {
    const written = store.update<KubeObject>(withScale(stored, checked as never), { dryRun: options.dryRun });
    return scaleOf(written);
  }
  return store.update(checked, { subresource: options.subresource, dryRun: options.dryRun });
}

function applyPatch(resource: ResourceInfo, target: KubeObject, type: PatchType, patch: unknown): unknown {
  if (type === 'json') {
    if (!Array.isArray(patch)) {
      throw badRequest(`json: cannot unmarshal ${goKind(patch)} into Go value of type jsonpatch.Patch`);
    }
    try {
      return applyJsonPatch(target, patch);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw unprocessable(REJECTED);
    }
  }
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) {
    throw badRequest(`json: cannot unmarshal ${goKind(patch)} into Go value of type map[string]interface {}`);
  }
  if (type === 'merge') return mergePatch(target, patch);
  const schema = target.kind === 'Scale' ? undefined : patchSchemaFor(resource);
  return strategicMerge(target as never, patch as never, schema);
}

/** What the server could not decode is told as an invalid value of `patch`. */
function check(patched: KubeObject, type: PatchType, patch: unknown, options: PatchOptions): KubeObject {
  const wrong = typeError(patched);
  const validation = options.fieldValidation ?? 'Strict';
  const unknown = wrong === undefined ? strictErrors(patched) : [];
  const why = wrong ?? (validation === 'Strict' && unknown.length > 0 ? strictSentence(unknown) : undefined);
  if (why !== undefined) {
    const value = type === 'strategic' ? goValue(patch) : JSON.stringify(patched);
    throw invalid('', '', '', [{ type: 'Invalid value', field: 'patch', value, detail: why }]);
  }
  if (validation === 'Warn') for (const warning of unknown) options.onWarning?.(warning);
  return decode(patched, 'Ignore').manifest as KubeObject;
}

function assertSameName(object: KubeObject, name: string): void {
  if (object.metadata.name === name) return;
  throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
}

function goKind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
}
