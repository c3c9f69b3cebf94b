/**
 * The folders beside the state file: `<state>.volumes/<PersistentVolume>/` holds what pods wrote under a claim, and outlives
 * them; `<state>.pods/<pod uid>/` holds what goes with the pod.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContainerMount, ContainerRef, PodContainer, ProvidedFile } from '../../../apiserver/container-runtime';
import type { LayoutMount } from '../../../kubelet/shell';
import { fromSystemError, StateFileError } from '../errors';
import { LogWriter } from './log-file';
import { makeFolder } from './no-links';
import { WrittenFiles } from './written';

/** Names of the API are safe as names of files; a state file that somebody made may hold others, which must not reach the disk. */
function safe(name: string): string {
  if (/^[a-z0-9A-Z][\w.-]{0,252}$/.test(name)) return name;
  throw new StateFileError(
    `the cluster holds a name that no object can have: ${JSON.stringify(name)}`,
    'No file was written for it. Go back to a state that stsctl saved: stsctl sim restore',
  );
}

/** A path inside a folder, without the steps that would leave it. */
const inside = (path: string): readonly string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');

export class PodFolders {
  /** What is to reach the disk; absent where the folders are temporary. */
  readonly written: Pick<WrittenFiles, 'note' | 'sync'> | undefined;

  constructor(
    private readonly statePath: string,
    isLasting = true,
  ) {
    if (isLasting) this.written = new WrittenFiles(dirname(statePath));
  }

  /** What the names of the folders begin with. */
  protected base(): string {
    return this.statePath;
  }

  private get volumes(): string {
    return `${this.base()}.volumes`;
  }

  private get pods(): string {
    return `${this.base()}.pods`;
  }

  /** The folder of a PersistentVolume. */
  volume(name: string): string {
    return join(this.volumes, safe(name));
  }

  pod(uid: string): string {
    return join(this.pods, safe(uid));
  }

  /** What the container has of its own: files of its image, and what was written outside of volumes. */
  root(ref: ContainerRef): string {
    return join(this.pod(ref.uid), 'containers', safe(ref.container), String(ref.restart));
  }

  /** Where the log of one life of a container is. */
  log(ref: ContainerRef): string {
    return this.logFile(ref.uid, ref.container, ref.restart);
  }

  /** Goes on with that log. */
  openLog(ref: ContainerRef): LogWriter {
    const path = this.log(ref);
    this.written?.note(path, false);
    return new LogWriter(path);
  }

  /**
   * The root of a container, filled with its image's files where it is new or is to begin anew, as old as `now` (ms). It appears in one step, so
   * that a process which is killed leaves no half of it.
   * @throws StateFileError where it can't be written
   */
  prepare(container: PodContainer, image: Readonly<Record<string, string>>, fresh: boolean, now: number): string {
    const root = this.root(container.ref);
    return written(root, () => {
      if (fresh) rmSync(root, { recursive: true, force: true });
      makeFolder(this.pods, dirname(root));
      if (existsSync(root)) return root;
      const next = `${root}.new`;
      rmSync(next, { recursive: true, force: true });
      for (const folder of ['tmp', 'etc', 'root', 'var/log', 'run', 'home'])
        mkdirSync(join(next, folder), { recursive: true });
      for (const [path, content] of Object.entries(image)) {
        const target = writeInside(next, path, content);
        if (/\/s?bin\/[^/]+$|\.sh$/.test(path) || content.startsWith('#!')) chmodSync(target, 0o755);
      }
      for (const [path, content] of Object.entries(container.systemFiles)) writeInside(next, path, content);
      // One file of a volume is copied when the container starts, and not kept up to date, as on a node.
      for (const mount of container.mounts) {
        const single = singleFile(mount);
        if (single) chmodSync(writeInside(next, mount.path, single.content), single.mode & 0o777);
      }
      stampAll(next, now / 1000);
      this.written?.note(root, true);
      renameSync(next, root);
      return root;
    });
  }

