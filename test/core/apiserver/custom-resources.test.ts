import { describe, expect, it } from 'vitest';
import type { KubeObject, Manifest } from '../../../src/core/api/types';
import { toScale, withScale } from '../../../src/core/apiserver/scale';
import { TestCluster } from '../../support/cluster';

const KEY = 'widgets.example.com';
const SPEC = { type: 'object', properties: { size: { type: 'integer', maximum: 5 } }, required: ['size'] };
const STATUS = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const version = (name: string, more: object = {}): object => ({
  name,
  served: true,
  storage: false,
  schema: { openAPIV3Schema: { type: 'object', properties: { spec: SPEC, status: STATUS } } },
  subresources: {
    status: {},
    scale: {
      specReplicasPath: '.spec.size',
      statusReplicasPath: '.status.size',
      labelSelectorPath: '.status.selector',
    },
  },
  ...more,
});

const definition = (versions: readonly object[]): Manifest =>
  ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: KEY },
    spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'Widget', plural: 'widgets' }, versions },
  }) as Manifest;

const widget = (size: unknown, apiVersion = 'example.com/v1'): Manifest => ({
  apiVersion,
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'default' },
  spec: { size },
});

function defined(versions = [version('v1beta1', { deprecated: true }), version('v1', { storage: true })]) {
  const { store } = new TestCluster();
  store.create(definition(versions));
  return store;
}

describe('a definition', () => {
  it('serves the version that clients prefer, and the others beside it', () => {
    const store = defined();
    expect(store.resource(KEY)).toMatchObject({
      version: 'v1',
      otherVersions: ['v1beta1'],
      subresources: ['status', 'scale'],
      deprecations: { v1beta1: 'example.com/v1beta1 Widget is deprecated; use example.com/v1 Widget' },
    });
    expect(store.resourceOf({ apiVersion: 'example.com/v1beta1', kind: 'Widget' })).toBe(store.resource(KEY));
    expect(store.resourceOf({ apiVersion: 'example.com/v2', kind: 'Widget' })).toBeUndefined();
    expect(store.customVersion('example.com/v1beta1', 'Widget')).toMatchObject({ apiVersion: 'example.com/v1' });
    expect(store.customVersion('v1', 'Pod')).toBeUndefined();
  });

  it('notes every version that was stored', () => {
    const store = defined();
    const old = store.get<KubeObject>('customresourcedefinitions.apiextensions.k8s.io', '', KEY) as KubeObject;
    const versions = [version('v1'), version('v2', { storage: true })];
    const next = store.update({
      ...old,
      spec: { ...(old.spec as object), versions: [version('v1beta1'), ...versions] },
    } as KubeObject);
    expect(next.status).toMatchObject({ storedVersions: ['v1', 'v2'] });
    expect(store.resource(KEY).version).toBe('v2');
  });

  it('takes its objects along', () => {
    const store = defined();
    store.create(widget(1));
    store.delete('customresourcedefinitions.apiextensions.k8s.io', '', KEY);
    expect([...store.list(KEY)]).toEqual([]);
    expect(store.customResources()).toEqual([]);
  });
});

describe('an object', () => {
  it('is held against its schema when it is made and when it changes', () => {
    const store = defined();
    const why =
      'Widget.example.com "w" is invalid: spec.size: Invalid value: 9: spec.size in body should be less than or equal to 5';
    expect(() => store.create(widget(9))).toThrow(why);
    const made = store.create<KubeObject>(widget(1));
    expect(() => store.update({ ...made, spec: { size: 9 } } as KubeObject)).toThrow(why);
    expect(store.get(KEY, 'default', 'w')).toBe(made);
  });

  it('has a scale where its definition says so', () => {
    const store = defined();
    const resource = store.resource(KEY);
    const made = store.create<KubeObject>(widget(2));
    const running = { ...made, status: { size: 1, selector: 'a=b' } } as KubeObject;
    const current = store.update<KubeObject>(running, { subresource: 'status' });
    const scale = toScale(current, resource.scalePaths);
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 2 }, status: { replicas: 1, selector: 'a=b' } });
    const scaled = withScale(resource, current, { ...scale, spec: { replicas: 3 } });
    expect(store.update<KubeObject>(scaled).spec).toEqual({ size: 3 });
  });
});
