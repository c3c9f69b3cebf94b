/** What faults make of pods and their containers, healthy and played alike. */
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/core/api/types';
import type { RunOutcome } from '../../../src/core/apiserver/container-runtime';
import { Cluster } from '../../../src/core/simulation/cluster';
import type { NewFault } from '../../../src/core/simulation/faults';
import { START, setManifest, TestCluster } from '../../support/cluster';

const namespace = 'default';
const pod = (what: string, more: Partial<NewFault> = {}): NewFault => ({
  target: 'pod',
  what,
  namespace,
  name: 'web-0',
  ...more,
});

function running(replicas = 1, options: Parameters<TestCluster['apply']>[0] = {}): TestCluster {
  const test = new TestCluster();
  test.apply({ replicas, ...options });
  test.settle();
  test.cluster.advanceTo(test.cluster.now + 60_000);
  return test;
}

const container = (found: Pod | undefined) => found?.status.containerStatuses?.[0];
const stateOf = (found: Pod | undefined): string => {
  const status = container(found);
  const { waiting, terminated } = status?.state ?? {};
  return `${waiting?.reason ?? (terminated ? 'Terminated' : 'Running')} ${status?.restartCount}`;
};
const readyOf = (found: Pod | undefined) => found?.status.conditions?.find(({ type }) => type === 'Ready');

