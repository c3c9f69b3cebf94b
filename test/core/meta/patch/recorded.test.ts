/** Every patch type against what kubectl 1.36 made of the same object and patch. */

import { describe, expect, test } from 'vitest';
import { resourceForKind } from '../../../../src/core/api/resources';
import type { KubeObject } from '../../../../src/core/api/types';
import type { PatchType } from '../../../../src/core/client/backend';
import { patchLocally } from '../../../../src/core/client/local-patch';
import edges from '../fixtures/patch-edges.json';
import recorded from '../fixtures/patches.json';

interface Case {
  readonly name: string;
  readonly type: PatchType;
  readonly object: { readonly apiVersion: string; readonly kind: string };
  readonly patch: unknown;
  readonly result?: unknown;
  readonly error?: string;
}

const cases = [...recorded.cases, ...edges.cases] as unknown as readonly Case[];

const apply = ({ type, object, patch }: Case): Promise<unknown> =>
  patchLocally(resourceForKind(object.apiVersion, object.kind)!, object as unknown as KubeObject, type, patch);

describe('patches as kubectl applies them', () => {
  test.each(cases.filter((each) => each.result !== undefined))('$type: $name', async (each) => {
    const before = JSON.stringify([each.object, each.patch]);
    expect(await apply(each)).toEqual(each.result);
    expect(JSON.stringify([each.object, each.patch])).toBe(before);
  });

  test.each(cases.filter((each) => each.error !== undefined))('$type refused: $name', async (each) => {
    const message = await apply(each).then(
      () => 'applied',
      (error: Error) => error.message.trim(),
    );
    expect(message).toBe(each.error);
  });
});
