/**
 * Taking the pods off a node: each is evicted, again after a while where a budget refuses it, until it is gone (as kubectl's
 * drain package). All are under way at once.
 */
import type { ResourceInfo } from '../api/resources';
import { ApiError, isNotFound } from '../api/status';
import type { Pod } from '../api/types';
import { formatDuration } from '../meta/duration';
import type { Backend, DeleteOptions } from './backend';
import { isOverdue } from './drainable';
import { CommandError, isExpected, throwAll } from './errors';

/** How long after a refusal an eviction is tried again. */
const RETRY_MS = 5000;

export interface DrainOptions {
  readonly deletion: DeleteOptions;
  /** Deletes, budgets or not. */
  readonly disableEviction: boolean;
  readonly skipWaitSeconds: number;
  /** For the whole; 0 for no end. */
  readonly timeoutMs: number;
}

export interface DrainTeller {
  out(text: string): void;
  err(text: string): void;
  /** The pod is gone. */
  gone(pod: Pod, isEvicted: boolean): Promise<void>;
  /** Called before time passes, so that what was said is seen. */
  flush(): Promise<void>;
  /**
   * Lets so many ms pass, or fewer when `holds` comes true, where time can be moved; false when nothing would happen any more.
   * Undefined where time passes by itself.
   */
  readonly pass?: ((ms: number, holds: () => Promise<boolean>) => Promise<boolean>) | undefined;
}

/** What is still to be done about one pod. */
interface Task {
  pod: Pod;
  state: 'evict' | 'wait' | 'done';
  /** When to try, ms. */
  at: number;
}

/** @throws CommandError that holds every failure */
export async function drainPods(
  backend: Backend,
  pods: ResourceInfo,
  going: readonly Pod[],
  options: DrainOptions,
  teller: DrainTeller,
): Promise<void> {
  const drain = new Drain(backend, pods, options, teller, await backend.now());
  await drain.run(going);
}

class Drain {
  private readonly errors: Error[] = [];
  private readonly deadline: number | undefined;
  private tasks: Task[] = [];

  constructor(
    private readonly backend: Backend,
    private readonly resource: ResourceInfo,
    private readonly options: DrainOptions,
    private readonly teller: DrainTeller,
    begin: number,
  ) {
    this.deadline = options.timeoutMs > 0 ? begin + options.timeoutMs : undefined;
  }

  async run(going: readonly Pod[]): Promise<void> {
    const now = await this.backend.now();
    this.tasks = going.map((pod) => ({ pod, state: 'evict', at: now }));
    if (this.options.disableEviction) await this.deleteAll();
    for (let isStill = false; ; ) {
      const progress = await this.work(isStill);
      const open = this.tasks.filter((task) => task.state !== 'done');
      if (open.length === 0) break;
      if (isStill && !progress) {
        for (const task of open) this.giveUp(task);
        break;
      }
      await this.teller.flush();
      isStill = !(await this.wait(open));
    }
    throwAll(this.errors);
  }

  /** Deletes one after the other: the first failure ends it. */
  private async deleteAll(): Promise<void> {
    const { deletion } = this.options;
    for (const task of this.tasks) {
      const { namespace, name } = task.pod.metadata;
      try {
        await this.backend.delete(this.resource, namespace, name, deletion);
      } catch (e) {
        if (!isNotFound(e)) throw e;
      }
      task.state = deletion.dryRun ? 'done' : 'wait';
    }
  }

  /** Tries what is due, or all of it, and looks which pods are gone. True when anything came of it. */
  private async work(all: boolean): Promise<boolean> {
    const before = this.tasks.map((task) => task.state);
    const now = await this.backend.now();
    for (const task of this.tasks) {
      if (task.state === 'evict' && (all || task.at <= now)) await this.evict(task, now);
      if (task.state === 'wait') await this.look(task, now);
    }
    return this.tasks.some((task, i) => task.state !== before[i]);
  }

