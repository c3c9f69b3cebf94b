/**
 * The cluster as a library: what the command line does, as calls that answer at once. Time is virtual and passes only in
 * `advance`, `settle`, `until` and `step`. Nothing is run inside containers: they start, become ready and stop, and fail where faults say so.
 */
import type { ResourceInfo } from '../core/api/resources';
import { resourceKey } from '../core/api/resources';
import type { Event, KubeObject, Pod } from '../core/api/types';
import { Warnings } from '../core/backends/local/warnings';
import { imagePatch } from '../core/client/set-image';
import type { TimelineEvent } from '../core/reports/timeline';
import { Cluster as Engine } from '../core/simulation/cluster';
import type { Fault, Target } from '../core/simulation/faults';
import { MAX_NODES, setNodes } from '../core/simulation/nodes';
import type { PlanReport } from '../core/simulation/plan';
import { type Explanation, explain } from '../core/simulation/why';
import { TimeoutError } from './errors';
import { type FaultOptions, readFault } from './faults';
import { type ObjectOf, resourceNamed, resourceOf } from './kinds';
import { type Manifests, readManifests } from './manifests';
import { planOn } from './plan';
import { type Place, Requests } from './requests';
import { Snapshot } from './snapshot';
import { instant, milliseconds } from './time';
import type {
  ApplyOptions,
  Change,
  ClusterOptions,
  DeleteOptions,
  Duration,
  InNamespace,
  ListOptions,
  PatchOptions,
  Settings,
  Within,
  WriteOptions,
} from './types';

/** How long is waited where nothing is said. */
const PATIENCE = '10m';

export class Cluster {
  /** Where objects are that name no namespace. */
  readonly namespace: string;
  private requests: Requests;
  private readonly warnings: Warnings;
  private readonly watchers = new Set<(change: Change) => void>();

  /** A new cluster: a control plane, nodes, storage, and nothing in it. @throws RangeError for options that make no sense */
  constructor(options: ClusterOptions = {}) {
    const { namespace = 'default', now, seed = 0, gates, settings } = options;
    this.namespace = namespace;
    this.warnings = new Warnings(options.onWarning?.bind(options));
    const engine = Engine.create({ now: instant(now), clock: 'virtual', seed, ...(gates && { gates }) });
    this.requests = this.follow(engine);
    if (settings) this.configure(settings);
  }

  /** A cluster of its own that goes on from a snapshot; of the options, those about the beginning have no meaning. */
  static from(snapshot: Snapshot, options: Pick<ClusterOptions, 'namespace' | 'onWarning'> = {}): Cluster {
    const cluster = new Cluster(options);
    cluster.restore(snapshot);
    return cluster;
  }

  // --- writing ---

  /**
   * Creates what is missing and changes what differs, as `kubectl apply --server-side` does: YAML or JSON text, objects, lists.
   * Answers the objects as they are then, in order. What stands before a refused one stays applied.
   * @throws ManifestError, or ApiError: Invalid, BadRequest for unknown fields, Conflict with `force: false`
   */
  apply(manifests: Manifests, options: ApplyOptions = {}): KubeObject[] {
    return readManifests(manifests).map((manifest) => {
      const resource = resourceOf(this.engine.store, manifest);
      const { namespace, name = '' } = manifest.metadata;
      const place = this.place(resource, name, namespace ? { namespace } : options);
      return this.requests.apply(place, manifest, options);
    });
  }

  /** Creates objects, also with generated names. @throws ManifestError, or ApiError: AlreadyExists, Invalid, … */
  create(manifests: Manifests, options: WriteOptions = {}): KubeObject[] {
    return readManifests(manifests).map((manifest) => {
      const resource = resourceOf(this.engine.store, manifest);
      const { namespace } = this.place(resource, '', manifest.metadata.namespace ? manifest.metadata : options);
      return this.requests.create(resource, namespace, manifest, options);
    });
  }

  /** Changes an object by a patch: a map, or a list of operations with `type: 'json'`. @throws ApiError */
  patch<K extends string>(kind: K, name: string, patch: object, options: PatchOptions = {}): ObjectOf<K> {
    return this.requests.patch(this.find(kind, name, options), patch, options) as ObjectOf<K>;
  }

