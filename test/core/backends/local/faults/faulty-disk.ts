/** A file system on which one call, or every call from one on, goes wrong. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { LocalOptions } from '../../../../../src/core/backends/local';
import type { HostPort } from '../../../../../src/core/backends/local/host';
import { LockFile } from '../../../../../src/core/backends/local/lock';
import { StateFile } from '../../../../../src/core/backends/local/state-file';
import type { Disk } from '../../../../../src/core/backends/local/undo/disk';

const WRITES = [
  'appendFileSync',
  'copyFileSync',
  'fsyncSync',
  'linkSync',
  'mkdirSync',
  'openSync',
  'renameSync',
  'symlinkSync',
  'truncateSync',
  'writeFileSync',
  'writeSync',
] as const;
const REMOVALS = ['rmSync', 'rmdirSync', 'chmodSync', 'utimesSync'] as const;
const READS = [
  'lstatSync',
  'readFileSync',
  'readSync',
  'readdirSync',
  'readlinkSync',
  'realpathSync',
  'statSync',
] as const;

export type Call = (typeof WRITES)[number] | (typeof REMOVALS)[number] | (typeof READS)[number];

export interface Fault {
  readonly name: string;
  readonly code: string;
  readonly calls: readonly Call[];
  /** Half of what was to be written is there. */
  readonly torn?: boolean;
  /** Every call from there on fails. */
  readonly lasting?: boolean;
}

export const FAULTS: readonly Fault[] = [
  { name: 'a full disk', code: 'ENOSPC', calls: WRITES, lasting: true },
  { name: 'one failure of the disk', code: 'EIO', calls: [...WRITES, ...REMOVALS, ...READS] },
  { name: 'a disk that fails for good', code: 'EIO', calls: [...WRITES, ...REMOVALS, ...READS], lasting: true },
  { name: 'a closed folder', code: 'EACCES', calls: [...WRITES, ...REMOVALS, ...READS] },
  {
    name: 'a torn write',
    code: 'EIO',
    calls: ['appendFileSync', 'copyFileSync', 'writeFileSync', 'writeSync'],
    torn: true,
  },
];

export interface FaultyDisk {
  readonly disk: typeof fs;
  /** The call that went wrong first. */
  readonly hit: () => string | undefined;
}

/** The `at`-th of the calls that the fault concerns goes wrong, counted from 0. */
export function faultyDisk(fault: Fault, at: number): FaultyDisk {
  let left = at;
  let hit: string | undefined;
  const real: Disk = fs;
  const wrapped = fault.calls.map((name) => [
    name,
    (...args: unknown[]) => {
      const run = () => (real[name] as (...args: unknown[]) => unknown)(...args);
      if (fault.code === 'ENOSPC' && name === 'openSync' && args[1] === 'r') return run();
      // What the kernel says of processes is on no disk.
      if (typeof args[0] === 'string' && args[0].startsWith('/proc/')) return run();
      if (left-- > 0) return run();
      if (left < -1 && !fault.lasting) return run();
      hit ??= `${name} ${args.filter((arg) => typeof arg === 'string' && arg.length < 200).join(' ')}`;
      if (fault.torn) tear(name, args);
      throw Object.assign(new Error(`${fault.code}: injected, ${name}`), { code: fault.code });
    },
  ]);
  return { disk: { ...fs, ...Object.fromEntries(wrapped) }, hit: () => hit };
}

function tear(name: Call, args: unknown[]): void {
  const [first, second, third, fourth] = args;
  if (name === 'writeSync')
    fs.writeSync(first as number, second as Uint8Array, third as number, Math.floor(Number(fourth) / 2));
  else if (name === 'copyFileSync') {
    const text = fs.readFileSync(first as string, 'latin1');
    fs.writeFileSync(second as string, text.slice(0, text.length / 2), 'latin1');
  } else {
    const text = String(second);
    const write = name === 'appendFileSync' ? fs.appendFileSync : fs.writeFileSync;
    write(first as string, text.slice(0, text.length / 2), third as object);
  }
}

/** The state file, its lock and undo on one disk. */
export function onDisk(disk: typeof fs, state: string, host: HostPort): Partial<LocalOptions> {
  return {
    host,
    disk,
    storage: {
      file: new StateFile(state, { files: disk }),
      lock: new LockFile(`${state}.lock`, host, { files: disk, timeoutMs: 50 }),
    },
  };
}

/** What is below the folder, as paths. */
export function namesBelow(folder: string, prefix = ''): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = join(prefix, entry.name);
    return entry.isDirectory() ? [name, ...namesBelow(join(folder, entry.name), name)] : [name];
  });
}
