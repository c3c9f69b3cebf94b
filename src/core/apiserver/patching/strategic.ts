/** Strategic merge patches, which know how the lists of each built-in kind merge. */
import { patchSchemaFor } from '../../api/patch-schema';
import type { ResourceInfo } from '../../api/resources';
import { badRequest, internalError, unprocessable } from '../../api/status';
import { goValue } from '../../meta/gofmt';
import { strategicMerge } from '../../meta/patch/strategic';
import type { Merge } from './types';
import { asMap, REJECTED } from './words';

export const mergeStrategic: Merge = (resource, current, patch) => {
  const map = asMap(patch);
  const schema = patchSchemaFor(resource);
  if (!schema) throw unsupported(resource);
  try {
    const merged = strategicMerge({ ...current }, map, schema);
    // What is patched is a struct of its kind: a patch can't make another of it.
    return {
      patched: { ...merged, apiVersion: current.apiVersion, kind: current.kind },
      shown: () => goValue(map),
      keepsKind: true,
    };
  } catch (error) {
    throw refusedPatch(error);
  }
};

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
