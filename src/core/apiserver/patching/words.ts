/** What the kinds of patches have in common: how what is sent is read, and how it is refused. */
import { badRequest } from '../../api/status';
import { isObject } from '../../meta/objects';

export const REJECTED = 'the server rejected our request due to an error in our request';

/** The patch as a map, `null` being an empty one. Throws BadRequest. */
export function asMap(patch: unknown, prefix = ''): Record<string, unknown> {
  if (patch === null) return {};
  if (isObject(patch)) return patch;
  throw badRequest(`${prefix}json: cannot unmarshal ${goKind(patch)} into Go value of type map[string]interface {}`);
}

export function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