  /** Changes how many replicas there are to be, by the scale subresource. @throws ApiError NotFound, Invalid */
  scale<K extends string>(kind: K, name: string, replicas: number, options: InNamespace = {}): ObjectOf<K> {
    return this.patch(kind, name, { spec: { replicas } }, { ...options, subresource: 'scale' });
  }

  /**
   * Gives containers other images, by their names; `*` stands for all.
   * @throws ApiError NotFound, RangeError for a container that is not there
   */
  setImage<K extends string>(
    kind: K,
    name: string,
    images: Readonly<Record<string, string>>,
    options: InNamespace = {},
  ): ObjectOf<K> {
    const { patch, changed, missing } = imagePatch(this.get<string>(kind, name, options), images);
    if (missing.length > 0) throw new RangeError(`unable to find container named ${JSON.stringify(missing[0])}`);
    return changed ? this.patch(kind, name, patch, options) : this.get(kind, name, options);
  }

  /** Deletes an object. Answers it as it is then (terminating), or as it last was. @throws ApiError NotFound */
  delete<K extends string>(kind: K, name: string, options: DeleteOptions = {}): ObjectOf<K> {
    return this.requests.delete(this.find(kind, name, options), options) as ObjectOf<K>;
  }

  /** Deletes a pod unless a disruption budget forbids it. @throws ApiError NotFound, TooManyRequests */
  evict(pod: string, options: InNamespace = {}): void {
    this.requests.evict(options.namespace ?? this.namespace, pod);
  }

  // --- reading ---

  /** An object as the API server answers it: not to be changed in place. @throws ApiError NotFound */
  get<K extends string>(kind: K, name: string, options: InNamespace = {}): ObjectOf<K> {
    return this.requests.get(this.find(kind, name, options)) as ObjectOf<K>;
  }

  /** Whether there is such an object. */
  has(kind: string, name: string, options: InNamespace = {}): boolean {
    return this.requests.find(this.find(kind, name, options)) !== undefined;
  }

  /** Objects by namespace and name. @throws ApiError BadRequest for a selector that can't be read */
  list<K extends string>(kind: K, options: ListOptions = {}): ObjectOf<K>[] {
    const resource = resourceNamed(this.engine.store, kind);
    const { namespace = this.namespace } = options;
    const where = !resource.namespaced || namespace === '*' ? undefined : namespace;
    return this.requests.list(resource, where, options) as ObjectOf<K>[];
  }

  pods(options: ListOptions = {}): Pod[] {
    return this.list('Pod', options);
  }

  /** What was told of one object or of all of a namespace, the oldest first. */
  events(options: ListOptions & { readonly kind?: string; readonly name?: string } = {}): Event[] {
    const { kind, name } = options;
    const wanted = kind === undefined ? undefined : resourceNamed(this.engine.store, kind).kind;
    return this.list('Event', options)
      .filter(
        ({ involvedObject: about }) => (wanted ?? about.kind) === about.kind && (name ?? about.name) === about.name,
      )
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
  }

  /** Every transition of pods since the beginning: create, ready, unready, terminate, delete. */
  timeline(options: { readonly namespace?: string; readonly pod?: string } = {}): TimelineEvent[] {
    const { namespace = this.namespace, pod } = options;
    this.engine.flush();
    return this.engine
      .timeline()
      .filter((event) => (namespace === '*' || event.namespace === namespace) && (pod ?? event.pod) === event.pod);
  }

  /** Calls back with each change of any object from now on, also while time is played. Returns how to stop. */
  watch(onChange: (change: Change) => void): () => void {
    this.watchers.add(onChange);
    return () => this.watchers.delete(onChange);
  }

  // --- time ---

  /** The cluster's time. */
  get now(): Date {
    return new Date(this.engine.now);
  }

  /** Lets time pass and plays what is due in it. */
  advance(duration: Duration): this {
    this.engine.advanceTo(this.engine.now + milliseconds(duration));
    this.engine.flush();
    return this;
  }

  /** Jumps to the next instant at which something is due, and plays it. False when nothing is. */
  step(): boolean {
    const moved = this.engine.step();
    this.engine.flush();
    return moved;
  }

  /** Plays until nothing more would change by itself; true when it came to that in time (ten minutes unless given). */
  settle({ within = PATIENCE }: Within = {}): boolean {
    this.engine.settle(this.engine.now + milliseconds(within));
    return this.engine.isSettled();
  }

