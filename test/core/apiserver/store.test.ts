import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../../src/core/api/status';
import type { KubeObject, Manifest, Pod } from '../../../src/core/api/types';
import { setManifest, TestCluster } from '../../support/cluster';
import { refusal } from '../../support/refusal';

const configMap = (name: string, more: object = {}, meta: object = {}): Manifest =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', ...meta }, ...more }) as Manifest;

describe('create', () => {
  it('stamps uid, version and time, and drops what only the server sets', () => {
    const { store } = new TestCluster();
    const stored = store.create(
      configMap(
        'a',
        { data: { k: 'v' } },
        { uid: 'mine', resourceVersion: '7', generation: 9, creationTimestamp: '2000-01-01T00:00:00Z' },
      ),
    );
    expect(stored.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(stored.metadata).toMatchObject({
      name: 'a',
      namespace: 'default',
      creationTimestamp: '2026-01-01T00:00:00Z',
    });
    expect(Number(stored.metadata.resourceVersion)).toBe(store.storage.resourceVersion);
    expect(stored.metadata.generation).toBeUndefined();
  });

  it('makes a name from generateName', () => {
    const { store } = new TestCluster();
    const { name } = store.create(configMap('', {}, { generateName: 'job-' })).metadata;
    expect(name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('refuses a name that is taken, a namespace that is missing or going, and what is invalid', () => {
    const test = new TestCluster();
    const { store } = test;
    store.create(configMap('a'));
    expect(refusal(() => store.create(configMap('a')))).toBe('AlreadyExists: configmaps "a" already exists');
    expect(refusal(() => store.create(configMap('a', {}, { namespace: 'nope' })))).toBe(
      'NotFound: namespaces "nope" not found',
    );
    expect(refusal(() => store.create(configMap('A')))).toMatch(
      /^Invalid: ConfigMap "A" is invalid: metadata.name: Invalid value: "A": /,
    );
    store.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'going', finalizers: ['example.com/hold'] },
    });
    test.cluster.drain();
    store.delete('namespaces', '', 'going');
    expect(refusal(() => store.create(configMap('a', {}, { namespace: 'going' })))).toBe(
      'Forbidden: configmaps "a" is forbidden: unable to create new content in namespace going because it is being terminated',
    );
    let causes: unknown;
    try {
      store.create(configMap('a', {}, { namespace: 'going' }));
    } catch (error) {
      causes = (error as ApiError).status.details?.causes;
    }
    // Clients take this for no failure of theirs.
    expect(causes).toEqual([
      { reason: 'NamespaceTerminating', message: 'namespace going is being terminated', field: 'metadata.namespace' },
    ]);
  });

  it('writes nothing on a dry run', () => {
    const { store } = new TestCluster();
    const before = store.storage.resourceVersion;
    const made = store.create(setManifest(), { dryRun: true });
    expect(made.spec).toMatchObject({ podManagementPolicy: 'OrderedReady' });
    expect(store.storage.resourceVersion).toBe(before);
    expect(store.get('statefulsets.apps', 'default', 'web')).toBeUndefined();
  });
});

describe('update', () => {
  it('refuses a stale version and another uid, and keeps what the server owns', () => {
    const { store } = new TestCluster();
    const first = store.create(configMap('a', { data: { k: '1' } }));
    const second = store.update<KubeObject>({
      ...first,
      data: { k: '2' },
      metadata: { ...first.metadata, creationTimestamp: '2000-01-01T00:00:00Z' },
    });
    expect(second.metadata.creationTimestamp).toBe(first.metadata.creationTimestamp);
    expect(refusal(() => store.update({ ...first, data: { k: '3' } }))).toBe(
      'Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(refusal(() => store.update({ ...second, metadata: { ...second.metadata, uid: 'other' } }))).toMatch(
      /^Conflict: .*UID in precondition: other/,
    );
    expect(refusal(() => store.update(configMap('b') as KubeObject))).toBe('NotFound: configmaps "b" not found');
  });

  it('writes nothing when nothing changes', () => {
    const { store } = new TestCluster();
    const stored = store.create(configMap('a', { data: { k: '1' } }));
    expect(store.update(stored)).toBe(stored);
  });

  it('raises the generation with the spec alone, and status only through its subresource', () => {
    const test = new TestCluster();
    const set = test.apply();
    test.settle();
    const generation = () => test.set().metadata.generation;
    expect(generation()).toBe(1);
    test.store.update({ ...test.set(), metadata: { ...test.set().metadata, labels: { a: 'b' } } });
    test.store.update({ ...test.set(), status: { replicas: 99, availableReplicas: 0 } });
    expect(generation()).toBe(1);
    expect(test.set().status.replicas).toBe(3);
    test.store.update(
      { ...test.set(), spec: { ...test.set().spec, replicas: 9 }, status: { replicas: 98, availableReplicas: 0 } },
      { subresource: 'status' },
    );
    expect(test.set().spec.replicas).toBe(3);
    expect(test.set().status.replicas).toBe(98);
    test.scale(4);
    expect(generation()).toBe(2);
    expect(set.metadata.uid).toBe(test.set().metadata.uid);
  });

  it('creates what is missing, of the kinds that allow it', () => {
    const { store } = new TestCluster();
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    };
    expect(store.update(service as never).metadata.uid).toBe(store.get('services', 'default', 'a')?.metadata.uid);
  });

  it('takes an object away with its last finalizer', () => {
    const { store } = new TestCluster();
    store.create(configMap('a', {}, { finalizers: ['example.com/one', 'example.com/two'] }));
    const held = store.delete('configmaps', 'default', 'a');
    expect(held.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
    store.update({ ...held, metadata: { ...held.metadata, finalizers: ['example.com/two'] } });
    const last = store.get('configmaps', 'default', 'a') as KubeObject;
    store.update({ ...last, metadata: { ...last.metadata, finalizers: [] } });
    expect(store.get('configmaps', 'default', 'a')).toBeUndefined();
  });
});

describe('delete', () => {
  it('refuses protected namespaces and preconditions that do not hold', () => {
    const { store } = new TestCluster();
    expect(refusal(() => store.delete('namespaces', '', 'default'))).toBe(
      'Forbidden: namespaces "default" is forbidden: this namespace may not be deleted',
    );
    store.create(configMap('a'));
    expect(refusal(() => store.delete('configmaps', 'default', 'a', { preconditions: { uid: 'x' } }))).toMatch(
      /^Conflict: .*Precondition failed/,
    );
    expect(refusal(() => store.delete('configmaps', 'default', 'b'))).toBe('NotFound: configmaps "b" not found');
  });

  it('gives a running pod its grace period, which a second call can shorten', () => {
    const test = new TestCluster();
    test.apply({ replicas: 1 });
    test.settle();
    const meta = () => test.pod('web-0')?.metadata;
    test.store.delete('pods', 'default', 'web-0');
    expect(meta()).toMatchObject({ deletionGracePeriodSeconds: 10, deletionTimestamp: '2026-01-01T00:00:11Z' });
    test.store.delete('pods', 'default', 'web-0', { gracePeriodSeconds: 20 });
    expect(meta()).toMatchObject({ deletionGracePeriodSeconds: 10 });
    test.store.delete('pods', 'default', 'web-0', { gracePeriodSeconds: 3 });
    expect(meta()).toMatchObject({ deletionGracePeriodSeconds: 3, deletionTimestamp: '2026-01-01T00:00:04Z' });
    test.store.delete('pods', 'default', 'web-0', { gracePeriodSeconds: 0 });
    expect(meta()).toBeUndefined();
  });

  it('ends a pod without a node, or one that is over, at once', () => {
    const test = new TestCluster();
    test.apply({ replicas: 1 });
    test.settle();
    const pod = test.pod('web-0') as Pod;
    test.store.updateStatus(pod, { ...pod.status, phase: 'Failed' });
    test.store.delete('pods', 'default', 'web-0');
    expect(test.pod('web-0')).toBeUndefined();
  });

  it('leaves the work of foreground and orphan deletion to finalizers', () => {
    const test = new TestCluster();
    test.apply();
    const foreground = test.store.delete('statefulsets.apps', 'default', 'web', { propagationPolicy: 'Foreground' });
    expect(foreground.metadata.finalizers).toEqual(['foregroundDeletion']);
    const orphan = test.store.delete('statefulsets.apps', 'default', 'web', { propagationPolicy: 'Orphan' });
    expect(orphan.metadata.finalizers).toEqual(['orphan']);
  });
});

describe('services', () => {
  const service = (name: string, spec: object): Manifest =>
    ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ port: 80 }], ...spec },
    }) as Manifest;

  it('get a cluster address and node ports, and keep them', () => {
    const { store } = new TestCluster();
    const made = store.create(service('a', { type: 'NodePort' }));
    const spec = made.spec as { clusterIP: string; clusterIPs: string[]; ports: { nodePort: number }[] };
    expect(spec.clusterIP).toMatch(/^10\.96\.\d+\.\d+$/);
    expect(spec.clusterIPs).toEqual([spec.clusterIP]);
    expect(spec.ports[0]?.nodePort).toBeGreaterThanOrEqual(30000);
    const again = store.update<KubeObject>(service('a', { type: 'NodePort', selector: { app: 'x' } }) as KubeObject);
    expect(again.spec).toMatchObject({ clusterIP: spec.clusterIP, ports: [{ nodePort: spec.ports[0]?.nodePort }] });
  });

  it('lose what a new type has no use for, and get what it needs', () => {
    const { store } = new TestCluster();
    store.create(service('a', { type: 'LoadBalancer', selector: { app: 'x' } }));
    const retype = (change: object): KubeObject['spec'] => {
      const current = store.get<KubeObject>('services', 'default', 'a') as KubeObject;
      const changed = { ...current, spec: { ...(current.spec as object), ...change } } as unknown as KubeObject;
      return store.update<KubeObject>(changed).spec;
    };
    const { clusterIP } = (store.get<KubeObject>('services', 'default', 'a') as KubeObject).spec as {
      clusterIP: string;
    };
    const families = { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
    const common = { selector: { app: 'x' }, sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' };
    const ports = [{ port: 80, protocol: 'TCP', targetPort: 80 }];
    const address = { clusterIP, clusterIPs: [clusterIP], ...families };
    expect(retype({ type: 'ClusterIP' })).toEqual({ type: 'ClusterIP', ...common, ...address, ports });
    expect(retype({ type: 'NodePort' })).toEqual({
      type: 'NodePort',
      externalTrafficPolicy: 'Cluster',
      ...common,
      ...address,
      ports: [{ ...ports[0], nodePort: expect.any(Number) }],
    });
    const named = { type: 'ExternalName', externalName: 'example.com' };
    expect(retype(named)).toEqual({ ...named, ...common, ports });
    expect(retype({ type: 'ClusterIP' })).toMatchObject({ ...families, clusterIP: expect.stringMatching(/^10\.96\./) });
  });

  it('keep a node port by the name of its port, whatever else of it changes', () => {
    const { store } = new TestCluster();
    const made = store.create(service('a', { type: 'NodePort', ports: [{ name: 'web', port: 80 }] }));
    const { nodePort } = (made.spec as { ports: { nodePort: number }[] }).ports[0] as { nodePort: number };
    const changed = service('a', { type: 'NodePort', ports: [{ name: 'web', port: 8080 }] }) as KubeObject;
    expect(store.update<KubeObject>(changed).spec).toMatchObject({ ports: [{ name: 'web', port: 8080, nodePort }] });
  });

  it('refuse an address or a node port that is taken', () => {
    const { store } = new TestCluster();
    expect(refusal(() => store.create(service('a', { clusterIP: '10.96.0.1' })))).toMatch(
      /provided IP is already allocated/,
    );
    store.create(service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }));
    expect(
      refusal(() => store.create(service('c', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }))),
    ).toMatch(/spec.ports\[0\].nodePort: Invalid value: 30080: provided port is already allocated/);
  });
});

