/** What is run inside containers writes real files: it happens once, under the lock, whoever comes to it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findResources, type ResourceInfo } from '../../../../src/core/api/resources';
import type { Manifest, PersistentVolumeClaim, Pod } from '../../../../src/core/api/types';
import { type LocalBackend, openLocal } from '../../../../src/core/backends/local';

let folder: string;
let statePath: string;
let time: number;
const opened: LocalBackend[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-runs-'));
  statePath = join(folder, 'state.json');
  time = Date.UTC(2026, 5, 1);
});
afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Another process with the same clock. */
function open(): LocalBackend {
  const host = { pid: process.pid, hostname: 'test', now: () => time, isAlive: () => true, sleep: async () => {} };
  const backend = openLocal({ statePath, host, clock: 'wall', lockTimeoutMs: 100 });
  opened.push(backend);
  return backend;
}

const resource = (name: string): ResourceInfo => findResources(name) as ResourceInfo;

const counted: Manifest = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    initContainers: [
      {
        name: 'count',
        image: 'busybox',
        command: ['sh', '-c', 'echo once >> /data/count; echo $HOSTNAME > /shared/name'],
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'shared', mountPath: '/shared' },
        ],
      },
    ],
    containers: [{ name: 'app', image: 'app' }],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'shared', emptyDir: {} },
    ],
  },
};

const claim: Manifest = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

async function started(): Promise<void> {
  const backend = open();
  await backend.create(resource('pvc'), 'default', claim);
  await backend.create(resource('pods'), 'default', counted);
  await backend.commit();
}

async function podOf(backend: LocalBackend): Promise<Pod> {
  const pod = (await backend.get(resource('pods'), 'default', 'p')) as Pod;
  await backend.commit();
  return pod;
}

async function volume(backend: LocalBackend): Promise<string> {
  const { spec } = (await backend.get(resource('pvc'), 'default', 'data')) as PersistentVolumeClaim;
  return join(`${statePath}.volumes`, spec.volumeName ?? '');
}

test('readers that come to a run make it once, and save it', async () => {
  await started();
  time += 1500;
  const before = readFileSync(statePath, 'utf8');
  const readers = [open(), open(), open()];
  for (const reader of readers) expect((await podOf(reader)).status.phase).toBe('Pending');
  expect(readFileSync(statePath, 'utf8')).not.toBe(before);
  time += 60_000;
  for (const reader of readers) expect((await podOf(reader)).status.phase).toBe('Running');
  expect(readFileSync(join(await volume(open()), 'count'), 'utf8')).toBe('once\n');
});

test('a process that dies before it has saved leaves the run to the next one', async () => {
  await started();
  time += 60_000;
  const dead = open();
  await dead.get(resource('pods'), 'default', 'p');
  await dead.close();
  const next = open();
  expect((await podOf(next)).status.phase).toBe('Running');
  // At least once, never not at all; what is the container's own began anew.
  expect(readFileSync(join(await volume(next), 'count'), 'utf8')).toBe('once\nonce\n');
});

test('files go with their pod and their volume, and not before that is saved', async () => {
  await started();
  time += 60_000;
  const backend = open();
  const { uid } = (await podOf(backend)).metadata;
  const pod = join(`${statePath}.pods`, uid);
  const data = await volume(backend);
  expect(readFileSync(join(pod, 'volumes', 'shared', 'name'), 'utf8')).toBe('p\n');
  await backend.delete(resource('pods'), 'default', 'p', { gracePeriodSeconds: 0 });
  expect(existsSync(pod)).toBe(true);
  await backend.commit();
  expect([existsSync(pod), existsSync(data)]).toEqual([false, true]);
  await backend.delete(resource('pvc'), 'default', 'data');
  await backend.commit();
  await backend.list(resource('pv'), undefined);
  await backend.commit();
  expect(existsSync(data)).toBe(false);
  await started();
  time += 60_000;
  await podOf(backend);
  await backend.sim.reset();
  await backend.commit();
  expect(readdirSync(folder).filter((name) => /\.(volumes|pods)$/.test(name))).toEqual([]);
});
