/** A file system that refuses to be written, in the words of Unix. */
import type { IFileSystem } from 'just-bash';
import { ReadingFs } from './reading';

const refuse = (path: string): never => {
  throw new Error(`EROFS: read-only file system, open '${path}'`);
};

export class ReadOnlyFs extends ReadingFs implements IFileSystem {
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
