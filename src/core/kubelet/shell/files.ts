/** The file system of a container: its own writable folder, with volumes and provided files mounted into it. */
import { type IFileSystem, InMemoryFs, MountableFs, OverlayFs, ReadWriteFs } from 'just-bash';
import type { ProvidedFile } from '../../apiserver/container-runtime';
import { FullFs } from './full';
import { type Note, noted } from './noted';
import { ReadOnlyFs } from './read-only';

export interface LayoutMount {
  /** Absolute, in the container. */
  readonly path: string;
  /** A folder of this machine, or files that the API provides. */
  readonly source: { readonly folder: string } | { readonly files: readonly ProvidedFile[] };
  readonly readOnly: boolean;
  /** Nothing more can be written to it. */
  readonly full?: boolean;
}

export interface FileLayout {
  /** The folder of this machine that holds what the container has of its own. It must exist. */
  readonly root: string;
  readonly mounts: readonly LayoutMount[];
  /** Names in /bin: what `ls /bin` and `which` find. */
  readonly programs: readonly string[];
  /** The container's time, ms since 1970: how old what the API and the image provide is. */
  readonly now: number;
  /** Keep what is written in memory: the folders are only read. */
  readonly dry?: boolean;
  /** Told of what is about to change in the folders; where they are only read, nothing is. */
  readonly onChange?: Note;
}

/** Files larger than this can't be read, bytes. */
const MAX_FILE = 64 * 1024 * 1024;

/** No path, link or `..` leads out of the folders of the layout. */
export function openFiles(layout: FileLayout): IFileSystem {
  const openFolder = (root: string) => folderOf(root, layout);
  const fs = new MountableFs({ base: openFolder(layout.root) });
  const bin = layout.programs.map((path) => ({ path, content: '', mode: 0o755 }));
  fs.mount('/bin', new ReadOnlyFs(inMemory(bin, layout.now)));
  fs.mount('/dev', inMemory(DEVICES, layout.now));
  const opened: { readonly path: string; readonly fs: MountableFs }[] = [];
  for (const mount of [...layout.mounts].sort((a, b) => a.path.length - b.path.length)) {
    const inner = new MountableFs({ base: linkingInside(open(mount, openFolder, layout.now), mount.path) });
    // A mount inside another one belongs to that one's file system.
    const outer = opened.findLast(({ path }) => mount.path.startsWith(`${path}/`));
    if (outer) outer.fs.mount(mount.path.slice(outer.path.length), inner);
    else fs.mount(mount.path, inner);
    opened.push({ path: mount.path, fs: inner });
  }
  return fs;
}

const DEVICES: readonly ProvidedFile[] = ['null', 'zero', 'shm/.keep'].map((path) => ({
  path,
  content: '',
  mode: 0o666,
}));

/** Files of nobody's folder, with those that they are in. */
function inMemory(files: readonly ProvidedFile[], now: number): InMemoryFs {
  const mtime = new Date(now);
  const fs = new InMemoryFs(
    Object.fromEntries(files.map(({ path, content, mode }) => [`/${path}`, { content, mode, mtime }] as const)),
  );
  // What is in memory only is done when it is called.
  for (const path of ['/', ...fs.getAllPaths()]) void fs.utimes(path, mtime, mtime);
  return fs;
}

function open(
  { source, readOnly, full }: LayoutMount,
  openFolder: (root: string) => IFileSystem,
  now: number,
): IFileSystem {
  if ('folder' in source) {
    const fs = openFolder(source.folder);
    return readOnly ? new ReadOnlyFs(fs) : full ? new FullFs(fs) : fs;
  }
  return new ReadOnlyFs(inMemory(source.files, now));
}

/**
 * A link on a volume that names something on it by its full path leads there by the shortest way: a volume doesn't know where
 * it is mounted, and no link leads out of it.
 */
function linkingInside(fs: IFileSystem, mountPath: string): IFileSystem {
  const own = mountPath.replace(/\/+$/, '');
  const symlink = fs.symlink.bind(fs);
  fs.symlink = (target, path) => {
    if (target !== own && !target.startsWith(`${own}/`)) return symlink(target, path);
    const up = '../'.repeat(path.split('/').filter(Boolean).length - 1);
    return symlink(`${up}${target.slice(own.length + 1)}` || '.', path);
  };
  return fs;
}

function folderOf(root: string, { dry, onChange }: FileLayout): IFileSystem {
  if (dry) return new OverlayFs({ root, mountPoint: '/', maxFileReadSize: MAX_FILE, allowSymlinks: true });
  const fs = new ReadWriteFs({ root, maxFileReadSize: MAX_FILE, allowSymlinks: true });
  return onChange ? noted(fs, root, onChange) : fs;
}
