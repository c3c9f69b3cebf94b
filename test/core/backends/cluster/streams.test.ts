/** Commands, logs and files of containers on a real cluster, over a server that plays the API's part. */
import { afterEach, describe, expect, it } from 'vitest';
import { openCluster } from '../../../../src/core/backends/cluster';
import { readTar, writeTar } from '../../../../src/core/backends/cluster/streams/tar';
import type { Backend } from '../../../../src/core/client/backend';
import type { ContainerInput, CopiedFile } from '../../../../src/core/client/container-backend';
import { errorText } from '../../../../src/core/client/errors';
import { fakeApi } from '../../../support/fake-api';
import { type Channels, type FakeSocket, fakeSocket } from '../../../support/fake-socket';

let fake: FakeSocket | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

const open = (server: string): Backend =>
  openCluster({
    choice: { server, token: 'secret' },
    host: { now: () => Date.now(), sleep: async () => {}, after: () => () => {}, env: { HOME: '/nowhere' } },
    userAgent: 'stsctl/test',
  });

const SUCCESS = JSON.stringify({ kind: 'Status', status: 'Success' });
const exited = (code: number): string =>
  JSON.stringify({
    kind: 'Status',
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  });

async function run(server: string, command: readonly string[], input?: ContainerInput) {
  let stdout = '';
  let stderr = '';
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const { exitCode } = await open(server).exec('default', 'web-0', {
    container: 'nginx',
    command,
    ...(input && { input }),
    stdout: (bytes) => {
      stdout += text(bytes);
    },
    stderr: (bytes) => {
      stderr += text(bytes);
    },
  });
  return { stdout, stderr, exitCode };
}

