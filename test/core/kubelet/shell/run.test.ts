import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PodContainer } from '../../../../src/core/apiserver/container-runtime';
import type { Network } from '../../../../src/core/kubelet/network/types';
import { type LayoutMount, openFiles, runInContainer, type ShellRequest } from '../../../../src/core/kubelet/shell';
import { fail, type Program } from '../../../../src/core/kubelet/shell/program';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-shell-'));
  mkdirSync(join(folder, 'root', 'tmp'), { recursive: true });
  mkdirSync(join(folder, 'data'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const container: PodContainer = {
  ref: { namespace: 'default', pod: 'web-1', uid: 'u', container: 'c', restart: 0 },
  image: 'busybox',
  argv: [],
  env: { POD: 'web-1' },
  workingDir: undefined,
  hostname: 'web-1',
  podIP: '10.244.1.2',
  mounts: [],
  systemFiles: {},
  runAsUser: undefined,
};

const network: Network = {
  nameserver: '10.96.0.10',
  lookup: (name) => ({ status: 'NXDOMAIN', name, records: [], additional: [] }),
  resolve: () => [],
  connect: () => 'unknown host',
  reaches: () => false,
};

const PROGRAMS: readonly Program[] = [
  { name: 'serve', run: async (_, context) => context.runsOn() },
  {
    name: 'ask',
    run: async (_, context) => {
      context.networkFailed();
      return fail("can't resolve\n");
    },
  },
];

const START = Date.UTC(2026, 0, 1);

function run(line: string, options: Partial<ShellRequest> & { mounts?: readonly LayoutMount[]; dry?: boolean } = {}) {
  const {
    mounts = [{ path: '/data', source: { folder: join(folder, 'data') }, readOnly: false }],
    dry,
    ...request
  } = options;
  const fs = openFiles({ root: join(folder, 'root'), mounts, now: 0, programs: ['sh', 'bash'], ...(dry && { dry }) });
  return runInContainer({ container, network, programs: PROGRAMS, fs, line, now: START, daemon: false, ...request });
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

const printed = async (line: string, options: Parameters<typeof run>[1] = {}) => {
  const streams = { stdout: '', stderr: '' };
  const { exitCode } = await run(line, {
    ...options,
    onOutput: (stream, bytes) => {
      streams[stream] += text(bytes);
    },
  });
  return { ...streams, exitCode };
};

describe('a command in a container', () => {
  test('sees its variables, its host name, its files', async () => {
    expect(await printed('echo $POD $HOSTNAME; hostname; pwd; whoami; id -u; uname')).toEqual({
      stdout: 'web-1 web-1\nweb-1\n/\nroot\n0\nLinux\n',
      stderr: '',
      exitCode: 0,
    });
  });

  test('works out an ordinal from its host name, as the MySQL example does', async () => {
    const script =
      'set -ex\n[[ `hostname` =~ -([0-9]+)$ ]] || exit 1\nordinal=${BASH_REMATCH[1]}\necho server-id=$((100 + $ordinal)) > /data/server-id.cnf';
    const { exitCode } = await run('', { argv: ['bash', '-c', script] });
    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, 'data', 'server-id.cnf'), 'utf8')).toBe('server-id=101\n');
  });

  test('writes real files under its mounts, and finds them in the next run', async () => {
    await run('touch /data/statefulset; mkdir -p /etc/x; echo hi > /etc/x/y');
    expect(await printed('ls /data; cat /etc/x/y')).toEqual({ stdout: 'statefulset\nhi\n', stderr: '', exitCode: 0 });
    expect(readFileSync(join(folder, 'root', 'etc', 'x', 'y'), 'utf8')).toBe('hi\n');
  });

  test('gives the exit code and reads its input', async () => {
    expect(await printed('read x; echo got $x; exit 3', { stdin: 'hello\n' })).toEqual({
      stdout: 'got hello\n',
      stderr: '',
      exitCode: 3,
    });
    expect((await printed('nosuch')).exitCode).toBe(127);
  });

  test('prints bytes as they are', async () => {
    writeFileSync(join(folder, 'data', 'b'), new Uint8Array([0, 255, 128, 10, 195, 164]));
    const chunks: Uint8Array[] = [];
    await run('cat /data/b', { onOutput: (_, bytes) => chunks.push(bytes) });
    expect(chunks.flatMap((chunk) => [...chunk])).toEqual([0, 255, 128, 10, 195, 164]);
    expect((await printed('echo 你好')).stdout).toBe('你好\n');
  });

  test('takes words as words', async () => {
    expect((await printed('', { argv: ['echo', "it's", '$HOME', 'a  b', '*'] })).stdout).toBe("it's $HOME a  b *\n");
  });

  test('a read-only mount refuses to be written', async () => {
    const mounts: LayoutMount[] = [
      { path: '/etc/config', source: { files: [{ path: 'a/key', content: 'value', mode: 0o644 }] }, readOnly: true },
      { path: '/data', source: { folder: join(folder, 'data') }, readOnly: true },
      { path: '/data/inner', source: { files: [{ path: 'k', content: 'v', mode: 0o600 }] }, readOnly: true },
    ];
    expect((await printed('cat /etc/config/a/key /data/inner/k', { mounts })).stdout).toBe('valuev');
    for (const line of [
      'echo x > /data/f',
      'touch /data/f',
      'rm /etc/config/a/key',
      'mkdir /data/d',
      'echo x >> /etc/config/a/key',
    ]) {
      const { stderr, exitCode } = await printed(line, { mounts });
      expect(stderr, line).toMatch(/read-only file system/i);
      expect(exitCode, line).not.toBe(0);
    }
  });
});

