/** Which files `-f` means: files, folders, patterns and standard input (as resource.Builder.FilenameParam). */
import { CommandError } from '../../core/client/errors';
import type { FilePort } from '../host';

export interface Source {
  /** What errors call it: the path, or STDIN. */
  readonly name: string;
  /** Undefined for standard input. */
  readonly path?: string;
}

export interface Sources {
  readonly sources: readonly Source[];
  readonly errors: readonly CommandError[];
  /** True for exactly one file: what comes of it is not wrapped into a list. */
  readonly single: boolean;
}

const EXTENSIONS = ['.json', '.yaml', '.yml'];

export function findSources(names: readonly string[], recursive: boolean, files: FilePort): Sources {
  const sources: Source[] = [];
  const errors: CommandError[] = [];
  let folder = false;
  let stdin = false;
  for (const name of names) {
    if (name === '-') {
      stdin = true;
      sources.push({ name: 'STDIN' });
    } else if (/^https?:\/\//.test(name)) {
      errors.push(
        new CommandError(
          `stsctl does not read manifests from the network: save ${name} to a file and pass that with -f`,
        ),
      );
    } else {
      const paths = name === '' ? [] : expandPattern(name, files);
      let found = 0;
      for (const path of paths) {
        const stat = files.stat(path);
        if (!stat) {
          errors.push(new CommandError(`the path "${path}" does not exist`));
          continue;
        }
        const inside = stat.kind === 'file' ? [path] : walk(path, recursive, files);
        if (inside.length > 1) folder = true;
        found += inside.length;
        sources.push(...inside.map((p) => ({ name: p, path: p })));
      }
      if (found === 0 && errors.length === 0)
        errors.push(
          new CommandError(
            `error reading [${paths.join(' ')}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`,
          ),
        );
    }
  }
  return { sources, errors, single: !folder && !stdin && sources.length === 1 };
}

/** Manifests of a folder in lexical order, folders inside it only when `recursive`. */
function walk(folder: string, recursive: boolean, files: FilePort): string[] {
  const found: string[] = [];
  for (const name of [...files.list(folder)].sort((a, b) => (a < b ? -1 : 1))) {
    const path = folder === '.' ? name : `${folder.replace(/\/+$/, '')}/${name}`;
    const stat = files.stat(path);
    if (stat?.kind === 'folder') {
      if (recursive) found.push(...walk(path, recursive, files));
    } else if (stat && EXTENSIONS.some((e) => name.endsWith(e))) found.push(path);
  }
  return found;
}

/** A pattern that the shell left alone: `*`, `?` and `[…]` in the last part of the path (as filepath.Glob there). */
function expandPattern(name: string, files: FilePort): string[] {
  if (!/[*?[]/.test(name) || files.stat(name)) return [name];
  const slash = name.lastIndexOf('/');
  const folder = slash < 0 ? '.' : name.slice(0, slash) || '/';
  const last = name.slice(slash + 1);
  if (!/[*?[]/.test(last) || files.stat(folder)?.kind !== 'folder') return [name];
  let pattern: RegExp;
  try {
    pattern = new RegExp(
      `^${last
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]')}$`,
      's',
    );
  } catch {
    throw new CommandError(`the pattern "${name}" is not valid: syntax error in pattern`);
  }
  const matches = files
    .list(folder)
    .filter((n) => pattern.test(n))
    .sort((a, b) => (a < b ? -1 : 1));
  return matches.length === 0 ? [name] : matches.map((n) => (slash < 0 ? n : `${name.slice(0, slash + 1)}${n}`));
}
