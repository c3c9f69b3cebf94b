/** A file system that refuses to be written, in the words of Unix. */
import type { IFileSystem } from 'just-bash';

const refuse = (path: string): never => {
  throw new Error(`EROFS: read-only file system, open '${path}'`);
};

export class ReadOnlyFs implements IFileSystem {
  readonly readFile: IFileSystem['readFile'];
  readonly readFileBuffer: IFileSystem['readFileBuffer'];
  readonly exists: IFileSystem['exists'];
  readonly stat: IFileSystem['stat'];
  readonly lstat: IFileSystem['lstat'];
  readonly readdir: IFileSystem['readdir'];
  readonly readlink: IFileSystem['readlink'];
  readonly realpath: IFileSystem['realpath'];
  readonly resolvePath: IFileSystem['resolvePath'];
  readonly getAllPaths: IFileSystem['getAllPaths'];

  constructor(inner: IFileSystem) {
    this.readFile = inner.readFile.bind(inner);
    this.readFileBuffer = inner.readFileBuffer.bind(inner);
    this.exists = inner.exists.bind(inner);
    this.stat = inner.stat.bind(inner);
    this.lstat = inner.lstat.bind(inner);
    this.readdir = inner.readdir.bind(inner);
    this.readlink = inner.readlink.bind(inner);
    this.realpath = inner.realpath.bind(inner);
    this.resolvePath = inner.resolvePath.bind(inner);
    this.getAllPaths = inner.getAllPaths.bind(inner);
  }

  async writeFile(path: string): Promise<void> {
    refuse(path);
  }
  async appendFile(path: string): Promise<void> {
    refuse(path);
  }
  async mkdir(path: string): Promise<void> {
    refuse(path);
  }
  async rm(path: string): Promise<void> {
    refuse(path);
  }
  async cp(_source: string, target: string): Promise<void> {
    refuse(target);
  }
  async mv(source: string): Promise<void> {
    refuse(source);
  }
  async chmod(path: string): Promise<void> {
    refuse(path);
  }
  async symlink(_target: string, path: string): Promise<void> {
    refuse(path);
  }
  async link(_existing: string, path: string): Promise<void> {
    refuse(path);
  }
  async utimes(path: string): Promise<void> {
    refuse(path);
  }
}
