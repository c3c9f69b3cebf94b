/** Copies of a cluster to play on: of a file on either clock, of a given state, with what runs inside containers. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resourceForKind } from '../../../../src/core/api/resources';
import type { Manifest, Pod } from '../../../../src/core/api/types';
import { openLocal } from '../../../../src/core/backends/local';
import { rehearseFile, rehearseState } from '../../../../src/core/backends/local/plan';
import type { Backend } from '../../../../src/core/client/backend';
import { Cluster } from '../../../../src/core/simulation/cluster';
import { START, setManifest } from '../../../support/cluster';

let folder: string;
let realTmp: string | undefined;
let now = START;
const host = { now: () => now, sleep: async () => {}, pid: process.pid, isAlive: () => true, hostname: 'test' };
const options = (clock: 'wall' | 'virtual') => ({ statePath: join(folder, 'state.json'), clock, seed: 3, host });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-test-'));
  realTmp = process.env.TMPDIR;
  mkdirSync(join(folder, 'tmp'));
  process.env.TMPDIR = join(folder, 'tmp');
  now = START;
});
afterEach(() => {
  if (realTmp === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = realTmp;
  rmSync(folder, { recursive: true, force: true });
});

const SETS = resourceForKind('apps/v1', 'StatefulSet');
const PODS = resourceForKind('v1', 'Pod');
if (!SETS || !PODS) throw new Error('no such kinds');

const create = (backend: Backend, manifest: Manifest) => backend.create(SETS, 'default', manifest);
const scale = (backend: Backend, replicas: number) =>
  backend.patch(SETS, 'default', 'web', 'merge', { spec: { replicas } });

function files(): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return Object.fromEntries(
    paths.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path, 'latin1')]),
  );
}

/** Counts its starts in its volume, and is ready the first two times only. */
const counting = (): Manifest => {
  const manifest = setManifest({ name: 'web', replicas: 1, claims: ['data'] });
  const spec = manifest.spec as { template: { spec: { containers: object[] } } };
  const mount = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  spec.template.spec.containers = [
    {
      name: 'c',
      image: 'busybox:1.36',
      command: ['sh', '-c', 'echo up >> /data/starts; test $(wc -l < /data/starts) -lt 3 && touch /tmp/ok; sleep 9999'],
      readinessProbe: { exec: { command: ['cat', '/tmp/ok'] }, periodSeconds: 1 },
      ...mount,
    },
  ];
  return manifest;
};

describe('a copy of a cluster', () => {
  it('begins at the present of a wall clock, and leaves the file alone', async () => {
    const real = openLocal(options('wall'));
    await create(real, setManifest({ replicas: 1 }));
    await real.commit();
    await real.close();
    now += 60_000;
    const before = files();
    const rehearsal = await rehearseFile(options('wall'));
    await scale(rehearsal.backend, 2);
    const report = await rehearsal.finish();
    await rehearsal.close();
    expect(files()).toEqual(before);
    expect(report.start).toBe(new Date(now).toISOString());
    expect(report.transitions.map(({ event, pod, time }) => `${event} ${pod} +${Date.parse(time) - now}`)).toEqual([
      'create web-1 +0',
      'ready web-1 +1000',
    ]);
    expect(report.result).toBe('settled');
    const again = openLocal(options('wall'));
    await scale(again, 2);
    await again.commit();
    now += 5000;
    expect((await again.sim.timeline()).slice(-2)).toEqual(report.transitions);
    await again.close();
  });

  it('is made of a state that is given', async () => {
    const cluster = Cluster.create({ now: START, clock: 'virtual', seed: 0 });
    cluster.store.create(setManifest({ replicas: 2 }));
    cluster.settle();
    const rehearsal = await rehearseState({ host }, cluster.snapshot());
    await scale(rehearsal.backend, 1);
    const report = await rehearsal.finish();
    await rehearsal.close();
    expect(report.transitions.map(({ event, pod }) => `${event} ${pod}`)).toEqual(['terminate web-1', 'delete web-1']);
    expect([...cluster.store.list<Pod>('pods', 'default')]).toHaveLength(2);
    expect(files()).toEqual({});
  });

  it('runs what containers run on copies of their volumes, and removes those', async () => {
    const real = openLocal(options('virtual'));
    await create(real, counting());
    await real.sim.settle();
    await real.commit();
    const play = async () => {
      const before = files();
      const rehearsal = await rehearseFile(options('virtual'));
      await rehearsal.backend.delete(PODS, 'default', 'web-0');
      const report = await rehearsal.finish();
      await rehearsal.close();
      expect(files()).toEqual(before);
      expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
      return report;
    };
    const really = async () => {
      const seen = (await real.sim.timeline()).length;
      await real.delete(PODS, 'default', 'web-0');
      await real.sim.settle();
      await real.commit();
      return (await real.sim.timeline()).slice(seen);
    };
    const second = await play();
    expect(second.result).toBe('settled');
    expect((await play()).transitions).toEqual(second.transitions);
    expect(await really()).toEqual(second.transitions);
    const third = await play();
    expect(third.result).toBe('stuck');
    expect(third.stuck[0].subject).toEqual({ kind: 'StatefulSet', namespace: 'default', name: 'web' });
    expect(await really()).toEqual(third.transitions);
    await real.close();
  });

  it('copies nothing where nothing is run', async () => {
    const real = openLocal(options('virtual'));
    await create(real, setManifest({ replicas: 1, image: 'example.com/app', claims: ['data'] }));
    await real.sim.settle();
    await real.commit();
    await real.close();
    process.env.TMPDIR = join(folder, 'not-there');
    const rehearsal = await rehearseFile(options('virtual'));
    await scale(rehearsal.backend, 0);
    expect((await rehearsal.finish()).result).toBe('settled');
    await rehearsal.close();
  });

  it('knows of the fields that a set keeps for life, whichever call is refused', async () => {
    const real = openLocal(options('virtual'));
    await create(real, setManifest({ replicas: 1 }));
    await real.commit();
    await real.close();
    const rehearsal = await rehearseFile(options('virtual'));
    const spec = { podManagementPolicy: 'Parallel', serviceName: 'x' };
    const call = rehearsal.backend.patch(SETS, 'default', 'web', 'merge', { spec });
    await expect(call).rejects.toThrow(/are forbidden/);
    expect(rehearsal.refusals().map(({ immutable }) => immutable)).toEqual([
      ['spec.serviceName', 'spec.podManagementPolicy'],
    ]);
    expect(rehearsal.changed()).toBe(false);
    await rehearsal.close();
  });
});
