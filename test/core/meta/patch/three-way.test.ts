import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../../../src/core/meta/objects';
import { mergePatch } from '../../../../src/core/meta/patch/merge-patch';
import { createTwoWayStrategic, type PatchSchema, strategicMerge } from '../../../../src/core/meta/patch/strategic';
import { threeWayJsonMerge, threeWayStrategic } from '../../../../src/core/meta/patch/three-way';
import { podSchema } from './schemas';

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const withoutAbsent = (value: JsonObject) =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
const fields = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model).map(withoutAbsent);
const keyed = (key: string, names: readonly unknown[], item: fc.Arbitrary<JsonObject>) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), item), { selector: ([name]) => name, maxLength: 4 })
    .map((items) => items.map(([name, rest]) => ({ [key]: name, ...rest })));
const text = fc.constantFrom('1', '2');
const texts = fc.dictionary(fc.constantFrom('p', 'q', 'r'), text);

const container = fields({
  image: some(text),
  args: some(fc.array(text, { maxLength: 2 })),
  env: some(keyed('name', ['X', 'Y', 'Z'], fields({ value: some(text) }))),
  ports: some(keyed('containerPort', [80, 81], fields({ name: some(text) }))),
});
const pod = fields({
  metadata: some(
    fields({
      labels: some(texts),
      finalizers: some(fc.uniqueArray(fc.constantFrom('f1', 'f2', 'f3'))),
    }),
  ),
  spec: some(
    fields({
      containers: some(keyed('name', ['a', 'b', 'c', 'd'], container)),
      tolerations: some(fc.array(fields({ key: some(text) }), { maxLength: 2 })),
      nodeSelector: some(texts),
    }),
  ),
});

function childSchema(schema: PatchSchema | undefined, key: string): PatchSchema | undefined {
  return schema?.field(key)?.item;
}

/**
 * Lists that merge, as objects by their key. Nulls and deletions, which upstream leaves inside list items that it adds as a
 * whole, count as absent: decoding drops them.
 */
function normal(value: unknown, schema: PatchSchema | undefined): unknown {
  if (!isObject(value)) return value;
  const present = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(
    present.map(([key, child]) => {
      const field = schema?.field(key);
      if (Array.isArray(child) && field?.strategies.includes('merge')) {
        const real = child.filter((item) => !isObject(item) || item.$patch === undefined);
        const items = real.map((item): [string, unknown] =>
          field.mergeKey === undefined
            ? [String(item), true]
            : [String((item as JsonObject)[field.mergeKey]), normal(item, field.item)],
        );
        return [key, Object.fromEntries(items)];
      }
      return [key, normal(child, childSchema(schema, key))];
    }),
  );
}

/** Every path of the normal form down to values that are no objects, and empty objects. */
function paths(value: unknown, prefix = ''): Map<string, string> {
  if (!isObject(value)) return new Map([[prefix, JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([key, child]) => [...paths(child, `${prefix}/${key}`)]));
}

/** The paths of all objects and values. */
function nodes(value: unknown, prefix = ''): Set<string> {
  const below = isObject(value)
    ? Object.entries(value).flatMap(([key, child]) => [...nodes(child, `${prefix}/${key}`)])
    : [];
  return new Set([prefix, ...below]);
}

const ancestors = (path: string) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)).concat(path);

function expectApplied(lastApplied: unknown, modified: unknown, current: unknown, result: unknown): void {
  const got = paths(result);
  const wanted = nodes(modified);
  const once = nodes(lastApplied);
  for (const [path, value] of paths(modified)) expect([path, got.get(path)]).toEqual([path, value]);
  for (const path of once) if (!wanted.has(path)) expect([path, nodes(result).has(path)]).toEqual([path, false]);
  for (const [path, value] of paths(current)) {
    // A field goes with everything in it when it is no longer wanted.
    const removed = ancestors(path).some((node) => once.has(node) && !wanted.has(node));
    if (!removed && !wanted.has(path)) expect([path, got.get(path)]).toEqual([path, value]);
  }
}

