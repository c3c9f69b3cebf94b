/** Times the engine in this process: CPU time of applying and updating StatefulSets in virtual time. */
import type { Manifest, StatefulSet } from '../src/core/api/types';
import { Cluster } from '../src/core/simulation/cluster';

const START = Date.UTC(2026, 0, 1);

function manifest(name: string, replicas: number, policy: string, claim: boolean, image: string): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: 'default' },
    spec: {
      serviceName: 'nginx',
      replicas,
      podManagementPolicy: policy,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'nginx',
              image,
              ...(claim && { volumeMounts: [{ name: 'www', mountPath: '/usr/share/nginx/html' }] }),
            },
          ],
        },
      },
      ...(claim && {
        volumeClaimTemplates: [
          {
            metadata: { name: 'www' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      }),
    },
  };
}

/** CPU time of an action, ms. */
function cpu(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

function settled(cluster: Cluster): void {
  while (!cluster.isSettled()) cluster.settle(Number.MAX_SAFE_INTEGER);
}

function create(): Cluster {
  return Cluster.create({ now: START, clock: 'virtual', seed: 0 });
}

function update(cluster: Cluster, name: string): void {
  const set = cluster.store.get<StatefulSet>('statefulsets.apps', 'default', name) as StatefulSet;
  const containers = set.spec.template.spec.containers.map((container) => ({ ...container, image: 'nginx:1.22' }));
  const template = { ...set.spec.template, spec: { ...set.spec.template.spec, containers } };
  cluster.store.update({ ...set, spec: { ...set.spec, template } });
}

const row = (label: string, ms: number, pods: number): void =>
  console.log(
    `${label.padEnd(58)}${ms.toFixed(0).padStart(8)} ms${((ms * 1000) / pods).toFixed(0).padStart(8)} us a pod`,
  );

// The first run pays for compiling: it is not counted.
for (let i = 0; i < 3; i++) {
  const cluster = create();
  cluster.store.create(manifest('warm', 50, 'Parallel', true, 'nginx:1.21'));
  settled(cluster);
}

console.log('CPU time in virtual time, this process');
for (const pods of [100, 1000, 10_000]) {
  const cluster = create();
  const ms = cpu(() => {
    cluster.store.create(manifest('web', pods, 'Parallel', true, 'nginx:1.21'));
    settled(cluster);
  });
  row(`Parallel, one claim each, applied: ${pods} replicas`, ms, pods);
}
for (const pods of [100, 1000]) {
  const cluster = create();
  const applied = cpu(() => {
    cluster.store.create(manifest('web', pods, 'OrderedReady', false, 'nginx:1.21'));
    settled(cluster);
  });
  row(`OrderedReady, applied: ${pods} replicas`, applied, pods);
  const updated = cpu(() => {
    update(cluster, 'web');
    settled(cluster);
  });
  row(`OrderedReady, rolling update: ${pods} replicas`, updated, pods);
}
{
  const cluster = create();
  for (let i = 0; i < 100; i++) cluster.store.create(manifest(`set-${i}`, 50, 'OrderedReady', false, 'nginx:1.21'));
  settled(cluster);
  const ms = cpu(() => {
    for (let i = 0; i < 100; i++) update(cluster, `set-${i}`);
    settled(cluster);
  });
  row('100 sets of 50 replicas, updated at once', ms, 5000);
}
