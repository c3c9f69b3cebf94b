/** Patches of strangers: what comes out is an object or a refusal, and neither the object nor the patch is changed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patchSchemaFor } from '../../src/core/api/patch-schema';
import { resourceForKind } from '../../src/core/api/resources';
import type { KubeObject, Manifest } from '../../src/core/api/types';
import { patchObject } from '../../src/core/apiserver/patch';
import type { JsonObject } from '../../src/core/meta/objects';
import { applyJsonPatch } from '../../src/core/meta/patch/json-patch';
import { createMergePatch, mergePatch } from '../../src/core/meta/patch/merge-patch';
import { createTwoWayStrategic, strategicMerge } from '../../src/core/meta/patch/strategic';
import { threeWayJsonMerge, threeWayStrategic } from '../../src/core/meta/patch/three-way';
import { attempt, attemptLater, frozen, guardAgainstHanging, runs } from './support/fuzz';
import { valuesLike } from './support/mutations';
import { OBJECTS, POD, SET } from './support/objects';

guardAgainstHanging();

const isMap = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const maps = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<JsonObject> => arbitrary.filter(isMap).map(frozen);

const pods = maps(valuesLike(fc.constantFrom<unknown>(POD, SET)));
const PATCHES: readonly object[] = [
  {
    metadata: { labels: { app: null, x: 'y' } },
    spec: { containers: [{ name: 'nginx', image: 'b' }, { name: 'new' }] },
  },
  { spec: { containers: [{ $patch: 'delete', name: 'nginx' }], volumes: [{ $patch: 'replace' }, { name: 'v' }] } },
  { spec: { '$setElementOrder/containers': [{ name: 'nginx' }, { name: 'b' }], containers: [{ name: 'b' }] } },
  {
    spec: { $retainKeys: ['volumes'], $patch: 'merge' },
    metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] },
  },
];
const patches = maps(valuesLike(fc.constantFrom<unknown>(...PATCHES, POD)));
const schema = patchSchemaFor({ group: '', version: 'v1', kind: 'Pod' });

test('strategic merge patches', () => {
  fc.assert(
    fc.property(pods, patches, fc.boolean(), (object, patch, known) => {
      const { value } = attempt(() => strategicMerge(object, patch, known ? schema : undefined));
      if (value) expect(isMap(value)).toBe(true);
    }),
    runs(180),
  );
});

test('made from two or three states', () => {
  fc.assert(
    fc.property(pods, pods, pods, (last, modified, current) => {
      attempt(() => createTwoWayStrategic(last, modified, schema));
      attempt(() => threeWayStrategic(last, modified, current, schema));
      attempt(() => threeWayJsonMerge(last, modified, current));
    }),
    runs(120),
  );
});

test('merge patches: one that was made leads from one state to the other', () => {
  fc.assert(
    fc.property(pods, patches, (before, patch) => {
      const after = attempt(() => mergePatch(before, patch)).value;
      if (!isMap(after)) return;
      const again = attempt(() => mergePatch(before, createMergePatch(before, after))).value;
      expect(again).toEqual(after);
    }),
    runs(150),
  );
});

test('JSON patches', () => {
  const operations: readonly object[] = [
    { op: 'add', path: '/metadata/labels/x', value: 'y' },
    { op: 'add', path: '/spec/containers/-', value: { name: 'b' } },
    { op: 'replace', path: '/spec/containers/0/image', value: 'c' },
    { op: 'remove', path: '/metadata/annotations/a.b~1c' },
    { op: 'move', from: '/spec/volumes', path: '/spec/containers/0' },
    { op: 'copy', from: '/spec', path: '/spec/template' },
    { op: 'test', path: '', value: null },
    { op: 'add', path: '/__proto__/polluted', value: true },
    { op: 'add', path: '/constructor/prototype/polluted', value: true },
    { op: 'copy', from: '/spec', path: '/__proto__' },
  ];
  const list = fc.array(valuesLike(fc.constantFrom<unknown>(...operations), 1), { maxLength: 4 });
  fc.assert(
    fc.property(
      pods,
      fc.oneof({ weight: 5, arbitrary: list }, { weight: 1, arbitrary: valuesLike(list, 2) }),
      (object, patch) => {
        attempt(() => applyJsonPatch(object, frozen(patch)));
      },
    ),
    runs(180),
  );
});

test('through the server: every kind of patch is taken or refused in words', async () => {
  const { TestCluster } = await import('../support/cluster');
  const test = new TestCluster();
  for (const object of OBJECTS) {
    const { kind, metadata } = object as { kind: string; metadata?: object };
    if (kind === 'List' || kind === 'Cron') continue;
    const namespaced = kind !== 'CustomResourceDefinition';
    test.store.create({
      ...object,
      metadata: { ...metadata, ...(namespaced && { namespace: 'default' }) },
    } as Manifest);
  }
  test.cluster.drain();
  const info = resourceForKind('v1', 'Pod')!;
  const live = test.store.get<KubeObject>('pods', 'default', 'web-0')!;
  const anything = fc.oneof(patches, fc.array(patches, { maxLength: 2 }), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('strategic' as const, 'merge' as const, 'json' as const),
      anything,
      async (type, patch) => {
        const { value } = await attemptLater(async () => await patchObject(info, live, type, frozen(patch)));
        const next = value && 'object' in value ? (value.object as Manifest) : undefined;
        if (!next) return;
        await attemptLater(async () => test.store.update(next as KubeObject));
        test.cluster.drain();
      },
    ),
    runs(80),
  );
});
