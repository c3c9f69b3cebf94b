import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject, Manifest, Pod } from '../../../src/core/api/types';
import type { ContainerRun, RunOutcome } from '../../../src/core/apiserver/container-runtime';
import { Cluster } from '../../../src/core/simulation/cluster';

const START = Date.UTC(2026, 0, 1);

let cluster: Cluster;
/** What was asked for, with its instant in seconds. */
let asked: string[];
let answer: (run: ContainerRun, seconds: number) => Partial<RunOutcome>;

beforeEach(() => {
  asked = [];
  answer = () => ({ exitCode: 0 });
  const runtime = { models: (image: string) => image !== 'healthy' };
  cluster = Cluster.create({ now: START, clock: 'virtual', seed: 0, runtime });
});

const seconds = () => (cluster.now - START) / 1000;

/** Plays to an instant, answering what is asked for on the way. */
function playTo(second: number): void {
  for (;;) {
    cluster.advanceTo(START + second * 1000);
    if (cluster.pendingRuns.length === 0) return;
    answerAll();
  }
}

function settle(): void {
  do cluster.settle();
  while (answerAll());
}

function answerAll(): boolean {
  let any = false;
  for (let run = cluster.pendingRuns[0]; run; run = cluster.pendingRuns[0]) {
    const { purpose } = run;
    const what = purpose.kind === 'probe' ? purpose.probe : purpose.kind === 'hook' ? purpose.hook : 'start';
    asked.push(`${seconds()} ${run.ref.container}/${run.ref.restart} ${what}`);
    cluster.completeRun(run, { elapsedMs: 0, ...answer(run, seconds()) });
    any = true;
  }
  return any;
}

function create(spec: object): void {
  cluster.store.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec,
  } as Manifest);
  cluster.drain();
}

const pod = () => cluster.store.get<Pod>('pods', 'default', 'p') as Pod;

/** Phase, readiness and the containers' states, as `get pods` is about them. */
function shown(): string {
  const { status } = pod();
  const ready = status.conditions?.find((c) => c.type === 'Ready')?.status === 'True' ? 'ready' : 'unready';
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map((c) => {
    const state = c.state?.running ? 'running' : (c.state?.waiting?.reason ?? c.state?.terminated?.reason);
    return `${c.name}:${state}/${c.restartCount}`;
  });
  return [status.phase, ready, ...containers].join(' ');
}

const events = () =>
  [...cluster.store.list<KubeObject>('events', 'default')]
    .filter((event) => (event as { source?: { component?: string } }).source?.component === 'kubelet')
    .map((event) => `${event.reason} ${event.message}${Number(event.count) > 1 ? ` x${event.count}` : ''}`)
    .filter((text) => !/^(Pulled|Created|Started)/.test(text));

const app = { name: 'app', image: 'app' };
const command = ['sh', '-c', 'x'];

describe('the command of a container', () => {
  test('that has none is a known daemon: nothing is run', () => {
    create({ containers: [app] });
    settle();
    expect([shown(), asked]).toEqual(['Running ready app:running/0', []]);
  });

  test('that serves runs on', () => {
    answer = () => ({});
    create({ containers: [{ ...app, command }] });
    settle();
    expect([shown(), asked]).toEqual(['Running ready app:running/0', ['1 app/0 start']]);
  });

  test('that ends leaves the pod as restartPolicy says', () => {
    for (const [restartPolicy, exitCode, outcome] of [
      ['Never', 0, 'Succeeded unready app:Completed/0'],
      ['Never', 3, 'Failed unready app:Error/0'],
      ['OnFailure', 0, 'Succeeded unready app:Completed/0'],
    ] as const) {
      answer = () => ({ exitCode, elapsedMs: 5000, terminationMessage: 'bye' });
      create({ restartPolicy, containers: [{ ...app, command }] });
      playTo(seconds() + 5);
      expect(shown(), `${restartPolicy} ${exitCode}`).toBe('Running ready app:running/0');
      settle();
      expect(shown(), `${restartPolicy} ${exitCode}`).toBe(outcome);
      expect(pod().status.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode, message: 'bye' });
      cluster.store.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 });
    }
  });

  test('that crashes is restarted at once, then ever more slowly', () => {
    answer = () => ({ exitCode: 1 });
    create({ containers: [{ ...app, command }] });
    settle();
    expect(shown()).toBe('Running unready app:CrashLoopBackOff/1');
    expect(pod().status.containerStatuses?.[0]).toMatchObject({
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      state: {
        waiting: { message: `back-off 10s restarting failed container=app pod=p_default(${pod().metadata.uid})` },
      },
    });
    playTo(700);
    expect(asked).toEqual([1, 1, 11, 31, 71, 151, 311, 611].map((at, i) => `${at} app/${i} start`));
    // The recorder lets 25 events about one object pass, then one in five minutes.
    expect(events()).toEqual([
      `BackOff Back-off restarting failed container app in pod p_default(${pod().metadata.uid}) x5`,
    ]);
  });

  test('that waits for others is tried again until they are there', () => {
    answer = (_, at) => (at < 9 ? { retryAfterMs: 2000, elapsedMs: 2000 } : {});
    create({ containers: [{ ...app, command }] });
    playTo(20);
    expect(asked).toEqual([1, 3, 5, 7, 9].map((at) => `${at} app/0 start`));
    expect(shown()).toBe('Running ready app:running/0');
  });
});

