/**
 * The built program, killed at random instants: the state is the one before or after, with its files; the next command works,
 * and takes away what was left.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, statSync, watch } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../../../../support/cli';
import { systemHost } from '../system-host';
import { differences, random, SET, type World, worldOf } from '../undo/fixtures';
import { namesBelow } from './faulty-disk';

const LONG = process.env.STSCTL_TEST_LONG === '1';
const KILLS = LONG ? 200 : 15;

const PROGRAM = fileURLToPath(new URL('../../../../../bin/stsctl.js', import.meta.url));

const COMMANDS = [
  'label sts/web n=1',
  'scale sts/web --replicas=5',
  'delete sts web --cascade=orphan',
  'create configmap more --from-literal=a=b',
  'sim clock settle',
  'sim undo 2',
  'sim snapshot restore one',
  'sim snapshot save two',
  'sim config start=3s',
  'sim reset',
] as const;

/** Ends with what a killed process leaves: nothing is waited for longer than so many ms. */
function run(state: string, command: string, killAfter?: { readonly locked: boolean; readonly ms: number }) {
  const begun = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...command.split(' ')], {
    env: { PATH: process.env.PATH, STSCTL_STATE: state, STSCTL_CLOCK: 'virtual', STSCTL_SEED: '7' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (out += text));
  let timer: NodeJS.Timeout | undefined;
  const kill = () => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), killAfter?.ms);
  };
  const watcher = killAfter?.locked
    ? watch(dirname(state), (_, name) => name?.includes('.lock') && kill())
    : killAfter && kill();
  let lockedAt: number | undefined;
  const clock = killAfter ? undefined : watch(dirname(state), () => (lockedAt ??= performance.now()));
  return new Promise<{ code: number | null; out: string; ms: number; lockedMs: number }>((resolve) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      if (watcher) watcher.close();
      clock?.close();
      const ended = performance.now();
      resolve({ code, out, ms: ended - begun, lockedMs: ended - (lockedAt ?? begun) });
    }),
  );
}

/** What this machine's clock says is another thing each time. */
const worldAt = (state: string): World => {
  const world = { ...worldOf(state) };
  if (world.state) world.state = world.state.replace(/^"(local|sum)":.*$/gm, '');
  // An empty folder for volumes is as good as none.
  for (const base of ['volumes', 'pods'])
    if (!Object.keys(world).some((name) => name.startsWith(`${base}/`))) delete world[base];
  return world;
};

/** A draft of a lock that nothing was written to yet is nobody's: it goes once it is a minute old. */
const leftovers = (state: string) =>
  namesBelow(dirname(state))
    .filter((name) => /\.(tmp|new|lock)$|\.lock\.|\.undo\/mov/.test(name))
    .filter((name) => !/\.lock\.\d+-\d+$/.test(name) || statSync(join(dirname(state), name)).size > 0);

const folders: string[] = [];
const clis: Cli[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  for (const cli of clis.splice(0)) cli.dispose();
});

/** Kills so many commands one after the other; returns how many were cut off, before and after their change. */
async function killAtRandom(lane: number) {
  const next = random(lane);
  const cli = createCli({ 'set.yaml': SET });
  clis.push(cli);
  cli.local = () => ({ host: { ...systemHost(), hostname: hostname() } });
  await cli('apply -f set.yaml');
  await cli('sim clock advance 10s');
  await cli('sim snapshot save one');
  await cli(['exec', 'web-0', '--', 'sh', '-c', 'echo 1 > /data/one; mkdir /data/folder; chmod 500 /data/folder']);
  await cli('scale sts/web --replicas=1');
  const original = mkdtempSync(join(tmpdir(), 'stsctl-sigkill-'));
  folders.push(original);
  cpSync(dirname(cli.state), original, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const again = () => {
    rmSync(dirname(cli.state), { recursive: true, force: true });
    cpSync(original, dirname(cli.state), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  };
  const before = worldAt(cli.state);
  const known = new Map<string, { after: World; ms: number; lockedMs: number }>();
  const found = { before: 0, after: 0 };
  for (let i = 0; i < KILLS; i++) {
    const command = COMMANDS[(i + lane * 3) % COMMANDS.length];
    again();
    if (!known.has(command)) {
      const { code, ms, lockedMs, out } = await run(cli.state, command);
      expect({ code, out }, command).toMatchObject({ code: 0 });
      known.set(command, { after: worldAt(cli.state), ms, lockedMs });
      again();
    }
    const { after = {}, ms = 0, lockedMs = 0 } = known.get(command) ?? {};
    // Most of a command is getting ready: half of the kills wait until it touches the folder.
    const kill = i % 4 === 0 ? { locked: false, ms: next() * ms } : { locked: true, ms: next() * lockedMs };
    const { code, out } = await run(cli.state, command, kill);
    const where = `${command}, killed after ${JSON.stringify(kill)}, exit code ${code}`;
    expect(await cli('get pods -o name'), where).toMatchObject({ code: 0, err: '' });
    expect(await cli('sim history'), where).toMatchObject({ code: 0, err: '' });
    const world = worldAt(cli.state);
    const isBefore = differences(before, world).length === 0;
    // What was acknowledged has happened.
    if (isBefore && command !== 'sim snapshot save two') expect(out, where).toBe('');
    expect(await cli('create configmap next'), where).toMatchObject({ code: 0, err: '' });
    expect(leftovers(cli.state), where).toEqual([]);
    expect(await cli('sim undo'), where).toMatchObject({ code: 0, err: '' });
    const swept = worldAt(cli.state);
    const distances = [before, after].map((one) => differences(one, swept));
    expect(distances.find((each) => each.length === 0) ?? distances, where).toEqual([]);
    found[isBefore ? 'before' : 'after']++;
    if (i % 5 > 0) continue;
    const steps: { undone: boolean }[] = JSON.parse((await cli('sim history -o json')).out);
    expect((await cli(`sim undo ${steps.filter(({ undone }) => !undone).length}`)).err, where).toBe('');
    expect(
      [cli.state, `${cli.state}.volumes`, `${cli.state}.pods`].filter((path) => existsSync(path)),
      where,
    ).toEqual([]);
  }
  return found;
}

describe('killed', () => {
  // Commands in one go and four at a time find other instants.
  test.each([1, 2])(
    `${KILLS} times, seed %i`,
    async (seed) => {
      const found = await Promise.all([killAtRandom(seed), killAtRandom(seed + 10)]);
      expect(found.reduce((sum, { before, after }) => sum + before + after, 0)).toBe(2 * KILLS);
      if (process.env.STSCTL_TEST_LONG) console.info(JSON.stringify(found));
    },
    3_600_000,
  );
});