  /**
   * The container's mounts as folders and files, the folders made, as old as `now` (ms), where they are missing.
   * @throws StateFileError where one can't be made, or a link leads out of its volume
   */
  mounts(container: PodContainer, now: number, isFull: (volume: string) => boolean = () => false): LayoutMount[] {
    const mounts: LayoutMount[] = [];
    for (const mount of container.mounts) {
      const { source, readOnly, subPath, path } = mount;
      if (source.kind === 'provided') {
        if (!singleFile(mount)) mounts.push({ path, source: { files: below(source.files, subPath) }, readOnly: true });
        continue;
      }
      const [base, volume] =
        source.kind === 'persistent'
          ? [this.volumes, this.volume(source.volume)]
          : [this.pods, join(this.pod(container.ref.uid), 'volumes', safe(source.volume))];
      const folder = join(volume, ...inside(subPath ?? ''));
      written(folder, () => makeFolder(base, folder, now));
      const full = source.kind === 'persistent' && isFull(source.volume);
      mounts.push({ path, source: { folder }, readOnly, ...(full && { full }) });
    }
    return mounts;
  }

  /** Of a container that starts again the life before stays, as on a node: what is older goes. */
  forgetLivesBefore({ uid, container, restart }: ContainerRef): void {
    const oldest = restart - 1;
    const roots = join(this.pod(uid), 'containers', safe(container));
    for (const life of existsSync(roots) ? readdirSync(roots) : [])
      if (Number.parseInt(life, 10) < oldest) rmSync(join(roots, life), { recursive: true, force: true });
    for (const life of this.lives({ uid, container }))
      if (life < oldest) rmSync(this.logFile(uid, container, life), { force: true });
  }

  forgetVolume(name: string): void {
    rmSync(this.volume(name), { recursive: true, force: true });
  }

  forgetPod(uid: string): void {
    rmSync(this.pod(uid), { recursive: true, force: true });
  }

  /** Everything of the cluster that was. */
  forgetAll(): void {
    for (const folder of [this.volumes, this.pods]) rmSync(folder, { recursive: true, force: true });
  }

  /** Lives of the container that left a log, oldest first. */
  lives(ref: Pick<ContainerRef, 'uid' | 'container'>): number[] {
    const folder = join(this.pod(ref.uid), 'logs');
    if (!existsSync(folder)) return [];
    const own = `${ref.container}.`;
    return readdirSync(folder)
      .filter((name) => name.startsWith(own) && /^\d+\.log$/.test(name.slice(own.length)))
      .map((name) => Number.parseInt(name.slice(own.length), 10))
      .sort((a, b) => a - b);
  }

  private logFile(uid: string, container: string, restart: number): string {
    return join(this.pod(uid), 'logs', `${safe(container)}.${restart}.log`);
  }
}

/** Gives everything below a folder a time, s since 1970. */
function stampAll(path: string, time: number): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) stampAll(inner, time);
    else utimesSync(inner, time, time);
  }
  utimesSync(path, time, time);
}

function writeInside(root: string, path: string, content: string | Uint8Array): string {
  const target = join(root, ...inside(path));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

/** What the disk refuses, in a sentence for the user. */
function written<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw fromSystemError(error, "write the pods' files in", path, 'The cluster is as it was.');
  }
}

/** The file that a mount with a subPath shows alone. */
const singleFile = ({ source, subPath }: ContainerMount): ProvidedFile | undefined =>
  source.kind === 'provided' && subPath !== undefined
    ? source.files.find((file) => file.path === inside(subPath).join('/'))
    : undefined;

function below(files: readonly ProvidedFile[], subPath: string | undefined): readonly ProvidedFile[] {
  if (subPath === undefined) return files;
  const prefix = `${inside(subPath).join('/')}/`;
  return files
    .filter(({ path }) => path.startsWith(prefix))
    .map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
}
