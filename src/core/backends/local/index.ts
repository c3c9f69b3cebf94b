/** The local backend: kubectl's calls, answered by the simulated cluster in the state file. */
import { toStorageVersion } from '../../api/convert';
import { decode } from '../../api/decode';
import { allResources, type ResourceInfo, resourceKey } from '../../api/resources';
import { badRequest, noSuchPath, notFound } from '../../api/status';
import type { Table } from '../../api/table';
import type { KubeObject, Manifest } from '../../api/types';
import { writeWarnings } from '../../api/validation';
import { patchObject } from '../../apiserver/patch';
import { toScale, withScale } from '../../apiserver/scale';
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
import type { Cluster } from '../../simulation/cluster';
import { matcherFor } from './select';
import { Session, type SessionOptions } from './session';
import { type SimulationVerbs, simulationVerbs } from './simulation';
import { Warnings } from './warnings';
import { isDerived, watchLocal } from './watch';

export { SettingError, StateFileError } from './errors';
export type { HostPort } from './host';
export type { SimulationVerbs } from './simulation';

export interface LocalOptions extends SessionOptions {
  /** Called with the text of each warning, each text once. */
  onWarning?(text: string): void;
  /** Called with each change of an object while this session plays, `now` being the cluster's time in ms. */
  onChange?(change: StoreEvent & { readonly now: number }): void;
}

export interface LocalBackend extends Backend {
  readonly sim: SimulationVerbs;
}

/** Nothing is locked or read before the first call. */
export function openLocal(options: LocalOptions): LocalBackend {
  return new Local(options);
}

class Local implements LocalBackend {
  readonly name = 'local';
  readonly sim: SimulationVerbs;
  private readonly session: Session;
  private readonly warnings: Warnings;

  constructor(options: LocalOptions) {
    this.warnings = new Warnings(options.onWarning);
    this.session = new Session(options, (engine) => this.listen(engine, options));
    this.sim = simulationVerbs(this.session);
  }

  private listen(engine: Cluster, { onChange }: LocalOptions): void {
    this.warnings.listen(engine);
    if (onChange) engine.onEvent((event) => onChange({ ...event, now: engine.now }));
  }

  async resources(): Promise<readonly ResourceInfo[]> {
    const custom = this.session.read().store.customResources();
    return custom.length > 0 ? [...allResources(), ...custom] : allResources();
  }

  async now(): Promise<number> {
    return this.session.read().now;
  }

  async get(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options: { subresource?: Subresource } = {},
  ): Promise<KubeObject> {
    checkSubresource(resource, options.subresource);
    const object = this.find(resource, namespace, name);
    return options.subresource === 'scale' ? toScale(object) : object;
  }

  async getTable(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options: { subresource?: Subresource } = {},
  ): Promise<Table> {
    checkSubresource(resource, options.subresource);
    const object = this.find(resource, namespace, name);
    if (options.subresource === 'scale') {
      return tableFor({ group: 'autoscaling', plural: 'scales' }, [toScale(object)], this.session.read().now);
    }
    return tableFor(resource, [object], this.session.read().now);
  }

  async list(resource: ResourceInfo, namespace: string | undefined, options: ListOptions = {}): Promise<ListResult> {
    const selects = matcherFor(resource, options);
    const engine = this.session.read();
    if (isDerived(resource)) engine.flush();
    this.warnings.used(resource);
    const items = [...engine.store.list(resourceKey(resource), namespace)].filter(selects).sort(byKey);
    return {
      items,
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
    const accepted = this.accept(resource, namespace, manifest, options);
    const { store } = await this.engine(options);
    this.warnings.used(resource);
    const created = store.create(accepted, dryRunOf(options));
    this.written(resource, created, undefined, options);
    this.warnings.created(resource);
    return created;
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
    const old = store.get(resourceKey(resource), namespace ?? '', name);
    if (options.subresource === 'scale') {
      if (!old) throw notFound(resource, name);
      return this.rescale(resource, old, decode(manifest, 'Ignore').manifest as KubeObject, options);
    }
    const accepted = this.accept(resource, namespace, manifest, options) as KubeObject;
    const updated = store.update(accepted, subresourceOf(options));
    this.written(resource, updated, old, options);
    return updated;
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
    const old = store.get(resourceKey(resource), namespace ?? '', name);
    if (!old) throw notFound(resource, name);
    const scaling = options.subresource === 'scale';
    const current = scaling ? toScale(old) : old;
    const kindOfPatch = scaling && type === 'strategic' ? 'merge' : type;
    const { object, warnings } = await patchObject(resource, current, kindOfPatch, patch, options.fieldValidation);
    this.warnings.say(warnings);
    if (scaling) return this.rescale(resource, old, object, options);
    const updated = store.update(object, subresourceOf(options));
    this.written(resource, updated, old, options);
    return updated;
  }

  async delete(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): Promise<KubeObject> {
    const { store } = await this.engine(options);
    this.warnings.used(resource);
    const deleted = store.delete(resourceKey(resource), namespace ?? '', name, options);
    if (!options.dryRun) this.session.touched();
    return deleted;
  }

  watch(resource: ResourceInfo, namespace: string | undefined, options: WatchOptions = {}): AsyncIterable<WatchEvent> {
    return watchLocal(this.session, resource, namespace, options);
  }

  commit(): Promise<void> {
    return this.session.commit();
  }

  async close(): Promise<void> {
    this.session.close();
  }

  /** A dry run needs no lock: nothing of it stays. */
  private async engine(options: { readonly dryRun?: boolean }) {
    return options.dryRun ? this.session.read() : await this.session.write();
  }

  private find(resource: ResourceInfo, namespace: string | undefined, name: string): KubeObject {
    const engine = this.session.read();
    if (isDerived(resource)) engine.flush();
    this.warnings.used(resource);
    const object = engine.store.get(resourceKey(resource), namespace ?? '', name);
    if (!object) throw notFound(resource, name);
    return object;
  }

  /** A manifest as the API server reads it, for the namespace of the request. */
  private accept(
    resource: ResourceInfo,
    namespace: string | undefined,
    manifest: Manifest,
    { fieldValidation = 'Warn' }: WriteOptions,
  ): Manifest {
    const converted = toStorageVersion(manifest);
    const decoded = decode(converted.manifest, fieldValidation);
    this.warnings.say([...converted.warnings, ...decoded.warnings]);
    const { metadata } = decoded.manifest;
    if (!resource.namespaced) return decoded.manifest;
    if (metadata?.namespace && metadata.namespace !== namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    return { ...decoded.manifest, metadata: { ...metadata, namespace } };
  }

  private rescale(resource: ResourceInfo, old: KubeObject, scale: KubeObject, options: WriteOptions): KubeObject {
    const { store } = this.session.read();
    const updated = store.update(withScale(resource, old, scale), subresourceOf(options));
    this.written(resource, updated, old, options);
    return toScale(updated);
  }

  private written(
    resource: ResourceInfo,
    object: KubeObject,
    old: KubeObject | undefined,
    options: WriteOptions,
  ): void {
    if (!options.dryRun) this.session.touched();
    if (resource.simulated) this.warnings.say(writeWarnings(object, old));
  }
}

const dryRunOf = ({ dryRun }: WriteOptions) => ({ ...(dryRun && { dryRun }) });

const subresourceOf = ({ dryRun, subresource }: WriteOptions) => ({
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
