/** JSON patches (RFC 6902). */
import { badRequest, tooLarge, unprocessable } from '../../api/status';
import { stringifyJson } from '../../meta/json';
import { isObject } from '../../meta/objects';
import { applyJsonPatch } from '../../meta/patch/json-patch';
import type { Merge } from './types';
import { goKind, REJECTED } from './words';

export const mergeJson: Merge = (_resource, current, patch) => {
  checkOperations(patch);
  let patched: unknown;
  try {
    patched = applyJsonPatch(current, patch);
  } catch {
    throw unprocessable(REJECTED);
  }
  return { patched, shown: () => stringifyJson(patched) };
};

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
