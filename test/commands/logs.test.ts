/** What containers printed, chosen as kubectl's flags say, and never from the future. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

const LOOP = ['sh', '-c', 'i=0; while true; do echo line $i; i=$((i+1)); sleep 10; done'];

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml(2) });
});
afterEach(() => cli.dispose());

const ok = (out: string) => ({ out, err: '', code: 0 });

async function loop(name = 'b'): Promise<void> {
  await cli(['run', name, '--image=busybox', '--labels=app=loop', '--', ...LOOP]);
  await cli(`wait --for=condition=Ready pod/${name}`);
}

test('a loop is heard up to the present, and further as time goes on', async () => {
  await loop();
  expect(await cli('logs b')).toEqual(ok('line 0\n'));
  await cli('sim clock advance 35s');
  expect(await cli('logs b')).toEqual(ok('line 0\nline 1\nline 2\nline 3\n'));
  expect(await cli('logs b --tail=1')).toEqual(ok('line 3\n'));
  expect(await cli('logs b --tail=0')).toEqual(ok(''));
  expect(await cli('logs b --since=15s')).toEqual(ok('line 2\nline 3\n'));
  expect(await cli('logs b --limit-bytes=10')).toEqual(ok('line 0\nlin'));
  const { out } = await cli('logs b --timestamps --tail=2');
  expect(out).toMatch(/^2026-01-01T00:00:\d\d\.\d{9}Z line 2\n2026-01-01T00:00:\d\d\.\d{9}Z line 3\n$/);
  const since = out.slice(out.indexOf('\n') + 1).split(' ')[0];
  expect(await cli(`logs b --since-time=${since}`)).toEqual(ok('line 3\n'));
});

test('-f plays on until a command ends', async () => {
  await cli([
    'run',
    'a',
    '--image=busybox',
    '--restart=Never',
    '--',
    'sh',
    '-c',
    'echo one; sleep 5; echo two; exit 7',
  ]);
  await cli('wait --for=condition=Ready pod/a');
  expect(await cli('logs a')).toEqual(ok('one\n'));
  expect(await cli('logs -f a')).toEqual(ok('one\ntwo\n'));
  expect((await cli('get pod a --no-headers')).out).toMatch(/Error/);
});

test('several containers are followed at once, each in its order', async () => {
  await loop('b');
  await loop('c');
  const { out } = await cli('logs -f -l app=loop --prefix');
  for (const name of ['b', 'c']) {
    const own = out.split('\n').filter((line) => line.startsWith(`[pod/${name}/${name}] `));
    expect(own.length).toBeGreaterThan(20);
    expect(own.map((line) => Number(line.split(' ').at(-1)))).toEqual(own.map((_, i) => i));
  }
  expect(await cli('logs -f -l app=loop --max-log-requests=1')).toEqual({
    out: '',
    err: 'error: you are attempting to follow 2 log streams, but maximum allowed concurrency is 1, use --max-log-requests to increase the limit\n',
    code: 1,
  });
});

test('a selector shows ten lines of each', async () => {
  await loop();
  await cli('sim clock advance 5m');
  expect((await cli('logs -l app=loop')).out.split('\n')).toHaveLength(11);
  expect((await cli('logs -l app=loop --tail=-1')).out.split('\n')).toHaveLength(32);
  expect(await cli('logs -l app=none')).toEqual({
    out: '',
    err: 'No resources found in default namespace.\n',
    code: 0,
  });
});

test('the life before this one', async () => {
  await cli(['run', 'crash', '--image=busybox', '--', 'sh', '-c', 'echo $HOSTNAME dies; sleep 1; exit 1']);
  await cli('wait --for=jsonpath={.status.containerStatuses[0].restartCount}=1 pod/crash');
  expect(await cli('logs -p crash')).toEqual(ok('crash dies\n'));
  expect(await cli('logs crash')).toMatchObject({ code: 0 });
});

test('of a set: one of its pods, or all', async () => {
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
  expect(await cli('logs sts/web')).toEqual({ out: '', err: 'Found 2 pods, using pod/web-0\n', code: 0 });
  expect(await cli('logs sts/web --all-pods')).toEqual(ok(''));
});

test('the words of a pod that has not started', async () => {
  await cli('run e --image=busybox');
  expect(await cli('logs e')).toMatchObject({
    err: 'Error from server (BadRequest): container "e" in pod "e" is waiting to start: ContainerCreating\n',
    code: 1,
  });
});

test.each([
  ['logs web-9', 'error: error from server (NotFound): pods "web-9" not found in namespace "default"\n'],
  ['logs web-0 -c x', 'error: container x is not valid for pod web-0 out of: nginx\n'],
  ['logs web-0 -p', 'Error from server (BadRequest): previous terminated container "nginx" in pod "web-0" not found\n'],
  ['logs web-0 --tail=-2', 'error: --tail must be greater than or equal to -1\n'],
  ['logs web-0 --since=-1s', 'error: --since must be greater than 0\n'],
  ['logs web-0 --limit-bytes=-1', 'error: --limit-bytes must be greater than 0\n'],
  ['logs web-0 --all-containers -c x', 'error: --all-containers=true should not be specified with container name x\n'],
  ['logs web-0 nginx -c nginx', 'error: only one of -c or an inline [CONTAINER] arg is allowed\n'],
  [
    'logs web-0 --since=1s --since-time=2026-01-01T00:00:00Z',
    'error: at most one of `sinceTime` or `sinceSeconds` may be specified\n',
  ],
  ['logs web-0 --since-time=x', 'error: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"\n'],
  [
    'logs web-0 -l a=b',
    "error: only a selector (-l) or a POD name is allowed\nSee 'stsctl logs -h' for help and examples\n",
  ],
  [
    'logs',
    "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n" +
      "POD or TYPE/NAME is a required argument for the logs command\nSee 'stsctl logs -h' for help and examples\n",
  ],
])('%s is refused', async (command, err) => {
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
  expect(await cli(command)).toEqual({ out: '', err, code: 1 });
});

describe('-f of a container that has not started', () => {
  const waits = (why: string) => `container "e" in pod "e" is waiting to start: ${why}\n`;

  test('waits until it has', async () => {
    await cli(['run', 'e', '--image=busybox', '--restart=Never', '--', 'echo', 'here']);
    expect(await cli('logs -f e')).toEqual({ out: 'here\n', err: waits('ContainerCreating'), code: 0 });
  });

  test('gives up in the end, and with --ignore-errors says so among the lines', async () => {
    await cli('run e --image=does-not-exist');
    await cli('sim clock advance 30s');
    const before = await cli('sim clock');
    const tries = waits('trying and failing to pull image').repeat(3);
    expect(await cli('logs -f e --pod-running-timeout=3s')).toEqual({
      out: '',
      err: `${tries}error: context deadline exceeded\n`,
      code: 1,
    });
    expect(await cli('sim clock')).not.toEqual(before);
    expect(await cli('logs -f e --pod-running-timeout=3s --ignore-errors')).toEqual({
      out: 'error: context deadline exceeded\n',
      err: tries,
      code: 0,
    });
    expect(await cli('logs e')).toMatchObject({ code: 1 });
  });
});
