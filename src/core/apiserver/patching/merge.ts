/** Merge patches (RFC 7386). */
import { badRequest } from '../../api/status';
import { stringifyJson } from '../../meta/json';
import { mergePatch } from '../../meta/patch/merge-patch';
import type { Merge } from './types';
import { asMap } from './words';

export const mergeMerge: Merge = (_resource, current, patch) => {
  if (patch === null) throw badRequest('Invalid JSON Patch');
  const patched = mergePatch(current, asMap(patch, 'error decoding patch: '));
  return { patched, shown: () => stringifyJson(patched) };
};
