/**
 * The power goes out the moment a command has answered: what it did is there, files of volumes and pods included, and what was before
 * can be brought back.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../../../../support/cli';
import { differences, SET, worldOf } from '../undo/fixtures';
import { onDisk } from './faulty-disk';
import { type Watched, watchDisk } from './power-cut';

const isAlive = (pid: number) => pid === process.pid;
const machine = { now: () => 0, sleep: async () => {}, pid: process.pid, isAlive, hostname: 'test' };
/** A process that has ended when the next one looks for it. */
const host = { ...machine, pid: 999_999 };

let cli: Cli;
let watched: Watched | undefined;
let elsewhere: string;
beforeEach(async () => {
  elsewhere = mkdtempSync(join(tmpdir(), 'stsctl-cut-'));
  cli = createCli({ 'set.yaml': SET, 'local.txt': 'copied\n' });
});
afterEach(() => {
  watched?.stop();
  watched = undefined;
  cli.dispose();
  rmSync(elsewhere, { recursive: true, force: true });
});

type Command = string | readonly string[];
const inside = (script: string): Command => ['exec', 'web-0', '--', 'sh', '-c', script];

async function run(commands: readonly Command[]): Promise<void> {
  for (const command of commands) expect(await cli(command), String(command)).toMatchObject({ code: 0, err: '' });
}

/** Runs the last command on the watched disk; returns where its remains are. */
async function cutAfter(before: readonly Command[], last: Command): Promise<string> {
  await run(before);
  const folder = dirname(cli.state);
  watched = await watchDisk(folder);
  const { disk } = watched;
  cli.local = () => onDisk(disk, cli.state, host);
  await run([last]);
  watched.cut(join(elsewhere, 'left'));
  // Of the lock, too, only the name is left; it counts for nothing once it is old.
  cli.local = () => ({ host: { ...machine, now: () => Date.now() + 120_000 } });
  return join(elsewhere, 'left', basename(cli.state));
}

const READY = ['apply -f set.yaml', 'sim clock settle'];
const FILES = inside('mkdir -p /data/a/b; echo 1 > /data/a/b/f; echo own > /root/own; echo 2 > /data/g');

describe.runIf(process.platform === 'linux')('a power cut', () => {
  test.each<readonly [string, readonly Command[], Command]>([
    ['a command that makes files', READY, FILES],
    ['one that appends', [...READY, FILES], inside('echo more >> /data/a/b/f; echo more >> /data/starts')],
    ['one that renames', [...READY, FILES], inside('mv /data/a /data/moved; mv /data/g /data/moved/h')],
    ['one that writes what it renames', READY, inside('mkdir /data/n; echo 1 > /data/n/f; mv /data/n /data/m')],
    ['one that copies', [...READY, FILES], inside('cp -r /data/a /data/copy; cp /data/g /tmp/g')],
    ['one that removes', [...READY, FILES], inside('rm -r /data/a /data/starts')],
    [
      'one that writes through a link',
      [...READY, FILES],
      inside('ln -s a/b /data/l; echo 3 > /data/l/g; echo 4 > /data/link'),
    ],
    ['one that closes a file', [...READY, FILES], inside('chmod 000 /data/g; chmod 700 /data/a')],
    ['a copy from outside', READY, 'cp local.txt web-0:/data/here'],
    ['containers that start', ['apply -f set.yaml'], 'sim clock settle'],
    ['undo', [...READY, FILES], 'sim undo'],
    ['redo', [...READY, FILES, 'sim undo'], 'sim redo'],
    ['a snapshot', [...READY, FILES, 'sim snapshot save one', inside('rm -r /data/a')], 'sim snapshot restore one'],
  ])('after %s leaves all of it', async (_name, before, last) => {
    const left = await cutAfter(before, last);
    const done = worldOf(cli.state);
    if (String(last).startsWith('sim')) {
      // What was laid ready may still be there: the next command takes it away.
      await again(left);
      await run(['get pods']);
      expect(differences(done, worldOf(cli.state))).toEqual([]);
    } else expect(differences(done, worldOf(left))).toEqual([]);
  });

  test('leaves what undo needs', async () => {
    await run([...READY, FILES]);
    const before = worldOf(cli.state);
    const left = await cutAfter([], inside('rm -r /data/a; echo 3 > /data/g; echo 4 > /root/own'));
    await again(left);
    await run(['sim undo']);
    expect(differences(before, worldOf(cli.state))).toEqual([]);
  });

  test('leaves a snapshot that was saved', async () => {
    await run([...READY, FILES]);
    const before = worldOf(cli.state);
    const left = await cutAfter([], 'sim snapshot save one');
    await again(left);
    await run([inside('rm -r /data/a'), 'sim snapshot restore one']);
    const files = (world: ReturnType<typeof worldOf>) => ({ ...world, state: '' });
    expect(differences(files(before), files(worldOf(cli.state)))).toEqual([]);
  });
});

/** Puts what the power cut left in the place of the cluster. */
async function again(left: string): Promise<void> {
  const { cpSync } = await import('node:fs');
  rmSync(dirname(cli.state), { recursive: true, force: true });
  cpSync(dirname(left), dirname(cli.state), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
