/**
 * Executes what containers run: commands, probes and hooks that the kubelet asks for, and what users type. Everything happens
 * in the shell, over real folders; nothing of the shell is loaded before the first run.
 */
import { everyContainer } from '../../../api/pod';
import type { Pod } from '../../../api/types';
import type { ContainerRun, PodContainer, RunOutcome } from '../../../apiserver/container-runtime';
import { resourceKey } from '../../../apiserver/storage';
import type { Store } from '../../../apiserver/store';
import type { StoreEvent } from '../../../apiserver/watch';
import { modelOf, registerImages } from '../../../kubelet/catalogue';
import { describeContainer } from '../../../kubelet/container';
import type { Place, RunWish, ShellOutcome } from '../../../kubelet/shell';
import type { Cluster } from '../../../simulation/cluster';
import type { ContainerRuntime } from '../container-runtime';
import { fromSystemError } from '../errors';
import { realDisk } from '../undo/disk';
import type { UndoPort } from '../undo/port';
import { baseOf, isBase, nameOf, presentUnits, type Unit } from '../undo/units';
import { PodFolders } from './folders';
import { commandOf, waitsForInput } from './input';
import { loadShell } from './load-shell';
import { readLog } from './log-file';
import { readOwnImages } from './own-images';

/** How much of its log a failed container may leave in its status (as FallbackToLogsOnError), bytes and lines. */
const TAIL_BYTES = 2048;
const TAIL_LINES = 80;
const MESSAGE_BYTES = 4096;

type World = Pick<Cluster, 'store' | 'now' | 'faults'>;

interface Opening {
  /** Begin with the image's files alone, as a container that starts. */
  readonly fresh?: boolean;
  /** Forget what is written. */
  readonly dry?: boolean;
}

export class PodRuntime implements ContainerRuntime {
  readonly folders: PodFolders;
  private readonly gone: { readonly units: () => readonly Unit[]; forget(): void }[] = [];

  constructor(
    private readonly statePath: string,
    folders?: PodFolders,
    /** Told before folders change. */
    private readonly undo?: Pick<UndoPort, 'touch'>,
  ) {
    this.folders = folders ?? new PodFolders(statePath);
    registerImages(readOwnImages(`${statePath}.images`));
  }

  models(image: string): boolean {
    const model = modelOf(image);
    return model !== undefined && model.isBase !== true;
  }

  async execute(run: ContainerRun, world: World): Promise<RunOutcome> {
    const { namespace, pod: name, uid, container: containerName, restart } = run.ref;
    const pod = world.store.get<Pod>('pods', namespace, name);
    if (pod?.metadata.uid !== uid) return { exitCode: 0, elapsedMs: 0 };
    const container = describeContainer(world.store, pod, containerName, restart);
    if (run.purpose.kind === 'start') return this.start(world, pod, container, run.timeoutMs);
    const place = await this.open(world, pod, container);
    return place.act(run.purpose.action, run.timeoutMs);
  }

  observe({ type, resource, object }: StoreEvent): void {
    if (type !== 'DELETED') return;
    const key = resourceKey(resource);
    const { uid, name } = object.metadata;
    if (key === 'pods') this.gone.push({ units: () => [`pods/${uid}`], forget: () => this.folders.forgetPod(uid) });
    if (key === 'persistentvolumes')
      this.gone.push({ units: () => [`volumes/${name}`], forget: () => this.folders.forgetVolume(name) });
  }

  async saving(): Promise<void> {
    await this.folders.written?.sync();
    if (this.undo && this.gone.length > 0) await this.undo.touch(this.gone.flatMap(({ units }) => units()));
  }

  saved(): void {
    for (const { forget } of this.gone.splice(0)) forget();
  }

  sweep(store: Store): void {
    const pods = new Set([...store.list('pods')].map(({ metadata }) => metadata.uid));
    const volumes = new Set([...store.list('persistentvolumes')].map(({ metadata }) => metadata.name));
    for (const unit of presentUnits(realDisk, this.statePath)) {
      const name = nameOf(unit);
      if (isBase(unit)) continue;
      if (baseOf(unit) === 'pods' && !pods.has(name)) this.folders.forgetPod(name);
      if (baseOf(unit) === 'volumes' && !volumes.has(name)) this.folders.forgetVolume(name);
    }
  }

  discarded(): void {
    this.gone.length = 0;
  }

  reset(): void {
    this.gone.push({
      units: () => presentUnits(realDisk, this.statePath),
      forget: () => this.folders.forgetAll(),
    });
  }

  /** Runs words in a running container. Throws ContainerConfigError where it could not have been started. */
  async exec(world: World, pod: Pod, containerName: string, restart: number, wish: RunWish): Promise<ShellOutcome> {
    const container = describeContainer(world.store, pod, containerName, restart);
    return (await this.open(world, pod, container)).run(wish);
  }

