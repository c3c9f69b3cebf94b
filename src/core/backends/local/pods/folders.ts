/**
 * The folders beside the state file: `<state>.volumes/<PersistentVolume>/` holds what pods wrote under a claim, and outlives
 * them; `<state>.pods/<pod uid>/` holds what goes with the pod.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContainerMount, ContainerRef, PodContainer, ProvidedFile } from '../../../apiserver/container-runtime';
import type { LayoutMount } from '../../../kubelet/shell';

/** Names of the API are safe as names of files; anything else is a bug that must not reach the disk. */
function safe(name: string): string {
  if (/^[a-z0-9A-Z][\w.-]*$/.test(name)) return name;
  throw new Error(`not a file's name: ${JSON.stringify(name)}`);
}

/** A path inside a folder, without the steps that would leave it. */
const inside = (path: string): readonly string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');

export class PodFolders {
  private readonly volumes: string;
  private readonly pods: string;

  constructor(statePath: string) {
    this.volumes = `${statePath}.volumes`;
    this.pods = `${statePath}.pods`;
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
    return join(this.pod(ref.uid), 'logs', `${safe(ref.container)}.${ref.restart}.log`);
  }

  /** The root of a container, filled with its image's files where it is new or is to begin anew. */
  prepare(container: PodContainer, image: Readonly<Record<string, string>>, fresh: boolean): string {
    const root = this.root(container.ref);
    if (fresh) rmSync(root, { recursive: true, force: true });
    if (!existsSync(root)) {
      for (const folder of ['tmp', 'etc', 'root', 'var/log', 'run', 'home'])
        mkdirSync(join(root, folder), { recursive: true });
      for (const [path, content] of Object.entries(image)) {
        const target = writeInside(root, path, content);
        if (/\/s?bin\/[^/]+$|\.sh$/.test(path) || content.startsWith('#!')) chmodSync(target, 0o755);
      }
    }
    for (const [path, content] of Object.entries(container.systemFiles)) writeInside(root, path, content);
    return root;
  }

  /** The container's mounts as folders and files, the folders made where they are missing. */
  mounts(container: PodContainer, root: string): LayoutMount[] {
    const mounts: LayoutMount[] = [];
    for (const mount of container.mounts) {
      const { source, readOnly } = mount;
      if (source.kind === 'provided') {
        const single = mount.subPath === undefined ? undefined : singleFile(source.files, mount.subPath);
        // One file of a volume is copied when the container starts, and not kept up to date, as on a node.
        if (single) writeInside(root, mount.path, single.content);
        else mounts.push({ path: mount.path, source: { files: below(source.files, mount.subPath) }, readOnly: true });
        continue;
      }
      const folder = this.folderOf(container.ref, mount);
      mkdirSync(folder, { recursive: true });
      mounts.push({ path: mount.path, source: { folder }, readOnly });
    }
    return mounts;
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
  lives(ref: Omit<ContainerRef, 'restart'>): number[] {
    const folder = join(this.pod(ref.uid), 'logs');
    if (!existsSync(folder)) return [];
    const own = `${ref.container}.`;
    return readdirSync(folder)
      .filter((name) => name.startsWith(own) && /^\d+\.log$/.test(name.slice(own.length)))
      .map((name) => Number.parseInt(name.slice(own.length), 10))
      .sort((a, b) => a - b);
  }

  private folderOf(ref: ContainerRef, { source, subPath }: ContainerMount): string {
    if (source.kind === 'provided') throw new Error('a provided volume has no folder');
    const folder =
      source.kind === 'persistent'
        ? this.volume(source.volume)
        : join(this.pod(ref.uid), 'volumes', safe(source.volume));
    return subPath === undefined ? folder : join(folder, ...inside(subPath));
  }
}

function writeInside(root: string, path: string, content: string | Uint8Array): string {
  const target = join(root, ...inside(path));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

const singleFile = (files: readonly ProvidedFile[], subPath: string): ProvidedFile | undefined =>
  files.find((file) => file.path === inside(subPath).join('/'));

function below(files: readonly ProvidedFile[], subPath: string | undefined): readonly ProvidedFile[] {
  if (subPath === undefined) return files;
  const prefix = `${inside(subPath).join('/')}/`;
  return files
    .filter(({ path }) => path.startsWith(prefix))
    .map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
}
