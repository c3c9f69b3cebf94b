/**
 * A copy of a real cluster in memory, to play on: what a command asks for is read, namespace by namespace, when it first asks.
 * The cluster itself is only read.
 */
import { findResources, type ResourceInfo } from '../../api/resources';
import { ApiError } from '../../api/status';
import type { KubeObject } from '../../api/types';
import { CommandError } from '../../client/errors';
import { type Reader, readCluster } from '../../client/import/read-cluster';
import type { Reading } from '../../client/import/types';
import { Cluster } from '../../simulation/cluster';
import type { PlanReport } from '../../simulation/plan';
import type { Refusal } from '../../simulation/plan/writes';
import type { LocalBackend } from '../local';
import { instantOf, takeOver } from '../local/import';
import { type Rehearsal, type RehearsalOptions, rehearseState } from '../local/plan';
import type { ClusterHost } from './host';

/** Calls about one kind, and calls that only read. */
const ABOUT_KIND = new Set(['get', 'getTable', 'list', 'watch', 'create', 'update', 'patch', 'delete']);
const WRITES = new Set(['create', 'update', 'patch', 'delete', 'evict']);
/** Kinds whose change concerns pods and claims wherever they are. */
const EVERYWHERE = new Set(['nodes', 'persistentvolumes', 'storageclasses']);

/** What looks into containers, whose files are not read. */
const INSIDE = new Set(['attach', 'exec', 'forward', 'logs', 'readFiles', 'statFile', 'writeFiles']);

type Call = readonly [method: string, args: readonly unknown[]];
type Method = (...args: readonly unknown[]) => unknown;

export function rehearseCluster(
  reader: Reader & { close(): Promise<void> },
  host: ClusterHost,
  options: RehearsalOptions = {},
): Rehearsal & { warnings(): readonly string[] } {
  return new RemoteRehearsal(reader, host, options);
}

class RemoteRehearsal implements Rehearsal {
  readonly backend: LocalBackend;
  private readonly readings = new Map<string, Reading>();
  /** What the command has written so far: it is written again to a copy that knows more. */
  private readonly writes: Call[] = [];
  private inner: Rehearsal | undefined;
  /** What was remarkable about the copy. */
  private copied: readonly string[] = [];
  private reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly reader: Reader & { close(): Promise<void> },
    private readonly host: ClusterHost,
    private readonly options: RehearsalOptions,
  ) {
    this.backend = new Proxy({} as LocalBackend, {
      get: (_, key) => (typeof key === 'string' ? this.member(key) : undefined),
    });
  }

  warnings(): readonly string[] {
    return [...new Set([...[...this.readings.values()].flatMap(({ warnings }) => warnings), ...this.copied])];
  }

  refusals(): readonly Refusal[] {
    return this.inner?.refusals() ?? [];
  }

  written(): ReturnType<Rehearsal['written']> {
    return this.inner?.written() ?? [];
  }

  changed(): boolean {
    return this.inner?.changed() ?? false;
  }

  keeps(): boolean {
    return this.inner?.keeps() ?? false;
  }

  async finish(untilMs?: number): Promise<PlanReport> {
    return (await this.copy()).finish(untilMs);
  }

  async close(): Promise<void> {
    await this.inner?.close();
    await this.reader.close();
  }

  private member(key: string): unknown {
    if (key === 'name') return 'local';
    if (key === 'then' || key === 'remote' || key === 'rehearse') return undefined;
    if (key === 'sim')
      return new Proxy(
        {},
        {
          get:
            (_, verb) =>
            async (...args: readonly unknown[]) =>
              this.simulate(verb, args),
        },
      );
    if (key === 'watch')
      return (...args: readonly unknown[]) => this.watched(args as Parameters<LocalBackend['watch']>);
    if (INSIDE.has(key))
      return () => {
        throw new CommandError(
          "what runs in a real cluster's containers can't be copied: plan it in a simulated cluster",
        );
      };
    return async (...args: readonly unknown[]) => {
      if (key === 'close') return undefined;
      await this.know(key, args);
      const call = (await this.copy()).backend[key as keyof LocalBackend] as unknown as Method;
      if (WRITES.has(key)) this.writes.push([key, args]);
      return call.apply(this.inner?.backend, [...args]);
    };
  }

  private async simulate(verb: string | symbol, args: readonly unknown[]): Promise<unknown> {
    const { sim } = (await this.copy()).backend;
    return (Reflect.get(sim, verb) as Method).apply(sim, [...args]);
  }

  private async *watched(args: Parameters<LocalBackend['watch']>): ReturnType<LocalBackend['watch']> {
    await this.know('watch', args);
    yield* (await this.copy()).backend.watch(...args);
  }

  /** Reads what a call is about and is not known yet. One call after the other: a copy is replaced as a whole. */
  private async know(method: string, args: readonly unknown[]): Promise<void> {
    const work = this.reading.then(async () => {
      const namespaces = await this.concerned(method, args);
      const missing = namespaces.filter((namespace) => !this.readings.has(namespace));
      if (missing.length === 0) return;
      for (const namespace of missing)
        this.readings.set(
          namespace,
          await readCluster(this.reader, { namespace, mayBeEmpty: true, withoutNotes: true }),
        );
      await this.renew();
    });
    this.reading = work.catch(() => undefined);
    await work;
  }

  private async concerned(method: string, args: readonly unknown[]): Promise<readonly string[]> {
    if (method === 'evict') return [String(args[0])];
    if (!ABOUT_KIND.has(method)) return [];
    const [{ plural, namespaced }, namespace, name] = args as [ResourceInfo, string | undefined, unknown];
    if (namespaced) return namespace === undefined ? this.everyNamespace() : [namespace];
    if (plural === 'namespaces') return method !== 'list' && typeof name === 'string' ? [name] : [];
    return WRITES.has(method) && EVERYWHERE.has(plural) ? this.everyNamespace() : [];
  }

  private async everyNamespace(): Promise<readonly string[]> {
    try {
      const { items } = await this.reader.list(findResources('namespaces') as ResourceInfo, undefined);
      return items.map(({ metadata }) => metadata.name);
    } catch (e) {
      if (e instanceof ApiError && e.status.code === 403) return [];
      throw e;
    }
  }

  private async copy(): Promise<Rehearsal> {
    if (!this.inner) await this.renew();
    return this.inner as Rehearsal;
  }

  /** A copy of all that is known, with the command's writes so far. What was refused then is refused again. */
  private async renew(): Promise<void> {
    await this.inner?.close();
    const all = [...this.readings.values()];
    const objects = new Map<string, KubeObject>();
    for (const object of all.flatMap((reading) => reading.objects)) objects.set(object.metadata.uid, object);
    const reading: Reading = { objects: [...objects.values()], whole: [], unread: [], warnings: [] };
    const now = Math.max(this.host.now(), instantOf(reading));
    const { gates } = this.options;
    const engine = Cluster.create({ now, clock: 'virtual', seed: 0, ...(gates && { gates }) });
    const { warnings } = takeOver(engine, reading);
    this.copied = warnings;
    const host = { now: () => now, sleep: this.host.sleep, pid: 0, isAlive: () => false, hostname: '' };
    this.inner = await rehearseState({ host }, engine.snapshot(), this.options);
    for (const [method, args] of this.writes) {
      const { backend } = this.inner;
      try {
        await (Reflect.get(backend, method) as Method).apply(backend, [...args]);
      } catch (e) {
        if (!(e instanceof ApiError)) throw e;
      }
    }
  }
}