describe('a crash', () => {
  it('happens once, and the first restart comes at once', () => {
    const test = running();
    test.cluster.fail(pod('crash'));
    expect(stateOf(test.pod('web-0'))).toBe('Running 1');
    expect(container(test.pod('web-0'))?.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
    expect(test.cluster.faults.list()).toEqual([]);
    test.cluster.advanceTo(test.cluster.now + 600_000);
    expect(stateOf(test.pod('web-0'))).toBe('Running 1');
  });

  it('comes again at each start until it is healed, ever more slowly', () => {
    const test = running();
    const fault = test.cluster.fail(pod('crash', { untilHealed: true }));
    const began = test.cluster.now;
    const restarts: number[] = [];
    test.cluster.onEvent(({ object, old }) => {
      const count = (each: object | undefined) => container(each as Pod | undefined)?.restartCount ?? 0;
      if (object.kind === 'Pod' && count(object) > count(old)) restarts.push((test.cluster.now - began) / 1000);
    });
    test.cluster.advanceTo(began + 400_000);
    // 10, 20, 40, 80, 160 s after the crashes, which come a second after each start.
    expect(restarts).toEqual([11, 32, 73, 154, 315]);
    expect(stateOf(test.pod('web-0'))).toBe('CrashLoopBackOff 6');
    expect(test.events('Pod', 'web-0').filter((text) => text.includes('BackOff'))).toEqual([
      expect.stringMatching(
        /^Warning BackOff Back-off restarting failed container nginx in pod web-0_default\(.*\) \(x5\)$/,
      ),
    ]);
    expect(test.cluster.isSettled()).toBe(true);
    test.cluster.heal(fault.id);
    expect(test.cluster.isSettled()).toBe(false);
    test.settle();
    expect(stateOf(test.pod('web-0'))).toBe('Running 7');
  });

  it('for a time ends with it, and settling waits for the recovery', () => {
    const test = running();
    test.cluster.fail(pod('oom', { forMs: 30_000 }));
    expect(container(test.pod('web-0'))?.lastState?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    test.settle();
    expect(test.cluster.faults.list()).toEqual([]);
    expect(stateOf(test.pod('web-0'))).toBe('Running 3');
    expect(readyOf(test.pod('web-0'))?.status).toBe('True');
  });

  it('of a set strikes each of its pods once', () => {
    const test = running(3);
    test.cluster.fail({ target: 'pod', what: 'crash', namespace, set: 'web' });
    expect(test.pods().map(stateOf)).toEqual(['Running 1', 'Running 1', 'Running 1']);
    expect(test.cluster.faults.list()).toEqual([]);
  });

  it('waits for a pod to come, and for the container to have lived', () => {
    const test = running();
    test.cluster.fail(pod('crash', { name: 'web-1' }));
    test.scale(2);
    test.cluster.advanceTo(test.cluster.now + 1500);
    expect(stateOf(test.pod('web-1'))).toBe('Running 0');
    test.cluster.advanceTo(test.cluster.now + 500);
    expect(stateOf(test.pod('web-1'))).toBe('Running 1');
  });

  it('strikes an init container that is named', () => {
    const spec = setManifest().spec as { template: { metadata: object; spec: object } };
    const init = [{ name: 'prepare', image: 'busybox' }];
    const template = { ...spec.template, spec: { ...spec.template.spec, initContainers: init } };
    const test = new TestCluster();
    test.cluster.fail(pod('crash', { container: 'prepare', left: 2 }));
    test.apply({ replicas: 1, spec: { template } as never });
    test.cluster.advanceTo(START + 5000);
    expect(test.pod('web-0')?.status.initContainerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    });
    test.settle();
    expect(readyOf(test.pod('web-0'))?.status).toBe('True');
  });

  it('by chance follows from the seed', () => {
    const lives = (seed: number) => {
      const test = new TestCluster({ seed });
      test.apply({ replicas: 5 });
      test.settle();
      test.cluster.fail({ target: 'pod', what: 'crash', namespace, set: 'web', probability: 0.5 });
      test.cluster.advanceTo(START + 900_000);
      return test.pods().map((each) => container(each)?.restartCount ?? 0);
    };
    expect(lives(1)).toEqual(lives(1));
    const all = [1, 2, 3, 4].flatMap(lives);
    expect(all.some((count) => count === 0)).toBe(true);
    expect(all.some((count) => count > 0)).toBe(true);
  });

  it('ends what a played container runs', () => {
    const cluster = Cluster.create({ now: START, clock: 'virtual', seed: 0, runtime: { models: () => true } });
    const base = setManifest({ replicas: 1 });
    const set = JSON.parse(JSON.stringify(base)) as { spec: { template: { spec: { containers: object[] } } } };
    set.spec.template.spec.containers = [{ name: 'nginx', image: 'busybox', command: ['sleep', 'infinity'] }];
    cluster.store.create(set as never);
    const play = (until: number): void => {
      const runsOn: RunOutcome = { elapsedMs: 0 };
      do {
        for (const run of cluster.pendingRuns) cluster.completeRun(run, runsOn);
        cluster.advanceTo(until);
      } while (cluster.pendingRuns.length > 0);
    };
    play(START + 5000);
    const find = () => cluster.store.get<Pod>('pods', namespace, 'web-0');
    expect(stateOf(find())).toBe('Running 0');
    cluster.fail(pod('oom', { left: 2 }));
    play(START + 6000);
    expect(stateOf(find())).toBe('CrashLoopBackOff 1');
    play(START + 30_000);
    expect(stateOf(find())).toBe('Running 2');
  });
});

describe('a pod', () => {
  it('is unready until it is healed', () => {
    const test = running(2);
    const fault = test.cluster.fail(pod('unready'));
    expect(readyOf(test.pod('web-0'))).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [nginx]',
    });
    expect(test.set().status.readyReplicas).toBe(1);
    test.cluster.heal(fault.id);
    expect(test.set().status.readyReplicas).toBe(2);
  });

  it('is evicted, and its set makes another one', () => {
    const test = running();
    const before = test.pod('web-0')?.metadata.uid;
    let evicted: Pod | undefined;
    test.cluster.onEvent(({ object }) => {
      if ((object as Pod).status?.phase === 'Failed') evicted = object as Pod;
    });
    test.cluster.fail(pod('evicted'));
    expect(evicted?.status).toMatchObject({
      reason: 'Evicted',
      message: expect.stringContaining('The node was low on resource: memory. Threshold quantity:'),
      containerStatuses: [{ ready: false, state: { terminated: { exitCode: 137 } } }],
    });
    expect(evicted?.status.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'TerminationByKubelet',
    });
    test.settle();
    expect(test.pod('web-0')?.metadata.uid).not.toBe(before);
    expect(readyOf(test.pod('web-0'))?.status).toBe('True');
  });

  it.each(['healed', 'forced'])('sticks in its end until it is %s', (how) => {
    const test = running();
    const fault = test.cluster.fail(pod('stuck-terminating'));
    test.deletePod('web-0');
    test.settle();
    test.cluster.advanceTo(test.cluster.now + 600_000);
    const before = test.pod('web-0');
    expect(before?.metadata.deletionTimestamp).toBeDefined();
    if (how === 'healed') test.cluster.heal(fault.id);
    else test.deletePod('web-0', 0);
    test.settle();
    expect(test.pod('web-0')?.metadata.uid).not.toBe(before?.metadata.uid);
  });
});

