/** Where pods go among several nodes, and the words for going nowhere. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Node } from '../../../../src/core/api/types';
import { setNodes } from '../../../../src/core/simulation/nodes';
import { classOf, podOf, setOf, volumeOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
  setNodes(world.cluster.store, 3);
  world.cluster.drain();
});

const node = (name: string): Node => world.get<Node>('nodes', name, '') as Node;
const change = (name: string, changes: { labels?: Record<string, string>; spec?: object }): void => {
  const old = node(name);
  world.update({
    ...old,
    metadata: { ...old.metadata, labels: { ...old.metadata.labels, ...changes.labels } },
    spec: { ...old.spec, ...changes.spec },
  });
};
const placed = (...names: string[]): (string | undefined)[] => names.map((name) => world.pod(name).spec.nodeName);
const run = (name: string, spec: object = {}, labels: object = { app: name }): string | undefined => {
  world.create(podOf(name, spec, { labels }));
  return world.pod(name).spec.nodeName;
};
const why = (name: string): string | undefined =>
  world.pod(name).status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
const taint = (key: string, effect: string, value?: string) => ({ key, effect, ...(value && { value }) });

const near = (labels: object, topologyKey = 'kubernetes.io/hostname') => [
  { labelSelector: { matchLabels: labels }, topologyKey },
];
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const apart = (labels: object, key?: string) => ({ affinity: { podAntiAffinity: { [REQUIRED]: near(labels, key) } } });
const together = (labels: object, key?: string) => ({ affinity: { podAffinity: { [REQUIRED]: near(labels, key) } } });

test('the pods of a set are spread over the nodes, and so are pods of nobody', () => {
  world.create(setOf('web', 6, { podManagementPolicy: 'Parallel' }));
  world.settle();
  expect(placed('web-0', 'web-1', 'web-2', 'web-3', 'web-4', 'web-5')).toEqual([
    ...['node-1', 'node-2', 'node-3'],
    ...['node-1', 'node-2', 'node-3'],
  ]);
  expect([run('a'), run('b'), run('c'), run('d')]).toEqual(['node-1', 'node-2', 'node-3', 'node-1']);
});

test('nodes that joined later are ready, and have addresses of their own', () => {
  const of = (name: string) => node(name).status?.addresses?.[0]?.address;
  expect([of('node-1'), of('node-2'), of('node-3')]).toEqual(['192.168.0.11', '192.168.0.12', '192.168.0.13']);
  world.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'mine', labels: { disk: 'ssd' } } });
  world.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'other' } });
  expect(of('mine')).not.toBe(of('other'));
  expect(node('mine').metadata.labels).toMatchObject({ disk: 'ssd', 'kubernetes.io/hostname': 'mine' });
  expect(run('a', { nodeSelector: { disk: 'ssd' } })).toBe('mine');
});

describe('filters', () => {
  test('each node says why not, and each reason how often', () => {
    change('node-1', { spec: { unschedulable: true } });
    change('node-2', { spec: { taints: [taint('dedicated', 'NoSchedule', 'db')] } });
    change('node-3', { labels: { disk: 'hdd' } });
    expect(run('a', { nodeSelector: { disk: 'ssd' } })).toBeUndefined();
    expect(why('a')).toBe(
      "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), " +
        '1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    );
    change('node-1', { spec: { unschedulable: false }, labels: { disk: 'ssd' } });
    expect(world.pod('a').spec.nodeName).toBe('node-1');
  });

  test('node affinity: any of the terms, all of its expressions, names as fields', () => {
    change('node-2', { labels: { size: '8', disk: 'ssd' } });
    change('node-3', { labels: { size: '16', disk: 'hdd' } });
    const affinity = (...nodeSelectorTerms: object[]) => ({
      affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms } } },
    });
    const e = (key: string, operator: string, ...values: string[]) => ({
      key,
      operator,
      ...(values.length > 0 && { values }),
    });
    const pick = (name: string, ...expressions: object[]) => run(name, affinity({ matchExpressions: expressions }));
    expect([
      pick('gt', e('size', 'Gt', '8')),
      pick('lt', e('size', 'Lt', '9')),
      pick('in', e('disk', 'In', 'hdd', 'tape')),
      pick('notin', e('disk', 'NotIn', 'ssd', 'hdd')),
      pick('exists', e('size', 'Exists'), e('disk', 'NotIn', 'hdd')),
      pick('absent', e('size', 'DoesNotExist')),
      run('field', affinity({ matchFields: [e('metadata.name', 'In', 'node-3')] })),
      run(
        'either',
        affinity({ matchExpressions: [e('no', 'Exists')] }, { matchExpressions: [e('disk', 'In', 'ssd')] }),
      ),
      pick('none', e('size', 'Gt', '16')),
    ]).toEqual(['node-3', 'node-2', 'node-3', 'node-1', 'node-2', 'node-1', 'node-3', 'node-2', undefined]);
  });

  test('host ports are taken once a node', () => {
    const port = (hostPort: number, hostIP?: string) => ({
      containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort, ...(hostIP && { hostIP }) }] }],
    });
    expect(['a', 'b', 'c', 'd'].map((name) => run(name, port(8080)))).toEqual([
      'node-1',
      'node-2',
      'node-3',
      undefined,
    ]);
    expect(why('d')).toBe(
      "0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports. no new claims to deallocate, preemption: 0/3 nodes are " +
        'available: 3 No preemption victims found for incoming pod.',
    );
    expect(run('e', port(8080, '127.0.0.1'))).toBeUndefined();
    expect(run('f', port(8081))).toBeDefined();
    world.delete('pods', 'b', { gracePeriodSeconds: 0 });
    expect(world.pod('d').spec.nodeName).toBe('node-2');
  });

  test('anti-affinity: one a node, and the one too many waits until another goes', () => {
    world.create(setOf('web', 4, { podManagementPolicy: 'Parallel', template: template(apart({ app: 'web' })) }));
    world.settle();
    expect(new Set(placed('web-0', 'web-1', 'web-2'))).toEqual(new Set(['node-1', 'node-2', 'node-3']));
    expect(why('web-3')).toBe(
      "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: " +
        '3 No preemption victims found for incoming pod.',
    );
    world.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-4' } });
    expect(world.pod('web-3').spec.nodeName).toBe('node-4');
  });

  test('anti-affinity holds for those that come later, and over domains', () => {
    change('node-1', { labels: { zone: 'a' } });
    change('node-2', { labels: { zone: 'a' } });
    change('node-3', { labels: { zone: 'b' } });
    expect(run('loner', apart({ role: 'noisy' }, 'zone'))).toBe('node-1');
    expect(run('noisy', {}, { role: 'noisy' })).toBe('node-3');
    change('node-3', { spec: { unschedulable: true } });
    expect(run('louder', {}, { role: 'noisy' })).toBeUndefined();
    expect(why('louder')).toBe(
      "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't satisfy existing pods anti-affinity rules. " +
        'no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    );
    world.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } });
    world.create({
      ...podOf('far', {}, { labels: { role: 'noisy' } }),
      metadata: { name: 'far', namespace: 'elsewhere', labels: { role: 'noisy' } },
    });
    expect(world.get('pods', 'far', 'elsewhere')).toMatchObject({ spec: { nodeName: expect.any(String) } });
  });

  test('affinity: near to those that are there; the first of a group goes anywhere', () => {
    expect(run('cache', together({ app: 'db' }))).toBeUndefined();
    expect(why('cache')).toBe(
      "0/3 nodes are available: 3 node(s) didn't match pod affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
    expect(run('db', { nodeName: 'node-2' })).toBe('node-2');
    expect(world.pod('cache').spec.nodeName).toBe('node-2');
    const herd = [1, 2, 3].map((i) => run(`herd-${i}`, together({ herd: 'yes' }), { herd: 'yes' }));
    expect(new Set(herd).size).toBe(1);
  });

  test('spread: no domain gets ahead by more than maxSkew', () => {
    const spread = (more: object = {}) => ({
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 's' } },
          ...more,
        },
      ],
    });
    const go = (name: string, more?: object) => run(name, spread(more), { app: 's' });
    expect([go('a'), go('b'), go('c'), go('d')]).toEqual(['node-1', 'node-2', 'node-3', 'node-1']);
    change('node-2', { spec: { unschedulable: true } });
    change('node-3', { spec: { unschedulable: true } });
    expect(go('e')).toBeUndefined();
    expect(why('e')).toBe(
      "0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints, 2 node(s) were unschedulable. " +
        'no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    );
    expect(go('f', { topologyKey: 'rack' })).toBeUndefined();
    expect(why('f')).toContain("1 node(s) didn't match pod topology spread constraints (missing required label)");
    change('node-2', { spec: { unschedulable: false } });
    expect(world.pod('e').spec.nodeName).toBe('node-2');
    expect(go('g', { minDomains: 9 })).toBeUndefined();
  });

  test('a volume that lies on one node keeps its pods there', () => {
    world.create(
      classOf('local', { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' }),
    );
    for (const n of [1, 2, 3]) {
      const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [`node-${n}`] }] }];
      for (const which of ['x', 'y'])
        world.create(
          volumeOf(`pv-${n}${which}`, '1Gi', {
            storageClassName: 'local',
            local: { path: '/mnt' },
            hostPath: undefined,
            nodeAffinity: { required: { nodeSelectorTerms: terms } },
          }),
        );
    }
    const claims = {
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'local',
            resources: { requests: { storage: '1Gi' } },
          },
        },
      ],
    };
    world.create(setOf('db', 4, { ...claims, template: template(apart({ app: 'db' })) }));
    world.settle();
    expect(placed('db-0', 'db-1', 'db-2')).toEqual(['node-1', 'node-2', 'node-3']);
    expect(['0', '1', '2'].map((n) => world.claim(`data-db-${n}`).spec.volumeName)).toEqual([
      'pv-1x',
      'pv-2x',
      'pv-3x',
    ]);
    expect(world.pod('db-3').spec.nodeName).toBeUndefined();
    expect(world.claim('data-db-3').status.phase).toBe('Pending');
    change('node-2', { spec: { unschedulable: true } });
    world.delete('pods', 'db-1');
    world.settle();
    expect(why('db-1')).toContain("2 node(s) didn't match PersistentVolume's node affinity");
  });

  test('a volume that is made for its first consumer is made where that goes', () => {
    world.create(classOf('late', { volumeBindingMode: 'WaitForFirstConsumer' }));
    change('node-1', { spec: { unschedulable: true } });
    const claims = [
      {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOncePod'],
          storageClassName: 'late',
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ];
    world.create(setOf('db', 2, { volumeClaimTemplates: claims }));
    world.settle();
    expect(placed('db-0', 'db-1')).toEqual(['node-2', 'node-3']);
    expect(world.claim('data-db-0').metadata.annotations?.['volume.kubernetes.io/selected-node']).toBe('node-2');
    run('second', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data-db-0' } }] });
    expect(why('second')).toContain(
      '2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
    );
  });
});

test('a volume of a class that is bound to zones stays in the zone of its first consumer, and holds its pod there', () => {
  for (const [name, zone] of [
    ['node-1', 'a'],
    ['node-2', 'b'],
    ['node-3', 'b'],
  ] as const)
    change(name, { labels: { zone } });
  const allowedTopologies = [{ matchLabelExpressions: [{ key: 'zone', values: ['b', 'c'] }] }];
  world.create(classOf('zonal', { volumeBindingMode: 'WaitForFirstConsumer', allowedTopologies }));
  const volumeClaimTemplates = [
    {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'zonal', resources: { requests: { storage: '1Gi' } } },
    },
  ];
  world.create(setOf('db', 2, { volumeClaimTemplates }));
  world.settle();
  expect(placed('db-0', 'db-1')).toEqual(['node-2', 'node-3']);
  expect(world.volume(world.claim('data-db-0').spec.volumeName ?? '').spec).toMatchObject({
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }] }] },
    },
  });
  change('node-2', { spec: { unschedulable: true } });
  change('node-3', { spec: { unschedulable: true } });
  world.delete('pods', 'db-0');
  world.settle();
  expect(why('db-0')).toBe(
    "0/3 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity, 2 node(s) were unschedulable. " +
      'no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
  );
  change('node-3', { spec: { unschedulable: false } });
  world.settle();
  expect(placed('db-0')).toEqual(['node-3']);
});

describe('scores', () => {
  test('preferences of nodes and pods, and taints that are not liked', () => {
    change('node-3', { labels: { disk: 'ssd' } });
    const liked = (key: string, weight: number) => ({
      weight,
      preference: { matchExpressions: [{ key, operator: 'Exists' }] },
    });
    expect(run('a', { affinity: { nodeAffinity: { [PREFERRED]: [liked('disk', 50)] } } })).toBe('node-3');
    change('node-1', { spec: { taints: [taint('slow', 'PreferNoSchedule')] } });
    change('node-2', { spec: { taints: [taint('slow', 'PreferNoSchedule')] } });
    expect([run('b'), run('c')]).toEqual(['node-3', 'node-3']);
    const friend = [{ weight: 100, podAffinityTerm: near({ app: 'c' })[0] }];
    expect(run('d', { affinity: { podAffinity: { [PREFERRED]: friend } } })).toBe('node-3');
    change('node-1', { spec: { taints: [] } });
    change('node-2', { spec: { taints: [] } });
    expect(run('e', { affinity: { podAntiAffinity: { [PREFERRED]: friend } } })).not.toBe('node-3');
  });

  test('the node with more room', () => {
    const big = (cpu: string) => ({ containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }] });
    expect([run('a', big('500')), run('b', big('100')), run('c', big('100')), run('d', big('200'))]).toEqual([
      ...['node-1', 'node-2', 'node-3', 'node-2'],
    ]);
  });
});

test('what was counted is what is there, however the pods came and went', () => {
  world.create(setOf('web', 9, { podManagementPolicy: 'Parallel', template: template(apart({ app: 'lonely' })) }));
  world.settle();
  for (const name of ['web-1', 'web-4', 'web-7']) world.delete('pods', name, { gracePeriodSeconds: 0 });
  world.settle();
  const counts = new Map<string, number>();
  for (const name of world.names('pods', 'default')) {
    const at = world.pod(name).spec.nodeName ?? '';
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  expect([...counts.values()]).toEqual([3, 3, 3]);
});

function template(spec: object) {
  const app = JSON.stringify(spec).includes('"db"') ? 'db' : 'web';
  return { metadata: { labels: { app } }, spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec } };
}