describe('init containers', () => {
  const spec = {
    initContainers: [
      { name: 'one', image: 'i', command },
      { name: 'two', image: 'i', command },
    ],
    containers: [app],
  };

  test('run one after the other, at least as long as is set', () => {
    answer = (run) => ({ exitCode: 0, elapsedMs: run.ref.container === 'two' ? 4000 : 0 });
    create(spec);
    playTo(1);
    expect(shown()).toBe('Pending unready one:running/0 two:PodInitializing/0 app:PodInitializing/0');
    settle();
    expect(asked).toEqual(['1 one/0 start', '2 two/0 start']);
    expect(shown()).toBe('Running ready one:Completed/0 two:Completed/0 app:running/0');
    expect(pod().status.containerStatuses?.[0]?.state?.running?.startedAt).toBe('2026-01-01T00:00:06Z');
  });

  test('that fail are tried again, or fail the pod', () => {
    answer = (_, at) => ({ exitCode: at < 20 ? 1 : 0 });
    create(spec);
    settle();
    expect(shown()).toBe('Pending unready one:CrashLoopBackOff/1 two:PodInitializing/0 app:PodInitializing/0');
    playTo(60);
    expect(shown()).toBe('Running ready one:Completed/3 two:Completed/0 app:running/0');
    cluster.store.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 });
    answer = () => ({ exitCode: 1 });
    create({ ...spec, restartPolicy: 'Never' });
    settle();
    expect(shown()).toBe('Failed unready one:Error/0 two:PodInitializing/0 app:PodInitializing/0');
  });
});

describe('probes', () => {
  const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 5, initialDelaySeconds: 3 };

  test('are asked until they pass, and again once somebody touched the pod', () => {
    answer = () => ({ exitCode: 0 });
    create({ containers: [{ ...app, readinessProbe }] });
    settle();
    expect([shown(), asked]).toEqual(['Running ready app:running/0', ['6 app/0 readiness']]);
    playTo(1000);
    expect(asked).toHaveLength(1);
    cluster.touchPod(pod());
    playTo(1010);
    expect(asked.slice(1)).toEqual(['1001 app/0 readiness']);
  });

  test('that fail often enough make the pod unready, until they pass again', () => {
    create({ containers: [{ ...app, readinessProbe }] });
    settle();
    answer = (_, at) =>
      at < 60 ? { exitCode: 1, message: 'HTTP probe failed with statuscode: 404' } : { exitCode: 0 };
    playTo(20);
    cluster.touchPod(pod());
    playTo(30);
    expect(shown()).toBe('Running ready app:running/0');
    playTo(31);
    expect(shown()).toBe('Running unready app:running/0');
    expect(asked.slice(1)).toEqual(['21 app/0 readiness', '26 app/0 readiness', '31 app/0 readiness']);
    playTo(61);
    expect(shown()).toBe('Running ready app:running/0');
    expect(events()).toEqual(['Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404 x8']);
  });

  test('a cluster in which a probe fails for ever settles, and a long time is skipped over', () => {
    answer = () => ({ exitCode: 1, message: 'no' });
    create({ containers: [{ ...app, readinessProbe }] });
    settle();
    expect(seconds()).toBeLessThan(30);
    const before = asked.length;
    playTo(seconds() + 7 * 86_400);
    expect(asked.length - before).toBeLessThan(10);
  });

  test('startup comes before the others; liveness restarts', () => {
    const probe = { exec: { command: ['true'] }, periodSeconds: 2 };
    let healthy = true;
    answer = (run) => ({
      exitCode: run.purpose.kind === 'probe' && run.purpose.probe === 'liveness' && !healthy ? 1 : 0,
      message: 'dead',
    });
    create({
      containers: [
        { ...app, startupProbe: { ...probe, initialDelaySeconds: 4 }, livenessProbe: probe, readinessProbe: probe },
      ],
    });
    settle();
    expect(asked).toEqual(['5 app/0 startup', '5 app/0 readiness', '5 app/0 liveness']);
    healthy = false;
    playTo(10);
    cluster.touchPod(pod());
    playTo(17);
    expect(shown()).toBe('Running unready app:running/1');
    expect(pod().status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 143,
      reason: 'Error',
    });
    expect(events().sort()).toEqual([
      'Killing Container app failed liveness probe, will be restarted',
      'Unhealthy Liveness probe failed: dead x3',
    ]);
  });
});

