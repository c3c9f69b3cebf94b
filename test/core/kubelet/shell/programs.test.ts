/** Programs that the shell's library lacks or answers for itself, in a container with a volume at /data. */
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PodContainer } from '../../../../src/core/apiserver/container-runtime';
import type { Network } from '../../../../src/core/kubelet/network/types';
import { openFiles, runInContainer } from '../../../../src/core/kubelet/shell';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-shell-'));
  for (const name of ['root/tmp', 'data']) mkdirSync(join(folder, name), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const container: PodContainer = {
  ref: { namespace: 'default', pod: 'web-1', uid: 'u', container: 'c', restart: 0 },
  image: 'busybox',
  argv: [],
  env: {},
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

async function run(line: string, readOnly = false): Promise<{ out: string; err: string; code: number | undefined }> {
  const mounts = [{ path: '/data', source: { folder: join(folder, 'data') }, readOnly }];
  const fs = openFiles({ root: join(folder, 'root'), mounts, now: 0, programs: ['sh'] });
  const said = { out: '', err: '' };
  const { exitCode } = await runInContainer({
    container,
    network,
    programs: [],
    fs,
    line,
    now: Date.UTC(2026, 0, 1),
    daemon: false,
    onOutput: (stream, bytes) => {
      said[stream === 'stdout' ? 'out' : 'err'] += Buffer.from(bytes).toString('utf8');
    },
  });
  return { ...said, code: exitCode };
}

const data = (name: string): Buffer => readFileSync(join(folder, 'data', name));

describe('dd', () => {
  it('writes zeros', async () => {
    expect(await run('dd if=/dev/zero of=/data/go bs=1 count=1 conv=fsync')).toEqual({
      out: '',
      err: '1+0 records in\n1+0 records out\n1 byte copied, 0.001 s, 1.0 kB/s\n',
      code: 0,
    });
    expect([...data('go')]).toEqual([0]);
    const { err } = await run('dd if=/dev/zero of=/data/big bs=1M count=2');
    expect(err).toContain('2+0 records out\n2097152 bytes (2.1 MB, 2.0 MiB) copied');
    expect(statSync(join(folder, 'data', 'big')).size).toBe(2 * 1024 * 1024);
  });

  it('copies what it is fed, and files by blocks', async () => {
    await run('echo hello world | dd of=/data/a conv=fsync');
    expect(data('a').toString()).toBe('hello world\n');
    expect(await run('dd if=/data/a bs=1 skip=6 count=5 status=none')).toEqual({ out: 'world', err: '', code: 0 });
    await run('cd /data; printf J | dd of=a bs=1 conv=notrunc status=none');
    expect(data('a').toString()).toBe('Jello world\n');
    expect((await run('dd if=/data/a of=/data/b bs=5')).err).toContain('2+1 records in\n');
  });

  it.each([
    ['dd if=/data/none', "dd: failed to open '/data/none': No such file or directory\n"],
    ['dd if=/dev/zero of=/none/a count=1', "dd: failed to open '/none/a': No such file or directory\n"],
    ['dd if=/data', "dd: error reading '/data': Is a directory\n"],
    ['dd if=/dev/zero of=/data/a', 'dd: error writing: No space left on device\n'],
    ['dd bs=x', "dd: invalid number: 'x'\n"],
    ['dd bs=0 if=/dev/zero', "dd: invalid number: '0'\n"],
    ['dd conv=upside', "dd: invalid conversion: 'upside'\n"],
    ['dd /data/a', "dd: unrecognized operand '/data/a'\n"],
  ])('refuses %s', async (line, err) => {
    expect(await run(line)).toEqual({ out: '', err, code: 1 });
  });

  it('writes nothing where nothing may be written', async () => {
    const { err, code } = await run('dd if=/dev/zero of=/data/a bs=1 count=1', true);
    expect([err, code]).toEqual(["dd: failed to open '/data/a': Read-only file system\n", 1]);
  });
});

describe('ln', () => {
  it('links to what is on the volume by its full path', async () => {
    await run(
      'mkdir -p /data/x/y; echo hello > /data/a; ln -s /data/a /data/b; ln -s /data/a /data/x/y/c; ln -s /data /data/x/d',
    );
    expect((await run('cat /data/b /data/x/y/c /data/x/d/a')).out).toBe('hello\nhello\nhello\n');
    // Where the volume is found on this machine, and where it would be mounted next, is none of the link's business.
    expect(readlinkSync(join(folder, 'data', 'x/y/c'))).toBe('../../a');
  });

  it('leads nowhere else', async () => {
    await run('echo secret > /tmp/s; ln -s /tmp/s /data/s');
    expect((await run('cat /data/s')).code).toBe(1);
  });
});

describe('ls', () => {
  it('shows folders as they are named, with the numbers of their inodes', async () => {
    expect((await run('ls -idlh /data')).out).toMatch(/^\d{6,7} drwx\S+ +\d+ root root .* \/data\n$/);
    expect((await run('ls -d /data')).out).toBe('/data\n');
    await run('touch /data/a /data/b');
    expect((await run('ls -i /data')).out).toMatch(/^\d{6,7} a\n\d{6,7} b\n$/);
    expect((await run('ls -li /data')).out).toMatch(/^total \d+\n\d{6,7} -\S+ .* a\n\d{6,7} -\S+ .* b\n$/);
    expect((await run('ls /data')).out).toBe('a\nb\n');
  });
});
