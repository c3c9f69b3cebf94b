/** ResourceQuota admission: what is counted, what is refused, in which words. */
import { describe, expect, test } from 'vitest';
import type { KubeObject, PersistentVolumeClaim, Service } from '../../../src/core/api/types';
import { TestCluster } from '../../support/cluster';
import { claimOf, make, podOf, quotaOf, refusal, used } from '../../support/limits';

function withQuota(...quotas: readonly Parameters<typeof quotaOf>[]): TestCluster {
  const test = new TestCluster();
  for (const quota of quotas) make(test, quotaOf(...quota));
  return test;
}

const small = { requests: { cpu: '250m', memory: '64Mi' }, limits: { cpu: '500m', memory: '128Mi' } };

describe('what is used', () => {
  test('of pods: their number and what they ask for', () => {
    const hard = Object.fromEntries(
      ['pods', 'count/pods', 'cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'].map(
        (name) => [name, '10G'],
      ),
    );
    const test = withQuota(['q', hard]);
    make(test, podOf('a', small));
    make(test, podOf('b', small));
    expect(used(test)).toBe(
      'count/pods=2,cpu=500m,limits.cpu=1,limits.memory=256Mi,memory=128Mi,pods=2,requests.cpu=500m,requests.memory=128Mi',
    );
  });

  test('of pods that have ended: their place in storage', () => {
    const test = withQuota(['q', { pods: '2', 'count/pods': '2' }]);
    const pod = make<KubeObject>(test, podOf('a'));
    test.store.updateStatus(pod, { ...(pod.status as object), phase: 'Succeeded' });
    test.cluster.drain();
    expect(used(test)).toBe('count/pods=1,pods=0');
  });

  test('of claims: by class too, in whole bytes', () => {
    const test = withQuota([
      'q',
      {
        persistentvolumeclaims: '10',
        'count/persistentvolumeclaims': '10',
        'requests.storage': '10Gi',
        'gold.storageclass.storage.k8s.io/requests.storage': '5Gi',
        'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '5',
      },
    ]);
    make(test, claimOf('a', '1Gi', 'gold'));
    make(test, claimOf('b', '2Gi'));
    expect(used(test)).toBe(
      'count/persistentvolumeclaims=2,gold.storageclass.storage.k8s.io/persistentvolumeclaims=1,' +
        'gold.storageclass.storage.k8s.io/requests.storage=1Gi,persistentvolumeclaims=2,requests.storage=3Gi',
    );
  });

  test('of services: node ports and load balancers', () => {
    const test = withQuota(['q', { services: '5', 'services.nodeports': '3', 'services.loadbalancers': '1' }]);
    const service = (name: string, type: string, more = {}) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: {
        type,
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 81 },
        ],
        ...more,
      },
    });
    make(test, service('node', 'NodePort'));
    // kubernetes itself is one of them.
    expect(used(test)).toBe('services=2,services.loadbalancers=0,services.nodeports=2');
    expect(refusal(() => test.store.create(service('balanced', 'LoadBalancer')))).toBe(
      'services "balanced" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=2, limited: services.nodeports=3',
    );
    make(test, service('bare', 'LoadBalancer', { allocateLoadBalancerNodePorts: false }));
    const node = test.store.get<Service>('services', 'default', 'node') as Service;
    test.store.update({ ...node, spec: { ...node.spec, type: 'ClusterIP', ports: [{ name: 'a', port: 80 }] } });
    test.cluster.drain();
    expect(used(test)).toBe('services=3,services.loadbalancers=1,services.nodeports=0');
  });

  test('of other kinds: their number, by its old name too', () => {
    const test = withQuota([
      'q',
      { configmaps: '10', 'count/configmaps': '10', secrets: '1', 'count/statefulsets.apps': '1', resourcequotas: '1' },
    ]);
    test.apply({ replicas: 0 });
    // kube-root-ca.crt, which every namespace has.
    expect(used(test)).toBe('configmaps=1,count/configmaps=1,count/statefulsets.apps=1,resourcequotas=1,secrets=0');
    expect(refusal(() => test.apply({ name: 'db' }))).toBe(
      'statefulsets.apps "db" is forbidden: exceeded quota: q, requested: count/statefulsets.apps=1, used: count/statefulsets.apps=1, limited: count/statefulsets.apps=1',
    );
    expect(refusal(() => test.store.create(quotaOf('r', { pods: '1' })))).toBe(
      'resourcequotas "r" is forbidden: exceeded quota: q, requested: resourcequotas=1, used: resourcequotas=1, limited: resourcequotas=1',
    );
  });

  test('of what nobody can count: nothing is known', () => {
    const test = withQuota(['q', { 'count/widgets.example.com': '1', 'count/events': '1', pods: '1' }]);
    expect(used(test)).toBe('pods=0');
  });

  test('of vendors: what is requested', () => {
    const test = withQuota(['q', { 'requests.nvidia.com/gpu': '2' }]);
    make(test, podOf('a', { requests: { 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '1' } }));
    expect(used(test)).toBe('requests.nvidia.com/gpu=1');
  });
});

