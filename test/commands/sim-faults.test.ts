/** `sim fail`, `sim heal` and `sim faults` as a user types them. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(2), 'log.yaml': LOG });
  await cli('apply -f web.yaml');
  await cli('rollout status sts/web');
});
afterEach(() => cli.dispose());

/** Which lives of two pods the seed of the test cluster lets crash. */
const STRUCK = '7';

const LOG = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: log
spec:
  serviceName: log
  selector: {matchLabels: {app: log}}
  template:
    metadata: {labels: {app: log}}
    spec:
      containers:
      - name: main
        image: busybox:1.36
        command: [sh, -c, "echo start >> /data/log; echo ok; sleep infinity"]
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;

const pods = async (): Promise<string[]> =>
  (await cli('get pods --no-headers')).out
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/).slice(0, 4).join(' '));

describe('sim fail', () => {
  test('breaks a pod once, and says so', async () => {
    expect(await cli('sim fail pod/web-0 crash')).toEqual({
      out: 'fault/f1 created: pod/web-0 crash (once)\n',
      err: '',
      code: 0,
    });
    expect((await pods())[0]).toMatch(/^web-0 1\/1 Running 1 \(\d+s ago\)$/);
    expect(await cli('sim faults')).toEqual({ out: '', err: 'No faults.\n', code: 0 });
  });

  test('names never steer the terminal', async () => {
    const typed = 'ng\u001b[31min\rx\n\tx';
    const shown = 'image ng^[[31min\\rx x';
    expect(await cli(['sim', 'fail', 'image', typed, 'not-found'])).toEqual({
      out: `fault/f1 created: ${shown} not-found (until healed)\n`,
      err: `Note: no pod uses ${shown} yet; the fault waits for one.\n`,
      code: 0,
    });
    expect((await cli('sim faults --no-headers')).out).toBe(
      `f1    ${shown}   not-found   healed   -     -     0     0s\n`,
    );
    const { out } = await cli('sim heal --all');
    expect(out).toBe(`fault/f1 healed: ${shown} not-found\n`);
  });

  test.each([
    ['pods web-* unready --for 5m', 'pod/web-* unready (for 5m0s)'],
    ['po -l app=nginx stuck-terminating', 'pod -l app=nginx stuck-terminating (until healed)'],
    ['sts/web oom --until-healed -c nginx', 'statefulset/web oom in nginx (until healed)'],
    ['sts web crash --probability 0.2', 'statefulset/web crash (until healed, with probability 0.2)'],
    ['sts web evicted', 'statefulset/web evicted (2 times)'],
    ['image/nginx:1.21 not-found --times 2', 'image nginx:1.21 not-found (2 times)'],
    ['image docker.io/library/nginx:1.21 slow=1m30s', 'image docker.io/library/nginx:1.21 slow=1m30s (until healed)'],
    ['node/node-1 lost --for 10m', 'node/node-1 lost (for 10m0s)'],
    ['api create po --times 3', 'api create pods fails with 500 (3 times)'],
    ['api patch sts/web --by everyone --code 409', 'api update statefulsets.apps/web fails with 409 (once)'],
    ['api * * --by user --until-healed', 'api * * fails with 500 (until healed)'],
  ])('%s', async (words, created) => {
    const { out, err, code } = await cli(`sim fail ${words}`);
    expect({ out: out.replace(/^fault\/f\d+ created: /, ''), err, code }).toEqual({
      out: `${created}\n`,
      err: '',
      code: 0,
    });
  });

  test.each([
    ['pod/web-9 crash', 'there is no pod/web-9 yet; the fault waits for it'],
    ['pod/web-0 crash -c sidecar', 'no pod/web-0 has a container sidecar yet; the fault waits for one'],
    ['image redis:7 not-found', 'no pod uses image redis:7 yet; the fault waits for one'],
    ['pvc/data-web-0 pending', 'no pvc/data-web-0 is without a volume; the fault waits for a new one'],
  ])('%s is made for what is to come', async (words, note) => {
    const { err, code } = await cli(`sim fail ${words}`);
    expect({ err, code }).toEqual({ err: `Note: ${note}.\n`, code: 0 });
  });

  test.each([
    ['', 'expected what is to fail, as in "pod/web-0 crash"'],
    ['pod/web-0', 'expected what is wrong with a pod: crash, unready, oom, evicted or stuck-terminating'],
    [
      'pod/web-0 explode',
      'unknown fault "explode" of a pod: must be crash, unready, oom, evicted or stuck-terminating',
    ],
    [
      'pod/web-0 crash=3',
      'unknown fault "crash=3" of a pod: must be crash, unready, oom, evicted or stuck-terminating',
    ],
    ['deploy/web crash', 'unknown target "deploy": must be one of pod, statefulset, image, node, pvc, pv or api'],
    ['image nginx slow', 'unknown fault "slow" of an image: must be not-found or slow=DURATION'],
    ['image nginx slow=0s', 'invalid value "0s" for slow: must be a duration such as 30s or 5m'],
    ['node/node-1 lost --times 2', "--times can't be used with lost, which lasts: say how long with --for"],
    ['pod/web-0 crash --for soon', 'invalid value "soon" for --for: must be a duration such as 30s or 5m'],
    ['pod/web-0 crash --times 0', '--times must be at least 1'],
    ['pod/web-0 crash --times 2 --until-healed', "--until-healed can't be used with --times or --for"],
    ['pod/web-0 crash --probability 1.5', 'invalid value "1.5" for --probability: must be above 0 and at most 1'],
    ['pod/web-0 -l app=x crash', 'name pods or choose them with --selector, not both'],
    ['sts/web -l app=x crash', '--selector chooses pods: name the target as "pods"'],
    ['pod/web-0 evicted -c nginx', '--container goes with crash, oom and unready of a pod'],
    ['pod/web-0 crash --code 503', '--code goes with calls of the API: "sim fail api VERB RESOURCE"'],
    ['api get pods', 'unknown verb "get": must be create, update, status, delete, * or patch'],
    ['api create foos', 'the server doesn\'t have a resource type "foos"'],
    ['api create pods --code 418', 'invalid value 418 for --code: must be 403, 409, 429, 500, 503 or 504'],
    ['api create pods --by me', 'invalid value "me" for --by: must be controllers, user or everyone'],
  ])('refuses "%s"', async (words, message) => {
    const before = readFileSync(cli.state, 'utf8');
    const { out, err, code } = await cli(`sim fail ${words}`);
    expect({ out, err: err.split('\n')[0], code }).toEqual({ out: '', err: `error: ${message}`, code: 1 });
    expect(readFileSync(cli.state, 'utf8')).toBe(before);
  });
});