describe('apply', () => {
  test('what is wanted holds, what is no longer wanted is gone, foreign fields stay', () => {
    fc.assert(
      fc.property(pod, pod, pod, (lastApplied, modified, current) => {
        const before = JSON.stringify([lastApplied, modified, current]);
        const patch = threeWayStrategic(lastApplied, modified, current, podSchema);
        const result = strategicMerge(current, patch, podSchema);
        const [last, wanted, live, got] = [lastApplied, modified, current, result].map((each) =>
          normal(each, podSchema),
        );
        expectApplied(last, wanted, live, got);
        expect(JSON.stringify([lastApplied, modified, current])).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  test('applying the same again changes nothing', () => {
    fc.assert(
      fc.property(pod, pod, pod, (lastApplied, modified, current) => {
        const patch = threeWayStrategic(lastApplied, modified, current, podSchema);
        const result = strategicMerge(current, patch, podSchema);
        const again = threeWayStrategic(modified, modified, result, podSchema);
        expect(strategicMerge(result, again, podSchema)).toEqual(result);
      }),
      { numRuns: 300 },
    );
  });

  test('wanted containers come in the wanted order', () => {
    fc.assert(
      fc.property(pod, pod, pod, (lastApplied, modified, current) => {
        const patch = threeWayStrategic(lastApplied, modified, current, podSchema);
        const names = (value: JsonObject) =>
          ((value.spec as { containers?: { name: string }[] } | undefined)?.containers ?? []).map(({ name }) => name);
        const wanted = names(modified);
        expect(names(strategicMerge(current, patch, podSchema)).filter((name) => wanted.includes(name))).toEqual(
          wanted,
        );
      }),
      { numRuns: 300 },
    );
  });

  test('the patch speaks in directives', () => {
    const lastApplied = { spec: { containers: [{ name: 'a', image: '1' }, { name: 'old' }] } };
    const modified = { spec: { containers: [{ name: 'a', image: '2' }], volumes: [{ name: 'v', configMap: {} }] } };
    const current = {
      spec: {
        containers: [{ name: 'injected' }, { name: 'a', image: '1', pulled: true }, { name: 'old' }],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    };
    const patch = threeWayStrategic(lastApplied, modified, current, podSchema);
    expect(patch).toEqual({
      spec: {
        '$setElementOrder/containers': [{ name: 'a' }],
        '$setElementOrder/volumes': [{ name: 'v' }],
        containers: [
          { name: 'a', image: '2' },
          { name: 'old', $patch: 'delete' },
        ],
        volumes: [{ name: 'v', configMap: {}, $retainKeys: ['configMap', 'name'] }],
      },
    });
    expect(strategicMerge(current, patch, podSchema)).toEqual({
      spec: {
        containers: [{ name: 'injected' }, { name: 'a', image: '2', pulled: true }],
        volumes: [{ name: 'v', configMap: {} }],
      },
    });
  });

  test('primitive lists that merge', () => {
    const patch = threeWayStrategic(
      { metadata: { finalizers: ['mine', 'old'] } },
      { metadata: { finalizers: ['mine', 'new'] } },
      { metadata: { finalizers: ['theirs', 'old', 'mine'] } },
      podSchema,
    );
    expect(patch).toEqual({
      metadata: {
        '$deleteFromPrimitiveList/finalizers': ['old'],
        '$setElementOrder/finalizers': ['mine', 'new'],
        finalizers: ['new'],
      },
    });
    const live = { metadata: { finalizers: ['theirs', 'old', 'mine'] } };
    expect(strategicMerge(live, patch, podSchema)).toEqual({ metadata: { finalizers: ['theirs', 'mine', 'new'] } });
  });

  test('an unchanged object gives an empty patch', () => {
    fc.assert(
      fc.property(pod, (object) => {
        (object as { metadata?: { finalizers?: string[] } }).metadata?.finalizers?.sort();
        expect(threeWayStrategic(object, object, object, podSchema)).toEqual({});
      }),
    );
  });
});

test('deletions come last, even of a key that is wanted again', () => {
  const ports = (...numbers: number[]) => ({
    spec: { containers: [{ name: 'a', ports: numbers.map((containerPort) => ({ containerPort })) }] },
  });
  const live = { spec: { containers: [{ name: 'a' }] } };
  expect(threeWayStrategic(ports(0, 0), ports(0, 1), live, podSchema)).toEqual({
    spec: {
      '$setElementOrder/containers': [{ name: 'a' }],
      containers: [
        {
          '$setElementOrder/ports': [{ containerPort: 0 }, { containerPort: 1 }],
          name: 'a',
          ports: [{ containerPort: 1 }, { $patch: 'delete', containerPort: 0 }],
        },
      ],
    },
  });
});

test('a merged list of texts that is not in text order is sent again and again, as kubectl does', () => {
  const object = (...finalizers: string[]) => ({ metadata: { finalizers } });
  const same = (value: JsonObject) => threeWayStrategic(value, value, value, podSchema);
  expect(same(object('f1', 'f2'))).toEqual({});
  expect(same(object('f2', 'f1'))).toEqual({ metadata: { '$setElementOrder/finalizers': ['f2', 'f1'] } });
  // The live list in the wrong order, too, as long as the wanted one is in text order.
  const [last, live] = [object('f1', 'f2'), object('f2', 'f1')];
  expect(threeWayStrategic(last, last, live, podSchema)).toEqual({});
});

test('the two-way patch leads from one object to the other, order included', () => {
  fc.assert(
    fc.property(pod, pod, (original, modified) => {
      // What is merely out of text order to begin with, upstream leaves in place.
      (original as { metadata?: { finalizers?: string[] } }).metadata?.finalizers?.sort();
      const patch = createTwoWayStrategic(original, modified, podSchema);
      expect(strategicMerge(original, patch, podSchema)).toEqual(modified);
    }),
    { numRuns: 500 },
  );
});

test('items that share their key pair up in turn', () => {
  const ports = (...names: string[]) => ({
    spec: { containers: [{ name: 'dns', ports: names.map((protocol) => ({ containerPort: 53, protocol })) }] },
  });
  expect(createTwoWayStrategic(ports('TCP', 'UDP'), ports('TCP', 'UDP'), podSchema)).toEqual({});
});

test('the JSON variant does the same for objects without a schema', () => {
  fc.assert(
    fc.property(pod, pod, pod, (lastApplied, modified, current) => {
      const patch = threeWayJsonMerge(lastApplied, modified, current);
      expectApplied(lastApplied, modified, current, mergePatch(current, patch));
    }),
    { numRuns: 300 },
  );
});