describe('an image', () => {
  it('is not found until it is healed, and pulled ever more slowly', () => {
    const test = running(2);
    const fault = test.cluster.fail({ target: 'image', what: 'not-found', name: 'docker.io/library/nginx:1.25' });
    test.setImage('nginx:1.25');
    test.settle();
    expect(container(test.pod('web-1'))?.state?.waiting).toEqual({
      reason: 'ImagePullBackOff',
      message: expect.stringMatching(/^Back-off pulling image "nginx:1.25": ErrImagePull: rpc error: code = NotFound/),
    });
    expect(test.cluster.isSettled()).toBe(true);
    test.cluster.advanceTo(test.cluster.now + 75_000);
    expect(test.cluster.faults.list()[0]?.struck).toBe(4);
    test.cluster.heal(fault.id);
    test.settle();
    expect(test.images()).toEqual(['web-0 nginx:1.25', 'web-1 nginx:1.25']);
    expect(test.set().status.readyReplicas).toBe(2);
    expect(test.events('Pod', 'web-1').slice(-3)).toEqual([
      expect.stringMatching(
        /^Normal Pulled Successfully pulled image "nginx:1.25" in 1s \(1s including waiting\). Image size: \d+ bytes.$/,
      ),
      'Normal Created Container created',
      'Normal Started Container started',
    ]);
  });

  it('fails as often as it is to', () => {
    const test = new TestCluster();
    test.cluster.fail({ target: 'image', what: 'not-found', name: 'nginx:*', left: 2 });
    test.apply({ replicas: 1 });
    test.settle();
    expect(readyOf(test.pod('web-0'))?.status).toBe('True');
    expect(test.cluster.faults.list()).toEqual([]);
  });

  it('that is slow holds a start back; healed, it is there at once', () => {
    const test = new TestCluster();
    const fault = test.cluster.fail({ target: 'image', what: 'slow', name: 'nginx:1.21', slowMs: 30_000 });
    test.apply({ replicas: 2 });
    test.cluster.advanceTo(START + 30_000);
    expect(stateOf(test.pod('web-0'))).toBe('ContainerCreating 0');
    test.cluster.advanceTo(START + 31_000);
    expect(stateOf(test.pod('web-0'))).toBe('Running 0');
    test.cluster.advanceTo(START + 40_000);
    expect(stateOf(test.pod('web-1'))).toBe('ContainerCreating 0');
    test.cluster.heal(fault.id);
    test.cluster.advanceTo(START + 40_001);
    expect(stateOf(test.pod('web-1'))).toBe('Running 0');
  });

  it('that a pod has run before is on its node', () => {
    const test = running();
    test.cluster.fail({ target: 'image', what: 'not-found', name: 'nginx:1.21' });
    test.cluster.fail(pod('crash'));
    expect(stateOf(test.pod('web-0'))).toBe('Running 1');
  });
});
