/** What clients do in containers over HTTP: exec and attach over WebSocket, logs, the binding of pods. */
import { get } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { BEARER, CERTIFICATE, PODS, SETS, type Served, serve, webSet } from '../../support/served';

let at: Served;
beforeAll(async () => {
  at = await serve();
  await at.call('POST', SETS, webSet(2));
  const pod = (name: string, command: readonly string[], more: object = {}) =>
    at.call('POST', PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command, ...more }] },
    });
  await pod('short', ['sh', '-c', 'echo one; echo two; echo three; exit 3']);
  await pod('ticks', ['sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9; do echo tick $i; sleep 60; done']);
  await pod('talks', ['sh'], { stdin: true });
  await pod('picky', ['sh', '-c', 'sleep 1000'], { stdin: true });
  await at.call('PATCH', `${PODS}/picky`, {}, { 'content-type': 'application/merge-patch+json' });
  const watch = at.watch(`${PODS}?watch=1`);
  await watch.until((all) => ['web-1', 'short', 'ticks', 'talks'].every((name) => all.some(isStarted(name))));
  watch.close();
}, 30_000);
afterAll(async () => {
  expect(at.troubles).toEqual([]);
  await at.stop();
});

const isStarted = (name: string) => (event: { object: { metadata: { name: string }; status: { phase: string } } }) =>
  event.object.metadata.name === name && event.object.status.phase !== 'Pending';

const V5 = 'v5.channel.k8s.io';
const V4 = 'v4.channel.k8s.io';

interface Heard {
  readonly protocol: string;
  stdout: string;
  stderr: string;
  status: { status: string; reason?: string; message?: string; details?: object; code?: number } | undefined;
  closed: number | undefined;
}

/** Connects; `talk` gets the socket and what was heard so far. Resolves when the server has closed. */
function connect(
  path: string,
  talk: (socket: WebSocket, heard: Heard) => void = () => {},
  protocols: readonly string[] = [V5, V4],
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`wss://127.0.0.1:${at.server.port}${path}`, [...protocols], {
      ca: CERTIFICATE,
      headers: { authorization: BEARER },
    });
    const heard: Heard = { protocol: '', stdout: '', stderr: '', status: undefined, closed: undefined };
    socket.on('open', () => {
      Object.assign(heard, { protocol: socket.protocol });
      talk(socket, heard);
    });
    socket.on('message', (data: Buffer) => {
      const text = data.subarray(1).toString();
      if (data[0] === 1) heard.stdout += text;
      if (data[0] === 2) heard.stderr += text;
      if (data[0] === 3 && text !== '') heard.status = JSON.parse(text);
    });
    socket.on('unexpected-response', (_, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      response.on('end', () => reject(new Error(`${response.statusCode} ${JSON.parse(text).message}`)));
    });
    socket.on('error', reject);
    socket.on('close', (code) => resolve({ ...heard, closed: code }));
  });
}

const exec = (pod: string, command: readonly string[], more = ''): string =>
  `${PODS}/${pod}/exec?stdout=true&stderr=true${command.map((word) => `&command=${encodeURIComponent(word)}`).join('')}${more}`;

const stdin = (text: string): Buffer => Buffer.concat([new Uint8Array([0]), new Uint8Array(Buffer.from(text))]);
const END = new Uint8Array([255, 0]);
const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 250 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(condition()).toBe(true);
};

