/** A file system without room: files can be read, removed and made smaller, but nothing more can be written. */
import type { IFileSystem } from 'just-bash';
import { ReadingFs } from './reading';

const refuse = (path: string): never => {
  throw new Error(`ENOSPC: no space left on device, write '${path}'`);
};

export class FullFs extends ReadingFs implements IFileSystem {
  readonly rm: IFileSystem['rm'];
  readonly mv: IFileSystem['mv'];
  readonly chmod: IFileSystem['chmod'];
  readonly utimes: IFileSystem['utimes'];

  constructor(inner: IFileSystem) {
    super(inner);
    this.rm = inner.rm.bind(inner);
    this.mv = inner.mv.bind(inner);
    this.chmod = inner.chmod.bind(inner);
    this.utimes = inner.utimes.bind(inner);
  }

  /** A file is cut before it is written: what is no longer than before finds room. */
  async writeFile(...args: Parameters<IFileSystem['writeFile']>): Promise<void> {
    const [path, content] = args;
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content).length : content.length;
    const present = (await this.inner.exists(path)) ? (await this.inner.stat(path)).size : -1;
    if (bytes > present) refuse(path);
    await this.inner.writeFile(...args);
  }
  async appendFile(...[path, content]: Parameters<IFileSystem['appendFile']>): Promise<void> {
    if (content.length > 0 || !(await this.inner.exists(path))) refuse(path);
  }
  async mkdir(...args: Parameters<IFileSystem['mkdir']>): Promise<void> {
    const [path, options] = args;
    if (!(options?.recursive && (await this.inner.exists(path)))) refuse(path);
  }
  async cp(_source: string, target: string): Promise<void> {
    refuse(target);
  }
  async symlink(_target: string, path: string): Promise<void> {
    refuse(path);
  }
  async link(_existing: string, path: string): Promise<void> {
    refuse(path);
  }
}
