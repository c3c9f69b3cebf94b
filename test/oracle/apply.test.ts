/** Client-side apply: the patch that kubectl sends must be the one that is computed here, byte for byte, or none for both. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ResourceInfo, resourceForKind } from '../../src/core/api/resources';
import type { KubeObject } from '../../src/core/api/types';
import { applyObject } from '../../src/core/client/apply';
import type { Backend } from '../../src/core/client/backend';
import type { Info } from '../../src/core/client/builder';
import { errorText, Failures } from '../../src/core/client/errors';
import { LAST_APPLIED } from '../../src/core/client/last-applied';
import { goStringify } from '../../src/core/meta/gojson';
import { get, isObject, type JsonObject } from '../../src/core/meta/objects';
import { FakeApiServer, pathOf } from './support/api-server';
import { describeOracle, kubectl, runs } from './support/kubectl';
import { apiVersionOf, type Kind, objectsOf, POD, STATEFUL_SET } from './support/objects';

const apps = (kind: string): Kind => ({ group: 'apps', version: 'v1', kind });
const core = (kind: string): Kind => ({ group: '', version: 'v1', kind });
const BUDGET: Kind = { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget' };
const WIDGET: ResourceInfo = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
  shortNames: [],
  namespaced: true,
  categories: [],
  subresources: [],
  simulated: false,
};

/** What was applied last, what is there and what is wanted, of one kind. */
interface Case {
  readonly resource: ResourceInfo;
  readonly last: JsonObject | undefined;
  readonly live: JsonObject;
  readonly wanted: JsonObject;
}

/** What is done about an object: the patch that is sent, with its type. */
interface Sent {
  readonly name: string;
  readonly type: string;
  readonly patch: string;
}

const TYPES: Readonly<Record<string, string>> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
};

/** Field by field, at every depth, from one object or from the other. */
function mixed(one: JsonObject, other: JsonObject, choice: number): JsonObject {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const entries = keys.map((key, index): [string, unknown] => {
    const [left, right] = [get(one, key), get(other, key)];
    if (isObject(left) && isObject(right)) return [key, mixed(left, right, choice >> (index % 3))];
    return [key, (choice >> (index % 16)) & 1 ? left : right];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function casesOf(resource: ResourceInfo, object: fc.Arbitrary<JsonObject>): fc.Arbitrary<Case> {
  const drawn = fc.tuple(object, object, object, fc.nat(0xffff), fc.nat(0xffff));
  const choices = fc.constantFrom('free', 'drifted', 'changed', 'changed', 'first');
  return fc.tuple(drawn, choices).map(([[a, b, c, one, two], choice]): Case => {
    if (choice === 'free') return { resource, last: a, live: b, wanted: c };
    if (choice === 'first') return { resource, last: undefined, live: a, wanted: mixed(a, b, one) };
    if (choice === 'drifted') return { resource, last: a, live: mixed(a, b, one), wanted: a };
    return { resource, last: a, live: mixed(a, b, one), wanted: mixed(a, c, two) };
  });
}

/** Any JSON, as a custom resource may hold it. */
const { object: widget } = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b', 1, 2, 1.5, true, null),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'metadata', '<&>'), tie('value'), { maxKeys: 4 }),
}));

/** The case's objects under a name of their own. */
function named({ resource, last, live, wanted }: Case, index: number) {
  const head = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const place = { name: `o${index}`, ...(resource.namespaced && { namespace: 'default' }) };
  const whole = (object: JsonObject, more: JsonObject): JsonObject => {
    const { namespace: _, ...metadata } = (object.metadata ?? {}) as JsonObject;
    const annotations = { ...(get(metadata, 'annotations') as JsonObject | null), ...more };
    return { ...object, ...head, metadata: { ...metadata, ...place, annotations } };
  };
  return {
    resource,
    name: place.name,
    wanted: whole(wanted, {}),
    live: whole(live, last ? { [LAST_APPLIED]: `${goStringify(whole(last, {}))}\n` } : {}),
  };
}

type Named = ReturnType<typeof named>;

/** What this client would send for it, or nothing. */
async function computed({ resource, name, wanted, live }: Named): Promise<Sent | undefined> {
  let sent: Sent | undefined;
  const backend = {
    get: async () => live as unknown as KubeObject,
    patch: async (_resource: ResourceInfo, _namespace: string, _name: string, type: string, patch: unknown) => {
      sent = { name, type: TYPES[type] ?? type, patch: goStringify(patch) };
      return live as unknown as KubeObject;
    },
  } as unknown as Backend;
  const namespace = resource.namespaced ? 'default' : undefined;
  const info: Info = { resource, namespace, name, source: 'STDIN', object: wanted as unknown as KubeObject };
  const options = { dryRun: 'none', validation: 'Ignore', fieldManager: 'test', warn: () => {} } as const;
  await applyObject(backend, info, options);
  return sent;
}

describeOracle('the patch of apply', () => {
  let server: FakeApiServer;
  beforeAll(async () => {
    server = await FakeApiServer.start([WIDGET]);
  });
  afterAll(() => server.stop());

  async function expectSame(cases: readonly Case[]): Promise<void> {
    const all = cases.map(named);
    server.objects.clear();
    for (const { resource, name, live } of all) server.objects.set(pathOf(resource, name), live);
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: all.map(({ wanted }) => wanted) });
    const answer = await kubectl(['apply', '-f', '-', '--validate=false', '--server', server.url], list);
    const patches = server.taken().filter(({ method }) => method === 'PATCH');
    const expected = patches.map(({ path, contentType, body }): Sent => {
      return { name: path.slice(path.lastIndexOf('/') + 1), type: contentType, patch: body };
    });
    const own: Sent[] = [];
    const errors: Error[] = [];
    for (const each of all) {
      try {
        const sent = await computed(each);
        if (sent) own.push(sent);
      } catch (error) {
        errors.push(error as Error);
      }
    }
    expect(own).toEqual(expected);
    const refusal = errors.length > 1 ? new Failures(errors) : errors[0];
    expect(refusal ? errorText(refusal).text : '').toBe(answer.err.replace(/^Warning: .*\n/gm, ''));
  }

  test.each([POD, STATEFUL_SET, apps('Deployment'), core('Service'), core('ServiceAccount'), core('Node'), BUDGET])(
    'of a $kind',
    async (kind) => {
      const resource = resourceForKind(apiVersionOf(kind), kind.kind)!;
      const fields = ['metadata', 'spec', 'secrets', 'status'];
      const one = casesOf(resource, objectsOf(kind, { only: fields }));
      await fc.assert(
        fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 40, size: 'max' }), expectSame),
        runs(3),
      );
    },
  );

  test('of a custom resource', async () => {
    const object = fc.record({ spec: widget, status: widget, other: widget }, { requiredKeys: [] });
    const one = casesOf(WIDGET, object as fc.Arbitrary<JsonObject>);
    await fc.assert(fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 60, size: 'max' }), expectSame), runs(4));
  });

  test.each(['nonsense', '[]', '"text"', '1', 'null', '', '{}'])('with %j as what was applied last', async (text) => {
    for (const resource of [resourceForKind('v1', 'Pod')!, WIDGET]) {
      const live = { metadata: { annotations: { [LAST_APPLIED]: text } }, spec: { a: 1 } };
      await expectSame([{ resource, last: undefined, live, wanted: { spec: { b: 2 } } }]);
    }
  });
});
