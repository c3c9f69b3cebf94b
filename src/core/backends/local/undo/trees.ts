/**
 * Folders of volumes and pods as data: what is in them and how, the bytes of files by name in a store. Links are kept as
 * links; nothing is followed.
 */
import { dirname } from 'node:path';
import { errorCode } from '../errors';
import type { Blobs } from './blobs';
import { type Disk, removeTree } from './disk';
import { nameOfBytes, placeOf } from './file-names';
import type { Entry, Tree } from './units';

/** Larger files are not read again while their size, number and times are what they were. */
const TRUSTED_SIZE = 64 * 1024;
/** A file that changed as shortly as that before it was looked at may have changed once more without a trace, ms. */
const TICK_MS = 100;

export class Trees {
  constructor(
    private readonly disk: Disk,
    private readonly blobs: Blobs,
  ) {}

  /** What is at `root`, or null where nothing is; bytes that the store does not have yet go there. */
  capture(root: string, known?: Tree): Tree {
    const before = new Map((known ?? []).map((entry) => [entry.path, entry]));
    const found: Entry[] = [];
    const visit = (path: string): void => {
      const at = placeOf(root, path);
      const stat = this.disk.lstatSync(at, { throwIfNoEntry: false });
      if (!stat) return;
      const mode = stat.mode & 0o7777;
      if (stat.isSymbolicLink()) found.push({ path, mtime: stat.mtimeMs, link: this.disk.readlinkSync(at) });
      else if (stat.isDirectory()) {
        found.push({ path, mode, mtime: stat.mtimeMs });
        this.opened(at, mode, 0o500, () => {
          const names = this.disk.readdirSync(at, { encoding: 'buffer' }).map(nameOfBytes).sort();
          for (const name of names) visit(path === '' ? name : `${path}/${name}`);
        });
      } else if (stat.isFile()) {
        const { size, mtimeMs: mtime, ctimeMs, ino } = stat;
        const seen = [ino, ctimeMs] as const;
        const old = before.get(path);
        const isKnown =
          size > TRUSTED_SIZE && old?.seen && old.size === size && old.seen[0] === ino && old.seen[1] === ctimeMs;
        let sum = isKnown ? old.sum : undefined;
        if (sum === undefined) this.opened(at, mode, 0o400, () => (sum = this.blobs.keep(at)));
        const isOld = this.blobs.now() - ctimeMs > TICK_MS;
        found.push({ path, mode, mtime, size, ...(sum !== undefined && { sum }), ...(isOld && { seen }) });
      }
    };
    try {
      visit('');
    } catch (error) {
      // Where a part of the way is no folder, nothing can be.
      if (found.length > 0 || errorCode(error) !== 'ENOTDIR') throw error;
    }
    return found.length > 0 ? found : null;
  }

  /** Makes at `root`, where nothing is, what the tree says. */
  build(root: string, tree: Tree): void {
    if (!tree) return;
    this.disk.mkdirSync(dirname(root), { recursive: true, mode: 0o700 });
    for (const entry of tree) {
      const at = placeOf(root, entry.path);
      if (entry.link !== undefined) this.disk.symlinkSync(entry.link, at);
      else if (entry.sum === undefined) this.disk.mkdirSync(at, { mode: 0o700 });
      else this.blobs.put(entry.sum, at);
    }
    // From the inside out: a folder's time changes with what is put into it, and it may be closed in the end.
    for (const { path, link, mode = 0, mtime } of [...tree].reverse()) {
      const at = placeOf(root, path);
      const time = secondsOf(mtime ?? 0);
      if (link === undefined) {
        this.disk.utimesSync(at, time, time);
        this.disk.chmodSync(at, mode);
      } else if (mtime !== undefined) this.disk.lutimesSync(at, time, time);
    }
  }

  remove(root: string): void {
    removeTree(this.disk, root);
  }

  /** Reads what its owner may not read, without a lasting change of its mode. */
  private opened(path: string | Buffer, mode: number, needed: number, read: () => void): void {
    if ((mode & needed) === needed) {
      read();
      return;
    }
    this.disk.chmodSync(path, mode | needed);
    try {
      read();
    } finally {
      this.disk.chmodSync(path, mode);
    }
  }
}

/** The system cuts times off at the microsecond: half of one more, and a time that goes back and forth stays what it is. */
const secondsOf = (ms: number): number => (Math.round(ms * 1000) + 0.5) / 1e6;