describe('time', () => {
  test('sleeping takes none of ours', async () => {
    const outcome = await run('date +%s; sleep 90; sleep 1m; echo done');
    expect(outcome).toMatchObject({ exitCode: 0, elapsedMs: 150_000, slept: true });
  });

  test('what is printed comes with its instant', async () => {
    const lines: [string, string, number][] = [];
    const outcome = await run('for i in 1 2; do echo $i; echo e$i >&2; sleep 5; done', {
      daemon: true,
      onOutput: (stream, bytes, at) => lines.push([stream, text(bytes), at - START]),
    });
    expect(outcome).toMatchObject({ exitCode: 0, elapsedMs: 10_000 });
    expect(lines).toEqual([
      ['stdout', '1\n', 0],
      ['stderr', 'e1\n', 0],
      ['stdout', '2\n', 5000],
      ['stderr', 'e2\n', 5000],
    ]);
  });

  test('a server runs on, so does an endless loop', async () => {
    for (const line of ['serve; echo never', 'while true; do sleep 1; done', 'sleep infinity', 'tail -f /dev/null']) {
      const heard: string[] = [];
      const outcome = await run(line, { daemon: true, onOutput: (_, bytes) => heard.push(text(bytes)) });
      expect(outcome.exitCode, line).toBeUndefined();
      expect(outcome.retryAfterMs, line).toBeUndefined();
      expect(heard, line).toEqual([]);
    }
  });

  test('a sleep after a failed look-up is a wait for others', async () => {
    const outcome = await run('until ask db; do echo waiting; sleep 2; done; echo up', { daemon: true });
    expect(outcome).toMatchObject({ retryAfterMs: 2000 });
    expect(outcome.exitCode).toBeUndefined();
  });

  test('a command has no more time than it is given', async () => {
    expect(await run('sleep 5', { timeoutMs: 1000 })).toMatchObject({ timedOut: true, elapsedMs: 1000 });
  });

  test('a dry run leaves no trace', async () => {
    await run('echo x > /data/f; echo y > /tmp/g', { dry: true });
    expect((await printed('ls /data /tmp')).stdout).toBe('/data:\n\n/tmp:\n');
  });
});