describe('sim faults and sim heal', () => {
  test('list and end what is broken', async () => {
    await cli('sim fail sts/web crash --for 5m --probability 0.5');
    await cli('sim fail node/node-7 lost');
    await cli('sim fail api create pods --times 3');
    await cli('sim clock advance 90s');
    expect((await cli('sim faults')).out).toBe(
      `ID    TARGET            FAULT            UNTIL      LEFT   PROBABILITY   STRUCK   AGE
f1    statefulset/web   crash            in 3m30s   -      0.5           ${STRUCK}        90s
f2    node/node-7       lost             healed     -      -             -        90s
f3    api create pods   fails with 500   used up    3      -             0        90s
`,
    );
    const [first] = JSON.parse((await cli('sim faults -o json')).out);
    expect(first).toEqual({
      id: 'f1',
      target: 'pod',
      fault: 'crash',
      namespace: 'default',
      set: 'web',
      probability: 0.5,
      struck: Number(STRUCK),
      since: expect.stringMatching(/Z$/),
      until: expect.stringMatching(/Z$/),
    });
    expect((await cli('sim heal node/node-7')).out).toBe('fault/f2 healed: node/node-7 lost\n');
    expect((await cli('sim heal f1')).out).toBe('fault/f1 healed: statefulset/web crash\n');
    expect(await cli('sim heal f1')).toEqual({ out: '', err: 'error: fault "f1" not found\n', code: 1 });
    expect((await cli('sim heal --all')).out).toBe('fault/f3 healed: api create pods fails with 500\n');
    expect(await cli('sim heal --all')).toEqual({ out: '', err: 'No faults.\n', code: 0 });
  });

  test('leave nothing behind in the state file', async () => {
    await cli('sim fail pod/web-0 unready');
    expect(readFileSync(cli.state, 'utf8')).toContain('"faults"');
    await cli('sim heal pod/web-0 unready');
    expect(readFileSync(cli.state, 'utf8')).not.toContain('"faults"');
  });

  test.each([
    ['', 'expected FAULT-ID, TARGET or --all'],
    ['pod/web-0', 'no fault of pod/web-0 found'],
    ['pod/web-0 lost', 'unknown fault "lost": must be crash, unready, oom, evicted or stuck-terminating'],
    ['f1 --all', 'name faults or take them all, not both'],
  ])('heal refuses "%s"', async (words, message) => {
    const { err, code } = await cli(`sim heal ${words}`);
    expect({ err: err.split('\n')[0], code }).toEqual({ err: `error: ${message}`, code: 1 });
  });
});

