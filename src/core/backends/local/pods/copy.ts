/** Reads and writes a container's files for copying: through its own file system, so that nothing outside is reached. */
import type { CopiedFile } from '../../../client/container-backend';
import { CommandError } from '../../../client/errors';
import type { Place } from '../../../kubelet/shell';

type Files = Place['fs'];

/** More than so many bytes are not copied at a time. */
const MAX_BYTES = 256 * 1024 * 1024;

export async function statFile(fs: Files, path: string): Promise<'file' | 'folder' | undefined> {
  const whole = fs.resolvePath('/', path);
  if (!(await fs.exists(whole))) return undefined;
  try {
    return (await fs.stat(whole)).isDirectory ? 'folder' : 'file';
  } catch (error) {
    throw asRefusal(error, path);
  }
}

/** What is at the path and below it, links as links; undefined where nothing is. */
export async function readFiles(fs: Files, path: string): Promise<readonly CopiedFile[] | undefined> {
  const whole = fs.resolvePath('/', path);
  const found: CopiedFile[] = [];
  let size = 0;
  const visit = async (at: string, parts: readonly string[]): Promise<void> => {
    const stat = await fs.lstat(at);
    if (stat.isSymbolicLink) {
      found.push({ path: parts, link: await fs.readlink(at) });
      return;
    }
    const mode = stat.mode & 0o777;
    if (!stat.isDirectory) {
      const content = await fs.readFileBuffer(at);
      size += content.length;
      if (size > MAX_BYTES) throw new CommandError(`${path} is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
      found.push({ path: parts, content, mode });
      return;
    }
    found.push({ path: parts, mode });
    for (const name of (await fs.readdir(at)).toSorted())
      await visit(`${at === '/' ? '' : at}/${name}`, [...parts, name]);
  };
  try {
    await visit(whole, []);
  } catch (error) {
    if (isMissing(error) && found.length === 0) return undefined;
    throw asRefusal(error, path);
  }
  return found;
}

export async function writeFiles(fs: Files, path: string, files: readonly CopiedFile[]): Promise<void> {
  const whole = fs.resolvePath('/', path);
  for (const { path: parts, content, link, mode } of files) {
    const target = fs.resolvePath(whole, parts.join('/') || '.');
    try {
      if (link !== undefined) {
        await fs.rm(target, { force: true });
        await fs.symlink(link, target);
        continue;
      }
      if (content === undefined) await fs.mkdir(target, { recursive: true });
      else await fs.writeFile(target, content);
      if (mode !== undefined) await fs.chmod(target, mode);
    } catch (error) {
      throw asRefusal(error, target);
    }
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && /ENOENT|no such file/i.test(error.message);

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/ENOENT|no such file/i, 'No such file or directory'],
  [/EROFS|read-only/i, 'Read-only file system'],
  [/EISDIR|is a directory/i, 'Is a directory'],
  [/ENOTDIR|not a directory/i, 'Not a directory'],
  [/EACCES|EPERM|denied/i, 'Permission denied'],
  [/ENOSPC|no space left/i, 'No space left on device'],
  [/EIO\b|i\/o error/i, 'Input/output error'],
  [/ELOOP|symbolic/i, 'Too many levels of symbolic links'],
];

/** As tar says it. */
function asRefusal(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof CommandError) return error;
  const [, words] = WORDS.find(([pattern]) => pattern.test(error.message)) ?? [];
  return new CommandError(`tar: ${path}: ${words ?? error.message}`);
}
