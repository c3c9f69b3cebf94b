/**
 * Every call that concerns files of pods and volumes goes wrong once: what a command acknowledges is there; where it fails it says so,
 * and the next one works.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, createCli, type Result } from '../../../../support/cli';
import { LONG } from '../../../../support/seed';
import { differences, SET, type World, worldOf } from '../undo/fixtures';
import { FAULTS, type Fault } from './faulty-disk';
import { breakFiles, type FaultyFiles } from './faulty-files';

let cli: Cli;
let original: string;
let faulty: FaultyFiles | undefined;
beforeAll(async () => {
  cli = createCli({ 'set.yaml': SET, 'local.txt': 'copied\n' });
  for (const command of ['apply -f set.yaml', 'sim clock settle', 'exec web-0 -- mkdir /data/old']) await cli(command);
  original = mkdtempSync(join(tmpdir(), 'stsctl-containers-'));
  cpSync(dirname(cli.state), original, { recursive: true, verbatimSymlinks: true });
});
afterEach(() => faulty?.stop());
afterAll(() => {
  cli.dispose();
  rmSync(original, { recursive: true, force: true });
});

function again(): void {
  rmSync(dirname(cli.state), { recursive: true, force: true });
  cpSync(original, dirname(cli.state), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

/** Runs the command on good and on bad files, call by call. */
async function breakEverywhere(
  command: readonly string[],
  fault: Fault,
  check: (answer: Result, after: World, where: string) => void,
): Promise<number> {
  again();
  await cli(command);
  const after = worldOf(cli.state);
  const stride = LONG ? 1 : fault.code === 'ENOSPC' ? 3 : 29;
  for (let at = LONG ? 0 : 2, hits = 0; ; at += stride, hits++) {
    again();
    faulty = breakFiles(fault, at, [`${cli.state}.volumes`, `${cli.state}.pods`]);
    const answer = await cli(command);
    faulty.stop();
    const where = `${command.join(' ')}, ${fault.name}: call ${at}, ${faulty.hit()}\n${answer.err}`;
    expect(answer.err, where).not.toMatch(/TypeError|^ {4}at /m);
    check(answer, after, where);
    expect(await cli('get pods -o name'), where).toMatchObject({ code: 0, err: '' });
    expect(await cli(['exec', 'web-1', '--', 'cat', '/data/name']), where).toEqual({
      code: 0,
      err: '',
      out: 'web-1\n',
    });
    expect(await cli('label sts/web next=1'), where).toMatchObject({ code: 0, err: '' });
    if (faulty.hit() === undefined) return hits;
  }
}

/** What volumes hold, without the times of files: a copied file has that of its original, which is made anew each time. */
const files = (world: World): World =>
  Object.fromEntries(
    Object.entries(world)
      .filter(([name]) => name.startsWith('volumes/'))
      .map(([name, held]) => [name, held.replace(/^(\d+) \d+ /, '$1 ')]),
  );

/** What is said to be done is done. */
function expectTruth({ code, err, out }: Result, after: World, where: string): void {
  if (code === 0) expect(differences(files(after), files(worldOf(cli.state))), where).toEqual([]);
  else
    expect(err + out, where).toMatch(
      /ENOSPC|EIO|EACCES|No space left|ermission denied|disk|No such file|cannot safely|Input\/output error/,
    );
}

const KINDS = FAULTS.filter(({ torn }) => !torn);

describe.each(KINDS)('$name', (fault) => {
  test.each<readonly string[]>([
    ['exec', 'web-0', '--', 'sh', '-c', 'echo 1 > /data/new'],
    ['exec', 'web-0', '--', 'sh', '-c', 'echo more >> /data/name'],
    ['exec', 'web-0', '--', 'cp', '/data/name', '/data/copy'],
    ['exec', 'web-0', '--', 'mv', '/data/name', '/data/old/name'],
    ['cp', 'local.txt', 'web-0:/data/old/here', '', '', ''],
  ])('%s %s %s %s %s %s', async (...command) => {
    expect(await breakEverywhere(command.filter(Boolean), fault, expectTruth)).toBeGreaterThan(0);
  });

  test('containers that start fail as containers do, or not at all', async () => {
    const command = ['delete', 'pod', 'web-0'];
    expect(await breakEverywhere(command, fault, () => {})).toBeGreaterThanOrEqual(0);
    again();
    await cli(command);
    faulty = breakFiles(fault, 3, [`${cli.state}.volumes`, `${cli.state}.pods`]);
    await cli('sim clock advance 30s');
    faulty.stop();
    await cli('sim clock advance 1h');
    expect((await cli('get pod web-0 -o jsonpath={.status.phase}')).out).toBe('Running');
  });
});
