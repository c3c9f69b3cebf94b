/** Pods that matter more drive others out: whom, from where, and what is said about it. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Node, Pod } from '../../../../src/core/api/types';
import { Cluster } from '../../../../src/core/simulation/cluster';
import { podOf, setOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
  for (const [name, value] of Object.entries({ low: -10, mid: 100, high: 1000 }))
    world.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value });
  resize('node-1', '10');
});

/** A node that offers so much cpu. */
function resize(name: string, cpu: string): void {
  if (!world.get('nodes', name, '')) world.create({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  const node = world.get<Node>('nodes', name, '') as Node;
  const allocatable = { ...node.status.allocatable, cpu };
  world.cluster.store.updateStatus(node, { ...node.status, allocatable, capacity: allocatable });
  world.cluster.drain();
}

const asking = (cpu: string, more: object = {}) => ({
  containers: [{ name: 'c', image: 'busybox', resources: { requests: { cpu } } }],
  ...more,
});
const run = (name: string, priorityClassName: string | undefined, cpu: string, more: object = {}): Pod => {
  const spec = asking(cpu, { ...(priorityClassName !== undefined && { priorityClassName }), ...more });
  world.create(podOf(name, spec, { labels: { app: name } }));
  return world.pod(name);
};
const why = (name: string): string | undefined =>
  world.pod(name).status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
const state = (...names: string[]): string[] =>
  names.map((name) => {
    const pod = world.pod(name);
    if (!pod) return `${name} gone`;
    const { nominatedNodeName } = pod.status;
    const going = pod.metadata.deletionTimestamp === undefined ? '' : ' going';
    const hope = nominatedNodeName ? ` -> ${nominatedNodeName}` : '';
    return `${name} ${pod.spec.nodeName ?? 'nowhere'}${hope}${going}`;
  });

test('a pod takes the place of one that matters less, and says so', () => {
  run('small', 'low', '6');
  world.settle();
  const big = run('big', 'high', '8');
  expect(state('small', 'big')).toEqual(['small node-1 going', 'big nowhere -> node-1']);
  expect(why('big')).toBe('0/1 nodes are available: 1 Insufficient cpu.');
  expect(world.pod('small').status.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
    status: 'True',
    reason: 'PreemptionByScheduler',
    message: 'default-scheduler: preempting to accommodate a higher priority pod',
  });
  expect(world.events('small')).toContain(`Normal Preempted Preempted by pod ${big.metadata.uid} on node node-1`);
  expect(world.events('big')).toEqual(['Warning FailedScheduling 0/1 nodes are available: 1 Insufficient cpu.']);
  world.settle();
  expect(state('small', 'big')).toEqual(['small gone', 'big node-1']);
  expect(world.pod('big').status).toMatchObject({ phase: 'Running' });
});

test('a place that is free at once is taken at once', () => {
  run('short', 'low', '6', { terminationGracePeriodSeconds: 0 });
  world.settle();
  run('big', 'high', '8');
  expect(state('short', 'big')).toEqual(['short gone', 'big node-1']);
  // Nothing runs of a pod that has not begun yet: it needs no grace.
  run('newer', 'high', '2');
  run('begun', 'low', '2');
  world.delete('pods', 'newer');
  world.delete('pods', 'big');
  run('early', 'low', '9');
  run('next', 'high', '8');
  world.settle();
  expect(state('next')).toEqual(['next node-1']);
});

test('what a set makes anew waits until there is room again', () => {
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: asking('4', { priorityClassName: 'low' }),
  };
  world.create(setOf('web', 2, { podManagementPolicy: 'Parallel', template }));
  world.settle();
  run('big', 'high', '5');
  world.settle();
  // Both have run equally long: the one that comes last in the order of creation is not spared.
  expect(state('web-0', 'web-1', 'big')).toEqual(['web-0 node-1', 'web-1 nowhere', 'big node-1']);
  expect(why('web-1')).toBe(
    '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: ' +
      '1 No preemption victims found for incoming pod.',
  );
  world.delete('pods', 'big');
  world.settle();
  expect(state('web-1')).toEqual(['web-1 node-1']);
});

