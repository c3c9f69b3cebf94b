/** `debug`, `attach` and `create token` on the simulated cluster, and against one that is served. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';
import { type Served, serve } from '../support/served';

const RECORDED =
  'All commands and output from this session will be recorded in container logs, including credentials and sensitive ' +
  "information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n";

let cli: Cli;
beforeEach(async () => {
  cli = createCli();
  await cli('run web --image=nginx --labels=app=web');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const spec = async (path: string): Promise<unknown> =>
  JSON.parse((await cli(['get', 'pod', ...path.split(' '), '-o', 'json'])).out).spec;

describe('debug', () => {
  test('adds a container that runs once, whose log can be read', async () => {
    const words = ['debug', 'web', '--image=busybox', '-c', 'look', '--target=web', '--env=A=b', '--'];
    expect(await cli([...words, 'sh', '-c', 'echo $A; sleep 2; exit 3'])).toEqual({
      out: 'Targeting container "web". If you don\'t see processes from this container it may be because the container runtime doesn\'t support this feature.\n',
      err: '',
      code: 0,
    });
    await cli('sim clock settle');
    expect(await cli('logs web -c look')).toEqual({ out: 'b\n', err: '', code: 0 });
    const { out } = await cli(['get', 'pod', 'web', '-o', 'jsonpath={.status.ephemeralContainerStatuses[*].state}']);
    expect(JSON.parse(out).terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect((await cli('get pod web')).out).toMatch(/web +1\/1 +Running/);
    expect(await cli('exec web -c look -- true')).toMatchObject({ code: 1 });
    expect((await cli('describe pod web')).out).toContain('Ephemeral Containers:\n  look:\n');
  });

  test('joins it with -i, and tells its name', async () => {
    const { out, err, code } = await cli('debug web -i --image=busybox', 'hostname\nexit 4\n');
    expect([out, err, code]).toEqual([
      expect.stringMatching(/^Defaulting debug container name to debugger-[a-z0-9]{5}\.\nweb\n$/),
      RECORDED,
      0,
    ]);
    cli.typed = ['hostname', 'exit'];
    expect((await cli('debug web -it -q -c tty --image=busybox')).out).toContain('web\n');
    expect((await cli('logs web')).err).toMatch(
      /^Defaulted container "web" out of: web, debugger-[a-z0-9]{5} \(ephem\), tty \(ephem\)\n$/,
    );
  });

  test('gives it what the profile says', async () => {
    for (const [profile, wanted] of Object.entries({
      general: { capabilities: { add: ['SYS_PTRACE'] } },
      baseline: undefined,
      restricted: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      netadmin: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
      sysadmin: { privileged: true },
      legacy: undefined,
    })) {
      await cli(`debug web -q --image=busybox -c ${profile} --profile=${profile}`);
      const { ephemeralContainers } = (await spec('web')) as { ephemeralContainers: { securityContext?: object }[] };
      expect([profile, ephemeralContainers.at(-1)?.securityContext]).toEqual([profile, wanted]);
    }
  });

  test('copies the pod, with a container more or another command', async () => {
    expect(await cli('debug web --copy-to=more --image=busybox -c look -- sleep 9')).toEqual({
      out: '',
      err: '',
      code: 0,
    });
    expect(await spec('more')).toMatchObject({
      shareProcessNamespace: true,
      containers: [{ name: 'web' }, { name: 'look', command: ['sleep', '9'], image: 'busybox' }],
    });
    expect((await cli(['get', 'pod', 'more', '-o', 'jsonpath={.metadata.labels}'])).out).toBe('');
    await cli('debug web --copy-to=sleeps -c web --keep-labels --share-processes=false --replace -- sleep 9');
    expect(await spec('sleeps')).toMatchObject({
      shareProcessNamespace: false,
      containers: [{ name: 'web', image: 'nginx', command: ['sleep', '9'] }],
    });
    await cli('sim clock settle');
    expect((await cli('get pods -l app=web -o name')).out).toBe('pod/sleeps\n');
  });

  test('refuses what makes no sense, and changes nothing', async () => {
    const before = (await cli('get pods -o json')).out;
    for (const [line, words] of Object.entries({
      'debug web': 'you must specify --image when not using --copy-to.',
      'debug --image=x': 'NAME or filename is required for debug',
      'debug web --image=BAD:': 'invalid image name "BAD:": invalid reference format',
      'debug web --image=x -t': '-i/--stdin is required for containers with -t/--tty=true',
      'debug web --image=x --profile=y': 'unknown profile: y',
      'debug web --image=x --replace': '--replace may only be used with --copy-to.',
      'debug web --image=x --image-pull-policy=y': 'invalid image pull policy: y',
      'debug web --copy-to=y': 'you must specify --image, --set-image or command arguments.',
      'debug web --copy-to=y -- sh': 'you must specify an existing container or a new image when specifying args.',
      'debug web --copy-to=y -c z -- sh': 'you must specify image when creating new container',
      'debug svc/kubernetes --image=x': '"/v1, Kind=Service" not supported by debug',
    }))
      expect([line, await cli(line)]).toEqual([line, { out: '', err: `error: ${words}\n`, code: 1 }]);
    expect((await cli('debug node/node-1 --image=x')).err).toContain('error: nodes are not debugged: ');
    expect((await cli('debug web -q --image=x --target=no')).err).toBe(
      'The Pod "web" is invalid: spec.ephemeralContainers[0].targetContainerName: Not found: "no"\n',
    );
    expect((await cli('get pods -o json')).out).toBe(before);
  });
});

describe('attach', () => {
  test('joins a shell that waits, and shows what others print from now on', async () => {
    await cli('run shell --image=busybox -i -q --restart=Never --attach=false --command -- sh');
    await cli('sim clock settle');
    expect(await cli('attach shell -i', 'hostname\nexit 2\n')).toEqual({ out: 'shell\n', err: RECORDED, code: 0 });
    expect(await cli('attach shell -i')).toEqual({
      out: '',
      err: 'error: cannot attach a container in a completed pod; current phase is Failed\n',
      code: 1,
    });
    await cli(['run', 'ticks', '--image=busybox', '--restart=Never', '--', 'sh', '-c', 'echo a; sleep 60; echo b']);
    await cli('sim clock advance 10s');
    expect(await cli('attach ticks')).toEqual({ out: 'b\n', err: RECORDED, code: 0 });
  });

  test('is refused in kubectl’s words', async () => {
    for (const [line, words] of Object.entries({
      attach: 'error: at least 1 argument is required for attach',
      'attach a b c': 'error: expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw 3: [a b c]',
      'attach none': 'Error from server (NotFound): pods "none" not found',
      'attach web -c x': 'error: cannot attach to the container: container x is not valid for pod web out of: web',
    }))
      expect([line, await cli(line)]).toEqual([line, { out: '', err: `${words}\n`, code: 1 }]);
  });
});

describe('against a cluster that is served', () => {
  let at: Served;
  beforeEach(async () => {
    at = await serve();
    cli.env.STSCTL_BACKEND = '';
  });
  afterEach(() => at.stop());
  const there = (words: readonly string[], stdin?: string) =>
    cli([...words, '--server', at.server.url, '--token', 'a-token-for-tests', '--insecure-skip-tls-verify'], stdin);

  test('tokens are asked for and used', async () => {
    await there(['create', 'serviceaccount', 'bot']);
    const { out, err, code } = await there(['create', 'token', 'bot', '--duration=10m', '--audience=a', '-o', 'json']);
    expect([err, code, JSON.parse(out).spec]).toEqual([
      '',
      0,
      { audiences: ['a'], expirationSeconds: 600, boundObjectRef: null },
    ]);
    const token = (await there(['create', 'token', 'bot'])).out.trim();
    const who = ['auth', 'whoami', '--server', at.server.url, '--insecure-skip-tls-verify', '--token', token];
    expect((await cli(who)).out).toContain('system:serviceaccount:default:bot\n');
    expect(await there(['create', 'token', 'nobody'])).toEqual({
      out: '',
      err: 'error: failed to create token: serviceaccounts "nobody" not found\n',
      code: 1,
    });
  });

  test('tokens are refused in kubectl’s words', async () => {
    for (const [line, words] of Object.entries({
      'x --duration=-1s': '--duration must be greater than or equal to 0',
      'x --duration=1500ms': '--duration cannot be expressed in units less than seconds',
      'x --audience=': '--audience must not be an empty string',
      'x --bound-object-name=y': '--bound-object-name can only be set if --bound-object-kind is provided',
      'x --bound-object-uid=y': '--bound-object-uid can only be set if --bound-object-kind is provided',
      'x --bound-object-kind=y': 'supported --bound-object-kind values are Node, Pod, Secret',
      'x --bound-object-kind=Pod': '--bound-object-name is required if --bound-object-kind is provided',
    }))
      expect([line, (await there(['create', 'token', ...line.split(' ')])).err]).toEqual([line, `error: ${words}\n`]);
    expect((await cli('create token default')).err).toContain(
      'error: failed to create token: the simulated cluster makes tokens while it is served only',
    );
  });

  test('containers are added and joined', async () => {
    await there(['run', 'web', '--image=nginx']);
    const joined = await there(['debug', 'web', '-i', '-q', '-c', 'look', '--image=busybox'], 'hostname\nexit 4\n');
    expect(joined).toEqual({ out: 'web\n', err: '', code: 0 });
    expect((await there(['logs', 'web', '-c', 'look'])).out).toBe('web\n');
  });
});
