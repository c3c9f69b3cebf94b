/** Bytes of files, each kept once under its SHA-256. Where the file system can, a copy shares blocks until one of both changes. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncPaths } from '../durable-paths';
import { type Disk, isThere, namesIn } from './disk';

/** How much of a file is read at a time, bytes. */
const PIECE = 1024 * 1024;

export class Blobs {
  private touchedAt: number | undefined;
  /** Kept, and not known to be on the disk yet. */
  private readonly fresh = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly disk: Disk,
  ) {}

  /** Keeps the bytes of a file, and names them. */
  keep(path: string | Buffer): string {
    const sum = this.sumOf(path);
    const kept = join(this.folder, sum);
    if (isThere(this.disk, kept)) return sum;
    const draft = join(this.folder, '.new');
    this.disk.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.disk.rmSync(draft, { force: true });
    this.disk.copyFileSync(path, draft, constants.COPYFILE_FICLONE);
    this.disk.chmodSync(draft, 0o600);
    this.disk.renameSync(draft, kept);
    this.fresh.add(kept);
    return sum;
  }

  /** What was kept outlives a power cut from here on. @throws the system's error */
  async settle(): Promise<void> {
    if (this.fresh.size === 0) return;
    await syncPaths([...this.fresh, this.folder, dirname(this.folder), dirname(dirname(this.folder))]);
    this.fresh.clear();
  }

  /** Writes the bytes to a new file. */
  put(sum: string, path: string | Buffer): void {
    this.disk.copyFileSync(join(this.folder, sum), path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  }

  /** The bytes as text. */
  text(sum: string): string {
    return this.disk.readFileSync(join(this.folder, sum), 'utf8');
  }

  /** Forgets what nobody needs any more. */
  sweep(needed: ReadonlySet<string>): void {
    for (const name of namesIn(this.disk, this.folder))
      if (!needed.has(name)) this.disk.rmSync(join(this.folder, name), { force: true });
  }

  /** The file system's own time, which need not be the clock's, ms. The time when this was first asked. */
  now(): number {
    if (this.touchedAt === undefined) {
      this.disk.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const mark = join(this.folder, '.now');
      this.disk.writeFileSync(mark, '', { mode: 0o600 });
      this.touchedAt = this.disk.statSync(mark).mtimeMs;
      this.disk.rmSync(mark, { force: true });
    }
    return this.touchedAt;
  }

  private sumOf(path: string | Buffer): string {
    const hash = createHash('sha256');
    const fd = this.disk.openSync(path, 'r');
    try {
      const piece = new Uint8Array(Math.min(PIECE, this.disk.statSync(path).size + 1));
      for (let read = this.disk.readSync(fd, piece); read > 0; read = this.disk.readSync(fd, piece))
        hash.update(piece.subarray(0, read));
    } finally {
      this.disk.closeSync(fd);
    }
    return hash.digest('hex');
  }
}
