/** Times loading and saving a state file in this process: the file that the first argument names, and its cluster. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFile } from '../src/core/backends/local/state-file';
import { Cluster } from '../src/core/simulation/cluster';
import type { ClusterState } from '../src/core/simulation/cluster-state';
import { figure, heading } from './print.mjs';
import { cpu, yardstick } from './yardstick.mjs';

const TARGET = 250;
const [path = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'stsctl-bench-save-'));
const yard = yardstick();
const wall = (action: () => void): { ms: number; note: string } => {
  const begin = performance.now();
  const used = cpu(action);
  return { ms: performance.now() - begin, note: `${used.toFixed(0)} ms CPU` };
};

heading(`The state file: 10000 pods and their events, ${(readFileSync(path).length / 1e6).toFixed(1)} MB`);
try {
  const file = new StateFile(path);
  let cluster: Cluster | undefined;
  const loaded = wall(() => {
    cluster = Cluster.restore(file.load() as unknown as ClusterState);
  });
  figure('load: read, decode, restore', loaded.ms, { target: TARGET, yard, note: loaded.note });
  const asked = wall(() => {
    for (const _ of (cluster as Cluster).store.list('events')) break;
  });
  figure('the Events, for a command that needs them', asked.ms, { yard, note: asked.note });
  const copy = new StateFile(join(folder, 'state.json'));
  copy.load();
  const first = wall(() => copy.save({ ...(cluster as Cluster).snapshot() }));
  figure('save of a cluster that nothing is known of', first.ms, { target: TARGET, yard, note: first.note });
  const again = wall(() => copy.save({ ...(cluster as Cluster).snapshot() }));
  figure('save after it was loaded or saved', again.ms, { target: TARGET, yard, note: again.note });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