  /** The network as a pod sees it. */
  async network(world: World, pod: Pod) {
    const { networkOf } = await loadShell();
    return networkOf(world.store, pod, (container) => this.peer(world, container));
  }

  /** A container's files, for copying. */
  async files(world: World, pod: Pod, containerName: string, restart: number): Promise<Place['fs']> {
    const container = describeContainer(world.store, pod, containerName, restart);
    return (await this.open(world, pod, container)).fs;
  }

  /**
   * The command of a container. A first pass finds out how it goes and writes nothing but the log; the second writes what
   * is written by now: all of it, or as much as comes before the first sleep of a command that has not ended.
   */
  private async start(world: World, pod: Pod, container: PodContainer, timeoutMs?: number): Promise<RunOutcome> {
    if (waitsForInput(pod, container)) {
      await this.open(world, pod, container, { fresh: true });
      return { elapsedMs: 0 };
    }
    const argv = commandOf(container);
    const wish: RunWish = { argv, daemon: true, ...(timeoutMs !== undefined && { timeoutMs }) };
    const log = this.folders.openLog(container.ref);
    const rehearsal = await this.open(world, pod, container, { fresh: true, dry: true });
    const { exitCode, elapsedMs, retryAfterMs } = await rehearsal.run({
      ...wish,
      onOutput: (stream, bytes, at) => log.write(stream, bytes, at),
    });
    log.close();
    const place = await this.open(world, pod, container);
    await place.run({ ...wish, untilSleep: exitCode === undefined });
    if (retryAfterMs !== undefined) return { elapsedMs, retryAfterMs };
    if (exitCode === undefined) return { elapsedMs };
    return {
      elapsedMs,
      exitCode,
      tail: this.tail(container),
      ...(await this.terminationMessage(pod, container, place)),
    };
  }

  private async open(world: World, pod: Pod, container: PodContainer, opening: Opening = {}): Promise<Place> {
    const { Place } = await loadShell();
    const { store, now } = world;
    const model = modelOf(container.image);
    await this.undo?.touch(unitsOf(container));
    if (opening.fresh) this.folders.forgetLivesBefore(container.ref);
    const root = this.folders.prepare(container, model?.files() ?? {}, opening.fresh === true, now);
    const { written } = this.folders;
    try {
      return await Place.open({
        store,
        pod,
        container,
        model,
        root,
        mounts: this.folders.mounts(container, now, (volume) => world.faults.isFull(volume)),
        ...(opening.dry && { dry: true }),
        ...(written && { onChange: (path: string, deep: boolean) => written.note(path, deep) }),
        now,
        peer: (other) => this.peer(world, other),
      });
    } catch (error) {
      throw fromSystemError(error, "use the pods' files in", root, 'The cluster is as it was.');
    }
  }

  private async peer(world: World, container: PodContainer) {
    const { namespace, pod: name } = container.ref;
    const pod = world.store.get<Pod>('pods', namespace, name);
    if (!pod) throw new Error(`the network led to a pod that is not there: ${namespace}/${name}`);
    const { fs } = await this.open(world, pod, container);
    const log = (line: string): void => {
      const writer = this.folders.openLog(container.ref);
      writer.write('stdout', new TextEncoder().encode(`${line}\n`), world.now);
      writer.close();
    };
    return { fs, log };
  }

  private tail(container: PodContainer): string {
    const lines = readLog(this.folders.log(container.ref)).slice(-TAIL_LINES);
    return lines
      .map(({ text, complete }) => (complete ? `${text}\n` : text))
      .join('')
      .slice(-TAIL_BYTES);
  }

  private async terminationMessage(
    pod: Pod,
    { ref }: PodContainer,
    { fs }: Place,
  ): Promise<Pick<RunOutcome, 'terminationMessage'>> {
    const path = everyContainer(pod).find(({ name }) => name === ref.container)?.terminationMessagePath;
    if (typeof path !== 'string' || !(await fs.exists(path))) return {};
    try {
      const text = await fs.readFile(path);
      return text === '' ? {} : { terminationMessage: text.slice(0, MESSAGE_BYTES) };
    } catch (error) {
      // In the kubelet's words.
      const why = error instanceof Error ? error.message : String(error);
      return { terminationMessage: `Error on reading termination log ${path}: ${why}` };
    }
  }
}

/** The folders in which a container can write. */
function unitsOf({ ref, mounts }: PodContainer): Unit[] {
  const volumes = mounts.flatMap(({ source }): Unit[] =>
    source.kind === 'persistent' ? [`volumes/${source.volume}`] : [],
  );
  return [`pods/${ref.uid}`, ...volumes];
}
