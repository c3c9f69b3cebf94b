import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml(3) });
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string) => ({ out: '', err, code: 1 });
const until = (...args: string[]) => cli(['sim', 'clock', 'until', ...args]);

describe('sim clock until', () => {
  test('stops at the very instant', async () => {
    await cli('apply -f web.yaml');
    expect(await until('pod/web-1 exists')).toEqual(ok('pod/web-1 exists after 1s, at 2026-01-01T00:00:01Z\n'));
    expect(await cli('get pods')).toEqual(
      ok(`NAME    READY   STATUS              RESTARTS   AGE
web-0   1/1     Running             0          1s
web-1   0/1     ContainerCreating   0          0s
`),
    );
    expect(await until('sts/web ready')).toEqual(ok('sts/web ready after 2s, at 2026-01-01T00:00:03Z\n'));
    expect(await until('sts/web ready')).toEqual(ok('sts/web ready after 0s, at 2026-01-01T00:00:03Z\n'));
    await cli('set image sts/web nginx=nginx:1.22');
    expect((await until('pod/web-2 terminating')).out).toBe(
      'pod/web-2 terminating after 0s, at 2026-01-01T00:00:03Z\n',
    );
    expect((await until('pod/web-2 gone')).out).toBe('pod/web-2 gone after 1s, at 2026-01-01T00:00:04Z\n');
    expect((await cli('get pods -o name')).out).toBe('pod/web-0\npod/web-1\npod/web-2\n');
    expect((await until('sts/web updated')).out).toBe('sts/web updated after 5s, at 2026-01-01T00:00:09Z\n');
    expect((await cli('sim clock')).out).toBe('virtual 2026-01-01T00:00:09Z\n');
  });

  test('several conditions, not, phases, --for, in one argument or many', async () => {
    await cli('apply -f web.yaml');
    expect(await until('pod/web-0 pending and pod/web-0', 'not', 'ready')).toEqual(
      ok('pod/web-0 pending and pod/web-0 not ready after 0s, at 2026-01-01T00:00:00Z\n'),
    );
    expect((await until('pod/web-0', 'running', 'pod/web-1 condition=Ready')).out).toBe(
      'pod/web-0 running and pod/web-1 condition=Ready after 2s, at 2026-01-01T00:00:02Z\n',
    );
    expect((await until('sts/web', '--for=jsonpath={.status.readyReplicas}=3')).out).toBe(
      'sts/web jsonpath={.status.readyReplicas}=3 after 1s, at 2026-01-01T00:00:03Z\n',
    );
    const spaced = 'pod/web-0 jsonpath=\'{.status.conditions[?(@.type == "Ready")].status}\'=True';
    expect((await until(`${spaced} and sts/web available`)).code).toBe(0);
    expect(JSON.parse((await until('sts/web ready', '-o', 'json')).out)).toEqual({
      conditions: ['sts/web ready'],
      after: '0s',
      time: '2026-01-01T00:00:03Z',
    });
  });

  test('says what is missing when it will never hold, or takes too long', async () => {
    await cli('apply -f web.yaml');
    expect(await until('pod/web-2 exists', '--timeout=1500ms')).toEqual(
      fails("error: timed out after 1.5s waiting for pod/web-2 exists: pod/web-2 doesn't exist\n"),
    );
    expect((await cli('sim clock')).out).toBe('virtual 2026-01-01T00:00:01Z\n');
    await cli('set image sts/web nginx=nginx:does-not-exist');
    expect(await until('sts/web ready and pod/web-7 gone')).toEqual(
      fails(
        'error: sts/web ready and pod/web-7 gone will never hold: after 2.5s nothing more changes by itself, and sts/web has ' +
          "2 of 3 pods ready\nSee 'stsctl why sts/web'.\n",
      ),
    );
    expect(await until('pod/web-0 not ready')).toEqual(
      fails(
        'error: pod/web-0 not ready will never hold: after 0s nothing more changes by itself, and "pod/web-0 ready" holds\nSee \'stsctl why pod/web-0\'.\n',
      ),
    );
  });

  test('takes words as tables show them, and those that say that something happened', async () => {
    await cli('apply -f web.yaml');
    expect((await until('pod/web-0 Running and ns/default Active')).code).toBe(0);
    expect((await until('pod/web-1 created', 'and', 'sts/web Ready')).out).toBe(
      'pod/web-1 created and sts/web Ready after 2s, at 2026-01-01T00:00:03Z\n',
    );
    await cli('delete pod web-2 --wait=false');
    expect((await until('pod/web-2 Terminating and pod/web-2 not deleted')).code).toBe(0);
    expect((await until('pod/web-2 deleted')).out).toBe('pod/web-2 deleted after 1s, at 2026-01-01T00:00:04Z\n');
  });

  test('what takes longer than it is given leads on to why', async () => {
    await cli('apply -f web.yaml');
    await cli(['patch', 'sts', 'web', '-p', '{"spec":{"minReadySeconds":3600}}']);
    expect(await until('sts/web available')).toEqual(
      fails(
        'error: timed out after 10m0s waiting for sts/web available: sts/web has 0 of 3 pods available\n' +
          "See 'stsctl why sts/web'.\n",
      ),
    );
    expect(await cli('sim clock settle')).toEqual(
      ok(
        '',
        'warning: not settled within ten minutes: more is still to happen; "sim clock until CONDITION --timeout=1h" plays on\n',
      ),
    );
    expect((await until('sts/web available', '--timeout=4h')).code).toBe(0);
    expect(await cli('sim clock settle')).toEqual(ok(''));
  });

  test('refuses what makes no sense, and moves nothing', async () => {
    await cli('apply -f web.yaml');
    const before = readFileSync(cli.state, 'utf8');
    const words =
      "ready, available, updated, terminating, exists, gone, a phase, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE]";
    expect(await until()).toEqual(fails("error: a condition is missing, as in 'sts/web ready'\n"));
    expect(await until('web ready')).toEqual(
      fails(`error: expected TYPE/NAME, as in 'sts/web ready', and found "web"\n`),
    );
    expect(await until('sts/web')).toEqual(fails(`error: sts/web: expected one of ${words}\n`));
    expect(await until('sts/web not')).toEqual(fails(`error: sts/web: expected one of ${words}\n`));
    expect(await until('sts/web happy')).toEqual(
      fails(`error: unknown condition "happy" of sts/web: expected one of ${words}\n`),
    );
    expect(await until('sts/web ready and')).toEqual(fails('error: a condition is missing after "and"\n'));
    expect(await until('pvc/x updated')).toEqual(
      fails('error: pvc/x updated: a PersistentVolumeClaim is never said to be updated\n'),
    );
    expect(await until('nope/x ready')).toEqual(fails(`error: the server doesn't have a resource type "nope"\n`));
    expect((await until('sts/web ready', '--timeout=-1s')).err).toBe('error: --timeout must not be negative: -1s\n');
    expect(await cli('sim clock settle --timeout 1m')).toEqual(
      fails('error: --timeout is for "until" only\nSee \'stsctl sim clock -h\' for help and examples\n'),
    );
    expect(readFileSync(cli.state, 'utf8')).toBe(before);
  });
});

