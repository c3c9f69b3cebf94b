/** What apply says when it can't make a patch out of what was applied last, what is there and what is wanted. */
import { expect, test } from 'vitest';
import { type ResourceInfo, resourceForKind } from '../../../src/core/api/resources';
import type { KubeObject, Manifest } from '../../../src/core/api/types';
import { applyObject } from '../../../src/core/client/apply';
import type { Backend } from '../../../src/core/client/backend';

const POD = resourceForKind('v1', 'Pod')!;
const WIDGET: ResourceInfo = { ...POD, group: 'example.com', kind: 'Widget', plural: 'widgets', singular: 'widget' };
const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** The refusal of an apply of the spec onto an object whose annotation holds the text. */
async function refusal(resource: ResourceInfo, text: string, spec: unknown, live: unknown = {}): Promise<string> {
  const apiVersion = resource.group ? `${resource.group}/${resource.version}` : resource.version;
  const head = { apiVersion, kind: resource.kind };
  const object = { ...head, metadata: { name: 'p', namespace: 'default' }, spec } as unknown as Manifest;
  const metadata = { name: 'p', namespace: 'default', annotations: { [ANNOTATION]: text } };
  const current = { ...head, metadata, spec: live } as unknown as KubeObject;
  const backend = { get: async () => current, patch: async () => current } as unknown as Backend;
  const options = { dryRun: 'none', validation: 'Ignore', fieldManager: 'test', warn: () => {} } as const;
  const info = { resource, namespace: 'default', name: 'p', source: 'p.yaml', object };
  return applyObject(backend, info, options).then(
    () => 'applied',
    (error: Error) => error.message,
  );
}

const wanted = (head: string, spec: string): string => {
  const bare = `{${head},"metadata":{"annotations":{},"name":"p","namespace":"default"},"spec":${spec}}\n`;
  const annotation = `{"${ANNOTATION}":${JSON.stringify(bare)}}`;
  return `{${head},"metadata":{"annotations":${annotation},"name":"p","namespace":"default"},"spec":${spec}}\n`;
};

test('the annotation is no JSON', async () => {
  const head = '"apiVersion":"v1","kind":"Pod"';
  expect(await refusal(POD, 'nonsense', { a: 1 })).toBe(
    `error when applying patch:

to:
Resource: "/v1, Resource=pods", GroupVersionKind: "/v1, Kind=Pod"
Name: "p", Namespace: "default"
for: "p.yaml": error when patching "p.yaml": creating patch with:
original:
nonsense
modified:
${wanted(head, '{"a":1}')}
current:
{${head},"metadata":{"annotations":{"${ANNOTATION}":"nonsense"},"name":"p","namespace":"default"},"spec":{}}

for: invalid JSON document`,
  );
});

test.each([
  ['nonsense', 'Invalid JSON Document'],
  ['1', 'Invalid JSON Document'],
  ['[]', 'Mismatched JSON Documents'],
  ['{}', 'applied'],
  ['null', 'applied'],
  ['', 'applied'],
])('of a custom resource, %j: %s', async (text, words) => {
  expect((await refusal(WIDGET, text, { a: 1 })).split('\nfor: ').at(-1)).toBe(words);
});

test('the objects contradict the schema', async () => {
  const spec = { containers: [{ name: 'a' }, 'b'] };
  const words = 'list element types are not identical: [[map[name:a]] [map[name:a] b]]';
  expect((await refusal(POD, '{}', spec, { containers: [{ name: 'a' }] })).split('\nfor: ').at(-1)).toBe(words);
  const unknown = { nope: { a: 1 } };
  expect((await refusal(POD, '{}', unknown, { nope: { b: 1 } })).split('\nfor: ').at(-1)).toBe(
    'unable to find api field in struct PodSpec for the json field "nope"',
  );
});