describe('exec', () => {
  it('runs a command, its streams apart, and tells its exit code', async () => {
    const heard = await connect(exec('web-0', ['sh', '-c', 'echo out; echo err >&2; exit 7']));
    expect(heard).toEqual({
      protocol: V5,
      stdout: 'out\n',
      stderr: 'err\n',
      status: {
        metadata: {},
        status: 'Failure',
        message:
          'command terminated with non-zero exit code: error executing command [sh -c echo out; echo err >&2; exit 7], exit code 7',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: '7' }] },
      },
      closed: 1000,
    });
    const fine = await connect(exec('web-0', ['true']), undefined, [V4]);
    expect([fine.protocol, fine.status]).toEqual([V4, { metadata: {}, status: 'Success' }]);
  });

  it('gives it what is piped in, in any number of pieces, and keeps what it did', async () => {
    const bytes = 'x'.repeat(100_000);
    const heard = await connect(
      exec('web-0', ['sh', '-c', 'cat > /tmp/in; wc -c < /tmp/in'], '&stdin=true'),
      (socket) => {
        for (let i = 0; i < 4; i++) socket.send(stdin(bytes));
        socket.send(END);
      },
    );
    expect(heard.stdout.trim()).toBe('400000');
    await at.restart();
    expect((await connect(exec('web-0', ['wc', '-c', '/tmp/in']))).stdout).toContain('400000 /tmp/in');
  });

  it('sends all of a large output, however slowly it is read', async () => {
    const heard = await connect(exec('web-0', ['sh', '-c', 'cat; exit 4'], '&stdin=true'), (socket) => {
      for (let i = 0; i < 60; i++) socket.send(stdin('x'.repeat(100_000)));
      socket.send(END);
      socket.pause();
      setTimeout(() => socket.resume(), 1500);
    });
    expect([heard.stdout.length, heard.status?.details, heard.closed]).toEqual([
      6_000_000,
      { causes: [{ reason: 'ExitCode', message: '4' }] },
      1000,
    ]);
  });

  it('runs a command that reads nothing though its input stays open', async () => {
    expect((await connect(exec('web-0', ['hostname'], '&stdin=true'))).stdout).toBe('web-0\n');
  });

  it('talks with a shell, while others have their turn', async () => {
    const heard = await connect(exec('web-0', ['sh'], '&stdin=true'), async (socket, said) => {
      socket.send(stdin('cd /tmp; pw'));
      socket.send(stdin('d\n'));
      await until(() => said.stdout === '/tmp\n');
      expect((await at.call('GET', `${PODS}/web-0`)).code).toBe(200);
      expect((await connect(exec('web-1', ['hostname']))).stdout).toBe('web-1\n');
      socket.send(stdin('pwd\nexit 4\n'));
    });
    expect([heard.stdout, heard.status?.details]).toEqual([
      '/tmp\n/tmp\n',
      { causes: [{ reason: 'ExitCode', message: '4' }] },
    ]);
  });

  it('is a terminal where that is wanted: it echoes, rubs out, and ends lines in its own way', async () => {
    const heard = await connect(exec('web-0', ['sh'], '&stdin=true&tty=true'), async (socket, said) => {
      await until(() => said.stdout === '# ');
      socket.send(stdin('ecx\u007fho hi\r'));
      await until(() => said.stdout.endsWith('hi\r\n# '));
      socket.send(stdin('nonsense\u0003'));
      socket.send(stdin('\u001b[A\u0004'));
    });
    expect(heard.stdout).toBe('# ecx\r\u001b[K# echo hi\r\nhi\r\n# nonsense^C\r\n# \r\n');
    expect(heard.stderr).toBe('');
    expect(heard.status?.details).toEqual({ causes: [{ reason: 'ExitCode', message: '130' }] });
  });

  it('tells of a program that is not there', async () => {
    const { status } = await connect(exec('web-0', ['nosuch']));
    expect([status?.reason, status?.code]).toEqual(['InternalError', 500]);
    expect(status?.message).toContain('exec: "nosuch": executable file not found in $PATH: unknown');
  });

  it('lets a client go in the midst of it', async () => {
    const gone = connect(exec('web-0', ['sh'], '&stdin=true&tty=true'), async (socket, said) => {
      await until(() => said.stdout === '# ');
      socket.terminate();
    });
    await gone;
    expect((await connect(exec('web-0', ['hostname']))).stdout).toBe('web-0\n');
  });

  it('ends with the server, in an orderly way', async () => {
    const heard = await connect(exec('web-0', ['sh'], '&stdin=true&tty=true'), async (_, said) => {
      await until(() => said.stdout === '# ');
      await at.restart();
    });
    expect(heard.closed).toBe(1001);
  });

  it('refuses what makes no sense before it begins', async () => {
    const refused = (path: string, protocols?: readonly string[]) =>
      connect(path, undefined, protocols).then(String, (error: Error) => error.message);
    expect(await refused(exec('web-9', ['ls']))).toBe('404 pods "web-9" not found');
    expect(await refused(exec('web-0', ['ls'], '&container=c'))).toBe('400 container c is not valid for pod web-0');
    expect(await refused(exec('web-0', []))).toBe('400 you must specify at least 1 command for the container');
    expect(await refused(`${PODS}/web-0/exec?command=ls`)).toBe(
      '400 you must specify at least 1 of stdin, stdout, stderr',
    );
    expect(await refused(exec('web-0', ['ls']), ['v9.channel.k8s.io'])).toMatch(/^400 unable to upgrade/);
    expect((await at.call('GET', exec('web-0', ['ls']))).body.message).toBe('Upgrade request required');
    const spdy = await at.call('POST', exec('web-0', ['ls']), undefined, {
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
    });
    expect([spdy.code, spdy.body.reason, spdy.body.message]).toEqual([
      400,
      'BadRequest',
      'unable to upgrade to SPDY/3.1: this server speaks v5.channel.k8s.io, v4.channel.k8s.io over WebSocket',
    ]);
    const forward = await at.call('POST', `${PODS}/web-0/portforward`, undefined, {
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
    });
    expect([forward.code, forward.body.message]).toEqual([
      400,
      'unable to upgrade to SPDY/3.1: this server speaks v5.channel.k8s.io, v4.channel.k8s.io over WebSocket',
    ]);
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-protocol': V5 };
    for (const [ports, message] of [
      ['', 'query parameter "ports" is required'],
      ['?ports=80,0', 'invalid port "0": must be between 1 and 65535'],
      ['?ports=x', 'invalid port "x": must be between 1 and 65535'],
    ] as const) {
      const refused = await at.call('GET', `${PODS}/web-0/portforward${ports}`, undefined, upgrade);
      expect([refused.code, refused.body.message]).toEqual([400, message]);
    }
  });

  it('is for nobody without the token', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${at.server.port}${exec('web-0', ['ls'])}`, [V5], {
      ca: CERTIFICATE,
    });
    const code = await new Promise((resolve) => {
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('open', () => resolve('open'));
    });
    expect(code).toBe(401);
    socket.on('error', () => {});
    socket.terminate();
  });
});

describe('attach', () => {
  it('joins a shell that waits for input', async () => {
    const heard = await connect(`${PODS}/talks/attach?stdin=true&stdout=true&stderr=true`, (socket) => {
      socket.send(stdin('echo $HOSTNAME\nexit 2\n'));
      socket.send(END);
    });
    expect([heard.stdout, heard.status?.status]).toEqual(['talks\n', 'Success']);
    const watch = at.watch(`${PODS}?watch=1&fieldSelector=metadata.name%3Dtalks`);
    const events = await watch.until((all) => all.some(({ object }) => object.status.phase === 'Failed'));
    expect(events.at(-1)!.object.status.containerStatuses[0].state.terminated.exitCode).toBe(2);
    watch.close();
  });
});

describe('logs', () => {
  const log = (pod: string, query = '') => at.call('GET', `${PODS}/${pod}/log${query && `?${query}`}`);

  it('are text, as much of it as is asked for', async () => {
    const whole = await log('short');
    expect([whole.code, whole.headers['content-type'], whole.text]).toEqual([200, 'text/plain', 'one\ntwo\nthree\n']);
    expect((await log('short', 'tailLines=1')).text).toBe('three\n');
    expect((await log('short', 'tailLines=0')).text).toBe('');
    expect((await log('short', 'limitBytes=5')).text).toBe('one\nt');
    expect((await log('short', 'timestamps=true&tailLines=1')).text).toMatch(/^\d{4}-\d\d-\d\dT\S+Z three\n$/);
    expect((await log('short', 'sinceTime=2099-01-01T00:00:00Z')).text).toBe('');
  });

  it('follow a container to its end, lines as they come, and are left at any time', async () => {
    const lines: string[] = [];
    const first = await new Promise<number>((resolve, reject) => {
      const request = get(
        {
          host: '127.0.0.1',
          port: at.server.port,
          path: `${PODS}/ticks/log?follow=true`,
          ca: CERTIFICATE,
          headers: { authorization: BEARER },
        },
        (response) => {
          response.on('data', (chunk: Buffer) => {
            lines.push(...String(chunk).split('\n').filter(Boolean));
            if (lines.length >= 3) request.destroy();
          });
          response.on('close', () => resolve(lines.length));
        },
      );
      request.on('error', reject);
    });
    expect(first).toBeGreaterThanOrEqual(3);
    expect(lines[0]).toBe('tick 1');
    const whole = await log('ticks', 'follow=true');
    expect(whole.text).toBe(Array.from({ length: 9 }, (_, i) => `tick ${i + 1}\n`).join(''));
  });

  it('are refused where there are none, or the question makes no sense', async () => {
    const refused = async (pod: string, query?: string) => {
      const { code, body } = await log(pod, query);
      return `${code} ${body?.message}`;
    };
    expect(await refused('nobody')).toBe('404 pods "nobody" not found');
    expect(await refused('short', 'container=x')).toBe('400 container x is not valid for pod short');
    expect(await refused('short', 'previous=true')).toBe(
      '400 previous terminated container "main" in pod "short" not found',
    );
    expect(await refused('short', 'tailLines=-1')).toBe(
      '422 PodLogOptions "short" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    );
    expect(await refused('short', 'sinceTime=tomorrow')).toMatch(/^400 /);
  });
});

describe('the binding of a pod', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'own' } };
  const spec = { schedulerName: 'mine', containers: [{ name: 'c', image: 'nginx' }] };
  const binding = (node: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'own' },
    target: { kind: 'Node', name: node, ...more },
  });

  it('is left to a scheduler that the pod names', async () => {
    await at.call('POST', PODS, { ...pod, spec });
    const [node] = (await at.call('GET', '/api/v1/nodes')).body.items;
    const bind = (body: object, query = '') => at.call('POST', `${PODS}/own/binding${query}`, body);
    expect((await bind(binding(''))).body.message).toBe('Binding "own" is invalid: target.name: Required value');
    expect((await bind(binding('x', { kind: 'Pod' }))).code).toBe(422);
    expect((await bind(binding('nowhere'))).code).toBe(404);
    expect((await bind(binding(node.metadata.name), '?dryRun=All')).code).toBe(201);
    expect((await at.call('GET', `${PODS}/own`)).body.spec.nodeName).toBeUndefined();
    const done = await bind(binding(node.metadata.name));
    expect([done.code, done.body.status]).toEqual([201, 'Success']);
    expect((await at.call('GET', `${PODS}/own`)).body.spec.nodeName).toBe(node.metadata.name);
    const again = await at.call('POST', '/api/v1/namespaces/default/bindings', binding(node.metadata.name));
    expect([again.code, again.body.reason]).toEqual([409, 'Conflict']);
    const watch = at.watch(`${PODS}?watch=1&fieldSelector=metadata.name%3Down`);
    await watch.until((all) => all.some(({ object }) => object.status.phase === 'Running'));
    watch.close();
  });
});