test('nobody is driven out in vain, for a class that never does, or by an equal', () => {
  run('a', 'mid', '6');
  run('b', 'high', '3');
  expect(run('equal', 'mid', '6').spec.nodeName).toBeUndefined();
  expect(run('huge', 'high', '8').spec.nodeName).toBeUndefined();
  expect(why('huge')).toBe(
    '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Insufficient cpu.',
  );
  world.create({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'polite' },
    value: 5000,
    preemptionPolicy: 'Never',
  });
  run('polite', 'polite', '6');
  expect(why('polite')).toBe(
    '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.',
  );
  run('elsewhere', 'high', '6', { nodeSelector: { disk: 'ssd' } });
  expect(why('elsewhere')).toBe(
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, " +
      'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  );
  expect(state('a', 'b')).toEqual(['a node-1', 'b node-1']);
  // The place goes to those that matter most, however long others have waited.
  world.delete('pods', 'a');
  world.settle();
  expect(state('equal', 'polite')).toEqual(['equal nowhere', 'polite node-1']);
});

test('a node that lacks several things even then is one node all the same', () => {
  const wanting = (cpu: string, memory: string) => ({
    containers: [{ name: 'c', image: 'busybox', resources: { requests: { cpu, memory } } }],
  });
  run('victim', 'low', '2');
  run('neighbour', 'high', '', wanting('4', '6Ti'));
  run('both', 'high', '', wanting('8', '3Ti'));
  expect(why('both')).toBe(
    '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. no new claims to deallocate, preemption: ' +
      '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.',
  );
  expect(state('victim')).toEqual(['victim node-1']);
});

test('while the victims end, the place is kept, and no others are driven out', () => {
  run('slow', 'low', '5', { terminationGracePeriodSeconds: 600 });
  run('other', 'low', '4');
  world.settle();
  const fault = world.cluster.fail({ target: 'pod', what: 'stuck-terminating', namespace: 'default', name: 'slow' });
  world.cluster.store.delete('pods', 'default', 'other', { gracePeriodSeconds: 0 });
  run('big', 'mid', '6');
  expect(state('slow', 'big')).toEqual(['slow node-1 going', 'big nowhere -> node-1']);
  // A change of a node makes the scheduler look again.
  resize('node-1', '10500m');
  expect(why('big')).toBe(
    '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.',
  );
  expect(state('big')).toEqual(['big nowhere -> node-1']);
  // Room that is there goes to nobody who does not matter more, before it is known what is left.
  expect(run('modest', 'low', '4').spec.nodeName).toBeUndefined();
  expect(run('thief', 'mid', '5').spec.nodeName).toBeUndefined();
  expect(run('urgent', 'high', '500m').spec.nodeName).toBe('node-1');
  world.cluster.heal(fault.id);
  world.settle();
  expect(state('slow', 'big', 'modest', 'thief')).toEqual([
    'slow gone',
    'big node-1',
    'modest node-1',
    'thief nowhere',
  ]);
});

test('what does not make room makes nobody look again', () => {
  resize('node-2', '10');
  const term = { labelSelector: { matchLabels: { app: 'high' } }, topologyKey: 'kubernetes.io/hostname' };
  const set = (name: string, more: object) =>
    setOf(name, 2, {
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: asking('6', more) },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    });
  world.create(set('low', { priorityClassName: 'low' }));
  world.settle();
  world.create(
    set('high', {
      priorityClassName: 'high',
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    }),
  );
  expect(state('low-0', 'low-1', 'high-0', 'high-1')).toEqual([
    'low-0 node-1 going',
    'low-1 node-2 going',
    expect.stringMatching(/^high-0 nowhere -> node-[12]$/),
    expect.stringMatching(/^high-1 nowhere -> node-[12]$/),
  ]);
  // A claim of somebody else, and a pod that ends and is still there.
  for (const name of ['high-0', 'high-1'])
    expect(world.events(name)).toEqual(['Warning FailedScheduling 0/2 nodes are available: 2 Insufficient cpu.']);
  world.settle();
  expect(state('high-0', 'high-1').every((line) => /^high-[01] node-[12]$/.test(line))).toBe(true);
});

