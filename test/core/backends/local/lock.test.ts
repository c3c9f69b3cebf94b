import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LockFile, type LockFiles } from '../../../../src/core/backends/local/lock';
import { StateFile } from '../../../../src/core/backends/local/state-file';
import { systemHost } from './system-host';

const root = mkdtempSync(join(tmpdir(), 'stsctl-lock-'));
const child = join(root, 'child.mjs');
let folder: string;
let path: string;
let n = 0;

beforeAll(() => {
  const entry = fileURLToPath(new URL('child.ts', import.meta.url));
  buildSync({
    entryPoints: [entry],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  folder = join(root, `case-${n++}`);
  fs.mkdirSync(folder);
  path = join(folder, 'state.json');
});

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = (process: ChildProcess) =>
  new Promise<number | null>((resolve) => process.on('exit', (code) => resolve(code)));
const lock = (host = systemHost(), options = {}) => new LockFile(`${path}.lock`, host, options);

describe('several processes', () => {
  test('fifty processes count together, none is lost and no two hold the lock at once', async () => {
    const codes = await Promise.all(Array.from({ length: 50 }, () => ended(start('increment', path, '1'))));
    expect(codes).toEqual(Array(50).fill(0));
    expect(new StateFile(path).load()).toEqual({ count: 50 });
    const journal = readFileSync(`${path}.journal`, 'utf8').trim().split('\n');
    for (let i = 0; i < journal.length; i += 2) expect(journal[i + 1]).toBe(journal[i].replace('+', '-'));
    expect(readdirSync(folder).sort()).toEqual(['state.json', 'state.json.bak', 'state.json.journal']);
  });

  test('a killed holder is succeeded by exactly one, however many want it', async () => {
    for (let round = 0; round < 3; round++) {
      const holder = start('hold', path);
      await new Promise((resolve) => holder.stdout?.once('data', resolve));
      const gone = ended(holder);
      holder.kill('SIGKILL');
      await gone;
      await Promise.all(Array.from({ length: 8 }, () => ended(start('increment', path, '3'))));
    }
    expect(new StateFile(path).load()).toEqual({ count: 72 });
    const journal = readFileSync(`${path}.journal`, 'utf8').trim().split('\n');
    for (let i = 0; i < journal.length; i += 2) expect(journal[i + 1]).toBe(journal[i].replace('+', '-'));
    expect(readdirSync(folder).sort()).toEqual(['state.json', 'state.json.bak', 'state.json.journal']);
  });

  test('a living holder is named when the wait is over', async () => {
    const holder = start('hold', path);
    await new Promise((resolve) => holder.stdout?.once('data', resolve));
    await expect(lock(systemHost(), { timeoutMs: 50 }).acquire()).rejects.toThrow(
      `the state file is in use by process ${holder.pid}: waited 0s for ${path}.lock`,
    );
    const gone = ended(holder);
    holder.kill('SIGKILL');
    await gone;
  });
});

describe('succession', () => {
  const owner = (token: string, fields: object = {}) =>
    JSON.stringify({ pid: 999_999, host: systemHost().hostname, start: '1', space: spaceOf(), token, ...fields });
  const spaceOf = () => {
    try {
      return fs.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
    } catch {
      return '';
    }
  };
  const only = (...alive: number[]) => ({ ...systemHost(), isAlive: (pid: number) => alive.includes(pid) });

  test('a process number that was reused is not the holder', () => {
    writeFileSync(`${path}.lock`, owner('t', { pid: process.pid, start: '0' }));
    expect(lock().tryAcquire()).toBeUndefined();
  });

  test('what others who died were about to hold the lock with goes too', () => {
    writeFileSync(`${path}.lock`, owner('t'));
    writeFileSync(`${path}.lock.999999-4`, owner('u'));
    writeFileSync(`${path}.lock.999998-1.next`, owner('v'));
    writeFileSync(`${path}.lock.${process.ppid}-1`, owner('w', { pid: process.ppid, start: '' }));
    writeFileSync(`${path}.lock.mine`, owner('x'));
    expect(lock(only(process.pid, process.ppid)).tryAcquire()).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual([
      'state.json.lock',
      `state.json.lock.${process.ppid}-1`,
      'state.json.lock.mine',
    ]);
  });

  test('a living holder is left alone', () => {
    writeFileSync(`${path}.lock`, owner('t', { pid: process.ppid, start: '' }));
    expect(lock().tryAcquire()?.token).toBe('t');
  });

  test('another machine is judged by its last sign of life', () => {
    writeFileSync(`${path}.lock`, owner('t', { host: 'elsewhere' }));
    expect(lock().tryAcquire()?.host).toBe('elsewhere');
    utimesSync(`${path}.lock`, 1, 1);
    expect(lock().tryAcquire()).toBeUndefined();
  });

  test('a lock without content counts as held until it is old', () => {
    writeFileSync(`${path}.lock`, '');
    expect(lock().tryAcquire()?.pid).toBe(0);
    utimesSync(`${path}.lock`, 1, 1);
    expect(lock().tryAcquire()).toBeUndefined();
  });

  test('one that a power cut left empty, before a clock that then went back, is old too', () => {
    writeFileSync(`${path}.lock`, '');
    const soon = Date.now() / 1000 + 50;
    utimesSync(`${path}.lock`, soon, soon);
    expect(lock().tryAcquire()?.pid).toBe(0);
    utimesSync(`${path}.lock`, soon + 20, soon + 20);
    expect(lock().tryAcquire()).toBeUndefined();
  });

  test('a successor that died in the middle is succeeded too', () => {
    writeFileSync(`${path}.lock`, owner('a'));
    writeFileSync(`${path}.lock.after-a`, owner('b'));
    writeFileSync(`${path}.lock.after-b`, owner('c'));
    const mine = lock(only());
    expect(mine.tryAcquire()).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['state.json.lock']);
    mine.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a living successor comes first', () => {
    writeFileSync(`${path}.lock`, owner('a'));
    writeFileSync(`${path}.lock.after-a`, owner('b', { pid: 5, start: '' }));
    expect(lock(only(5)).tryAcquire()?.token).toBe('b');
  });

  test('who looked before a succession and acts after it steps back', () => {
    writeFileSync(`${path}.lock`, owner('a'));
    const first = lock(only());
    // The moment after the late one has judged the old holder dead, another succeeds it completely.
    let late = true;
    const linkSync: LockFiles['linkSync'] = (from, to) => {
      if (late && String(to).includes('.after-')) {
        late = false;
        expect(first.tryAcquire()).toBeUndefined();
      }
      fs.linkSync(from, to);
    };
    const second = lock(only(process.pid), { files: { ...fs, linkSync } });
    expect(second.tryAcquire()?.pid).toBe(process.pid);
    expect(first.held).toBe(true);
    expect(second.held).toBe(false);
    first.verify();
    expect(readdirSync(folder)).toEqual(['state.json.lock']);
  });

  test('file systems without hard links lock as well', () => {
    const linkSync = () => {
      throw Object.assign(new Error('no links'), { code: 'EPERM' });
    };
    const first = lock(systemHost(), { files: { ...fs, linkSync } });
    const second = lock(systemHost(), { files: { ...fs, linkSync } });
    expect(first.tryAcquire()).toBeUndefined();
    expect(second.tryAcquire()?.pid).toBe(process.pid);
    first.release();
    expect(second.tryAcquire()).toBeUndefined();
  });

  test('a lost lock is noticed before anything is written', () => {
    const mine = lock();
    mine.tryAcquire();
    writeFileSync(`${path}.lock`, owner('thief'));
    expect(() => mine.verify()).toThrow(`the lock ${path}.lock was lost to another process`);
    mine.release();
    expect(readdirSync(folder)).toEqual(['state.json.lock']);
  });

  test('a read-only folder is said to be one', () => {
    const writeFileSync = () => {
      throw Object.assign(new Error(), { code: 'EROFS' });
    };
    expect(() => lock(systemHost(), { files: { ...fs, writeFileSync } }).tryAcquire()).toThrow(
      `cannot lock the state file with ${path}.lock: the file system is read-only`,
    );
  });
});