test('time ends with the year 9999', async () => {
  await cli('get pods');
  for (let i = 0; i < 27; i++) expect((await cli('sim clock advance 2500000h')).code).toBe(0);
  expect((await cli('sim clock')).out).toBe('virtual 9726-05-14T00:00:00Z\n');
  expect(await cli('sim clock advance 2500000h')).toEqual(
    fails('error: no time that Kubernetes can write comes after the year 9999\n'),
  );
  expect((await cli('sim clock')).out).toBe('virtual 9726-05-14T00:00:00Z\n');
});

test('says where the environment will have its own way', async () => {
  cli.env.STSCTL_CLOCK = 'virtual';
  expect(await cli('sim clock wall')).toEqual(
    ok(
      'clock set to wall\n',
      'warning: STSCTL_CLOCK=virtual is set: the next command sets the clock to virtual again\n',
    ),
  );
  expect(await cli('sim clock virtual')).toEqual(ok('clock set to virtual\n'));
});

describe('pause and rate', () => {
  test.each(['0x', '-1x', '1001', 'fast', '1e3', ''])('rate %j is refused', async (rate) => {
    expect(await cli(['sim', 'clock', 'rate', ...(rate ? ['--', rate] : [])])).toEqual(
      fails(
        rate
          ? `error: invalid rate ${JSON.stringify(rate)}: expected a number from 0.001x to 1000x, as in 10x or 0.5x\n`
          : 'error: rate needs a number, as in 10x or 0.5x\n',
      ),
    );
  });

  test('the virtual clock has none', async () => {
    for (const action of ['pause', 'resume', 'rate 2x'])
      expect(await cli(`sim clock ${action}`)).toEqual(
        fails('error: the virtual clock has no pace: it stands still until a command waits or moves it\n'),
      );
  });
});
