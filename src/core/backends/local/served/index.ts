/**
 * The local cluster for a server: one session that many clients' calls go through, one after the other, while time goes on
 * by itself. The state file stays the truth: whatever anybody was told is in it, and what others write to it is told.
 */

import type { BindingTarget } from '../../../api/binding';
import type { ResourceInfo } from '../../../api/resources';
import { bind } from '../../../apiserver/binding';
import type { Backend } from '../../../client/backend';
import { isExpected } from '../../../client/errors';
import type { Change, Selection, ServedBackend } from '../../../client/served';
import type { Cluster } from '../../../simulation/cluster';
import { Batch } from '../batch';
import { viewOf } from '../index';
import { PodRuntime } from '../pods/runtime';
import { matcherFor } from '../select';
import { Session, type SessionOptions } from '../session';
import { openRecorder } from '../undo';
import { Warnings } from '../warnings';
import { Audience, type Listener } from './audience';
import { servedContainers } from './containers';
import { type Pace, Pacing } from './pacing';
import { Queue } from './queue';

export interface ServedOptions extends SessionOptions, Pace {}

export function serveLocal(options: ServedOptions): ServedBackend & { start(): Promise<void> } {
  return new Served(options);
}

class Served implements ServedBackend {
  readonly containers: ServedBackend['containers'];
  private readonly session: Session;
  private readonly runtime: PodRuntime;
  private readonly audience: Audience;
  private readonly pacing: Pacing;
  private readonly queue = new Queue();
  private readonly batch: Batch;
  private engine: Cluster | undefined;

  constructor(options: ServedOptions) {
    const { host, statePath } = options;
    // All that clients ask for while it serves is one command.
    const undo = openRecorder({ command: 'serve', ...options });
    this.audience = new Audience(statePath);
    this.runtime = new PodRuntime(statePath, undefined, undo);
    this.session = new Session({ ...options, runtime: this.runtime, undo }, (engine) => {
      this.audience.follow(engine);
      this.engine = engine;
    });
    const port = {
      host,
      session: this.session,
      present: () => this.present(),
      save: () => this.save(),
      exclusively: <T>(work: () => Promise<T>) => this.queue.exclusively(work),
    };
    this.batch = new Batch({ ...port, now: () => host.now(), epoch: () => this.session.epoch });
    this.pacing = new Pacing({ ...port, audience: this.audience, abandon: () => this.abandon() }, options);
    this.containers = servedContainers({
      ...port,
      runtime: this.runtime,
      pacing: this.pacing,
      turn: () => this.queue.turn(),
      perform: (work, onWarning) => this.perform(work, onWarning),
      attempt: (work) => this.attempt(work),
    });
  }

  get oldestVersion(): number {
    return this.audience.oldest;
  }

  get latestVersion(): number {
    return this.audience.latest;
  }

  get now(): number {
    return this.engine?.now ?? 0;
  }

  changesAfter(resourceVersion: number): readonly Change[] | undefined {
    return this.audience.after(resourceVersion);
  }

  onChanges(listener: Listener, behind: () => boolean = () => false): () => void {
    const stop = this.audience.add(listener, behind);
    this.pacing.watched();
    return stop;
  }

  selects(resource: ResourceInfo, selection: Selection) {
    return matcherFor(resource, selection);
  }

  perform<T>(work: (backend: Backend) => Promise<T>, onWarning?: (text: string) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.batch.add({
        run: async () => {
          try {
            const outcome = await this.attempt(work, onWarning);
            if ('error' in outcome) return { answer: () => reject(outcome.error), isFinal: false };
            return { answer: () => resolve(outcome.value), isFinal: false };
          } catch (error) {
            return { answer: () => reject(error), isFinal: true };
          }
        },
        fail: reject,
      });
    }).finally(() => this.pacing.called());
  }

  bind(namespace: string, pod: string, target: BindingTarget): Promise<void> {
    return this.perform(async () => {
      const engine = target.dryRun ? await this.session.read() : await this.session.write();
      bind(engine.store, namespace, pod, target, engine.now);
      if (!target.dryRun) this.session.touched();
    });
  }

  /** Loads the cluster, or makes it, and lets time go on. Throws StateFileError. */
  async start(): Promise<void> {
    await this.queue.exclusively(async () => {
      this.audience.take();
      await this.session.write();
      this.session.mustSave();
      await this.save();
    });
    this.pacing.start();
  }

  async halt(): Promise<void> {
    await this.pacing.stop();
    await this.queue.exclusively(async () => {});
  }

  async close(): Promise<void> {
    await this.halt();
    await this.queue.exclusively(async () => {
      const { identity } = this.session;
      if (identity) this.audience.keep(identity);
      this.session.close();
    });
  }

  private async attempt<T>(work: (backend: Backend) => Promise<T>, onWarning?: (text: string) => void) {
    const warnings = new Warnings(onWarning);
    const stop = this.engine && warnings.listen(this.engine);
    try {
      return { value: await work(viewOf(this.session, warnings, this.runtime)) };
    } catch (error) {
      // A refusal is an answer; anything else may have stopped half-way.
      if (isExpected(error)) return { error };
      this.abandon();
      throw error;
    } finally {
      stop?.();
    }
  }

  /** The cluster of this instant, derived objects included; locked when getting there changed anything. */
  private async present(): Promise<Cluster> {
    const engine = await this.session.read();
    engine.flush();
    if (!this.session.unsaved) return engine;
    const locked = await this.session.write();
    locked.flush();
    return locked;
  }

  private async save(): Promise<void> {
    try {
      if (this.session.unsaved) this.session.mustSave();
      await this.session.commit();
    } catch (error) {
      this.audience.discard();
      throw error;
    }
    if (this.audience.publish()) this.pacing.stepped();
  }

  private abandon(): void {
    this.session.close();
    this.audience.discard();
  }
}
