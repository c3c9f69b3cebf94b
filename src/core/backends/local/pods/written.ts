/** What containers wrote reaches the disk before anybody is told of it: the files, and the names in the folders on the way to them. */
import { promises as fs } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ifThere, syncPaths } from '../durable-paths';
import { fromSystemError } from '../errors';

export class WrittenFiles {
  private readonly top: string;
  /** Whether what is below the path may have come with it. */
  private readonly noted = new Map<string, boolean>();

  /** Nothing above the folder `top` has changed. */
  constructor(top: string) {
    this.top = resolve(top);
  }

  /** Notes that something at the path is about to change, to appear or to go. */
  note(path: string, deep: boolean): void {
    const whole = resolve(path);
    this.noted.set(whole, deep || this.noted.get(whole) === true);
  }

  /** @throws StateFileError where the disk fails */
  async sync(): Promise<void> {
    if (this.noted.size === 0) return;
    const noted = [...this.noted];
    this.noted.clear();
    const paths = new Set<string>();
    try {
      for (const [path, deep] of noted) {
        this.collectAbove(path, paths);
        await this.collect(path, deep, paths);
      }
      await syncPaths(paths);
    } catch (error) {
      throw fromSystemError(
        error,
        "write the pods' files below",
        this.top,
        'This change was not saved; what containers wrote just now is in their files, but may not outlive a power cut.',
      );
    }
  }

  private collectAbove(path: string, into: Set<string>): void {
    for (let at = dirname(path); !into.has(at) && isBelow(this.top, at); at = dirname(at)) into.add(at);
  }

  private async collect(path: string, deep: boolean, into: Set<string>): Promise<void> {
    const stat = await ifThere(fs.lstat(path));
    if (stat?.isSymbolicLink()) {
      // The link is a name in its folder; what was written through it lies elsewhere. One that leads out was never followed.
      const target = await ifThere(fs.realpath(path));
      if (target === undefined || !isBelow(await fs.realpath(this.top), target)) return;
      if ((await fs.stat(target)).isFile()) into.add(target).add(dirname(target));
    } else if (stat) into.add(path);
    if (!deep || !stat?.isDirectory()) return;
    for (const name of await fs.readdir(path)) await this.collect(join(path, name), true, into);
  }
}

const isBelow = (top: string, path: string): boolean => !relative(top, path).startsWith('..');
