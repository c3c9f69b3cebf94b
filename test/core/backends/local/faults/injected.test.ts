/**
 * Every call of the file system goes wrong once, in every way: the command either takes effect or it does not, says which file and
 * why, and the next one works.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../../../../support/cli';
import { differences, type World, worldOf } from '../undo/fixtures';
import { FAULTS, type Fault, faultyDisk, namesBelow, onDisk } from './faulty-disk';

const LONG = process.env.STSCTL_TEST_LONG === '1';

const isAlive = (pid: number) => pid === process.pid;
const machine = { now: () => 0, sleep: async () => {}, pid: process.pid, isAlive, hostname: 'test' };
/** A process that has ended when the next one looks for it. */
const host = { ...machine, pid: 999_999 };

let cli: Cli;
let original: string;
beforeAll(async () => {
  cli = createCli({ 'web.yaml': webYaml(2), 'more.yaml': webYaml(3) });
  await cli('apply -f web.yaml');
  await cli('sim clock advance 30s');
  await cli('sim snapshot save one');
  await cli('label sts/web a=b');
  original = mkdtempSync(join(tmpdir(), 'stsctl-injected-'));
  cpSync(dirname(cli.state), original, { recursive: true });
});
afterAll(() => {
  cli.dispose();
  rmSync(original, { recursive: true, force: true });
});

function again(): void {
  rmSync(dirname(cli.state), { recursive: true, force: true });
  cpSync(original, dirname(cli.state), { recursive: true, preserveTimestamps: true });
}

/** What is left of a command that was stopped. */
const leftovers = () =>
  namesBelow(dirname(cli.state)).filter((name) => /\.(tmp|new|lock)$|\.lock\.|\.undo\/mov/.test(name));

/** Runs the command once for each call that may go wrong; returns what went wrong first each time. */
async function breakEverywhere(command: string, fault: Fault, stride: number, first: number): Promise<string[]> {
  again();
  cli.local = () => ({ host: machine });
  const before = worldOf(cli.state);
  await cli(command);
  const after = worldOf(cli.state);
  const hits: string[] = [];
  for (let at = first; ; at += stride) {
    again();
    const { disk, hit } = faultyDisk(fault, at);
    cli.local = () => onDisk(disk, cli.state, host);
    const answer = await cli(command);
    cli.local = () => ({ host: machine });
    const where = `${command}, ${fault.name}: call ${at}, ${hit()}\n${answer.err}`;
    expectAnswer(answer, where);
    expect(await cli('get pods -o name'), where).toMatchObject({ code: 0, err: '' });
    const found = worldOf(cli.state);
    expectEither(answer.code === 0 ? [after] : [before, after], found, where);
    expect(await cli('create configmap next'), where).toMatchObject({ code: 0, err: '' });
    if (!fault.lasting || fault.code === 'ENOSPC') expect(leftovers(), where).toEqual([]);
    expect(await cli('sim undo'), where).toMatchObject({ code: 0, err: '' });
    expectEither([found], worldOf(cli.state), where);
    if (hit() === undefined) return hits;
    hits.push(hit() ?? '');
  }
}

function expectAnswer({ code, err, out }: { code: number; err: string; out: string }, where: string): void {
  if (code === 0) return;
  // What was found unchanged has been said before, and acknowledges nothing.
  expect(out.replace(/^.* unchanged\n/gm, ''), where).toBe('');
  expect(err, where).toMatch(/the disk is full|the disk failed|permission denied|can't be read any more/);
  expect(err, where).toContain(dirname(cli.state));
  expect(err, where).not.toContain('    at ');
}

function expectEither(worlds: readonly World[], found: World, where: string): void {
  const distances = worlds.map((world) => differences(world, found));
  expect(distances.find((each) => each.length === 0) ?? distances, where).toEqual([]);
}

const COMMANDS = [
  'label sts/web n=1',
  'scale sts/web --replicas=3',
  'apply -f more.yaml',
  'sim clock advance 5s',
  'sim undo',
  'sim snapshot restore one',
  'sim snapshot save two',
  'sim reset',
];

/** Commands share most calls: each is hit by some of them. */
const STRIDE = LONG ? 1 : 7;

describe.each(FAULTS)('$name', (fault) => {
  test.each(COMMANDS)('%s', async (command) => {
    const stride = fault.torn ? 1 : STRIDE;
    const hits = await breakEverywhere(command, fault, stride, (COMMANDS.indexOf(command) * 2) % stride);
    expect(hits.length).toBeGreaterThan(0);
  });
});
