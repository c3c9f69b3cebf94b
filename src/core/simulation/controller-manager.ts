/**
 * Lets the controllers act, each in its own name: changes, timers, outcomes of runs and news of faults go to them, and they
 * work until they are at rest. They are made when there is first something to do: a look at a cluster that was saved needs
 * none of them.
 */
import type { ContainerRun, RunOutcome } from '../apiserver/container-runtime';
import type { Controller, ControllerContext } from '../apiserver/controller';
import type { Store } from '../apiserver/store';
import type { StoreEvent } from '../apiserver/watch';
import { type Controllers, createControllers } from './controllers';
import type { FaultBook } from './faults';

/** A controller that keeps finding work at one instant is a bug, not a busy cluster. */
const MAX_ROUNDS = 10_000;

export class ControllerManager {
  private awake: Controllers | undefined;
  /** Something changed since the controllers of derived objects last worked. */
  private lazyPending = false;

  /** `context` is asked for once, when the controllers are made. */
  constructor(
    private readonly store: Store,
    private readonly book: Pick<FaultBook, 'takeNews'>,
    private readonly context: () => ControllerContext,
  ) {
    // They must have seen the objects as they were before the first change.
    store.storage.beforeChange = () => this.wake();
  }

  /** Makes the controllers, unless they are there. */
  get controllers(): Controllers {
    return this.awake ?? this.wake();
  }

  /** Tells all controllers of a change; they work on it later. */
  observe(event: StoreEvent): void {
    const { eager, lazy } = this.controllers;
    for (const controller of eager) controller.observe(event);
    for (const controller of lazy) controller.observe(event);
    this.lazyPending = true;
  }

  /** Lets the controllers work until nothing is queued. */
  drain(): void {
    this.work('eager');
  }

  /** Like drain, with the controllers of derived objects too. */
  flush(): void {
    for (let round = 0; ; round++) {
      this.work('eager');
      if (!this.lazyPending) return;
      this.lazyPending = false;
      this.work('lazy');
      if (round > MAX_ROUNDS) throw new Error('the controllers do not come to rest');
    }
  }

  /** Tells the controller that the timer's kind names; nobody where there is none of that name. */
  fire(kind: string, key: string): void {
    const controller = this.controllers.byName(kind);
    if (controller) this.as(controller, () => controller.onTimer?.(kind, key));
  }

  /** Tells whoever may have asked for a run how it went. */
  answer(run: ContainerRun, outcome: RunOutcome): void {
    for (const controller of this.controllers.eager)
      if (controller.onRun) this.as(controller, () => controller.onRun?.(run, outcome));
  }

  /** Lets one controller of derived objects work, while another one does. */
  derive(name: string): void {
    const controller = this.controllers.lazy.find((one) => one.name === name);
    if (!controller) return;
    const { actor } = this.store;
    this.store.actor = controller.name;
    while (controller.processNext());
    this.store.actor = actor;
  }

  /** Does something in a controller's name: what is written meanwhile is its own. */
  as<T>(controller: Controller, action: () => T): T {
    this.store.actor = controller.name;
    const result = action();
    this.store.actor = 'user';
    return result;
  }

  /** Makes the controllers: they learn of the objects as they are, from now on of each change. */
  wake(): Controllers {
    this.store.storage.beforeChange = undefined;
    this.awake = createControllers(this.context());
    for (const controller of this.awake.all) controller.start?.();
    return this.awake;
  }

  private work(which: 'eager' | 'lazy'): void {
    for (let round = 0; ; round++) {
      let worked = this.tellOfFaults();
      if (this.awake === undefined) return;
      for (const controller of this.awake[which]) {
        this.store.actor = controller.name;
        while (controller.processNext()) worked = true;
      }
      this.store.actor = 'user';
      if (!worked) return;
      if (round > MAX_ROUNDS) throw new Error('the controllers do not come to rest');
    }
  }

  private tellOfFaults(): boolean {
    const news = this.book.takeNews();
    for (const change of news)
      for (const controller of this.controllers.all) this.as(controller, () => controller.onFault?.(change));
    return news.length > 0;
  }
}
