/** Tells of each change of a folder's files before it is made, so that whoever keeps the folder can see to it that it lasts. */
import type { IFileSystem } from 'just-bash';

/** Told of a path of this machine; `deep`: what is below it comes with it. */
export type Note = (path: string, deep: boolean) => void;

type Method = 'writeFile' | 'appendFile' | 'mkdir' | 'rm' | 'cp' | 'mv' | 'chmod' | 'symlink' | 'link' | 'utimes';

/** Which of a method's arguments are paths that change. */
const CHANGED: Readonly<Record<Method, readonly number[]>> = {
  writeFile: [0],
  appendFile: [0],
  mkdir: [0],
  rm: [0],
  cp: [1],
  mv: [0, 1],
  chmod: [0],
  symlink: [1],
  link: [1],
  utimes: [0],
};

/** The file system of the folder `root`, as it is but for that. */
export function noted(inner: IFileSystem, root: string, note: Note): IFileSystem {
  return new Proxy(inner, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const changed = Object.hasOwn(CHANGED, key) ? CHANGED[key as Method] : undefined;
      if (!changed) return value.bind(target);
      return (...args: unknown[]) => {
        for (const at of changed)
          note(`${root}${target.resolvePath('/', String(args[at]))}`, key === 'cp' || key === 'mv');
        return value.apply(target, args);
      };
    },
  });
}
