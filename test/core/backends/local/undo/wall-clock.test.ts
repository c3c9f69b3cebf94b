/** Undo on the wall clock: the cluster goes on from the instant before the command, and time that goes by is no step. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findResources, type ResourceInfo } from '../../../../../src/core/api/resources';
import type { KubeObject, Manifest } from '../../../../../src/core/api/types';
import { type LocalBackend, openLocal } from '../../../../../src/core/backends/local';
import type { PastVerbs } from '../../../../../src/core/backends/local/undo';

const PODS = findResources('pods') as ResourceInfo;
const SETS = findResources('statefulsets') as ResourceInfo;
const START = Date.UTC(2026, 0, 1);

let folder: string;
let now: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-wall-'));
  now = START;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const set = (command?: string): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    serviceName: 'web',
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'main',
            image: command === undefined ? 'nginx' : 'busybox',
            ...(command !== undefined && { command: ['sh', '-c', command] }),
            ...(command !== undefined && { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
          },
        ],
      },
    },
    ...(command !== undefined && {
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
        },
      ],
    }),
  },
});

/** One process. */
async function typed<T>(command: string, work: (backend: LocalBackend, past: PastVerbs) => Promise<T>): Promise<T> {
  const backend = openLocal({
    statePath: join(folder, 'state.json'),
    host: { now: () => now, sleep: async () => {}, pid: process.pid, isAlive: () => true, hostname: 'test' },
    seed: 7,
    command,
  });
  const { past } = backend.sim;
  if (!past) throw new Error('nothing can be undone');
  const result = await work(backend, past);
  await backend.commit();
  await backend.close();
  return result;
}

const apply = (command?: string) => typed('apply', (backend) => backend.create(SETS, 'default', set(command)));
const scale = (replicas: number) =>
  typed(`scale ${replicas}`, (backend) => backend.patch(SETS, 'default', 'web', 'merge', { spec: { replicas } }));
const undo = (count = 1) => typed('undo', (_, past) => past.undo(count));
const redo = (count = 1) => typed('redo', (_, past) => past.redo(count));
const look = () =>
  typed('get', async (backend) => {
    const { items } = await backend.list(PODS, 'default');
    return { now: await backend.now(), pods: items.map((pod) => [pod.metadata.name, phaseOf(pod)].join(' ')) };
  });
const phaseOf = (pod: KubeObject): string => (pod as KubeObject & { status: { phase: string } }).status.phase;
const commands = () => typed('history', async (_, past) => (await past.steps()).map(({ command }) => command));

test('what had become of the cluster by the time of the command is there again, and goes on from there', async () => {
  await apply();
  now += 60_000;
  const before = await look();
  expect(before.pods).toEqual(['web-0 Running', 'web-1 Running', 'web-2 Running']);
  await scale(1);
  now += 3_600_000;
  expect((await look()).pods).toEqual(['web-0 Running']);
  await undo();
  // As it was when the command was typed, though nothing had been saved for a minute.
  expect(await look()).toEqual(before);
  now += 5000;
  expect((await look()).now).toBe(before.now + 5000);
  expect((await look()).pods).toEqual(before.pods);
});

test('redo goes on from the instant at which it was left', async () => {
  await apply();
  now += 60_000;
  await scale(1);
  now += 600_000;
  const after = await look();
  await undo();
  now += 7_200_000;
  await look();
  await redo();
  expect(await look()).toEqual(after);
});

test('time going by is no step, even where containers run things and it is saved', async () => {
  await apply('hostname >> /data/name; sleep 1000000');
  for (let i = 0; i < 5; i++) {
    now += 10_000;
    await look();
  }
  expect(await commands()).toEqual(['apply']);
  const volumes = `${join(folder, 'state.json')}.volumes`;
  expect(readdirSync(volumes).length).toBe(3);
  await scale(5);
  now += 60_000;
  await look();
  expect(readdirSync(volumes).length).toBe(5);
  await undo();
  expect(readdirSync(volumes).length).toBe(3);
  await look();
  await redo();
  expect(readdirSync(volumes).length).toBe(5);
  for (const volume of readdirSync(volumes))
    expect(readFileSync(join(volumes, volume, 'name'), 'utf8')).toMatch(/^web-\d\n$/);
  await undo(2);
  expect(existsSync(volumes)).toBe(false);
  expect(existsSync(join(folder, 'state.json'))).toBe(false);
  await redo(2);
  expect(readdirSync(volumes).length).toBe(5);
});

test('what happened after an undo does not mix with what is redone', async () => {
  await apply('hostname >> /data/name; sleep 1000000');
  const volumes = `${join(folder, 'state.json')}.volumes`;
  // Nothing of it has run yet.
  await scale(1);
  now += 60_000;
  expect((await look()).pods).toEqual(['web-0 Running']);
  await undo();
  now += 60_000;
  expect((await look()).pods.length).toBe(3);
  expect(readdirSync(volumes).length).toBe(3);
  await redo();
  expect((await look()).pods).toEqual(['web-0 Running']);
  expect(readdirSync(volumes).length).toBe(1);
  await undo();
  expect((await look()).pods.length).toBe(3);
  for (const volume of readdirSync(volumes))
    expect(readFileSync(join(volumes, volume, 'name'), 'utf8')).toMatch(/^web-\d\n$/);
});
