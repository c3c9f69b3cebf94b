/** Times the engine in this process: CPU time of applying and updating StatefulSets in virtual time. */
import type { Manifest, StatefulSet } from '../src/core/api/types';
import { Cluster } from '../src/core/simulation/cluster';
import { statefulSet } from './manifest.mjs';
import { figure, heading } from './print.mjs';
import { cpu, yardstick } from './yardstick.mjs';

const START = Date.UTC(2026, 0, 1);

const create = (): Cluster => Cluster.create({ now: START, clock: 'virtual', seed: 0 });

function settled(cluster: Cluster): void {
  while (!cluster.isSettled()) cluster.settle(Number.MAX_SAFE_INTEGER);
}

function update(cluster: Cluster, name: string): void {
  const set = cluster.store.get<StatefulSet>('statefulsets.apps', 'default', name) as StatefulSet;
  const containers = set.spec.template.spec.containers.map((container) => ({ ...container, image: 'nginx:1.22' }));
  const template = { ...set.spec.template, spec: { ...set.spec.template.spec, containers } };
  cluster.store.update({ ...set, spec: { ...set.spec, template } });
}

function apply(cluster: Cluster, name: string, replicas: number, policy: string, claim = false): void {
  cluster.store.create(statefulSet(name, replicas, policy, { claim }) as Manifest);
}

// The first run pays for compiling: it is not counted.
for (let i = 0; i < 3; i++) {
  const cluster = create();
  apply(cluster, 'warm', 50, 'Parallel', true);
  settled(cluster);
}

heading('The engine: CPU time in virtual time');
let yard = 0;
const row = (label: string, ms: number, pods: number, target?: number): void =>
  figure(label, ms, { target, yard, note: `${((ms * 1000) / pods).toFixed(0)} us a pod` });
/** Each figure beside a yardstick of its own moment. */
const timed = (action: () => void): number => {
  yard = yardstick();
  return cpu(action);
};

for (const [pods, target] of [[1000], [10_000, 5000]] as const) {
  const cluster = create();
  const ms = timed(() => {
    apply(cluster, 'web', pods, 'Parallel', true);
    settled(cluster);
  });
  row(`Parallel, one claim each, applied: ${pods} replicas`, ms, pods, target);
}
{
  const pods = 1000;
  const cluster = create();
  const applied = timed(() => {
    apply(cluster, 'web', pods, 'OrderedReady');
    settled(cluster);
  });
  row(`OrderedReady, applied: ${pods} replicas`, applied, pods);
  const updated = timed(() => {
    update(cluster, 'web');
    settled(cluster);
  });
  row(`OrderedReady, rolling update: ${pods} replicas`, updated, pods, 1000);
}
{
  const cluster = create();
  for (let i = 0; i < 100; i++) apply(cluster, `set-${i}`, 50, 'OrderedReady');
  settled(cluster);
  const ms = timed(() => {
    for (let i = 0; i < 100; i++) update(cluster, `set-${i}`);
    settled(cluster);
  });
  row('100 sets of 50 replicas, updated at once', ms, 5000, 5000);
}
