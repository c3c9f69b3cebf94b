/** The local backend: kubectl's calls, answered by the simulated cluster in the state file. */
import { toStorageVersion } from '../../api/convert';
import { decode } from '../../api/decode';
import type { Json } from '../../api/json';
import { shownIn, storedAs } from '../../api/other-versions';
import { allResources, type ResourceInfo, resourceKey } from '../../api/resources';
import { invalid, noSuchPath, notFound } from '../../api/status';
import type { Table } from '../../api/table';
import type { KubeObject, Manifest } from '../../api/types';
import { writeWarnings } from '../../api/validation';
import { validateNewEvent, validateNewEventUpdate } from '../../api/validation/events';
import { evict } from '../../apiserver/eviction';
import { patchObject } from '../../apiserver/patch';
import { toScale, withScale } from '../../apiserver/scale';
import type { Store } from '../../apiserver/store';
import { tableFor } from '../../apiserver/tables';
import type { StoreEvent } from '../../apiserver/watch';
import type {
  Backend,
  DeleteOptions,
  ListOptions,
  ListResult,
  PatchType,
  Subresource,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../../client/backend';
import type { ContainerBackend } from '../../client/container-backend';
import { acceptManifest, customVersions } from './accept';
import { type ApplyCall, serverSideApply } from './apply';
import { LocalContainers } from './containers';
import { connectTo } from './forward';
import { shown } from './owners';
import type { Rehearsal, RehearsalOptions } from './plan';
import { LateRuntime } from './pods/late-runtime';
import type { PodRuntime } from './pods/runtime';
import { matcherFor } from './select';
import { Session, type SessionOptions } from './session';
import { type SimulationVerbs, simulationVerbs } from './simulation';
import { Turns } from './turns';
import { openRecorder, type PastVerbs, pastVerbs } from './undo';
import type { Disk } from './undo/disk';
import { Warnings } from './warnings';
import { isDerived, watchLocal } from './watch';

export { SettingError, StateFileError } from './errors';
export type { HostPort } from './host';
export type { SimulationVerbs } from './simulation';

export interface LocalOptions extends SessionOptions {
  /** The command line, as it is shown among the commands that can be undone. */
  readonly command?: string;
  /** The file system that undo works on; tests put failures here. */
  readonly disk?: Disk;
  /** Called with the text of each warning, each text once. */
  onWarning?(text: string): void;
  /** Called with each change of an object while this session plays, `now` being the cluster's time in ms. */
  onChange?(change: StoreEvent & { readonly now: number }): void;
}

export interface LocalBackend extends Backend {
  readonly sim: SimulationVerbs;
  /** A copy of the cluster in memory, to play on. Absent where a session is shared. */
  readonly rehearse?: (options?: RehearsalOptions) => Promise<Rehearsal>;
}

/** Nothing is locked or read before the first call. */
export function openLocal(options: LocalOptions): LocalBackend {
  const warnings = new Warnings(options.onWarning);
  const { onChange } = options;
  const undo = openRecorder(options);
  const runtime = new LateRuntime(options.statePath, undo);
  const session = new Session({ ...options, runtime, undo }, (engine) => {
    warnings.listen(engine);
    if (onChange) engine.onEvent((event) => onChange({ ...event, now: engine.now }));
  });
  const past = pastVerbs(session, undo, options);
  const local = new Local(session, warnings, () => new LocalContainers(session, runtime.runtime), past);
  return Object.assign(local, {
    rehearse: async (rehearsal?: RehearsalOptions) => (await import('./plan')).rehearseFile(options, rehearsal),
  });
}

/** A view of a session that is shared with others: closing it and committing are their owner's business. */
export function viewOf(session: Session, warnings: Warnings, runtime?: PodRuntime): LocalBackend {
  return new Local(session, warnings, runtime && (() => new LocalContainers(session, runtime)));
}

class Local implements LocalBackend {
  readonly name = 'local';
  readonly sim: SimulationVerbs;

  constructor(
    private readonly session: Session,
    private readonly warnings: Warnings,
    /** Makes what runs things in containers, when it comes to that; absent where nothing can be run. */
    private readonly openContainers?: () => LocalContainers,
    past?: PastVerbs,
  ) {
    this.sim = simulationVerbs(session, past);
  }

  async resources(): Promise<readonly ResourceInfo[]> {
    const custom = (await this.session.read()).store.customResources();
    return custom.length > 0 ? [...allResources(), ...custom] : allResources();
  }

  async now(): Promise<number> {
    return (await this.session.read()).now;
  }

  async get(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options: { subresource?: Subresource } = {},
  ): Promise<KubeObject> {
    checkSubresource(resource, options.subresource);
    const object = await this.find(resource, namespace, name);
    if (options.subresource === 'scale') return toScale(object, resource.scalePaths);
    return shownIn(resource, shown((await this.session.read()).store, object));
  }

  async getTable(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options: { subresource?: Subresource } = {},
  ): Promise<Table> {
    checkSubresource(resource, options.subresource);
    const object = await this.find(resource, namespace, name);
    if (options.subresource === 'scale') {
      return tableFor(
        { group: 'autoscaling', plural: 'scales' },
        [toScale(object, resource.scalePaths)],
        (await this.session.read()).now,
      );
    }
    return tableFor(resource, [object], (await this.session.read()).now);
  }

  async list(resource: ResourceInfo, namespace: string | undefined, options: ListOptions = {}): Promise<ListResult> {
    const selects = matcherFor(resource, options);
    const engine = await this.session.read();
    if (isDerived(resource)) engine.flush();
    this.warnings.used(resource);
    const items = [...engine.store.list(resourceKey(storedAs(resource)), namespace)].filter(selects).sort(byKey);
    return {
      items: items.map((item) => shownIn(resource, shown(engine.store, item))),
      resourceVersion: String(engine.store.storage.resourceVersion),
      ...(options.table && { table: tableFor(resource, items, engine.now) }),
    };
  }

  async create(
    resource: ResourceInfo,
    namespace: string | undefined,
    manifest: Manifest,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const { store } = await this.engine(options);
    const accepted = this.accept(store, resource, namespace, manifest, options);
    this.warnings.used(resource);
    checkEvent(resource, accepted);
    const created = store.create(accepted, writeOf(options));
    this.written(created, undefined, options);
    this.warnings.created(resource);
    return shownIn(resource, shown(store, created));
  }

  async update(
    resource: ResourceInfo,
    namespace: string | undefined,
    manifest: Manifest,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    checkSubresource(resource, options.subresource);
    const { store } = await this.engine(options);
    this.warnings.used(resource);
    const name = manifest.metadata?.name ?? '';
    const old = store.get(resourceKey(storedAs(resource)), namespace ?? '', name);
    if (options.subresource === 'scale') {
      if (!old) throw notFound(resource, name);
      return this.rescale(resource, old, decode(manifest, 'Ignore').manifest as KubeObject, options);
    }
    const accepted = this.accept(store, resource, namespace, manifest, options) as KubeObject;
    checkEvent(resource, accepted, old);
    const updated = store.update(accepted, writeOf(options));
    this.written(updated, old, options);
    return shownIn(resource, shown(store, updated));
  }

  async patch(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    checkSubresource(resource, options.subresource);
    const { store } = await this.engine(options);
    this.warnings.used(resource);
    if (type === 'apply') return this.apply(store, { resource, namespace, name, config: patch, options });
    const old = store.get(resourceKey(storedAs(resource)), namespace ?? '', name);
    if (!old) throw notFound(resource, name);
    const scaling = options.subresource === 'scale';
    const current = scaling ? toScale(old, resource.scalePaths) : shownIn(resource, shown(store, old));
    const kindOfPatch = scaling && type === 'strategic' ? 'merge' : type;
    const { object, warnings } = await patchObject(
      resource,
      current,
      kindOfPatch,
      patch,
      options.fieldValidation,
      customVersions(store),
    );
    this.warnings.say(warnings);
    if (scaling) return this.rescale(resource, old, object, options);
    const stored = toStorageVersion(object).manifest as KubeObject;
    checkEvent(resource, stored, old);
    const updated = store.update(stored, writeOf(options));
    this.written(updated, old, options);
    return shownIn(resource, shown(store, updated));
  }

  async delete(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): Promise<KubeObject> {
    const { store } = await this.engine(options);
    this.warnings.used(resource);
    const deleted = store.delete(resourceKey(storedAs(resource)), namespace ?? '', name, options);
    if (!options.dryRun) this.session.touched();
    return shownIn(resource, shown(store, deleted));
  }

  async evict(namespace: string, name: string, options: DeleteOptions = {}): Promise<void> {
    const engine = await this.engine(options);
    // A budget counts what is there now.
    engine.flush();
    evict(engine.store, namespace, name, options, engine.now);
    if (!options.dryRun) this.session.touched();
  }

  watch(resource: ResourceInfo, namespace: string | undefined, options: WatchOptions = {}): AsyncIterable<WatchEvent> {
    return watchLocal(this.session, resource, namespace, options);
  }

  exec(...call: Parameters<ContainerBackend['exec']>) {
    return this.containers.exec(...call);
  }

  attach(...call: Parameters<ContainerBackend['attach']>) {
    return this.containers.attach(...call);
  }

  logs(...call: Parameters<ContainerBackend['logs']>) {
    return this.containers.logs(...call);
  }

  /** Each turn at the port is saved before anything of it is heard, and lets others in afterwards. */
  forward(...[namespace, pod, port, ears]: Parameters<ContainerBackend['forward']>) {
    const { containers } = this;
    return connectTo(port, ears, (work) =>
      this.portTurns.take(async () => {
        const said = await containers.atPort(namespace, pod, port, work);
        await this.session.commit();
        return said;
      }),
    );
  }

  readFiles(...call: Parameters<ContainerBackend['readFiles']>) {
    return this.containers.readFiles(...call);
  }

  statFile(...call: Parameters<ContainerBackend['statFile']>) {
    return this.containers.statFile(...call);
  }

  writeFiles(...call: Parameters<ContainerBackend['writeFiles']>) {
    return this.containers.writeFiles(...call);
  }

  commit(): Promise<void> {
    return this.session.commit();
  }

  async close(): Promise<void> {
    this.session.close();
  }

  private readonly portTurns = new Turns();
  private pods: LocalContainers | undefined;

  private get containers(): LocalContainers {
    if (!this.openContainers) throw noSuchPath();
    this.pods ??= this.openContainers();
    return this.pods;
  }

  private apply(store: Store, call: ApplyCall): KubeObject {
    const converted = toStorageVersion(call.config as Manifest);
    this.warnings.say(converted.warnings);
    const stored = { ...call, resource: storedAs(call.resource), config: converted.manifest };
    const { object, old } = serverSideApply(store, stored);
    this.written(object, old, call.options);
    if (!old) this.warnings.created(call.resource);
    return shownIn(call.resource, shown(store, object));
  }

  /** A dry run needs no lock: nothing of it stays. */
  private async engine(options: { readonly dryRun?: boolean }) {
    return options.dryRun ? await this.session.read() : await this.session.write();
  }

  private async find(resource: ResourceInfo, namespace: string | undefined, name: string): Promise<KubeObject> {
    const engine = await this.session.read();
    if (isDerived(resource)) engine.flush();
    this.warnings.used(resource);
    const object = engine.store.get(resourceKey(storedAs(resource)), namespace ?? '', name);
    if (!object) throw notFound(resource, name);
    return object;
  }

  /** A manifest as the API server reads it, for the namespace of the request. */
  private accept(
    store: Store,
    resource: ResourceInfo,
    namespace: string | undefined,
    manifest: Manifest,
    { fieldValidation = 'Warn' }: WriteOptions,
  ): Manifest {
    const accepted = acceptManifest(store, resource, namespace, manifest, fieldValidation);
    this.warnings.say(accepted.warnings);
    return accepted.manifest;
  }

  private async rescale(
    resource: ResourceInfo,
    old: KubeObject,
    scale: KubeObject,
    options: WriteOptions,
  ): Promise<KubeObject> {
    const { store } = await this.session.read();
    const updated = store.update(withScale(resource, old, scale), writeOf(options));
    this.written(updated, old, options);
    return toScale(updated, resource.scalePaths);
  }

  private written(object: KubeObject, old: KubeObject | undefined, options: WriteOptions): void {
    if (!options.dryRun) this.session.touched();
    this.warnings.say(writeWarnings(object, old));
  }
}

/** Events that come as those of events.k8s.io/v1 are looked at more closely. Throws Invalid. */
function checkEvent(resource: ResourceInfo, event: Manifest, old?: KubeObject): void {
  if (resourceKey(resource) !== 'events.events.k8s.io') return;
  const [now, before] = [event, old] as unknown as [Json, Json | undefined];
  const errors = before ? validateNewEventUpdate(now, before) : validateNewEvent(now);
  if (errors.length > 0) throw invalid('', 'Event', event.metadata?.name ?? '', errors);
}

/** Who names no manager is known by his program (as managerOrUserAgent). */
const DEFAULT_MANAGER = 'kubectl';

const writeOf = ({ dryRun, subresource, fieldManager }: WriteOptions) => ({
  manager: fieldManager || DEFAULT_MANAGER,
  ...(dryRun && { dryRun }),
  ...(subresource && { subresource }),
});

/** As the API server answers for a path that it does not have. */
function checkSubresource(resource: ResourceInfo, subresource: Subresource | undefined): void {
  if (subresource && !resource.subresources.includes(subresource)) throw noSuchPath();
}

/** As etcd orders: namespace, then name, by bytes. */
function byKey(a: KubeObject, b: KubeObject): number {
  const first = compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '');
  return first !== 0 ? first : compare(a.metadata.name, b.metadata.name);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
