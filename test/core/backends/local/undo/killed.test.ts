/** Killed at the changes of the file system, one by one: the next command finds the state before or after, with its files. */
import * as fs from 'node:fs';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LocalBackend, openLocal } from '../../../../../src/core/backends/local';
import { LockFile } from '../../../../../src/core/backends/local/lock';
import { StateFile } from '../../../../../src/core/backends/local/state-file';
import type { Disk } from '../../../../../src/core/backends/local/undo/disk';
import { type Cli, createCli } from '../../../../support/cli';
import { differences, SET, type World, worldOf } from './fixtures';

/** Whatever changes something on disk. */
const CHANGES = [
  'appendFileSync',
  'chmodSync',
  'copyFileSync',
  'linkSync',
  'mkdirSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'symlinkSync',
  'truncateSync',
  'utimesSync',
  'writeFileSync',
  'writeSync',
] as const;

const REAL: Disk = fs;

/** Each change is in several of these commands; all of each is for the long run. */
const LONG = process.env.STSCTL_TEST_LONG === '1';
const STRIDE = LONG ? 1 : 4;

/** A file system that is gone after so many changes, as for a process that is killed. */
function dyingDisk(changes: number): { disk: Disk; died: () => boolean } {
  let left = changes;
  let died = false;
  const wrapped = CHANGES.map((name) => [
    name,
    (...args: never[]) => {
      if (left-- <= 0) {
        died = true;
        throw new Error('killed');
      }
      return (REAL[name] as (...args: never[]) => unknown)(...args);
    },
  ]);
  return { disk: { ...fs, ...Object.fromEntries(wrapped) }, died: () => died };
}

/** A process of its own, whose number nobody has any more when it is looked for. */
const deadHost = { now: () => 0, sleep: async () => {}, pid: 999_999, isAlive: () => false, hostname: 'test' };

function dyingBackend(state: string, disk: Disk): LocalBackend {
  return openLocal({
    statePath: state,
    host: deadHost,
    clock: 'virtual',
    seed: 7,
    command: 'dying',
    disk,
    storage: { file: new StateFile(state, { files: disk }), lock: new LockFile(`${state}.lock`, deadHost) },
  });
}

let cli: Cli;
let original: string;
beforeEach(async () => {
  cli = createCli({ 'set.yaml': SET });
  original = mkdtempSync(join(tmpdir(), 'stsctl-killed-'));
  await cli('apply -f set.yaml');
  await cli('sim clock advance 10s');
  await cli('sim snapshot save one');
  await cli(['exec', 'web-0', '--', 'sh', '-c', 'echo 1 > /data/one; mkdir /data/folder; chmod 500 /data/folder']);
  await cli('scale sts/web --replicas=1');
  await cli('sim clock advance 30s');
  cpSync(dirname(cli.state), original, { recursive: true, verbatimSymlinks: true });
});
afterEach(() => {
  cli.dispose();
  rmSync(original, { recursive: true, force: true });
});

function again(): void {
  rmSync(dirname(cli.state), { recursive: true, force: true });
  cpSync(original, dirname(cli.state), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** Kills the work at every so-manieth of its changes from `first` on; `worlds` are the ones that may be found afterwards. */
async function killEverywhere(
  work: (backend: LocalBackend) => Promise<unknown>,
  worlds: readonly World[],
  first = 0,
): Promise<number> {
  for (let changes = first % STRIDE; ; changes += STRIDE) {
    again();
    const { disk, died } = dyingDisk(changes);
    const backend = dyingBackend(cli.state, disk);
    await work(backend).catch(() => {});
    rmSync(`${cli.state}.lock`, { force: true });
    expect(await cli('get pods -o name')).toMatchObject({ code: 0 });
    const found = worldOf(cli.state);
    const distances = worlds.map((world) => differences(world, found));
    expect(distances.find((each) => each.length === 0) ?? distances, `killed after ${changes} changes`).toEqual([]);
    for (const name of ['moving', 'move.json', 'move.state'])
      expect(existsSync(`${cli.state}.undo/${name}`), name).toBe(false);
    for (const base of ['volumes', 'pods']) expect(existsSync(`${cli.state}.${base}/.undo`)).toBe(false);
    if (!died()) return changes;
    // Whatever it was: what can be undone from here leads to where it did before.
    if (changes % (LONG ? 4 : 12) !== 0) continue;
    const steps: unknown[] = JSON.parse((await cli('sim history -o json')).out);
    const back = (steps as { undone: boolean }[]).filter(({ undone }) => !undone).length;
    expect((await cli(`sim undo ${back}`)).err).toBe('');
    expect(existsSync(cli.state)).toBe(false);
    expect(existsSync(`${cli.state}.volumes`)).toBe(false);
  }
}

const past = ({ sim }: LocalBackend) => {
  if (!sim.past) throw new Error('nothing can be undone');
  return sim.past;
};

describe('killed in the middle', () => {
  test('an undo', async () => {
    again();
    const after = worldOf(cli.state);
    await cli('sim undo 3');
    const before = worldOf(cli.state);
    const changes = await killEverywhere((backend) => past(backend).undo(3), [before, after]);
    expect(changes).toBeGreaterThan(20);
  });

  test('a redo', async () => {
    again();
    const after = worldOf(cli.state);
    await cli('sim undo 3');
    const before = worldOf(cli.state);
    rmSync(original, { recursive: true, force: true });
    cpSync(dirname(cli.state), original, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await killEverywhere((backend) => past(backend).redo(3), [before, after], 2);
  });

  test('a restored snapshot', async () => {
    again();
    const before = worldOf(cli.state);
    await cli('sim snapshot restore one');
    const after = worldOf(cli.state);
    await killEverywhere((backend) => past(backend).restoreSnapshot('one'), [before, after], 1);
  });

  test('a command that changes no files', async () => {
    again();
    const before = worldOf(cli.state);
    await cli('sim config start=3s');
    const after = worldOf(cli.state);
    await killEverywhere(
      async (backend) => {
        await backend.sim.setConfig({ start: '3s' });
        await backend.commit();
      },
      [before, after],
      3,
    );
  });
});
