/**
 * A disk of which a power cut leaves no more than it must: of a file what was in it when it was last synced, and its time, of a folder
 * the names that it had then. Linux alone says which file a descriptor is.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';

interface Name {
  readonly name: string;
  readonly ino: number;
  readonly link?: string;
  readonly isFolder: boolean;
  readonly mode: number;
}

interface Kept {
  readonly content: Uint8Array;
  /** ms since 1970. */
  readonly mtime: number;
}

export interface Watched {
  /** The file system for whoever takes one. */
  readonly disk: typeof fs;
  /** Writes to a new folder what a power cut at this instant would leave of the watched one. */
  cut(to: string): void;
  stop(): void;
}

/** Watches a folder; all that is in it now is on the disk. */
export async function watchDisk(folder: string): Promise<Watched> {
  const files = new Map<number, Kept>();
  const folders = new Map<number, readonly Name[]>();
  const keep = (path: string): void => {
    const stat = fs.statSync(path);
    if (stat.isFile()) files.set(stat.ino, { content: Uint8Array.from(fs.readFileSync(path)), mtime: stat.mtimeMs });
    if (stat.isDirectory()) folders.set(stat.ino, namesOf(path));
  };
  const keepAll = (path: string): void => {
    keep(path);
    for (const { name, isFolder, link } of namesOf(path))
      if (isFolder) keepAll(join(path, name));
      else if (link === undefined) keep(join(path, name));
  };
  keepAll(folder);
  const synced = (fd: number): void => keep(`/proc/self/fd/${fd}`);
  const build = (ino: number, to: string): void => {
    fs.mkdirSync(to);
    for (const { name, ino: inner, link, isFolder, mode } of folders.get(ino) ?? []) {
      const path = join(to, name);
      if (link !== undefined) fs.symlinkSync(link, path);
      else if (isFolder) build(inner, path);
      else {
        const { content, mtime } = files.get(inner) ?? { content: '', mtime: 0 };
        fs.writeFileSync(path, content);
        // The system cuts times off at the microsecond.
        const time = (Math.round(mtime * 1000) + 0.5) / 1e6;
        fs.utimesSync(path, time, time);
      }
      if (link === undefined) fs.chmodSync(path, mode);
    }
  };
  const handle = await fs.promises.open(folder, 'r');
  await handle.close();
  const handles = Object.getPrototypeOf(handle) as { sync(this: fs.promises.FileHandle): Promise<void> };
  const { sync } = handles;
  handles.sync = async function () {
    synced(this.fd);
  };
  return {
    disk: { ...fs, fsyncSync: synced },
    cut: (to) => build(fs.statSync(folder).ino, to),
    stop: () => {
      handles.sync = sync;
    },
  };
}

const namesOf = (folder: string): Name[] =>
  fs.readdirSync(folder).map((name) => {
    const path = join(folder, name);
    const stat = fs.lstatSync(path);
    const link = stat.isSymbolicLink() ? { link: fs.readlinkSync(path) } : {};
    return { name, ino: stat.ino, isFolder: stat.isDirectory(), mode: stat.mode & 0o7777, ...link };
  });
