import { describe, expect, it } from 'vitest';
import type { Manifest, Pod } from '../../../src/core/api/types';
import { passesAfter } from '../../../src/core/kubelet/probes';
import { START, TestCluster } from '../../support/cluster';

function running(spec: object, annotations?: Record<string, string>) {
  const test = new TestCluster();
  test.store.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', ...(annotations && { annotations }) },
    spec,
  } as Manifest);
  test.cluster.drain();
  const pod = () => test.pod('p') as Pod;
  /** What `get pods` would be about, at so many ms after the start. */
  const at = (ms: number): string => {
    test.cluster.advanceTo(START + ms);
    const { status } = pod();
    const state = (list: typeof status.containerStatuses) =>
      (list ?? []).map(
        (c) =>
          `${c.name}:${c.state?.waiting?.reason ?? (c.state?.running ? 'running' : 'terminated')}${c.ready ? '+' : ''}`,
      );
    const ready = status.conditions?.find((c) => c.type === 'Ready')?.status;
    return [status.phase, ready, ...state(status.initContainerStatuses), ...state(status.containerStatuses)].join(' ');
  };
  return { test, pod, at };
}

const app = { name: 'app', image: 'app' };

describe('a pod', () => {
  it('is scheduled at once and runs a second later', () => {
    const { at, pod } = running({ containers: [app] });
    expect(at(0)).toBe('Pending False app:ContainerCreating');
    expect(pod().spec.nodeName).toBe('node-1');
    expect(at(999)).toBe('Pending False app:ContainerCreating');
    expect(at(1000)).toBe('Running True app:running+');
    expect(pod().status.podIP).toMatch(/^10\.244\.\d+\.\d+$/);
  });

  it('runs its init containers one after the other', () => {
    const { at } = running({
      initContainers: [
        { name: 'one', image: 'i' },
        { name: 'two', image: 'i' },
      ],
      containers: [app],
    });
    expect(at(0)).toBe('Pending False one:PodInitializing two:PodInitializing app:PodInitializing');
    expect(at(1000)).toBe('Pending False one:running two:PodInitializing app:PodInitializing');
    expect(at(2000)).toBe('Pending False one:terminated+ two:running app:PodInitializing');
    expect(at(3000)).toBe('Running True one:terminated+ two:terminated+ app:running+');
  });

  it('starts its sidecars before the rest and keeps them', () => {
    const { at } = running({
      initContainers: [{ name: 'side', image: 's', restartPolicy: 'Always' }],
      containers: [app],
    });
    expect(at(1000)).toBe('Running True side:running+ app:running+');
  });

  it('becomes ready when its probes pass', () => {
    const probe = { httpGet: { path: '/', port: 80 } };
    const { at } = running({
      containers: [
        {
          ...app,
          startupProbe: { ...probe, initialDelaySeconds: 3, periodSeconds: 2 },
          readinessProbe: { ...probe, initialDelaySeconds: 1, periodSeconds: 5, successThreshold: 2 },
        },
      ],
    });
    expect(at(1000)).toBe('Running False app:running');
    expect(at(10_999)).toBe('Running False app:running');
    expect(at(11_000)).toBe('Running True app:running+');
  });

  it('stays unready while its annotation says so', () => {
    const { at, test } = running({ containers: [app] }, { 'stsctl.dev/ready': 'false' });
    expect(at(5000)).toBe('Running False app:running');
    test.annotate('p', 'stsctl.dev/ready', 'true');
    expect(at(5000)).toBe('Running True app:running+');
    test.annotate('p', 'stsctl.dev/ready', 'false');
    expect(at(5000)).toBe('Running False app:running');
  });

  it('fails to pull an image that does not exist, backs off, and starts when it is corrected', () => {
    const { at, test, pod } = running({ containers: [{ name: 'app', image: 'app:does-not-exist' }] });
    expect(at(1000)).toBe('Pending False app:ErrImagePull');
    expect(at(2000)).toBe('Pending False app:ImagePullBackOff');
    expect(at(60_000)).toBe('Pending False app:ImagePullBackOff');
    const [container] = pod().spec.containers;
    test.store.update({ ...pod(), spec: { ...pod().spec, containers: [{ ...container, image: 'app:1' } as never] } });
    expect(at(61_000)).toBe('Running True app:running+');
  });

  it('ends a second after it is deleted, or with its grace period if that is shorter', () => {
    const { at, test } = running({ containers: [app] });
    at(5000);
    test.deletePod('p');
    test.cluster.advanceTo(START + 5999);
    expect(test.podNames()).toEqual(['p']);
    test.cluster.advanceTo(START + 6000);
    expect(test.podNames()).toEqual([]);
  });

  it('waits for a node that takes pods', () => {
    const test = new TestCluster();
    const node = test.store.get('nodes', '', 'node-1') as never as { spec: object } & Pod;
    test.store.update({ ...node, spec: { ...node.spec, unschedulable: true } as never });
    test.apply({ replicas: 1 });
    test.settle();
    expect(test.pod('web-0')?.status.phase).toBe('Pending');
    expect(test.events('Pod', 'web-0')).toEqual([
      'Warning FailedScheduling 0/1 nodes are available: 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ]);
    const cordoned = test.store.get('nodes', '', 'node-1') as never as { spec: object } & Pod;
    const { unschedulable: _cordon, ...spec } = cordoned.spec as { unschedulable?: boolean };
    test.store.update({ ...cordoned, spec: spec as never });
    test.settle();
    expect(test.pod('web-0')?.status.phase).toBe('Running');
  });

  it('never returns with the address it had', () => {
    const test = new TestCluster();
    test.apply({ replicas: 1 });
    test.settle();
    const before = test.pod('web-0')?.status.podIP;
    test.deletePod('web-0');
    test.settle();
    expect(test.pod('web-0')?.status.podIP).not.toBe(before);
  });
});

describe('passesAfter', () => {
  it.each([
    [{}, 0],
    [{ initialDelaySeconds: 15 }, 20_000],
    [{ initialDelaySeconds: 5, periodSeconds: 5 }, 5000],
    [{ initialDelaySeconds: 1, periodSeconds: 3, successThreshold: 3 }, 9000],
  ])('%j', (probe, ms) => {
    expect(passesAfter(probe)).toBe(ms);
  });
});
