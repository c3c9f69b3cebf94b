/** A patch as the API server applies it: merged, then checked like anything else that is sent (as rest/patch.go). */
import { conversionError, decode, type FieldValidation, strictErrors, strictSentence, typeError } from '../api/decode';
import { type ResourceInfo, resourceForKind } from '../api/resources';
import { badRequest, invalid, unprocessable } from '../api/status';
import type { KubeObject } from '../api/types';
import { goValue } from '../meta/gofmt';
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
): Promise<Patched> {
  const { patched, shown } = await apply(resource, current, type, patch);
  const wrong = type === 'strategic' ? conversionError(patched) : (otherKind(resource, patched) ?? typeError(patched));
  if (wrong !== undefined) throw refusal(shown, wrong);
  const unknown = validation === 'Ignore' ? [] : strictErrors(patched);
  if (validation === 'Strict' && unknown.length > 0) throw refusal(shown, strictSentence(unknown));
  const object = decode(patched, 'Ignore').manifest as KubeObject;
  checkIdentity(current, object);
  return { object, warnings: unknown };
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
      const patched = mergePatch(current, asMap(patch, 'error decoding patch: '));
      return { patched, shown: () => JSON.stringify(patched) };
    }
    case 'json': {
      if (!Array.isArray(patch)) {
        throw badRequest(
          `error decoding patch: json: cannot unmarshal ${goKind(patch)} into Go value of type jsonpatch.Patch`,
        );
      }
      const { applyJsonPatch } = await import('../meta/patch/json-patch');
      let patched: unknown;
      try {
        patched = applyJsonPatch(current, patch);
      } catch {
        throw unprocessable(REJECTED);
      }
      return { patched, shown: () => JSON.stringify(patched) };
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
  if (known ? known.plural === resource.plural : kind === resource.kind && version === `${group}/${resource.version}`) {
    return undefined;
  }
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

/** Directives that contradict each other, a list where a map belongs, a merge key that is missing. */
function refusedPatch(error: unknown): unknown {
  return error instanceof Error && error.name === 'PatchError' ? badRequest(error.message) : error;
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

function checkIdentity(current: KubeObject, { metadata }: KubeObject): void {
  const { name, namespace } = current.metadata;
  if (metadata?.name !== name) {
    throw badRequest(`the name of the object (${metadata?.name ?? ''}) does not match the name on the URL (${name})`);
  }
  if (namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest(
      `the namespace of the object (${metadata.namespace ?? ''}) does not match the namespace on the request (${namespace})`,
    );
  }
}
