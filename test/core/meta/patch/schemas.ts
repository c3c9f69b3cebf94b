/** Patch schemas for the tests: the part of the API types' patch metadata that the fixtures touch. */

import type { PatchField, PatchSchema, PatchStrategy } from '../../../../src/core/meta/patch/strategic';

function schema(fields: Record<string, PatchField>): PatchSchema {
  return { field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined) };
}

function object(item: PatchSchema, ...strategies: PatchStrategy[]): PatchField {
  return { list: false, strategies, item };
}

function merged(mergeKey: string, item: PatchSchema = schema({}), ...more: PatchStrategy[]): PatchField {
  return { list: true, mergeKey, strategies: ['merge', ...more], item };
}

const container = schema({
  ports: merged('containerPort'),
  env: merged('name'),
  volumeMounts: merged('mountPath'),
});

const podSpec = schema({
  containers: merged('name', container),
  initContainers: merged('name', container),
  volumes: merged('name', schema({}), 'retainKeys'),
});

const metadata = schema({
  finalizers: { list: true, strategies: ['merge'] },
  ownerReferences: merged('uid'),
});

export const podSchema = schema({ metadata: object(metadata), spec: object(podSpec) });