describe('a refusal', () => {
  test('names all that is too much, and that alone', () => {
    const test = withQuota(['q', { pods: '5', 'requests.cpu': '300m', 'limits.cpu': '600m' }]);
    make(test, podOf('a', small));
    const words = refusal(() => test.store.create(podOf('b', small)));
    expect(words).toBe(
      'pods "b" is forbidden: exceeded quota: q, requested: limits.cpu=500m,requests.cpu=250m, used: limits.cpu=500m,requests.cpu=250m, limited: limits.cpu=600m,requests.cpu=300m',
    );
    expect(used(test)).toBe('limits.cpu=500m,pods=1,requests.cpu=250m');
  });

  test('says what each container must say', () => {
    const test = withQuota(['q', { 'limits.cpu': '1', 'requests.memory': '1Gi', 'requests.ephemeral-storage': '1Gi' }]);
    const containers = [
      { name: 'side', image: 'nginx' },
      { name: 'nginx', image: 'nginx', resources: { requests: { memory: '1Mi' } } },
    ];
    const initContainers = [{ name: 'init', image: 'nginx', resources: small }];
    expect(refusal(() => test.store.create(podOf('a', {}, { containers, initContainers })))).toBe(
      'pods "a" is forbidden: failed quota: q: must specify limits.cpu for: nginx,side; requests.memory for: side',
    );
  });

  test('comes from the first quota by name, and then none is charged', () => {
    const test = withQuota(['b', { pods: '1' }], ['c', { pods: '0' }], ['a', { pods: '5' }]);
    expect(refusal(() => test.store.create(podOf('web')))).toContain('exceeded quota: c,');
    expect(['a', 'b', 'c'].map((name) => used(test, name))).toEqual(['pods=0', 'pods=0', 'pods=0']);
  });

  test('comes while it is not known what is used', () => {
    const test = withQuota(['q', { pods: '5' }]);
    const quota = test.store.get<KubeObject>('resourcequotas', 'default', 'q') as KubeObject;
    test.store.updateStatus(quota, { hard: { pods: '5', 'requests.cpu': '1' }, used: { pods: '0' } });
    expect(refusal(() => test.store.create(podOf('a', small)))).toBe(
      'pods "a" is forbidden: status unknown for quota: q, resources: pods,requests.cpu',
    );
  });

  test('comes before that the name is taken, and before what is wrong comes neither', () => {
    const test = withQuota(['q', { pods: '1' }]);
    make(test, podOf('a'));
    expect(refusal(() => test.store.create(podOf('a')))).toContain('exceeded quota: q');
    expect(refusal(() => test.store.create(podOf('A')))).toContain('Pod "A" is invalid');
  });

  test('a quota of which the controller has not heard refuses nothing', () => {
    const test = new TestCluster();
    test.store.create(quotaOf('q', { pods: '0' }));
    expect(refusal(() => test.store.create(podOf('a')))).toBe('admitted');
  });
});

