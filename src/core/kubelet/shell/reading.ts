/** The reading half of a file system that stands before another: what may be written, and how it is refused, is for who extends it. */
import type { IFileSystem } from 'just-bash';

export class ReadingFs {
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

  constructor(protected readonly inner: IFileSystem) {
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
}
