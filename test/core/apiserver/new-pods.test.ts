/** What becomes of a pod on its way in: its priority, its own labels in its selectors, and fields that are switched off. */
import { describe, expect, it } from 'vitest';
import type { KubeObject, Manifest } from '../../../src/core/api/types';
import { TestCluster } from '../../support/cluster';
import { refusal } from '../../support/refusal';
import { pod, podWith } from '../api/fixtures';

const priorityClass = (name: string, value: number, more: object = {}): Manifest =>
  ({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, ...more }) as Manifest;

function cluster(...classes: Manifest[]) {
  const { store } = new TestCluster();
  for (const one of classes) store.create(one);
  return (spec: Record<string, unknown>) => store.create(pod(spec)).spec as Record<string, unknown>;
}

describe('the priority of a pod', () => {
  it('is that of its class', () => {
    const create = cluster(priorityClass('high', 7, { preemptionPolicy: 'Never' }));
    expect(create({ priorityClassName: 'high' })).toMatchObject({ priority: 7, preemptionPolicy: 'Never' });
  });
  it('is 0 without one, or that of the lowest class for all', () => {
    expect(cluster()({})).toMatchObject({ priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
    const create = cluster(priorityClass('usual', 5, { globalDefault: true }));
    expect(create({})).toMatchObject({ priority: 5, priorityClassName: 'usual' });
  });
  it('may be that of the system', () => {
    expect(cluster()({ priorityClassName: 'system-node-critical' }).priority).toBe(2000001000);
  });
  it('is nobody’s own choice', () => {
    const create = cluster(priorityClass('high', 7));
    expect(refusal(() => create({ priorityClassName: 'none' }))).toBe(
      'Forbidden: pods "p" is forbidden: no PriorityClass with name none was found',
    );
    expect(refusal(() => create({ priorityClassName: 'high', priority: 8 }))).toBe(
      'Forbidden: pods "p" is forbidden: the integer value of priority (8) must not be provided in pod spec; priority admission controller computed 7 from the given PriorityClass name',
    );
    expect(refusal(() => create({ preemptionPolicy: 'Never' }))).toBe(
      'Forbidden: pods "p" is forbidden: the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name',
    );
  });
});

describe('label keys of a pod', () => {
  const create = (spec: object) => {
    const { store } = new TestCluster();
    const manifest = pod(spec as Record<string, unknown>);
    const labelled = { ...manifest, metadata: { ...manifest.metadata, labels: { a: 'x', b: 'y' } } };
    return store.create(labelled).spec as Record<string, unknown>;
  };
  const constraint = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' };
  it('join its selectors with their values', () => {
    const term = { labelSelector: {}, topologyKey: 'zone', matchLabelKeys: ['a', 'c'], mismatchLabelKeys: ['b'] };
    const spec = create({
      topologySpreadConstraints: [{ ...constraint, labelSelector: {}, matchLabelKeys: ['a'] }],
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }] },
      },
    });
    expect(spec.topologySpreadConstraints).toMatchObject([
      { labelSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['x'] }] } },
    ]);
    expect(spec.affinity).toMatchObject({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            podAffinityTerm: {
              labelSelector: {
                matchExpressions: [
                  { key: 'a', operator: 'In', values: ['x'] },
                  { key: 'b', operator: 'NotIn', values: ['y'] },
                ],
              },
            },
          },
        ],
      },
    });
  });
  it('must not be in the selector already', () => {
    const labelSelector = { matchLabels: { a: 'x' } };
    expect(
      refusal(() => create({ topologySpreadConstraints: [{ ...constraint, labelSelector, matchLabelKeys: ['a'] }] })),
    ).toBe(
      'Invalid: Pod "p" is invalid: spec.topologySpreadConstraints[0][0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector',
    );
  });
});

describe('fields that are switched off', () => {
  it('are dropped in silence', () => {
    const { store } = new TestCluster();
    const projected = { sources: [{ clusterTrustBundle: { path: 'x' }, configMap: { name: 'c' } }] };
    const manifest = podWith(
      { lifecycle: { stopSignal: 'SIGTERM' } },
      { os: { name: 'linux' }, volumes: [{ name: 'v', projected }] },
    );
    const spec = store.create(manifest).spec as unknown as {
      containers: Record<string, unknown>[];
      volumes: { projected: unknown }[];
    };
    expect(spec.containers[0]).not.toHaveProperty('lifecycle');
    expect(spec.volumes[0]!.projected).toEqual({ sources: [{ configMap: { name: 'c' } }], defaultMode: 0o644 });
  });
});

describe('the requests of a pod as a whole', () => {
  it('are its limits, or what its containers request', () => {
    const { store } = new TestCluster();
    const spec = (resources: object, own: object = {}) =>
      (
        store.create({
          ...podWith({ resources: own }, { resources }),
          metadata: { generateName: 'p-', namespace: 'default' },
        } as unknown as Manifest).spec as unknown as Record<string, unknown>
      ).resources;
    expect(spec({ limits: { cpu: '1' } })).toEqual({ limits: { cpu: '1' }, requests: { cpu: '1' } });
    expect(spec({ limits: { cpu: '2' } }, { requests: { cpu: '1', memory: '1Mi' } })).toEqual({
      limits: { cpu: '2' },
      requests: { cpu: '1', memory: '1Mi' },
    });
  });
});

describe('a pod behind scheduling gates', () => {
  it('says so, and is scheduled once they are gone', () => {
    const test = new TestCluster();
    const created = test.store.create(pod({ schedulingGates: [{ name: 'example.com/wait' }] }));
    test.settle();
    const before = test.store.get('pods', 'default', 'p')!;
    expect(before.spec).not.toHaveProperty('nodeName');
    expect(before.status).toMatchObject({
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
          lastTransitionTime: created.metadata.creationTimestamp,
        },
      ],
    });
    const { schedulingGates: _, ...spec } = before.spec as Record<string, unknown>;
    test.store.update({ ...before, spec } as KubeObject);
    test.settle();
    expect(test.store.get('pods', 'default', 'p')!.spec).toHaveProperty('nodeName');
  });
});

describe('where a pod runs', () => {
  const zone = { 'topology.kubernetes.io/zone': 'a', 'topology.kubernetes.io/region': 'r' };
  const label = (cluster: TestCluster, labels: Record<string, string>): void => {
    const node = cluster.store.get<KubeObject>('nodes', '', 'node-1')!;
    cluster.store.update({ ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...labels } } });
  };
  const bound = (cluster: TestCluster): KubeObject => {
    const made = cluster.store.create(podWith({}));
    const spec = { ...(made.spec as object), nodeName: 'node-1' };
    return cluster.store.bind(made, { spec, status: made.status });
  };

  it('is told by the region and zone of its node, and by none of its other labels', () => {
    const cluster = new TestCluster();
    expect(bound(cluster).metadata.labels).toBeUndefined();
    const other = new TestCluster();
    label(other, { ...zone, disk: 'ssd' });
    const pod = bound(other);
    expect(pod.metadata.labels).toEqual(zone);
  });
  it('is told at once where the pod names its node', () => {
    const cluster = new TestCluster();
    label(cluster, zone);
    const manifest = pod({ nodeName: 'node-1' });
    const labels = { app: 'x', 'topology.kubernetes.io/zone': 'mine' };
    const made = cluster.store.create({ ...manifest, metadata: { ...manifest.metadata, labels } });
    expect(made.metadata.labels).toEqual({ app: 'x', ...zone });
    const elsewhere = cluster.store.create(pod({ nodeName: 'nowhere' }, 'q'));
    expect(elsewhere.metadata.labels).toBeUndefined();
  });
});
