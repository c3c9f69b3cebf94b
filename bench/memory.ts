/** How much memory a cluster of many pods takes: this process holds one, and nothing else. */
import type { Manifest } from '../src/core/api/types';
import { Cluster } from '../src/core/simulation/cluster';
import { statefulSet } from './manifest.mjs';
import { figure, heading } from './print.mjs';
import { cpu, yardstick } from './yardstick.mjs';

const PODS = 100_000;
const MB = 1e6;

const yard = yardstick();
const cluster = Cluster.create({ now: Date.UTC(2026, 0, 1), clock: 'virtual', seed: 0 });
const ms = cpu(() => {
  cluster.store.create(statefulSet('web', PODS, 'Parallel') as Manifest);
  while (!cluster.isSettled()) cluster.settle(Number.MAX_SAFE_INTEGER);
});

heading(`Memory of ${PODS} pods and their events, a process of their own`);
figure('applied to settled', ms, { yard, note: `${((ms * 1000) / PODS).toFixed(0)} us a pod` });
figure('heap in use', process.memoryUsage().heapUsed / MB, { unit: 'MB' });
figure('resident set at its largest', (process.resourceUsage().maxRSS * 1024) / MB, { unit: 'MB', target: 1000 });