describe('what is missing', () => {
  test('a key holds its container back until it appears', () => {
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'a' } } }];
    create({ containers: [{ name: 'app', image: 'healthy', env }] });
    settle();
    expect(shown()).toBe('Pending unready app:CreateContainerConfigError/0');
    expect(pod().status.containerStatuses?.[0]?.state?.waiting?.message).toBe('configmap "cm" not found');
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cm', namespace: 'default' },
      data: { b: '' },
    };
    cluster.store.create(configMap as Manifest);
    settle();
    expect(pod().status.containerStatuses?.[0]?.state?.waiting?.message).toBe(
      "couldn't find key a in ConfigMap default/cm",
    );
    const stored = cluster.store.get('configmaps', 'default', 'cm') as KubeObject;
    cluster.store.update({ ...stored, data: { a: '1' } } as KubeObject);
    settle();
    expect(shown()).toBe('Running ready app:running/0');
  });

  test('a volume holds the whole pod back', () => {
    const volumes = [{ name: 'v', secret: { secretName: 's' } }];
    create({
      volumes,
      containers: [{ name: 'app', image: 'healthy', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    });
    settle();
    expect(shown()).toBe('Pending unready app:ContainerCreating/0');
    expect(events()).toEqual(['FailedMount MountVolume.SetUp failed for volume "v" : secret "s" not found']);
    cluster.store.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
    } as Manifest);
    settle();
    expect(shown()).toBe('Running ready app:running/0');
  });
});

describe('hooks', () => {
  test('preStop comes before the end, within the grace period', () => {
    for (const [elapsedMs, gone] of [
      [0, 1],
      [4000, 5],
      [60_000, 10],
    ] as const) {
      answer = (run) => ({ exitCode: 0, elapsedMs: run.purpose.kind === 'hook' ? elapsedMs : 0 });
      const lifecycle = { preStop: { exec: { command: ['x'] } } };
      create({ terminationGracePeriodSeconds: 10, containers: [{ ...app, lifecycle }] });
      settle();
      const at = seconds();
      cluster.store.delete('pods', 'default', 'p');
      playTo(at + gone - 0.1);
      expect(pod()?.metadata.name, String(elapsedMs)).toBe('p');
      playTo(at + gone);
      expect(pod(), String(elapsedMs)).toBeUndefined();
    }
  });

  test('a failing postStart ends the container', () => {
    answer = (run) => ({ exitCode: run.purpose.kind === 'hook' ? 1 : 0 });
    create({ containers: [{ ...app, lifecycle: { postStart: { exec: { command: ['x'] } } } }] });
    settle();
    expect(shown()).toBe('Running unready app:CrashLoopBackOff/1');
    expect(events()).toContain('FailedPostStartHook PostStartHook failed x2');
  });
});

test('what the kubelet remembers is saved with the cluster', () => {
  answer = () => ({ exitCode: 1 });
  create({ containers: [{ ...app, command }] });
  settle();
  const runtime = { models: () => true };
  cluster = Cluster.restore(JSON.parse(JSON.stringify(cluster.snapshot())), runtime);
  playTo(32);
  expect(asked).toEqual([1, 1, 11, 31].map((at, i) => `${at} app/${i} start`));
  cluster.store.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 });
  expect(cluster.snapshot().memory).toBeUndefined();
});
