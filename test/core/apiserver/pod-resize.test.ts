/** The resize subresource of pods: what it takes, what it refuses and in which words, what it charges. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject, Pod } from '../../../src/core/api/types';
import { TestCluster } from '../../support/cluster';
import { make, podOf, quotaOf, used } from '../../support/limits';
import { refusal } from '../../support/refusal';

type Change = (spec: Spec) => void;
interface Spec {
  containers: { name: string; image?: string; resources?: unknown; resizePolicy?: unknown }[];
  initContainers?: { name: string; image: string; resources?: unknown }[];
  resources?: unknown;
  [field: string]: unknown;
}

const size = (cpu: string, memory = '64Mi') => ({ requests: { cpu, memory } });

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster();
});

const podNow = (name = 'a'): Pod => cluster.store.get<Pod>('pods', 'default', name) as Pod;

/** Sends the pod with a change to its resize. */
function resize(change: Change, name = 'a'): Pod {
  const pod = structuredClone(podNow(name)) as unknown as KubeObject & { spec: Spec };
  change(pod.spec);
  const next = cluster.store.update<Pod>(pod, { subresource: 'resize' });
  cluster.cluster.drain();
  return next;
}

const first =
  (resources: unknown): Change =>
  (spec) => {
    if (spec.containers[0]) spec.containers[0].resources = resources;
  };

const refused = (change: Change): string => refusal(() => resize(change));
const INVALID = 'Invalid: Pod "a" is invalid: ';

describe('a pod that does not run yet', () => {
  beforeEach(() => {
    // More than any node has.
    make(cluster, podOf('a', size('100k')));
    expect(podNow().spec.nodeName).toBeUndefined();
  });

  test('gets another size, and a node for it', () => {
    const pod = resize(first(size('2', '128Mi')));
    expect(pod.metadata.generation).toBe(2);
    expect(podNow().spec.containers[0]?.resources).toEqual(size('2', '128Mi'));
    expect(podNow().spec.nodeName).toBe('node-1');
  });

  test('changes in nothing else', () => {
    const before = podNow();
    resize((spec) => {
      spec.terminationGracePeriodSeconds = 5;
      if (spec.containers[0]) spec.containers[0].image = 'other';
    });
    expect(podNow()).toEqual(before);
  });

  test('may be given limits', () => {
    resize(first({ requests: { cpu: '1', memory: '64Mi' }, limits: { cpu: '1', memory: '1Gi' } }));
    expect(podNow().spec.containers[0]?.resources?.limits).toEqual({ cpu: '1', memory: '1Gi' });
  });

  test.each<[string, Change, string]>([
    [
      'amounts that go',
      first({ requests: { cpu: '1' } }),
      'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
    ],
    [
      'other amounts',
      first({ requests: { cpu: '1', memory: '64Mi', 'ephemeral-storage': '1Gi' } }),
      'spec: Forbidden: only cpu and memory resources are mutable',
    ],
    [
      'another policy',
      (spec) => {
        if (spec.containers[0])
          spec.containers[0].resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }];
      },
      'spec: Forbidden: only cpu and memory resources are mutable',
    ],
    [
      'more than the limit',
      first({ requests: { cpu: '2', memory: '64Mi' }, limits: { cpu: '1' } }),
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      'another class of service',
      first({ requests: { cpu: '1', memory: '64Mi' }, limits: { cpu: '1', memory: '64Mi' } }),
      'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    ],
    [
      'another name',
      (spec) => {
        if (spec.containers[0]) spec.containers[0].name = 'z';
      },
      'spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize',
    ],
    [
      'one more container',
      (spec) => {
        spec.initContainers = [{ name: 'i', image: 'busybox' }];
      },
      'spec.initContainers: Forbidden: initContainers may not be added or removed on resize',
    ],
  ])('is not given %s', (_, change, why) => {
    const before = podNow();
    expect(refused(change)).toContain(why);
    expect(podNow()).toBe(before);
  });

  test('may be resized as a whole', () => {
    resize(first(size('1')));
    cluster.store.delete('pods', 'default', 'a', { gracePeriodSeconds: 0 });
    const whole = { ...podOf('a'), spec: { ...(podOf('a').spec as Spec), resources: size('100k') } };
    make(cluster, whole);
    resize((spec) => {
      spec.resources = size('2');
    });
    expect(podNow().spec.resources).toEqual(size('2'));
    expect(
      refused((spec) => {
        delete spec.resources;
      }),
    ).toContain('spec.resources: Forbidden: pod-level resources cannot be removed');
  });
});

describe('a pod on a node', () => {
  test('that runs is left as it is: the kubelet tells no sizes, so it cannot resize', () => {
    make(cluster, podOf('a', size('1')));
    cluster.settle();
    const before = podNow();
    expect(before.status.phase).toBe('Running');
    const why = `${INVALID}spec: Forbidden: Pod running on node without support for resize`;
    expect(refused(first(size('2')))).toBe(why);
    expect(refused(() => {})).toBe(why);
    expect(podNow()).toBe(before);
  });

  test('that has not started is never made bigger than the node', () => {
    make(cluster, {
      ...podOf('a', size('1')),
      spec: { containers: [{ name: 'c', image: 'does-not-exist', resources: size('1') }] },
    });
    cluster.settle();
    expect(podNow().spec.nodeName).toBe('node-1');
    expect(refused(first(size('2k')))).toBe(
      'Forbidden: pods "a" is forbidden: node didn\'t have enough allocatable resources: cpu, requested: 2000000, allocatable: 1000000',
    );
    resize(first(size('2')));
    expect(podNow().spec.containers[0]?.resources).toEqual(size('2'));
  });
});

describe('quotas', () => {
  test('are charged with the difference, and refuse what is too much', () => {
    make(cluster, quotaOf('q', { 'requests.cpu': '200k' }));
    make(cluster, podOf('a', size('100k')));
    resize(first(size('150k')));
    expect(used(cluster)).toBe('requests.cpu=150k');
    expect(refused(first(size('300k')))).toBe(
      'Forbidden: pods "a" is forbidden: exceeded quota: q, requested: requests.cpu=150k, used: requests.cpu=150k, limited: requests.cpu=200k',
    );
    resize(first(size('1')));
    expect(used(cluster)).toBe('requests.cpu=1');
  });
});
