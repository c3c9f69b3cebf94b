/** A patch as the API server applies it: merged, then checked like anything else that is sent (as rest/patch.go). */

import type { CustomVersions } from '../api/custom-resources/schema';
import { conversionError, decode, type FieldValidation, strictErrors, strictSentence, typeError } from '../api/decode';
import { isServed, type ResourceInfo, resourceForKind, splitApiVersion } from '../api/resources';
import { badRequest, internalError, invalid, tooLarge, unprocessable } from '../api/status';
import type { KubeObject, ObjectMeta } from '../api/types';
import { goValue } from '../meta/gofmt';
import { stringifyJson } from '../meta/json';
import { isObject } from '../meta/objects';

const REJECTED = 'the server rejected our request due to an error in our request';

export type PatchType = 'strategic' | 'merge' | 'json';

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
  const { patched, shown } = await apply(resource, current, type, patch);
  const wrong =
    type === 'strategic' ? conversionError(patched) : (otherKind(resource, patched) ?? typeError(patched, custom));
  if (wrong !== undefined) throw refusal(shown, wrong);
  const unknown = validation === 'Ignore' ? [] : strictErrors(patched, custom);
  if (validation === 'Strict' && unknown.length > 0) throw refusal(shown, strictSentence(unknown));
  const object = decode(patched, 'Ignore', custom).manifest as KubeObject;
  return { object: withIdentity(current, object), warnings: unknown };
}

/** `shown` is the text with which a refusal names what it refuses: the patch, or what came of it. */
async function apply(resource: ResourceInfo, current: KubeObject, type: PatchType, patch: unknown) {
  switch (type) {
    case 'strategic': {
      const map = asMap(patch);
      const [{ strategicMerge }, { patchSchemaFor }] = await Promise.all([
        import('../meta/patch/strategic'),
        import('../api/patch-schema'),
      ]);
      const schema = patchSchemaFor(resource);
      if (!schema) throw unsupported(resource);
      try {
        const merged = strategicMerge({ ...current }, map, schema);
        // What is patched is a struct of its kind: a patch can't make another of it.
        return {
          patched: { ...merged, apiVersion: current.apiVersion, kind: current.kind },
          shown: () => goValue(map),
        };
      } catch (error) {
        throw refusedPatch(error);
      }
    }
    case 'merge': {
      const { mergePatch } = await import('../meta/patch/merge-patch');
      if (patch === null) throw badRequest('Invalid JSON Patch');
      const patched = mergePatch(current, asMap(patch, 'error decoding patch: '));
      return { patched, shown: () => stringifyJson(patched) };
    }
    case 'json': {
      checkOperations(patch);
      const { applyJsonPatch } = await import('../meta/patch/json-patch');
      let patched: unknown;
      try {
        patched = applyJsonPatch(current, patch);
      } catch {
        throw unprocessable(REJECTED);
      }
      return { patched, shown: () => stringifyJson(patched) };
    }
  }
}

/** A patched object that says it is of another kind can't be read as one of this kind. */
function otherKind(resource: ResourceInfo, patched: unknown): string | undefined {
  if (!isObject(patched)) return undefined;
  const { apiVersion, kind } = patched;
  const version = String(apiVersion ?? '');
  const known = resourceForKind(version, String(kind ?? ''));
  const { group } = resource;
  const [otherGroup, otherVersion] = splitApiVersion(version);
  const same = kind === resource.kind && otherGroup === group && isServed(resource, otherVersion);
  if (known ? known.plural === resource.plural : same) return undefined;
  if (kind === 'Scale') return undefined;
  if (!known) {
    return `no kind "${kind ?? ''}" is registered for version "${version}" in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  }
  return `converting (${known.version}.${known.kind}) to (${group.split('.')[0] || 'core'}.${resource.kind}): unknown conversion`;
}

function asMap(patch: unknown, prefix = ''): Record<string, unknown> {
  if (patch === null) return {};
  if (isObject(patch)) return patch;
  throw badRequest(`${prefix}json: cannot unmarshal ${goKind(patch)} into Go value of type map[string]interface {}`);
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The API server reads the operations into Go structs before it looks at any of them. */
function checkOperations(patch: unknown): void {
  const refuse = (value: unknown, into: string): Error =>
    badRequest(`error decoding patch: json: cannot unmarshal ${goKind(value)} into Go ${into}`);
  if (!Array.isArray(patch)) throw refuse(patch, 'value of type []handlers.jsonPatchOp');
  for (const operation of patch) {
    if (operation === null) continue;
    if (!isObject(operation)) throw refuse(operation, 'value of type handlers.jsonPatchOp');
    for (const field of ['from', 'op', 'path']) {
      const value = operation[field];
      if (value === undefined || value === null || typeof value === 'string') continue;
      throw refuse(value, `struct field jsonPatchOp.${field} of type string`);
    }
  }
  if (patch.length > MOST_OPERATIONS) {
    throw tooLarge(`The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${patch.length}`);
  }
}

const MOST_OPERATIONS = 10_000;

/**
 * A strategic patch that can't be applied (as interpretStrategicMergePatchError): malformed directives are a bad request,
 * what is merely not supported is unprocessable, and everything else is the server's own internalError.
 */
function refusedPatch(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'PatchError') return error;
  if (/^invalid patch format of (primitive list|retainKeys|setElementOrder list)$/.test(error.message)) {
    return badRequest(error.message);
  }
  return error.message === 'lists of lists are not supported' ? unprocessable(REJECTED) : internalError(error.message);
}

const refusal = (shown: () => string, why: string) =>
  invalid('', '', '', [{ type: 'Invalid value', field: 'patch', value: shown(), detail: why }]);

/** Custom resources have no schema that says how their lists merge. */
function unsupported(resource: ResourceInfo) {
  const error = badRequest(
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );
  return Object.assign(error, {
    status: {
      ...error.status,
      reason: 'UnsupportedMediaType',
      code: 415,
      details: { group: resource.group, kind: resource.plural },
    },
  });
}

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