describe('a dry run', () => {
  test('is refused as the call would be, and charges nothing', () => {
    const test = withQuota(['q', { pods: '1' }]);
    test.store.create(podOf('a'), { dryRun: true });
    expect(used(test)).toBe('pods=0');
    make(test, podOf('a'));
    expect(refusal(() => test.store.create(podOf('b'), { dryRun: true }))).toContain('exceeded quota');
  });
});

describe('a claim that grows', () => {
  test('uses what it grows by', () => {
    const test = new TestCluster();
    const classes = [...test.store.list('storageclasses.storage.k8s.io')];
    for (const one of classes) test.store.update({ ...one, allowVolumeExpansion: true });
    make(test, claimOf('data', '1Gi'));
    test.settle();
    make(test, quotaOf('q', { 'requests.storage': '3Gi' }));
    const grow = (storage: string) => {
      const claim = test.claim('data') as PersistentVolumeClaim;
      const next = { ...claim, spec: { ...claim.spec, resources: { requests: { storage } } } };
      return refusal(() => test.store.update(next));
    };
    expect(grow('4Gi')).toBe(
      'persistentvolumeclaims "data" is forbidden: exceeded quota: q, requested: requests.storage=3Gi, used: requests.storage=1Gi, limited: requests.storage=3Gi',
    );
    expect(grow('3Gi')).toBe('admitted');
    test.settle();
    expect(used(test)).toBe('requests.storage=3Gi');
  });
});

describe('scopes', () => {
  const scoped = (scope: string) => withQuota(['q', { pods: '9' }, { scopes: [scope] }]);
  const selected = (requirement: object) =>
    withQuota(['q', { pods: '9' }, { scopeSelector: { matchExpressions: [requirement] } }]);

  test.each([
    ['Terminating', 'pods=1'],
    ['NotTerminating', 'pods=2'],
    ['BestEffort', 'pods=2'],
    ['NotBestEffort', 'pods=1'],
  ])('%s', (scope, words) => {
    const test = scoped(scope);
    make(test, podOf('bound', {}, { activeDeadlineSeconds: 60 }));
    make(test, podOf('plain'));
    make(test, podOf('sized', small));
    expect(used(test)).toBe(words);
  });

  test.each([
    [{ operator: 'In', values: ['high'] }, 'pods=1'],
    [{ operator: 'NotIn', values: ['high'] }, 'pods=2'],
    [{ operator: 'Exists' }, 'pods=2'],
    [{ operator: 'DoesNotExist' }, 'pods=1'],
  ])('PriorityClass %j', (requirement, words) => {
    const test = selected({ scopeName: 'PriorityClass', ...requirement });
    for (const [name, value] of [
      ['high', 100],
      ['low', 1],
    ] as const) {
      const metadata = { name };
      test.store.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata, value });
      make(test, podOf(name, {}, { priorityClassName: name }));
    }
    make(test, podOf('plain'));
    expect(used(test)).toBe(words);
  });

  test('CrossNamespacePodAffinity', () => {
    const test = scoped('CrossNamespacePodAffinity');
    const term = (more: object) => ({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: {}, ...more } },
        ],
      },
    });
    make(test, podOf('at-home', {}, { affinity: term({}) }));
    make(test, podOf('abroad', {}, { affinity: term({ namespaceSelector: {} }) }));
    make(test, podOf('named', {}, { affinity: term({ namespaces: ['kube-system'] }) }));
    expect(used(test)).toBe('pods=2');
  });

  test('what is in no scope of a quota is not asked to say anything', () => {
    const test = withQuota(['q', { 'limits.cpu': '1' }, { scopes: ['NotBestEffort'] }]);
    expect(refusal(() => test.store.create(podOf('plain')))).toBe('admitted');
  });
});