  /**
   * Plays, from instant to instant, until `condition` holds: at once when it does already.
   * @throws TimeoutError when it does not within the time (ten minutes unless given), or never would; the time is past then
   */
  until(condition: (cluster: this) => boolean, { within = PATIENCE }: Within = {}): this {
    const limit = this.engine.now + milliseconds(within);
    this.engine.flush();
    while (!condition(this)) {
      if (!this.engine.step(limit)) {
        this.engine.advanceTo(limit);
        this.engine.flush();
        if (condition(this)) break;
        throw new TimeoutError(`timed out waiting for the condition: it does not hold after ${within}`);
      }
      this.engine.flush();
    }
    return this;
  }

  /** Whether nothing would change by itself any more. */
  get settled(): boolean {
    return this.engine.isSettled();
  }

  // --- the simulation ---

  /** Changes what is given of how the simulated world behaves. @throws RangeError naming what can't be taken */
  configure({ start, stop, init, storage, nodes }: Settings): void {
    if (storage !== undefined && storage !== 'lenient' && storage !== 'strict')
      throw new RangeError(`storage is "lenient" or "strict", not ${JSON.stringify(storage)}`);
    if (nodes !== undefined && !(Number.isInteger(nodes) && nodes >= 1 && nodes <= MAX_NODES))
      throw new RangeError(`nodes is a number from 1 to ${MAX_NODES}, not ${nodes}`);
    this.engine.configure({
      ...(start !== undefined && { start: milliseconds(start) }),
      ...(stop !== undefined && { stop: milliseconds(stop) }),
      ...(init !== undefined && { init: milliseconds(init) }),
      ...(storage !== undefined && { storage }),
    });
    if (nodes !== undefined) setNodes(this.engine.store, nodes);
    this.engine.drain();
  }

  /**
   * What would happen after a change, as `stsctl plan` tells it: `change` is called with a copy of the cluster. Nothing of this
   * one changes. @throws what `change` throws
   */
  plan(change: (copy: Cluster) => void, { within }: Within = {}): PlanReport {
    const copy = Cluster.from(this.snapshot(), { namespace: this.namespace });
    return planOn(copy.engine, () => change(copy), within === undefined ? undefined : milliseconds(within));
  }

  /** What an object waits for, the rule that says so, and what would end it. @throws ApiError NotFound */
  why(kind: string, name: string, options: InNamespace = {}): Explanation {
    const { resource, namespace } = this.find(kind, name, options);
    this.engine.flush();
    return explain(this.engine, { kind: resourceKey(resource), ...(namespace && { namespace }), name });
  }

  /**
   * Breaks something from now on: `fail('pod', 'crash', { name: 'web-0' })`. It need not be there yet.
   * @throws RangeError naming what can't be taken
   */
  fail(target: Target, what: string, options: FaultOptions = {}): Fault {
    return this.engine.fail(readFault(target, what, options, this.namespace));
  }

  /** Ends a fault, or all of them. False when there was none. */
  heal(fault?: Fault | string): boolean {
    const ids =
      fault === undefined ? this.faults().map(({ id }) => id) : [typeof fault === 'string' ? fault : fault.id];
    return ids.map((id) => this.engine.heal(id)).includes(true);
  }

  /** What is broken. */
  faults(): readonly Fault[] {
    return this.engine.faults.list();
  }

  /** The cluster as it is now. */
  snapshot(): Snapshot {
    return Snapshot.of(this.engine.snapshot());
  }

  /** Goes on from a snapshot. Whoever watches goes on watching, and is not told of the jump. */
  restore(snapshot: Snapshot): void {
    this.requests = this.follow(Engine.restore(snapshot.state));
  }

  private get engine(): Engine {
    return this.requests.engine;
  }

  private follow(engine: Engine): Requests {
    this.warnings.listen(engine);
    engine.onEvent(({ type, object, old }) => {
      for (const tell of this.watchers) tell({ type, object, ...(old && { old }), at: new Date(engine.now) });
    });
    return new Requests(engine, this.warnings);
  }

  private find(kind: string, name: string, options: InNamespace): Place {
    return this.place(resourceNamed(this.engine.store, kind), name, options);
  }

  private place(resource: ResourceInfo, name: string, { namespace = this.namespace }: InNamespace): Place {
    return { resource, namespace: resource.namespaced ? namespace : '', name };
  }
}
