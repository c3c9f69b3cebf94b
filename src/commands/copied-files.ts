/** Files of this machine on their way into containers, and back. */
import type { CopiedFile } from '../core/client/container-backend';
import { CommandError } from '../core/client/errors';
import type { Host } from './host';
import type { Context } from './verb';

/** A file, or a folder with all that is in it; undefined where nothing is. */
export function readTree({ files, copying }: Host, root: string): readonly CopiedFile[] | undefined {
  if (!files.stat(root)) return undefined;
  const found: CopiedFile[] = [];
  const visit = (path: string, parts: readonly string[]): void => {
    const link = parts.length > 0 ? copying?.readLink(path) : undefined;
    if (link !== undefined) found.push({ path: parts, link });
    else if (files.stat(path)?.kind === 'folder') {
      found.push({ path: parts });
      for (const name of [...files.list(path)].sort()) visit(`${path.replace(/\/$/, '')}/${name}`, [...parts, name]);
    } else found.push({ path: parts, content: files.read(path) });
  };
  visit(root, []);
  return found;
}

/** Writes what came out of a container; links are left out and told. @throws CommandError in the system's words */
export function writeTree(
  { host }: Context,
  root: string,
  files: readonly CopiedFile[],
  skipped: (link: string, target: string) => void,
): void {
  const { copying } = host;
  if (!copying) throw new CommandError('there are no files to write to');
  for (const { path, content, link } of files) {
    const target = [root.replace(/(.)\/$/, '$1'), ...path].join('/');
    if (link !== undefined) skipped(target, link);
    else if (content === undefined) copying.makeFolder(target);
    else if (host.files.stat(target)?.kind === 'folder') throw new CommandError(`open ${target}: is a directory`);
    else copying.write(target, content);
  }
}
