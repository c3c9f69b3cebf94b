/** Every patch type against what kubectl 1.36 made of the same object and patch. */

import { describe, expect, test } from 'vitest';
import { applyJsonPatch } from '../../../../src/core/meta/patch/json-patch';
import { mergePatch } from '../../../../src/core/meta/patch/merge-patch';
import { strategicMerge } from '../../../../src/core/meta/patch/strategic';
import recorded from '../fixtures/patches.json';
import { podSchema, statefulSetSchema } from './schemas';

interface Case {
  readonly name: string;
  readonly type: string;
  readonly object: { readonly kind: string };
  readonly patch: unknown;
  readonly result?: unknown;
  readonly error?: string;
}

const cases = recorded.cases as unknown as readonly Case[];

function apply({ type, object, patch }: Case): unknown {
  if (type === 'json') return applyJsonPatch(object, patch);
  if (type === 'merge') return mergePatch(object, patch);
  const schema = object.kind === 'StatefulSet' ? statefulSetSchema : podSchema;
  return strategicMerge({ ...object }, patch as Record<string, unknown>, schema);
}

describe('patches as kubectl applies them', () => {
  test.each(cases.filter((each) => each.result !== undefined))('$type: $name', (each) => {
    const before = JSON.stringify([each.object, each.patch]);
    expect(apply(each)).toEqual(each.result);
    expect(JSON.stringify([each.object, each.patch])).toBe(before);
  });

  test.each(cases.filter((each) => each.error !== undefined))('$type refused: $name', (each) => {
    const message = (() => {
      try {
        apply(each);
        return 'applied';
      } catch (error) {
        return (error as Error).message.trim();
      }
    })();
    // The JSON patch library has its own words; the API server shows none of either.
    if (each.type === 'json') expect(message).not.toBe('applied');
    else expect(message).toBe(each.error);
  });
});
