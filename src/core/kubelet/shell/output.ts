/**
 * Hears what a run prints while it prints it: the shell returns its output only at the end, so the run's two streams are
 * redirected (see heard.ts) into files of this file system, which passes every write on.
 */
import type { FileContent, IFileSystem } from 'just-bash';

export const STDOUT = '/dev/.stdout';
export const STDERR = '/dev/.stderr';

type Listener = (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;

/** Makes the two streams of a file system audible; everything else goes to the file system itself. */
export function audible(inner: IFileSystem, listener: Listener): IFileSystem {
  const pass = (path: string, content: FileContent, options: unknown): boolean => {
    if (path !== STDOUT && path !== STDERR) return false;
    const isBinary = options === 'binary' || options === 'latin1';
    const bytes = typeof content === 'string' ? encode(content, isBinary) : content;
    listener(path === STDOUT ? 'stdout' : 'stderr', bytes);
    return true;
  };
  return new Proxy(inner, {
    get(target, key) {
      if (key === 'appendFile' || key === 'writeFile') {
        const method = target[key].bind(target);
        return async (path: string, content: FileContent, options?: Parameters<typeof method>[2]) => {
          if (!pass(path, content, options)) await method(path, content, options);
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const encode = (text: string, isBinary: boolean): Uint8Array =>
  isBinary ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : new TextEncoder().encode(text);
