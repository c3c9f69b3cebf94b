/** The files of a kubeconfig on the disk: locked as kubectl locks them, and replaced in one step. */
import fs from 'node:fs';
import path from 'node:path';
import { CommandError } from '../../../client/errors';

/** Returns the lock's name. @throws CommandError where another program holds it, or it can't be made */
export function lock(file: string): string {
  const name = `${file}.lock`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
    fs.closeSync(fs.openSync(name, 'wx', 0o000));
    return name;
  } catch (e) {
    throw new CommandError(`open ${name}: ${reasonOf(e)}`);
  }
}

export const unlock = (name: string): void => fs.rmSync(name, { force: true });

/** Whose it is and who may read it stays as it was; a link stays a link. @throws CommandError, and then the file is as it was */
export function replace(file: string, text: string): void {
  const target = behindLinks(file);
  const next = `${target}.stsctl-next`;
  try {
    // One that a killed command left may be readable by others.
    fs.rmSync(next, { force: true });
    writeNew(next, text, fs.statSync(target, { throwIfNoEntry: false }));
    try {
      fs.renameSync(next, target);
    } catch (e) {
      // A file that is mounted by itself can only be written to.
      if (codeOf(e) !== 'EBUSY') throw e;
      fs.writeFileSync(target, text);
      fs.rmSync(next, { force: true });
    }
  } catch (e) {
    fs.rmSync(next, { force: true });
    throw new CommandError(`open ${file}: ${reasonOf(e)}`);
  }
}

/** More links than a system follows. */
const MOST_LINKS = 40;

/** Also where the last of them leads to a file that is yet to come. */
function behindLinks(file: string): string {
  let name = file;
  for (let i = 0; i < MOST_LINKS; i++) {
    if (!fs.lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink()) return name;
    // A folder on the way may be a link itself: what stands in the link is seen from where that leads.
    name = path.resolve(fs.realpathSync(path.dirname(name)), fs.readlinkSync(name));
  }
  return name;
}

/** On the disk before its name counts: whoever loses power has the old file or the new one. */
function writeNew(name: string, text: string, before: fs.Stats | undefined): void {
  const mode = before ? before.mode & 0o777 : 0o600;
  const fd = fs.openSync(name, 'wx', mode);
  try {
    if (before) keepOwner(fd, before);
    fs.fchmodSync(fd, mode);
    fs.writeFileSync(fd, text);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function keepOwner(fd: number, { uid, gid }: fs.Stats): void {
  const now = fs.fstatSync(fd);
  if (now.uid === uid && now.gid === gid) return;
  try {
    fs.fchownSync(fd, uid, gid);
  } catch {
    // Only root gives files away; whoever else may write the folder becomes its owner.
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'file exists',
  EACCES: 'permission denied',
  ENOTDIR: 'not a directory',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  EISDIR: 'is a directory',
};

const codeOf = (e: unknown): string => (e instanceof Error && 'code' in e ? String(e.code) : '');

const reasonOf = (e: unknown): string => REASONS[codeOf(e)] ?? (e instanceof Error ? e.message : String(e));
