/**
 * Gives files the cluster's time: what a run writes is as old as its clock says, and not as the machine's. So the same commands
 * show the same times again, wherever and whenever that is.
 */
import type { FsStat, IFileSystem } from 'just-bash';

/** What ls shows with the time of day; what is older, or not yet, with the year. */
const RECENT_MS = 15_552_000_000;

/** A file's time in a container, whose machine keeps UTC. */
class FileTime extends Date {
  override getFullYear(): number {
    return this.getUTCFullYear();
  }
  override getMonth(): number {
    return this.getUTCMonth();
  }
  override getDate(): number {
    return this.getUTCDate();
  }
  override getDay(): number {
    return this.getUTCDay();
  }
  override getHours(): number {
    return this.getUTCHours();
  }
  override getMinutes(): number {
    return this.getUTCMinutes();
  }
  override getSeconds(): number {
    return this.getUTCSeconds();
  }
}

/** As ls is to see it: the library compares it with the machine's time to tell recent files, which is decided here instead. */
class ListedTime extends FileTime {
  constructor(
    time: Date,
    private readonly now: number,
  ) {
    super(time);
  }

  override valueOf(): number {
    return this.getTime() > this.now - RECENT_MS ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  override [Symbol.toPrimitive](hint: 'default'): string;
  override [Symbol.toPrimitive](hint: 'string'): string;
  override [Symbol.toPrimitive](hint: 'number'): number;
  override [Symbol.toPrimitive](hint: string): string | number {
    return hint === 'number' ? this.valueOf() : this.toString();
  }
}

type Write = 'writeFile' | 'appendFile' | 'mkdir' | 'symlink' | 'link' | 'cp' | 'mv' | 'rm';

/** Which arguments of a method are paths that appear, change or go. */
const CHANGED: Readonly<Record<Write, readonly number[]>> = {
  writeFile: [0],
  appendFile: [0],
  mkdir: [0],
  symlink: [1],
  link: [1],
  cp: [1],
  mv: [0, 1],
  rm: [0],
};

export class DatedFs {
  readonly fs: IFileSystem;
  private listing = false;

  constructor(
    private readonly inner: IFileSystem,
    private readonly now: () => number,
  ) {
    this.fs = new Proxy(inner, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        if (key === 'stat' || key === 'lstat')
          return async (path: string) => this.shown(await (key === 'stat' ? inner.stat(path) : inner.lstat(path)));
        const changed = Object.hasOwn(CHANGED, key) ? CHANGED[key as Write] : undefined;
        if (!changed) return value.bind(target);
        return (...args: unknown[]) => this.write(key as Write, args, () => value.apply(target, args) as Promise<void>);
      },
    });
  }

  /** While ls runs, what is recent goes by the container's clock. */
  async whileListing<T>(list: () => Promise<T>): Promise<T> {
    this.listing = true;
    try {
      return await list();
    } finally {
      this.listing = false;
    }
  }

  private shown(stat: FsStat): FsStat {
    return { ...stat, mtime: this.listing ? new ListedTime(stat.mtime, this.now()) : new FileTime(stat.mtime) };
  }

  private async write(method: Write, args: readonly unknown[], act: () => Promise<void>): Promise<void> {
    const paths = CHANGED[method].map((at) => this.inner.resolvePath('/', String(args[at])));
    const fresh = await Promise.all(paths.map((path) => this.missing(path)));
    await act();
    for (const [i, path] of paths.entries()) {
      const [top = path] = fresh[i].slice(-1);
      // A folder changes with the names in it.
      if (fresh[i].length > 0 || method === 'rm' || method === 'mv') await this.stamp(dirname(top));
      for (const each of fresh[i]) if (each !== path) await this.stamp(each);
      if (method === 'cp') await this.stampCopy(this.inner.resolvePath('/', String(args[0])), path);
      else if (method === 'writeFile' || method === 'appendFile' || (method === 'mkdir' && fresh[i].length > 0))
        await this.stamp(path);
    }
  }

  /** What of a path is not there yet, from the inside out. */
  private async missing(path: string): Promise<string[]> {
    const found: string[] = [];
    for (let at = path; at !== '/' && !(await this.inner.exists(at)); at = dirname(at)) found.push(at);
    return found;
  }

  /** What came from `from`, and nothing that was there before; what a link leads to has not changed. */
  private async stampCopy(from: string, to: string): Promise<void> {
    const stat = await this.inner.lstat(to).catch(() => undefined);
    if (!stat || stat.isSymbolicLink) return;
    await this.stamp(to);
    if (!stat.isDirectory) return;
    for (const name of await this.inner.readdir(from).catch(() => []))
      await this.stampCopy(inside(from, name), inside(to, name));
  }

  /** Where nothing is, or nothing can be changed, no time is either. */
  private async stamp(path: string): Promise<void> {
    const time = new Date(this.now());
    await this.inner.utimes(path, time, time).catch(() => {});
  }
}

const dirname = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

const inside = (path: string, name: string): string => (path === '/' ? `/${name}` : `${path}/${name}`);