  private async evict(task: Task, now: number): Promise<void> {
    const { deletion, timeoutMs } = this.options;
    const { namespace = '', name } = task.pod.metadata;
    this.teller.out(`evicting pod ${namespace}/${name}${deletion.dryRun ? ' (server dry run)' : ''}\n`);
    const what = `pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`;
    if (this.deadline !== undefined && now >= this.deadline) {
      this.fail(task, `error when evicting ${what}: global timeout reached: ${formatDuration(timeoutMs)}`);
      return;
    }
    try {
      await this.backend.evict(namespace, name, deletion);
      task.state = deletion.dryRun ? 'done' : 'wait';
    } catch (e) {
      if (!isExpected(e)) throw e;
      if (isNotFound(e)) task.state = 'done';
      else if (e instanceof ApiError && e.reason === 'TooManyRequests') {
        this.teller.err(`error when evicting ${what} (will retry after ${formatDuration(RETRY_MS)}): ${e.message}\n`);
        task.at = now + RETRY_MS;
      } else this.fail(task, `error when evicting ${what}: ${e.message}`);
    }
  }

  private async look(task: Task, now: number): Promise<void> {
    const found = await this.get(task.pod);
    if (!found || found.metadata.uid !== task.pod.metadata.uid) await this.finish(task);
    else if (isOverdue(found, this.options.skipWaitSeconds, now)) {
      const { name } = found.metadata;
      const seconds = this.options.skipWaitSeconds;
      this.teller.out(`pod ${JSON.stringify(name)} has DeletionTimestamp older than ${seconds} seconds, skipping\n`);
      task.state = 'done';
    } else if (this.deadline !== undefined && now >= this.deadline) this.giveUp(task);
  }

  private async finish(task: Task): Promise<void> {
    task.state = 'done';
    await this.teller.gone(task.pod, !this.options.disableEviction);
  }

  private giveUp(task: Task): void {
    const { namespace = '', name } = task.pod.metadata;
    if (task.state === 'evict') {
      const why = 'nothing is under way that would make the budget allow it';
      this.fail(task, `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: ${why}`);
      return;
    }
    const isLate = this.deadline !== undefined;
    const why = isLate ? 'context deadline exceeded' : 'nothing is under way that would end it';
    if (this.options.disableEviction) this.fail(task, why);
    else
      this.fail(
        task,
        `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: ${why}`,
      );
  }

  private fail(task: Task, message: string): void {
    task.state = 'done';
    this.errors.push(new CommandError(message));
  }

  private async get(pod: Pod): Promise<Pod | undefined> {
    const { namespace, name } = pod.metadata;
    try {
      return (await this.backend.get(this.resource, namespace, name)) as Pod;
    } catch (e) {
      if (isNotFound(e)) return undefined;
      throw e;
    }
  }

  /** Until something is due, or one of the pods is gone. False when nothing would ever happen any more. */
  private async wait(open: readonly Task[]): Promise<boolean> {
    const now = await this.backend.now();
    const waiting = open.filter((task) => task.state === 'wait');
    const dues = open.flatMap((task) => (task.state === 'evict' ? [task.at] : []));
    if (this.deadline !== undefined && waiting.length > 0) dues.push(this.deadline);
    const next = dues.length > 0 ? Math.min(...dues) : undefined;
    if (next !== undefined && this.teller.pass) {
      const isGone = async (): Promise<boolean> => {
        for (const { pod } of waiting) if ((await this.get(pod))?.metadata.uid !== pod.metadata.uid) return true;
        return false;
      };
      if (await this.teller.pass(Math.max(0, next - now), isGone)) return true;
      if (this.deadline === undefined) return false;
    }
    const uids = new Set(waiting.map(({ pod }) => pod.metadata.uid));
    // What happens between a look and the watch is told by the watch: it goes on from what was seen.
    const { items, resourceVersion } = await this.backend.list(this.resource, undefined);
    const seen = new Set(items.map(({ metadata }) => metadata.uid));
    if ([...uids].some((uid) => !seen.has(uid))) return true;
    const rest = next === undefined ? {} : { timeoutMs: Math.max(0, next - (await this.backend.now())) };
    const events = this.backend.watch(this.resource, undefined, { resourceVersion, ...rest });
    for await (const { type, object } of events) if (type === 'DELETED' && uids.has(object.metadata.uid)) return true;
    return next !== undefined;
  }
}
