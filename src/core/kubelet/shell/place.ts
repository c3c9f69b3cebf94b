/** A container with everything that a command finds in it: files, programs, network. */
import type { IFileSystem } from 'just-bash';
import type { Pod } from '../../api/types';
import type { PodContainer, ProbeAction, RunOutcome } from '../../apiserver/container-runtime';
import type { Store } from '../../apiserver/store';
import type { ImageModel } from '../catalogue/model';
import { plainPrograms } from '../catalogue/plain';
import { networkOf } from '../network';
import type { Network, Peer } from '../network/types';
import { runAction } from './actions';
import { type LayoutMount, openFiles } from './files';
import type { Note } from './noted';
import type { Program } from './program';
import { SYSTEM_PROGRAMS } from './programs/system';
import { runInContainer, type ShellOutcome, type ShellRequest } from './run';
import { UNIX_PROGRAMS } from './unix';

export interface PlaceSpec {
  readonly store: Store;
  readonly pod: Pod;
  readonly container: PodContainer;
  readonly model: ImageModel | undefined;
  /** The folder of this machine that holds the container's own files, prepared. */
  readonly root: string;
  readonly mounts: readonly LayoutMount[];
  /** Only look: what is written is forgotten. */
  readonly dry?: boolean;
  /** Told of what is about to change on this machine. */
  readonly onChange?: Note;
  /** The cluster's instant, ms since 1970. */
  readonly now: number;
  /** Goes into another container. */
  peer(container: PodContainer): Promise<Peer>;
}

/** What of a run is the caller's. */
export type RunWish = Omit<ShellRequest, 'container' | 'fs' | 'network' | 'programs' | 'now'>;

export class Place {
  private constructor(
    private readonly spec: PlaceSpec,
    readonly fs: IFileSystem,
    readonly network: Network,
    private readonly programs: readonly Program[],
  ) {}

  static async open(spec: PlaceSpec): Promise<Place> {
    const programs = spec.model ? await spec.model.programs() : await plainPrograms();
    const shells = spec.model?.shells ?? ['sh'];
    const elsewhere = new Set(Object.keys(spec.model?.files() ?? {}).map((path) => path.replace(/^.*\//, '')));
    const own = programs.map(({ name }) => name).filter((name) => !elsewhere.has(name));
    const names = [...UNIX_PROGRAMS.filter((name) => name !== 'bash'), ...SYSTEM_PROGRAMS, ...shells];
    const fs = openFiles({
      root: spec.root,
      mounts: spec.mounts,
      programs: [...names, ...own],
      now: spec.now,
      ...(spec.dry && { dry: true }),
      ...(spec.onChange && { onChange: spec.onChange }),
    });
    return new Place(spec, fs, networkOf(spec.store, spec.pod, spec.peer), programs);
  }

  run(wish: RunWish): Promise<ShellOutcome> {
    const { container, now, model } = this.spec;
    return runInContainer({
      ...wish,
      container,
      fs: this.fs,
      network: this.network,
      programs: this.programs,
      now,
      env: { ...model?.env, ...container.env, ...wish.env },
      cwd: wish.cwd ?? container.workingDir ?? model?.workingDir ?? '/',
    });
  }

  /** Does what a probe or a hook asks for, as the kubelet's prober and handler runner do. */
  act(action: ProbeAction, timeoutMs: number | undefined): Promise<RunOutcome> {
    return runAction(action, this, this.spec, timeoutMs);
  }
}