describe('the time of files', () => {
  test('is that of the run, whatever the machine says', async () => {
    const { stdout } = await printed(
      'cd /data; echo a > a; sleep 90; mkdir -p x/y; echo b > x/y/b; cp -r x z; touch t; ls -lR . | grep -v total; stat a | tail -1',
    );
    expect(stdout).toBe(`.:
-rw-r--r-- 1 root root     2 Jan  1 00:00 a
-rw-r--r-- 1 root root     0 Jan  1 00:01 t
drwxr-xr-x 1 root root  4096 Jan  1 00:01 x/
drwxr-xr-x 1 root root  4096 Jan  1 00:01 z/

./x:
drwxr-xr-x 1 root root  4096 Jan  1 00:01 y/

./x/y:
-rw-r--r-- 1 root root     2 Jan  1 00:01 b

./z:
drwxr-xr-x 1 root root  4096 Jan  1 00:01 y/

./z/y:
-rw-r--r-- 1 root root     2 Jan  1 00:01 b
Modify: 2026-01-01T00:00:00.000Z
`);
  });

  test('tells which is newer, and what is old', async () => {
    await run('touch /data/old', { now: START - 200 * 86_400_000 });
    await run('touch /data/later', { now: START + 60_000 });
    const { stdout } = await printed(
      'cd /data; echo x > now; find . -type f -newer now; [ now -nt old ] && echo newer; [ old -nt now ] || echo older; ls -l',
    );
    expect(stdout).toBe(`./later
newer
older
total 3
-rw-r--r-- 1 root root     0 Jan  1 00:01 later
-rw-r--r-- 1 root root     2 Jan  1 00:00 now
-rw-r--r-- 1 root root     0 Jun 15  2025 old
`);
  });

  test('of what was there stays when something is copied beside it, or a link to it', async () => {
    await run(
      'mkdir -p /data/to /data/from/in; cd /data/to; echo a > kept; cd ../from; echo b > in/new; ln -s ../to/kept link',
    );
    const { stdout } = await printed('cd /data; cp -r from/. to; ls -l to | grep -v link; find to -newer from', {
      now: START + 3_600_000,
    });
    expect(stdout).toBe(`total 3
drwxr-xr-x 1 root root  4096 Jan  1 01:00 in/
-rw-r--r-- 1 root root     2 Jan  1 00:00 kept
to
to/in
to/in/new
to/link
`);
  });

  test('changes with what is removed, moved or asked for', async () => {
    await run('mkdir -p /data/d/e; touch /data/d/f /data/d/g');
    const later = { now: START + 3_600_000 };
    expect((await printed('ls -ld /data/d', later)).stdout).toContain('Jan  1 00:00 /data/d\n');
    await run('mv /data/d/f /data/d/e/f', later);
    const { stdout } = await printed('ls -ld /data/d /data/d/e /data/d/e/f', later);
    expect(stdout.match(/\d\d:\d\d \S+$/gm)?.sort()).toEqual(['00:00 /data/d/e/f', '01:00 /data/d', '01:00 /data/d/e']);
    await run('rm /data/d/g', { now: START + 7_200_000 });
    expect((await printed('ls -ld /data/d', later)).stdout).toContain('Jan  1 02:00 /data/d\n');
    await run('touch -d 2001-02-03T04:05:06Z /data/d', later);
    expect((await printed('ls -ld /data/d', later)).stdout).toContain('Feb  3  2001 /data/d\n');
  });
});

describe('what is drawn at random', () => {
  const DRAWS = [
    'echo $RANDOM $((RANDOM % 100))',
    `awk 'BEGIN { srand(); print rand() }'`,
    'dd if=/dev/urandom of=/data/x bs=8 count=1 status=none; od -An -tx1 /data/x',
    'bash -c "echo $RANDOM" | cat; (echo $RANDOM)',
  ].join('\n');

  async function drawn(line: string, options: Partial<ShellRequest> = {}): Promise<string> {
    let text = '';
    await run(line, { ...options, onOutput: (_, bytes) => (text += new TextDecoder().decode(bytes)) });
    return text;
  }

  test('is the same each time that a run is played, and another in another run', async () => {
    const first = await drawn(DRAWS);
    expect(first.trim().split('\n')).toHaveLength(5);
    expect(await drawn(DRAWS)).toBe(first);
    const others = [
      await drawn(DRAWS, { now: START + 1 }),
      await drawn(DRAWS, { turn: () => 0 }),
      await drawn(DRAWS, { turn: () => 1 }),
      await drawn(DRAWS, { container: { ...container, ref: { ...container.ref, restart: 1 } } }),
      await drawn(DRAWS, { container: { ...container, ref: { ...container.ref, uid: 'v' } } }),
    ];
    expect(new Set([first, ...others]).size).toBe(6);
  });

  test('is its own where runs overlap, and nobody else draws so', async () => {
    const line = 'for i in 1 2 3 4 5; do echo $RANDOM; sleep 1; done';
    const alone = [await drawn(line), await drawn(line, { turn: () => 7 })];
    const outside = new Set<number>();
    const both = Promise.all([drawn(line), drawn(line, { turn: () => 7 })]);
    for (let i = 0; i < 50; i++) {
      outside.add(Math.random());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await both).toEqual(alone);
    expect(outside.size).toBe(50);
  });

  test('takes no turn where nothing is drawn', async () => {
    let turns = 0;
    const turn = () => turns++;
    await drawn('echo hello; ls /data', { turn });
    expect(turns).toBe(0);
    await drawn('echo $RANDOM $RANDOM', { turn });
    expect(turns).toBe(1);
  });
});
