/** Random pods on random nodes: whoever is placed may be there, and whoever waits can't be anywhere. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject, Node, Pod } from '../../../../src/core/api/types';
import { resourceKey } from '../../../../src/core/apiserver/storage';
import { Cluster } from '../../../../src/core/simulation/cluster';
import { broken, type Scene } from './naive';

const RUNS = process.env.STSCTL_TEST_LONG ? 3000 : 120;
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const HOSTNAME = 'kubernetes.io/hostname';
const CLASSES = { none: undefined, low: -5, high: 100, polite: 50 };
const GPU = 'example.com/gpu';

const some = <T>(value: fc.Arbitrary<T>, of = 4) =>
  fc.oneof({ weight: of - 1, arbitrary: fc.constant(undefined) }, value);
const pick = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const nodeSpec = fc.record({
  zone: pick(undefined, 'a', 'b', 'b'),
  disk: pick(undefined, 'ssd', 'hdd'),
  size: pick(undefined, '1', '2', '10', 'big'),
  taints: fc.uniqueArray(
    fc.record({
      key: pick('dedicated', 'old'),
      value: pick('db', ''),
      effect: pick('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
    }),
    { maxLength: 1, selector: ({ key, effect }) => `${key}${effect}` },
  ),
  unschedulable: pick(false, false, false, true),
  cpu: pick('1', '2', '4'),
  gpu: pick(undefined, '1'),
  pods: pick('2', '4', '10'),
});
type NodeSpec = typeof nodeSpec extends fc.Arbitrary<infer T> ? T : never;

const labelSelector = fc.oneof(
  fc.record({ matchLabels: fc.record({ app: pick('a', 'b', 'c') }) }),
  fc.record({
    matchExpressions: fc.tuple(
      fc.record({ key: fc.constant('app'), operator: pick('In', 'NotIn'), values: pick(['a'], ['a', 'b']) }),
    ),
  }),
  fc.constant({}),
);
const clean = (object: object): object => JSON.parse(JSON.stringify(object));
const podTerm = fc
  .record({
    labelSelector,
    topologyKey: pick(HOSTNAME, 'zone'),
    namespaces: some(pick(['other'], ['default', 'other'])),
    namespaceSelector: some(pick({}, { matchLabels: { team: 'x' } }), 6),
    matchLabelKeys: some(pick(['rev']), 6),
  })
  .map(clean);
const expression = fc.oneof(
  fc.record({ key: pick('disk', 'zone'), operator: pick('In', 'NotIn'), values: pick(['ssd'], ['a', 'hdd'], ['b']) }),
  fc.record({ key: pick('disk', 'zone'), operator: pick('Exists', 'DoesNotExist') }),
  fc.record({ key: fc.constant('size'), operator: pick('Gt', 'Lt'), values: pick(['1'], ['5']) }),
);
const nodeTerm = fc
  .record({
    matchExpressions: some(fc.array(expression, { minLength: 1, maxLength: 2 }), 2),
    matchFields: some(
      fc.tuple(
        fc.record({
          key: fc.constant('metadata.name'),
          operator: pick('In', 'NotIn'),
          values: pick(['node-1'], ['n2']),
        }),
      ),
    ),
  })
  .map(clean);
const spread = fc
  .record({
    maxSkew: pick(1, 1, 2),
    topologyKey: pick(HOSTNAME, 'zone'),
    whenUnsatisfiable: pick('DoNotSchedule', 'DoNotSchedule', 'ScheduleAnyway'),
    labelSelector,
    minDomains: some(pick(2, 3)),
    nodeAffinityPolicy: some(pick('Honor', 'Ignore')),
    nodeTaintsPolicy: some(pick('Honor', 'Ignore')),
    matchLabelKeys: some(pick(['rev'])),
  })
  .map((one) => clean({ ...one, ...(one.whenUnsatisfiable === 'ScheduleAnyway' && { minDomains: undefined }) }))
  .filter((one) => !('matchLabelKeys' in one) || 'labelSelector' in one);
const podSpec = fc.record({
  namespace: pick('default', 'default', 'other'),
  app: pick('a', 'b', 'c'),
  rev: pick('1', '2'),
  priority: pick('none', 'none', 'low', 'high', 'polite'),
  grace: pick(undefined, 0, 1),
  cpu: pick(undefined, '500m', '1', '3'),
  gpu: some(fc.constant('1'), 6),
  hostPort: some(
    fc.record({
      hostPort: pick(80, 81),
      hostIP: some(pick('10.0.0.1', '10.0.0.2'), 2),
      protocol: pick('TCP', 'TCP', 'UDP'),
    }),
  ),
  nodeSelector: some(pick({ disk: 'ssd' }, { zone: 'b' }), 6),
  nodeAffinity: some(fc.array(nodeTerm, { minLength: 1, maxLength: 2 })),
  podAffinity: some(fc.array(podTerm, { minLength: 1, maxLength: 2 }), 5),
  podAntiAffinity: some(fc.array(podTerm, { minLength: 1, maxLength: 2 })),
  spread: some(
    fc.uniqueArray(spread, {
      minLength: 1,
      maxLength: 2,
      selector: (one) => `${Reflect.get(one, 'topologyKey')} ${Reflect.get(one, 'whenUnsatisfiable')}`,
    }),
    3,
  ),
  tolerations: pick(
    [],
    [],
    [{ key: 'dedicated', operator: 'Exists' }],
    [{ operator: 'Exists', effect: 'NoSchedule' }],
    [{ key: 'old', operator: 'Equal', value: 'db' }],
  ),
});
type PodSpec = typeof podSpec extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('run' as const), pod: podSpec }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), n: fc.nat(20), force: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('node' as const), n: fc.nat(5), node: nodeSpec }) },
  fc.record({ do: fc.constant('remove' as const), n: fc.nat(5) }),
  fc.record({ do: fc.constant('pass' as const), ms: pick(500, 2000, 60_000) }),
  fc.record({ do: fc.constant('reload' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class World {
  cluster = Cluster.create({ now: Date.UTC(2026, 0, 1), clock: 'virtual', seed: 0 });
  readonly wrong: string[] = [];
  placed = 0;
  private count = 0;

  constructor(nodes: readonly NodeSpec[]) {
    this.listen();
    this.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other', labels: { team: 'x' } } });
    for (const [name, value] of Object.entries(CLASSES))
      if (value !== undefined)
        this.create({
          apiVersion: 'scheduling.k8s.io/v1',
          kind: 'PriorityClass',
          metadata: { name },
          value,
          ...(name === 'polite' && { preemptionPolicy: 'Never' }),
        });
    for (const [n, node] of nodes.entries()) this.node(n, node);
    this.cluster.drain();
  }

  private create(manifest: KubeObject | object): void {
    this.cluster.store.create(manifest as Parameters<Cluster['store']['create']>[0]);
    this.cluster.drain();
  }

  private listen(): void {
    this.cluster.onEvent((event) => {
      if (resourceKey(event.resource) !== 'pods' || event.type !== 'MODIFIED') return;
      const pod = event.object as Pod;
      const old = event.old as Pod;
      const { nodeName } = pod.spec;
      if (old.spec.nodeName || !nodeName) return;
      this.placed += 1;
      const scene = this.scene(pod);
      const node = scene.nodes.find(({ metadata }) => metadata.name === nodeName);
      const rule = node ? broken(old, node, scene) : 'no such node';
      if (rule !== undefined) this.wrong.push(`${pod.metadata.name} on ${nodeName}: ${rule}`);
    });
  }

  private scene(pod: Pod): Scene {
    const { store } = this.cluster;
    const pods = [...store.list<Pod>('pods')].filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
    const namespaces = Object.fromEntries(
      [...store.list('namespaces')].map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
    );
    return { nodes: [...store.list<Node>('nodes')], pods, namespaces };
  }

  do(step: Step): void {
    const { store } = this.cluster;
    const pods = [...store.list<Pod>('pods')];
    switch (step.do) {
      case 'run':
        this.run(step.pod);
        break;
      case 'delete': {
        const pod = pods[step.n % Math.max(1, pods.length)];
        const options = step.force ? { gracePeriodSeconds: 0 } : {};
        if (pod) store.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, options);
        break;
      }
      case 'node':
        this.node(step.n, step.node);
        break;
      case 'remove':
        if (step.n > 0 && store.get('nodes', '', nameOf(step.n))) store.delete('nodes', '', nameOf(step.n));
        break;
      case 'pass':
        this.cluster.advanceTo(this.cluster.now + step.ms);
        break;
      case 'reload':
        this.cluster = Cluster.restore(JSON.parse(JSON.stringify(this.cluster.snapshot())));
        this.listen();
        break;
    }
    this.cluster.drain();
  }

  private node(n: number, { zone, disk, size, taints, unschedulable, cpu, gpu, pods }: NodeSpec): void {
    const { store } = this.cluster;
    const name = nameOf(n);
    if (!store.get('nodes', '', name)) this.create({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
    const node = store.get<Node>('nodes', '', name) as Node;
    const { zone: _z, disk: _d, size: _s, ...labels } = node.metadata.labels ?? {};
    const own = taints.map((taint) => clean(taint) as { key: string; effect: string });
    const others = (node.spec.taints ?? []).filter(({ key }) => key.startsWith('node.kubernetes.io/'));
    store.update<Node>({
      ...node,
      metadata: { ...node.metadata, labels: { ...labels, ...(clean({ zone, disk, size }) as Record<string, string>) } },
      spec: { ...node.spec, unschedulable, taints: [...others, ...own] },
    } as Node);
    const now = store.get<Node>('nodes', '', name) as Node;
    const allocatable = { cpu, pods, memory: '8Ti', 'ephemeral-storage': '1Pi', ...(gpu && { [GPU]: gpu }) };
    store.updateStatus<Node>(now, { ...now.status, allocatable, capacity: allocatable });
  }

  private run(spec: PodSpec): void {
    this.count += 1;
    const terms = (list: readonly object[] | undefined) => list && { [REQUIRED]: list };
    const { cpu, gpu, hostPort } = spec;
    const requests = clean({ cpu, [GPU]: gpu });
    this.cluster.store.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${this.count}`, namespace: spec.namespace, labels: { app: spec.app, rev: spec.rev } },
      spec: clean({
        ...(spec.priority !== 'none' && { priorityClassName: spec.priority }),
        terminationGracePeriodSeconds: spec.grace,
        nodeSelector: spec.nodeSelector,
        tolerations: spec.tolerations,
        affinity: {
          nodeAffinity: spec.nodeAffinity && { [REQUIRED]: { nodeSelectorTerms: spec.nodeAffinity } },
          podAffinity: terms(spec.podAffinity),
          podAntiAffinity: terms(spec.podAntiAffinity),
        },
        topologySpreadConstraints: spec.spread,
        containers: [
          {
            name: 'c',
            image: 'app',
            resources: { requests, limits: clean({ [GPU]: gpu }) },
            ...(hostPort && { ports: [{ containerPort: 80, ...hostPort }] }),
          },
        ],
      }) as object,
    } as Parameters<Cluster['store']['create']>[0]);
  }

  /** Once nothing more happens, whoever waits has no place, and waits for nobody. */
  rest(): void {
    this.cluster.settle();
    for (const pod of this.cluster.store.list<Pod>('pods')) {
      if (pod.spec.nodeName) continue;
      const { name } = pod.metadata;
      if (pod.status.nominatedNodeName)
        this.wrong.push(`${name} still waits for room on ${pod.status.nominatedNodeName}`);
      const scene = this.scene(pod);
      for (const node of scene.nodes)
        if (broken(pod, node, scene) === undefined)
          this.wrong.push(`${name} waits, but could be on ${node.metadata.name}`);
    }
  }
}

const nameOf = (n: number): string => (n === 0 ? 'node-1' : `n${n}`);

test('whoever is placed may be there, and whoever waits can be nowhere', () => {
  let placed = 0;
  fc.assert(
    fc.property(
      fc.array(nodeSpec, { minLength: 1, maxLength: 5 }),
      fc.array(step, { minLength: 3, maxLength: 30 }),
      (nodes, steps) => {
        const world = new World(nodes);
        for (const one of steps) world.do(one);
        world.rest();
        expect(world.wrong).toEqual([]);
        placed += world.placed;
      },
    ),
    { numRuns: RUNS },
  );
  expect(placed).toBeGreaterThan(RUNS);
});