describe('forward', () => {
  const forward = async (server: string, heard: string[]) =>
    open(server).forward('default', 'web-0', 8080, {
      data: (bytes) => heard.push(new TextDecoder().decode(bytes)),
      end: (trouble) => heard.push(`end ${trouble ?? 'well'}`),
    });
  const until = async (heard: readonly string[], last: RegExp): Promise<void> => {
    while (!last.test(heard.at(-1) ?? '')) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('hands bytes over, without the number of the port, in frames of a size that servers take', async () => {
    let asked = '';
    const sizes: number[] = [];
    fake = await fakeSocket({
      protocol: 'v4.channel.k8s.io',
      onOpen: ({ request, send }) => {
        asked = request.url ?? '';
        send(0, Uint8Array.of(0x90));
        send(0, Uint8Array.of(0x1f, 104, 105));
        send(1, Uint8Array.of(0x90, 0x1f));
      },
      onFrame: ({ send, close }, channel, bytes) => {
        if (channel === 0) sizes.push(bytes.length);
        if (sizes.length === 2) {
          send(0, 'done');
          close();
        }
      },
    });
    const heard: string[] = [];
    (await forward(fake.url, heard)).write(new Uint8Array(40_000));
    await until(heard, /^end/);
    expect(asked).toBe('/api/v1/namespaces/default/pods/web-0/portforward?ports=8080');
    expect(heard).toEqual(['hi', 'done', 'end well']);
    expect(sizes).toEqual([32_768, 7_232]);
  });

  it('tells what went wrong at the other end', async () => {
    fake = await fakeSocket({
      onOpen: ({ send, close }) => {
        send(0, Uint8Array.of(0x90, 0x1f));
        send(1, Uint8Array.of(0x90, 0x1f));
        send(1, 'nobody ');
        send(1, 'listens');
        close();
      },
    });
    const heard: string[] = [];
    await forward(fake.url, heard);
    await until(heard, /^end/);
    expect(heard).toEqual(['end nobody listens']);
  });
});

describe('exec', () => {
  it('passes on both streams and the exit code', async () => {
    let asked = '';
    let authorization: string | undefined;
    fake = await fakeSocket({
      onOpen: ({ request, send }) => {
        asked = request.url ?? '';
        authorization = request.headers.authorization;
        send(1, 'out');
        send(2, 'err');
        send(1, 'more\n');
        send(3, exited(3));
      },
    });
    expect(await run(fake.url, ['sh', '-c', 'a b'])).toEqual({ stdout: 'outmore\n', stderr: 'err', exitCode: 3 });
    expect(authorization).toBe('Bearer secret');
    expect(asked).toBe(
      '/api/v1/namespaces/default/pods/web-0/exec?command=sh&command=-c&command=a+b&container=nginx&stdout=true&stderr=true',
    );
  });

  it('sends what is piped, all of it, and that it ends', async () => {
    let got = 0;
    fake = await fakeSocket({
      onFrame: ({ send }, channel, bytes) => {
        if (channel === 0) got += bytes.length;
        if (channel === 255) {
          send(1, `${got} ${bytes[0]}`);
          send(3, SUCCESS);
        }
      },
    });
    const input = { kind: 'piped', bytes: new Uint8Array(100_000) } as const;
    expect(await run(fake.url, ['wc', '-c'], input)).toEqual({ stdout: '100000 0', stderr: '', exitCode: 0 });
  });

  it('goes on with a server that speaks only the protocol before: the end of the input is then not told', async () => {
    let offered = '';
    let got = 0;
    const channels = new Set<number>();
    fake = await fakeSocket({
      protocol: 'v4.channel.k8s.io',
      onOpen: ({ request }) => {
        offered = String(request.headers['sec-websocket-protocol']);
      },
      onFrame: ({ send }, channel, bytes) => {
        channels.add(channel);
        got += bytes.length;
        if (got < 70_000) return;
        send(1, String(got));
        send(3, exited(4));
      },
    });
    const input = { kind: 'piped', bytes: new Uint8Array(70_000) } as const;
    expect(await run(fake.url, ['head', '-c', '70000'], input)).toEqual({ stdout: '70000', stderr: '', exitCode: 4 });
    expect([...channels]).toEqual([0]);
    expect(offered.split(/, ?/).slice(0, 2)).toEqual(['v5.channel.k8s.io', 'v4.channel.k8s.io']);
  });

  it('sends what is typed, a line at a time', async () => {
    fake = await fakeSocket({
      onFrame: ({ send }, channel, bytes) => (channel === 0 ? send(1, `<${bytes}>`) : send(3, SUCCESS)),
    });
    const lines = ['one', 'two'];
    const input: ContainerInput = {
      kind: 'typed',
      tty: false,
      readLine: async () => {
        const text = lines.shift();
        return text === undefined ? { kind: 'end' } : { kind: 'line', text };
      },
    };
    expect((await run(fake.url, ['cat'], input)).stdout).toBe('<one\n><two\n>');
  });

  it('hands a terminal over, with its size, and takes it back', async () => {
    const events: string[] = [];
    fake = await fakeSocket({
      onFrame: ({ send }, channel, bytes) => {
        events.push(`${channel} ${bytes}`);
        if (`${bytes}` === 'q') send(3, SUCCESS);
      },
    });
    let resized = (): void => {};
    const raw = async () => ({
      start: (onBytes: (bytes: Uint8Array) => void) => {
        events.push('start');
        setTimeout(() => resized(), 20);
        setTimeout(() => onBytes(new TextEncoder().encode('q')), 40);
      },
      size: () => ({ columns: 80, rows: 24 }),
      onResize: (run: () => void) => {
        resized = run;
      },
      stop: () => void events.push('stop'),
    });
    await run(fake.url, ['sh'], { kind: 'typed', tty: true, readLine: async () => ({ kind: 'end' }), raw });
    expect(events).toEqual(['start', '4 {"Width":80,"Height":24}', '4 {"Width":80,"Height":24}', '0 q', 'stop']);
  });

  it.each([
    [
      404,
      JSON.stringify({ kind: 'Status', code: 404, reason: 'NotFound', message: 'pods "web-0" not found' }),
      'Error from server (NotFound): pods "web-0" not found\n',
    ],
    [
      500,
      JSON.stringify({
        kind: 'Status',
        code: 500,
        reason: 'InternalError',
        message: 'Internal error occurred: unable to upgrade connection: container not found ("x")',
      }),
      'error: Internal error occurred: unable to upgrade connection: container not found ("x")\n',
    ],
    [
      502,
      'bad gateway',
      'Error from server (InternalError): an error on the server ("bad gateway") has prevented the request from succeeding\n',
    ],
  ])('is refused in the words of the server: %i', async (code, body, words) => {
    fake = await fakeSocket({ refuse: () => ({ code, body }) });
    expect(await run(fake.url, ['ls']).catch((e: Error) => errorText(e).text)).toBe(words);
  });

  it('tells a connection that is lost from a command that ends', async () => {
    fake = await fakeSocket({
      onOpen: ({ send, close }) => {
        send(1, 'half');
        close();
      },
    });
    expect(await run(fake.url, ['ls']).catch((e: Error) => errorText(e).text)).toBe(
      'error: the connection to the container was lost\n',
    );
  });
});

describe('logs', () => {
  it('come in lines, as they are asked for', async () => {
    const api = await fakeApi((_, reply) => {
      reply.writeHead(200);
      reply.write('one\ntw');
      setTimeout(() => reply.end('o\nwithout an end'), 20);
    });
    const lines: string[] = [];
    const options = { container: 'c', follow: true, tailLines: 5, sinceTime: Date.UTC(2026, 0, 2), timestamps: true };
    for await (const line of api.open().logs('default', 'web-0', options)) lines.push(line);
    expect(lines).toEqual(['one\n', 'two\n', 'without an end']);
    expect(`${api.asked[0]?.path}?${api.asked[0]?.query}`).toBe(
      '/api/v1/namespaces/default/pods/web-0/log?container=c&follow=true&sinceTime=2026-01-02T00%3A00%3A00Z&tailLines=5&timestamps=true',
    );
    await api.close();
  });
});

describe('files', () => {
  const tree: CopiedFile[] = [
    { path: [], mode: 0o755 },
    { path: ['a'], content: new TextEncoder().encode('hello'), mode: 0o600 },
    { path: ['x'.repeat(120)], mode: 0o755 },
    { path: ['x'.repeat(120), 'ü'.repeat(60)], content: new Uint8Array(1000).fill(7), mode: 0o644 },
    { path: ['link'], link: `../${'l'.repeat(120)}`, mode: 0o777 },
    { path: ['empty'], content: new Uint8Array(), mode: 0o644 },
  ];

  it('survive an archive: long names, links, nothing in them', () => {
    expect(readTar(writeTar('root', tree), 'root')).toEqual(tree);
    expect(readTar(writeTar('root', tree), 'elsewhere')).toEqual([]);
    expect(() => readTar(writeTar('root', tree).slice(0, 1027), 'root')).toThrow('unexpected EOF');
  });

  /** The other side of cp: what `test` and `tar` of a container would do. */
  const container = (stored: Map<string, Buffer[]>) => ({
    onOpen: ({ request, send }: Channels) => {
      const command = new URL(request.url ?? '', 'http://x').searchParams.getAll('command');
      if (command[0] === 'test') return send(3, command[2] === '/data' ? SUCCESS : exited(1));
      if (command[1] === 'cf') {
        send(1, writeTar('data', tree.slice(0, 2)));
        send(3, SUCCESS);
      }
    },
    onFrame: ({ request, send }: Channels, channel: number, bytes: Buffer) => {
      const command = new URL(request.url ?? '', 'http://x').searchParams.getAll('command').join(' ');
      if (channel === 0) stored.set(command, [...(stored.get(command) ?? []), bytes]);
      else send(3, command.includes('/full') ? exited(2) : SUCCESS);
      if (channel !== 0 && command.includes('/full')) send(2, 'tar: no space\n');
    },
  });

  it('come out of a container and go into it', async () => {
    const stored = new Map<string, Buffer[]>();
    fake = await fakeSocket(container(stored));
    const backend = open(fake.url);
    expect(await backend.statFile('default', 'web-0', 'c', '/data')).toBe('folder');
    expect(await backend.statFile('default', 'web-0', 'c', '/none')).toBeUndefined();
    expect(await backend.readFiles('default', 'web-0', 'c', '/none')).toBeUndefined();
    expect(await backend.readFiles('default', 'web-0', 'c', '/data')).toEqual(tree.slice(0, 2));
    await backend.writeFiles('default', 'web-0', 'c', '/data/sub', tree);
    const [[command, parts] = ['', []]] = stored;
    expect(command).toBe('tar -xmf - -C /data');
    expect(readTar(Uint8Array.from(parts.flatMap((part) => [...part])), 'sub')).toEqual(tree);
  });
});