test('the place of one that waits is taken by one that matters more', () => {
  run('slow', 'low', '8');
  world.settle();
  world.cluster.fail({ target: 'pod', what: 'stuck-terminating', namespace: 'default', name: 'slow', forMs: 60_000 });
  run('middle', 'mid', '8');
  run('top', 'high', '8');
  expect(state('middle', 'top')).toEqual(['middle nowhere', 'top nowhere -> node-1']);
  world.settle();
  expect(state('middle', 'top')).toEqual(['middle nowhere', 'top node-1']);
});

test('a copy that was saved in between goes on in the same way', () => {
  run('small', 'low', '6');
  world.settle();
  run('big', 'high', '8');
  const copy = Cluster.restore(JSON.parse(JSON.stringify(world.cluster.snapshot())));
  const late = copy.store.create<Pod>(podOf('late', asking('4', { priorityClassName: 'mid' }), {}));
  copy.settle();
  const nodeOf = (name: string) => copy.store.get<Pod>('pods', 'default', name)?.spec.nodeName;
  expect([nodeOf('big'), nodeOf(late.metadata.name), copy.store.get('pods', 'default', 'small')]).toEqual([
    'node-1',
    undefined,
    undefined,
  ]);
});

describe('where it hurts least', () => {
  beforeEach(() => {
    resize('node-2', '10');
  });
  const at = (node: string) => ({ nodeSelector: { 'kubernetes.io/hostname': node } });

  test('where the most important victim matters least', () => {
    run('a', 'mid', '9', at('node-1'));
    run('b', 'low', '5', at('node-2'));
    run('c', 'low', '4', at('node-2'));
    run('big', 'high', '9');
    expect(state('a', 'b', 'c', 'big')).toEqual([
      'a node-1',
      'b node-2 going',
      'c node-2 going',
      'big nowhere -> node-2',
    ]);
  });

  test('where fewer must go, and none that need not', () => {
    run('a', 'low', '5', at('node-1'));
    run('b', 'low', '4', at('node-1'));
    run('c', 'low', '9', at('node-2'));
    run('big', 'high', '9');
    expect(state('a', 'b', 'c')).toEqual(['a node-1', 'b node-1', 'c node-2 going']);
    run('middling', 'high', '3');
    world.settle();
    expect(state('big', 'middling', 'a', 'b')).toEqual(['big node-2', 'middling node-1', 'a node-1', 'b gone']);
  });

  test('where no budget is broken; where there is no such place, budgets do not help', () => {
    world.create({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'a', namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } },
    });
    run('a', 'low', '9', at('node-1'));
    run('b', 'mid', '9', at('node-2'));
    world.settle();
    run('big', 'high', '9');
    expect(state('a', 'b')).toEqual(['a node-1', 'b node-2 going']);
    run('another', 'high', '9');
    world.settle();
    expect(state('a', 'b', 'big', 'another')).toEqual(['a gone', 'b gone', 'big node-2', 'another node-1']);
  });

  test('for ports and company, too', () => {
    const port = { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort: 80 }] }] };
    run('a', 'mid', '1', { ...port, ...at('node-1') });
    run('b', 'low', '1', { ...port, ...at('node-2') });
    run('c', 'high', '1', port);
    world.settle();
    expect(state('a', 'b', 'c')).toEqual(['a node-1', 'b gone', 'c node-2']);
    const term = { labelSelector: { matchLabels: { app: 'loud' } }, topologyKey: 'kubernetes.io/hostname' };
    const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    run('loud', 'low', '1', at('node-1'));
    world.create(
      podOf('louder', { ...asking('1', { priorityClassName: 'high' }), ...at('node-2') }, { labels: { app: 'loud' } }),
    );
    run('quiet', 'mid', '1', apart);
    world.settle();
    expect(state('loud', 'louder', 'quiet')).toEqual(['loud gone', 'louder node-2', 'quiet node-1']);
  });
});

test('room that somebody else is making already is waited for', () => {
  run('small', 'low', '6');
  world.settle();
  world.cluster.store.delete('pods', 'default', 'small');
  run('big', 'high', '8');
  expect(state('small', 'big')).toEqual(['small node-1 going', 'big nowhere -> node-1']);
  expect(world.events('small').filter((event) => event.includes('Preempted'))).toEqual([]);
  world.settle();
  expect(state('small', 'big')).toEqual(['small gone', 'big node-1']);
});
