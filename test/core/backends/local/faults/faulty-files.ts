/** The machine's file system itself, on which calls that concern some folders go wrong: for what takes no file system of its own. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Fault } from './faulty-disk';

type Work = (...args: unknown[]) => unknown;
type Calls = Record<string, Work>;

const WRITES = [
  'appendFile',
  'copyFile',
  'link',
  'mkdir',
  'open',
  'rename',
  'symlink',
  'sync',
  'truncate',
  'write',
  'writeFile',
];
const OTHERS = ['chmod', 'lstat', 'read', 'readFile', 'readdir', 'readlink', 'realpath', 'rm', 'stat', 'utimes'];
/** What a handle does that was opened on a file. */
const OF_HANDLES = ['chmod', 'read', 'readFile', 'stat', 'sync', 'truncate', 'utimes', 'write', 'writeFile'];

export interface FaultyFiles {
  /** The call that went wrong first. */
  readonly hit: () => string | undefined;
  stop(): void;
}

/** The `at`-th of the calls below `folders` that the fault concerns goes wrong, counted from 0. */
export function breakFiles(
  fault: Pick<Fault, 'code' | 'lasting'>,
  at: number,
  folders: readonly string[],
): FaultyFiles {
  let left = at;
  let hit: string | undefined;
  const undone: (() => void)[] = [];
  const concerns = (path: unknown): boolean =>
    typeof path === 'string' && folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  const names = fault.code === 'ENOSPC' ? WRITES : [...WRITES, ...OTHERS];
  const isRead = (name: string, flags: unknown): boolean =>
    fault.code === 'ENOSPC' && name === 'open' && (flags === 'r' || (typeof flags === 'number' && (flags & 3) === 0));
  const fails = (name: string, path: unknown, flags?: unknown): Error | undefined => {
    if (!concerns(path) || !names.includes(name) || isRead(name, flags)) return undefined;
    if (left-- > 0 || (left < -1 && !fault.lasting)) return undefined;
    hit ??= `${name} ${path}`;
    return Object.assign(new Error(`${fault.code}: injected, ${name} '${path}'`), { code: fault.code, path });
  };
  const replace = (calls: Calls, key: string, work: (real: Work) => Work): void => {
    const real = calls[key];
    if (typeof real !== 'function') return;
    calls[key] = work(real.bind(calls));
    undone.push(() => {
      calls[key] = real;
    });
  };
  const promised = fs.promises as unknown as Calls;
  for (const name of [...WRITES, ...OTHERS]) {
    replace(fs as unknown as Calls, `${name}Sync`, (real) => (...args) => {
      const error = fails(name, args[0], args[1]) ?? (name === 'rename' ? fails(name, args[1]) : undefined);
      if (error) throw error;
      return real(...args);
    });
    replace(promised, name, (real) => async (...args) => {
      const error = fails(name, args[0], args[1]) ?? (name === 'rename' ? fails(name, args[1]) : undefined);
      if (error) throw error;
      const answer = await real(...args);
      return name === 'open' && concerns(args[0]) ? handle(answer as object, String(args[0])) : answer;
    });
  }
  const handle = (inner: object, path: string): object =>
    new Proxy(inner, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        const work = value.bind(target) as Work;
        if (!OF_HANDLES.includes(String(key))) return work;
        return async (...args: unknown[]) => {
          const error = fails(String(key), path);
          if (error) throw error;
          return work(...args);
        };
      },
    });
  syncBuiltinESMExports();
  return {
    hit: () => hit,
    stop: () => {
      for (const undo of undone) undo();
      syncBuiltinESMExports();
    },
  };
}
