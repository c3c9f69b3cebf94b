/** `why` of several objects, of what is still to come, and followed; what it says of pods alike, of crashes and of refusals. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, chain, follow } from '../support/advice';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(3) });
  await cli('apply -f web.yaml');
});
afterEach(() => cli.dispose());

const settle = () => cli('sim clock settle');
const heads = (out: string): string[] => out.split('\n').filter((line) => /^\w+\//.test(line));
const template = (spec: object) => cli(['patch', 'sts', 'web', '-p', JSON.stringify({ spec: { template: { spec } } })]);

describe('several objects', () => {
  beforeEach(async () => {
    await settle();
    await cli('create namespace prod');
    await cli('apply -f web.yaml -n prod');
    await cli('sim clock advance 30s');
  });

  test('by labels, all of a namespace, and of all namespaces', async () => {
    const ready = ['web-0', 'web-1', 'web-2'].map((name) => `pod/${name}: nothing: it is running and ready`);
    expect(heads((await cli('why pods -l app=nginx')).out)).toEqual(ready);
    expect(heads((await cli('why pods --all -n prod')).out)).toEqual(ready);
    expect(heads((await cli('why sts -A')).out)).toEqual([
      expect.stringMatching(/^statefulset\/web in default: nothing: all 3/),
      expect.stringMatching(/^statefulset\/web in prod: nothing: all 3/),
    ]);
    expect(JSON.parse((await cli('why sts --all -o json')).out)).toHaveLength(1);
  });

  test('none is said on stderr, and is an empty list for programs', async () => {
    expect(await cli('why pods -l app=none')).toEqual({
      out: '',
      err: 'No resources found in default namespace.\n',
      code: 0,
    });
    expect((await cli('why pods -l app=none -o json')).out).toBe('[]\n');
    expect((await cli('why sts web --all')).err).toBe('error: name cannot be provided when a selector is specified\n');
  });
});

test('a pod and a claim that are still to come are told what the set waits for, and are not found all the same', async () => {
  const { out, err, code } = await cli('why pod/web-2');
  expect(out).toBe(`pod/web-2: it does not exist yet: StatefulSet web has yet to create it
  web-0 is not ready: web-1 and web-2 are created only after it
    since    2026-01-01T00:00:00Z (0s ago)
    until    2026-01-01T00:00:01Z (in 1s)
    rule     predecessor-not-ready (StatefulSet controller: processReplica, OrderedReady)
    ends     by itself, when web-0 is running and ready, that is when container nginx runs
    because  container nginx is being started [container-creating], ends in 1s
`);
  expect([err, code]).toEqual(['Error from server (NotFound): pods "web-2" not found\n', 1]);
  expect(JSON.parse((await cli('why pod/web-2 -o json')).out)).toMatchObject({ exists: false });
  expect(await cli('why pod/web-3')).toEqual({
    out: '',
    err: 'Error from server (NotFound): pods "web-3" not found\n',
    code: 1,
  });
});

describe('--watch', () => {
  test('tells each change, until nothing is waited for', async () => {
    const { out, code } = await cli('why sts/web --watch');
    expect([code, heads(out)]).toEqual([
      0,
      [
        'statefulset/web: 0 of 3 replicas are ready',
        'statefulset/web: 1 of 3 replicas is ready',
        'statefulset/web: 2 of 3 replicas are ready',
        expect.stringMatching(/^statefulset\/web: nothing: all 3 replicas are ready/),
      ],
    ]);
    expect(out.match(/web-1 is not ready/g)).toHaveLength(1);
  });

  test('ends where nothing more happens by itself', async () => {
    await settle();
    await cli('set image sts/web nginx=nginx:does-not-exist');
    const { out, err, code } = await cli('why sts/web -w');
    expect(heads(out).at(-1)).toMatch(/^statefulset\/web: 2 of 3 replicas are ready/);
    expect(out).toContain('rule     broken-revision');
    expect([err, code]).toEqual(['error: statefulset/web still waits, and nothing more will happen by itself\n', 1]);
  });

  test.each(['--timeout=1500ms', '--request-timeout=1500ms'])(
    'ends with %s, and fails where something still waits',
    async (limit) => {
      const { out, err, code } = await cli(`why sts/web -w ${limit}`);
      expect(heads(out).at(-1)).toBe('statefulset/web: 1 of 3 replicas is ready');
      expect([err, code]).toEqual(['error: timed out: statefulset/web still waits\n', 1]);
      expect((await cli('sim clock')).out).toBe('virtual 2026-01-01T00:00:01Z\n');
    },
  );

  test('succeeds where nothing is waited for when the time is over', async () => {
    expect(await cli('why sts/web -w --timeout=3s')).toMatchObject({ err: '', code: 0 });
    expect(await cli('why sts/web -w --timeout=1s')).toMatchObject({ err: '', code: 0 });
  });

  test('of nothing says that there is nothing', async () => {
    expect(await cli('why pods -l app=none -w')).toEqual(await cli('why pods -l app=none'));
  });

  test('a limit without it makes no sense', async () => {
    expect(await cli('why sts/web --timeout=5s')).toEqual({
      out: '',
      err: 'error: --timeout is for --watch\n',
      code: 1,
    });
    expect((await cli('why sts/web -w --timeout=-5s')).err).toBe('error: --timeout must not be negative\n');
  });

  test('is for readers', async () => {
    expect((await cli('why sts/web -w -o json')).err).toBe('error: --watch cannot be used with --output json\n');
  });
});

describe('at a terminal', () => {
  beforeEach(() => {
    cli.terminal = { columns: 200, rows: 50 };
  });

  test('a clock that stands still is named, with the command that moves it', async () => {
    const { out } = await cli('why sts/web');
    const last = out.trimEnd().split('\n').at(-1);
    expect(last).toBe('The clock is virtual and stands still: nothing happens until "stsctl sim clock advance 1s".');
    await cli('sim clock advance 1s');
    expect((await cli('why pod/web-0')).out).not.toContain('stands still');
  });

  test('where nothing ends by itself there is nothing to be said of it', async () => {
    await settle();
    await cli('set image sts/web nginx=nginx:does-not-exist');
    await settle();
    expect((await cli('why sts/web')).out).not.toContain('stands still');
  });
});

describe('what is told', () => {
  beforeEach(() => settle());

  test('pods in the same trouble are told together', async () => {
    await cli('scale sts web --replicas=8');
    await settle();
    await cli('sim fail sts/web unready');
    const { reasons } = await ask(cli, 'sts/web');
    expect(reasons.map(({ message, remedy }) => [message, remedy])).toEqual([
      ['web-0, web-1, web-2, web-3, web-4 and 3 more are not ready', ['sim heal f1']],
    ]);
    await follow(cli, reasons[0]?.remedy);
    expect((await ask(cli, 'sts/web')).reasons).toEqual([]);
  });

  test('and pods in different troubles apart', async () => {
    await cli('sim fail pod/web-0 unready');
    await cli('annotate pod web-2 stsctl.dev/ready=false');
    expect((await ask(cli, 'sts/web')).reasons.map(({ message }) => message)).toEqual([
      'web-0 is not ready',
      'web-2 is not ready',
    ]);
  });

  test('a container that its liveness probe ends is told so, since its first crash, and how to go back', async () => {
    await template({
      containers: [{ name: 'nginx', livenessProbe: { httpGet: { path: '/nope', port: 80 }, periodSeconds: 2 } }],
    });
    await cli('sim clock advance 1m');
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('broken-revision < crash-loop < liveness-probe');
    const [crash] = answer.reasons[0]?.because ?? [];
    expect(crash?.message).toMatch(
      /^container nginx crashes again and again \(CrashLoopBackOff\): \d restarts so far, it last ended with exit code 143/,
    );
    expect(crash?.because?.[0]?.message).toBe(
      'the kubelet stops container nginx because it fails its liveness probe: Liveness probe failed: HTTP probe failed with statuscode: 404',
    );
    const backOff = JSON.parse((await cli('get events -o json')).out).items.filter(
      ({ reason }: { reason: string }) => reason === 'BackOff',
    );
    expect(backOff.map((event: { firstTimestamp: string }) => Date.parse(event.firstTimestamp))).toContain(
      Date.parse((crash?.since ?? '').replace(/\.\d+/, '')),
    );
    await follow(cli, answer.reasons[0]?.remedy);
    expect((await ask(cli, 'sts/web')).reasons).toEqual([]);
  });

  test('a scale-down without order is a wait, too', async () => {
    cli.files.set('par.yaml', webYaml(3).replace('serviceName:', 'podManagementPolicy: Parallel\n  serviceName:'));
    await cli('replace --force -f par.yaml');
    await settle();
    await cli('scale sts web --replicas=0');
    const { summary, reasons } = await ask(cli, 'sts/web');
    expect([summary, reasons.map(({ rule, message }) => [rule, message])]).toEqual([
      '0 of 0 replicas are ready, 3 still to be scaled away',
      [['pod-terminating', 'web-2, web-1 and web-0 are Terminating, for the set is scaled down']],
    ]);
  });

  test('a pod that is ready and does not count yet', async () => {
    await cli(['patch', 'sts', 'web', '-p', '{"spec":{"minReadySeconds":60}}']);
    await cli('delete pod web-1');
    await settle();
    await cli('delete pod web-1');
    await cli('sim clock advance 1s');
    const { summary, reasons } = await ask(cli, 'pod/web-1');
    expect([summary, reasons.map(({ rule, endsAlone }) => [rule, endsAlone])]).toEqual([
      'it is running and ready, but not available yet',
      [['min-ready-seconds', true]],
    ]);
  });

  test.each([
    ['partition', '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}', /partition 2\): web-0 stays at/],
    ['on-delete', '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}', /OnDelete: web-0 stays at/],
  ])('%s: the pod says why it keeps its revision', async (rule, spec, message) => {
    await cli(['patch', 'sts', 'web', '-p', spec]);
    await cli('set image sts/web nginx=nginx:1.22');
    await settle();
    const { reasons, notes } = await ask(cli, 'pod/web-0');
    expect([reasons, notes.map((note) => note.rule), notes[0]?.message]).toEqual([
      [],
      [rule],
      expect.stringMatching(message),
    ]);
    await follow(cli, notes[0]?.remedy);
    expect((await ask(cli, 'pod/web-0')).notes).toEqual([]);
  });

  test('a priority class that is missing is named, and its creation is the way out', async () => {
    await template({ priorityClassName: 'high' });
    await cli('delete pod web-2');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect([chain(answer), answer.reasons[0]?.remedy]).toEqual([
      'missing-priority-class',
      ['create priorityclass high --value=0'],
    ]);
    await follow(cli, answer.reasons[0]?.remedy);
    await cli('sim clock advance 5m');
    expect((await ask(cli, 'sts/web')).reasons).toEqual([]);
  });

  test('a readiness gate is set by the command that is told', async () => {
    await template({ readinessGates: [{ conditionType: 'example.com/lb' }] });
    await settle();
    for (let i = 0; i < 3; i++) {
      const answer = await ask(cli, 'sts/web');
      expect(chain(answer)).toMatch(/readiness-gate$/);
      await follow(cli, answer.reasons[0]?.remedy);
    }
    expect((await ask(cli, 'sts/web')).reasons).toEqual([]);
  });

  test('a pod that a finalizer keeps is not waited for', async () => {
    await cli(['patch', 'pod', 'web-1', '-p', '{"metadata":{"finalizers":["example.com/hold"]}}']);
    await cli('label pod web-1 app=other --overwrite');
    await settle();
    const { reasons } = await ask(cli, 'sts/web');
    expect([reasons[0]?.rule, reasons[0]?.remedy]).toEqual(['name-taken', ['delete pod web-1 --wait=false']]);
  });
});