describe('custom resources', () => {
  const definition = (versions: object): Manifest =>
    ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { kind: 'Widget', plural: 'widgets' },
        versions: [
          {
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            ...versions,
          },
        ],
      },
    }) as Manifest;
  const widget = (more: object): KubeObject =>
    ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'default' },
      ...more,
    }) as unknown as KubeObject;

  it('are established at once, under the names that were accepted', () => {
    const { store } = new TestCluster();
    const made = store.create(definition({ name: 'v1', served: true, storage: true }));
    const names = { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget' };
    expect(made.metadata.generation).toBe(1);
    expect(made.spec).toMatchObject({ names, conversion: { strategy: 'None' } });
    expect(made.status).toMatchObject({
      acceptedNames: names,
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
      ],
      storedVersions: ['v1'],
    });
  });

  it('count generations, and keep the status apart where it is a subresource', () => {
    const { store } = new TestCluster();
    store.create(definition({ name: 'v1', served: true, storage: true, subresources: { status: {} } }));
    store.create(widget({ spec: { size: 1 }, status: { phase: 'mine' } }));
    const get = () => store.get<KubeObject>('widgets.example.com', 'default', 'w') as KubeObject;
    expect([get().metadata.generation, get().status]).toEqual([1, undefined]);
    store.update({ ...get(), status: { phase: 'ignored' } } as KubeObject);
    expect([get().metadata.generation, get().status]).toEqual([1, undefined]);
    store.update({ ...get(), status: { phase: 'Ready' } } as KubeObject, { subresource: 'status' });
    store.update({ ...get(), spec: { size: 2 } } as KubeObject);
    expect([get().metadata.generation, get().status]).toEqual([2, { phase: 'Ready' }]);
  });
});

it('refuses a claim that grows where it may not', () => {
  const { store } = new TestCluster();
  const claim = (storage: string): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'a', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    }) as unknown as KubeObject;
  const made = store.create<KubeObject>(claim('1Gi') as Manifest);
  store.updateStatus(made, { phase: 'Bound', capacity: { storage: '1Gi' } });
  expect(refusal(() => store.update(claim('2Gi')))).toBe(
    'Forbidden: persistentvolumeclaims "a" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  );
});

it('never lets a stored object be changed in place', () => {
  const { store } = new TestCluster();
  const stored = store.create<KubeObject & { data: Record<string, string> }>(configMap('a', { data: { k: 'v' } }));
  expect(() => {
    stored.data.k = 'other';
  }).toThrow(TypeError);
});