describe('a call that is made to fail', () => {
  test('fails as often as it is to, over several commands', async () => {
    await cli('sim fail api create configmaps --by user --times 2');
    const refused = 'error: failed to create configmap: Internal error occurred: etcdserver: request timed out\n';
    expect((await cli('create configmap x')).err).toBe(refused);
    expect((await cli('create configmap x')).err).toBe(refused);
    expect((await cli('create configmap x')).out).toBe('configmap/x created\n');
  });

  test('is tried again by the controller, which tells of it', async () => {
    await cli('sim fail api create pods --times 3');
    await cli('delete pod web-1');
    await cli('sim clock settle');
    expect((await pods()).map((line) => line.slice(0, 17))).toEqual(['web-0 1/1 Running', 'web-1 1/1 Running']);
    expect((await cli('events --for sts/web')).out).toMatch(
      / \(x3 over .*\) +Warning +FailedCreate +StatefulSet\/web +Create Pod web-1 in StatefulSet web failed error: Internal error occurred: etcdserver: request timed out\n/,
    );
  });
});

test('a full volume refuses writes in the words of Unix, and lets room be made', async () => {
  await cli('apply -f log.yaml');
  await cli('rollout status sts/log');
  await cli('sim fail pvc/data-log-0 full');
  expect(await cli(['exec', 'log-0', '--', 'sh', '-c', 'echo more >> /data/log'])).toEqual({
    out: '',
    err: 'sh: No space left on device\ncommand terminated with exit code 1\n',
    code: 1,
  });
  expect((await cli(['exec', 'log-0', '--', 'sh', '-c', 'cat /data/log; mkdir /data/d'])).err).toContain(
    "mkdir: cannot create directory '/data/d': No space left on device\n",
  );
  await cli('delete pod log-0');
  await cli('sim clock settle');
  expect((await cli('get pod log-0 --no-headers')).out).toContain('CrashLoopBackOff');
  await cli('exec log-0 -- rm /data/log');
  await cli('sim heal --all');
  await cli('sim clock settle');
  expect((await cli('logs log-0')).out).toBe('ok\n');
});

test('a claim loses its volume and everything in it', async () => {
  await cli('apply -f log.yaml');
  await cli('rollout status sts/log');
  await cli('sim fail pvc/data-log-0 lost');
  expect((await cli('get pvc --no-headers')).out).toMatch(/^data-log-0 +Lost /);
  expect((await cli('get pv')).err).toBe('No resources found\n');
  expect((await cli('events --for pvc/data-log-0')).out).toContain(
    'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
  );
  await cli('sim heal --all');
  expect((await cli('get pvc --no-headers')).out).toMatch(/^data-log-0 +Bound /);
  await cli('delete pod log-0');
  await cli('sim clock settle');
  expect((await cli('exec log-0 -- cat /data/log')).out).toBe('start\n');
});
