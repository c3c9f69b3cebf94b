/**
 * The runtime of a command's session, made when something runs in a container, or when the files of a pod or a volume go with
 * it: most commands come to neither, and then nothing of it is loaded.
 */
import { existsSync } from 'node:fs';
import type { ContainerRun, RunOutcome } from '../../../apiserver/container-runtime';
import type { Store } from '../../../apiserver/store';
import type { StoreEvent } from '../../../apiserver/watch';
import type { ContainerRuntime } from '../container-runtime';
import type { UndoPort } from '../undo/port';
import { PodRuntime } from './runtime';

export class LateRuntime implements ContainerRuntime {
  private made: PodRuntime | undefined;

  /** @throws Error for images of the user's own that can't be read */
  constructor(
    private readonly statePath: string,
    private readonly undo: Pick<UndoPort, 'touch'>,
  ) {
    // A mistake in them is told by every command.
    if (existsSync(`${statePath}.images`)) this.made = this.runtime;
  }

  /** The one that does the work. */
  get runtime(): PodRuntime {
    this.made ??= new PodRuntime(this.statePath, undefined, this.undo);
    return this.made;
  }

  models(image: string): boolean {
    return this.runtime.models(image);
  }

  execute(run: ContainerRun, world: Parameters<PodRuntime['execute']>[1]): Promise<RunOutcome> {
    return this.runtime.execute(run, world);
  }

  observe(event: StoreEvent): void {
    if (event.type === 'DELETED') this.runtime.observe(event);
  }

  async saving(): Promise<void> {
    await this.made?.saving();
  }

  saved(): void {
    this.made?.saved();
  }

  discarded(): void {
    this.made?.discarded();
  }

  sweep(store: Store): void {
    this.runtime.sweep(store);
  }

  reset(): void {
    this.runtime.reset();
  }
}
