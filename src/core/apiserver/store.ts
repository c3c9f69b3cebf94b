/**
 * The API server's rules over the storage: create, update, delete with defaults, admission, validation, generations,
 * optimistic locking, finalizers and graceful deletion. Every refusal is an ApiError and changes nothing.
 */

import { validateCustom } from '../api/custom-resources';
import type { CustomVersion } from '../api/custom-resources/schema';
import { withDefaults } from '../api/defaults';
import type { ResourceInfo } from '../api/resources';
import { findResources, isServed, resourceForKind, splitApiVersion } from '../api/resources';
import type { FieldError } from '../api/status';
import { alreadyExists, conflict, invalid, notFound, OPTIMISTIC_LOCK } from '../api/status';
import type { KubeObject, ManagedFieldsEntry, Manifest, ObjectMeta, Pod } from '../api/types';
import { type ValidatedPart, validateCreate, validateUpdate } from '../api/validation';
import { deepEqual } from '../meta/equal';
import { toTime } from '../meta/time';
import { AddressAllocator } from './addresses';
import { admitCreate, admitNamespace, admitUpdate } from './admission';
import { customVersion, DEFINITIONS } from './custom-resources';
import { type DeleteOptions, planDeletion } from './deletion';
import type { Entropy } from './entropy';
import { checkLimits } from './limits';
import { entriesOf, managerOfActor } from './managed-fields/derive';
import { recorded, touched, type Write } from './managed-fields/record';
import { checkNodeHolds } from './pod-resize';
import { chargeQuotas, QUOTAS } from './quota';
import { type ResourceKey, resourceKey, Storage } from './storage';
import {
  asStored,
  hasStatusSubresource,
  isCreatedOnUpdate,
  prepareForCreate,
  prepareForUpdate,
  type StrategyContext,
  type Subresource,
  takenOf,
} from './strategies';
import { withTopologyLabels } from './topology-labels';
import type { StoreEvent } from './watch';

export type { DeleteOptions } from './deletion';

export interface CreateOptions {
  readonly dryRun?: boolean;
  /** The field manager of a client. What the cluster's own actors write is not recorded: see managed-fields/derive.ts. */
  readonly manager?: string;
  /** The entries of managedFields, where they are known already (server-side apply). */
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

export interface UpdateOptions extends CreateOptions {
  readonly subresource?: Subresource;
}

const GENERATED_SUFFIX = 5;

/** A write that is about to be tried. */
export interface WriteCall {
  /** The controller that tries it; `user` for everybody else. */
  readonly actor: string;
  readonly verb: 'create' | 'update' | 'status' | 'delete';
  readonly key: ResourceKey;
  readonly namespace: string;
  readonly name: string;
}

export class Store {
  readonly storage: Storage;
  /** Who writes just now: a controller's name, or `user`. */
  actor = 'user';
  /** Asked before every write; what it throws is the call's failure. */
  beforeWrite: ((call: WriteCall) => void) | undefined;
  private readonly addresses: AddressAllocator;
  private readonly custom = new Map<ResourceKey, ResourceInfo>();
  /** Built-in kinds looked up so far. */
  private readonly builtIn = new Map<ResourceKey, ResourceInfo>();

  constructor(
    private readonly clock: { now(): number },
    readonly entropy: Entropy,
    private readonly gate: (name: string) => boolean = () => false,
    resourceVersion = 0,
  ) {
    this.storage = new Storage((key) => this.resource(key), resourceVersion);
    this.addresses = new AddressAllocator(this.storage, entropy);
  }

  /** Registers a kind that a CustomResourceDefinition brings. */
  register(resource: ResourceInfo): void {
    this.custom.set(resourceKey(resource), resource);
  }

  unregister(key: ResourceKey): void {
    this.custom.delete(key);
  }

  customResources(): readonly ResourceInfo[] {
    return [...this.custom.values()];
  }

  /** The kind behind a key. Throws for a key that nothing serves: that is a bug, not a refusal. */
  resource(key: ResourceKey): ResourceInfo {
    const known = this.custom.get(key) ?? this.builtIn.get(key);
    if (known) return known;
    const found = findResources(key);
    if (!found) throw new Error(`no resource ${key}`);
    this.builtIn.set(key, found);
    return found;
  }

  /** The kind of an object, or undefined when neither built in nor defined. */
  resourceOf(object: { readonly apiVersion: string; readonly kind: string }): ResourceInfo | undefined {
    const builtIn = resourceForKind(object.apiVersion, object.kind);
    if (builtIn) return builtIn;
    const [group, version] = splitApiVersion(object.apiVersion);
    for (const resource of this.custom.values()) {
      if (resource.kind === object.kind && resource.group === group && isServed(resource, version)) return resource;
    }
    return undefined;
  }

  /** What the definition of a custom resource says of one of its versions; undefined for built-in kinds. */
  customVersion(apiVersion: string, kind: string): CustomVersion | undefined {
    const resource = this.resourceOf({ apiVersion, kind });
    if (!resource || !this.custom.has(resourceKey(resource))) return undefined;
    const definition = this.storage.get(DEFINITIONS, '', resourceKey(resource));
    return customVersion(definition, splitApiVersion(apiVersion)[1]);
  }

  onEvent(listener: (event: StoreEvent) => void): () => void {
    return this.storage.onEvent(listener);
  }

  get<T extends KubeObject>(key: ResourceKey, namespace: string, name: string): T | undefined {
    return this.storage.get(key, namespace, name) as T | undefined;
  }

  list<T extends KubeObject>(key: ResourceKey, namespace?: string): Iterable<T> {
    return this.storage.list(key, namespace) as Iterable<T>;
  }

  dependents(ownerUid: string, key?: ResourceKey): Iterable<KubeObject> {
    return this.storage.dependents(ownerUid, key);
  }

  byUid(uid: string): KubeObject | undefined {
    return this.storage.byUid(uid);
  }

  /** Creates an object. Throws NotFound or Forbidden (namespace), Invalid, AlreadyExists. */
  create<T extends KubeObject>(manifest: Manifest, options: CreateOptions = {}): T {
    const resource = this.resourceOf(manifest);
    if (!resource) throw new Error(`create of an unknown kind ${manifest.apiVersion} ${manifest.kind}`);
    const key = resourceKey(resource);
    const named = this.nameAndStamp(resource, withDefaults(manifest) as Manifest);
    this.ask('create', key, named.metadata.namespace, named.metadata.name);
    admitNamespace(this.storage, resource, named);
    const admitted = admitCreate(this.storage, key, this.signed(key, named, manifest, options));
    const prepared = prepareForCreate(key, admitted, this.strategyContext());
    const errors = [...validateCreate(prepared), ...this.customErrors(resource, prepared)];
    if (errors.length > 0) throw invalid(resource.group, resource.kind, prepared.metadata.name, errors);
    // A name that is still to be made is told by what it begins with.
    const shown = manifest.metadata.name || manifest.metadata.generateName || prepared.metadata.name;
    checkLimits(this.storage, key, prepared, shown);
    const charged = chargeQuotas(this.storage, { resource, object: prepared, shown, now: this.clock.now() });
    if (this.storage.get(key, prepared.metadata.namespace ?? '', prepared.metadata.name)) {
      throw alreadyExists(resource, prepared.metadata.name);
    }
    if (options.dryRun) return withoutVersion(prepared) as T;
    this.putQuotas(charged);
    return this.storage.put(key, prepared) as T;
  }

  /**
   * Replaces an object, or what the subresource covers of it. An update that changes nothing writes nothing. Throws
   * NotFound, Conflict (stale resourceVersion or another uid), Invalid.
   */
  update<T extends KubeObject>(object: KubeObject, options: UpdateOptions = {}): T {
    const resource = this.resourceOf(object);
    if (!resource) throw new Error(`update of an unknown kind ${object.apiVersion} ${object.kind}`);
    const key = resourceKey(resource);
    const old = this.storage.get(key, object.metadata.namespace ?? '', object.metadata.name);
    if (!old && !options.subresource && isCreatedOnUpdate(key)) return this.create<T>(object, options);
    if (!old) throw notFound(resource, object.metadata.name);
    this.ask('update', key, old.metadata.namespace, old.metadata.name);
    this.checkPreconditions(resource, old, object.metadata);
    const complete = completed(object, old, options.subresource);
    const managedFields = this.managedFields(key, old, complete, options);
    const metadata = keepSystemMetadata(complete.metadata, old.metadata, managedFields);
    const merged = { ...complete, metadata };
    const next = prepareForUpdate(key, merged, old, options.subresource, this.strategyContext());
    const isSame = deepEqual(next, old);
    // Of what stays as it is only a resize can still be wrong: the node may not know how.
    if (isSame && options.subresource !== 'resize') return old as T;
    const errors = [
      ...validateUpdate(next, old, subresourceForValidation(options.subresource)),
      ...this.customErrors(resource, next, options.subresource),
    ];
    if (errors.length > 0) throw invalid(resource.group, resource.kind, next.metadata.name, errors);
    if (isSame) return old as T;
    const charged = this.admitChange(resource, key, next, old, options.subresource);
    if (options.dryRun) return next as T;
    this.putQuotas(charged);
    if (isFinished(key, next)) return this.storage.remove(key, next) as T;
    return this.storage.put(key, next) as T;
  }

  /**
   * Writes the status that a controller computed, without the checks that only users need. Throws NotFound when the
   * object is gone, Conflict when its place is taken by another.
   */
  updateStatus<T extends KubeObject>(object: T, status: T['status']): T {
    const resource = this.resourceOf(object);
    if (!resource) throw new Error(`status of an unknown kind ${object.apiVersion} ${object.kind}`);
    const key = resourceKey(resource);
    const old = this.storage.get(key, object.metadata.namespace ?? '', object.metadata.name);
    if (!old) throw notFound(resource, object.metadata.name);
    this.ask('status', key, old.metadata.namespace, old.metadata.name);
    if (old.metadata.uid !== object.metadata.uid) throw conflict(resource, object.metadata.name, OPTIMISTIC_LOCK);
    return this.storage.put(key, this.noted(key, old, { ...old, status })) as T;
  }

  /** Writes a pod's node (the binding subresource) and scheduling status in one go. */
  bind<T extends KubeObject>(object: T, changes: { spec: { nodeName: string }; status: unknown }): T {
    const labelled = withTopologyLabels(this.storage, object, changes.spec.nodeName);
    return this.storage.put('pods', { ...labelled, ...changes }) as T;
  }

  /**
   * Deletes an object: at once, gracefully, or when its finalizers are gone. Returns it as it is afterwards, or as it
   * last was. Throws NotFound, Conflict (preconditions), Forbidden (protected namespaces).
   */
  delete(key: ResourceKey, namespace: string, name: string, options: DeleteOptions = {}): KubeObject {
    const resource = this.resource(key);
    const old = this.storage.get(key, namespace, name);
    if (!old) throw notFound(resource, name);
    this.ask('delete', key, namespace, name);
    const { uid, resourceVersion } = options.preconditions ?? {};
    if (uid !== undefined && uid !== old.metadata.uid) {
      throw conflict(
        resource,
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
      );
    }
    if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
      throw conflict(
        resource,
        name,
        `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${old.metadata.resourceVersion}`,
      );
    }
    const next = planDeletion(key, resource, old, options, this.clock.now());
    if (options.dryRun) return next ?? old;
    if (next === undefined) return this.storage.remove(key, old);
    return next === old ? old : this.storage.put(key, next);
  }

  /** What admission has to say of an update; the quotas with what it uses more. */
  private admitChange(
    resource: ResourceInfo,
    key: ResourceKey,
    next: KubeObject,
    old: KubeObject,
    subresource: Subresource | undefined,
  ): readonly KubeObject[] {
    const isResize = subresource === 'resize';
    if (subresource && !isResize) return [];
    const shown = next.metadata.name;
    if (isResize) {
      checkNodeHolds(this.storage, next as Pod);
      checkLimits(this.storage, key, next, shown);
    } else admitUpdate(this.storage, key, next, old);
    return chargeQuotas(this.storage, { resource, object: next, old, isResize, shown, now: this.clock.now() });
  }

  private putQuotas(quotas: readonly KubeObject[]): void {
    for (const quota of quotas) {
      const old = this.storage.get(QUOTAS, quota.metadata.namespace ?? '', quota.metadata.name);
      if (old) this.storage.put(QUOTAS, this.noted(QUOTAS, old, quota));
    }
  }

  private ask(verb: WriteCall['verb'], key: ResourceKey, namespace: string | undefined, name: string): void {
    this.beforeWrite?.({ actor: this.actor, verb, key, namespace: namespace ?? '', name });
  }

  /** Who owns the fields of a stored object, as a client is shown it. */
  ownersOf(object: KubeObject): readonly ManagedFieldsEntry[] | undefined {
    return entriesOf(object, this.claim);
  }

  /** What the books need to know of a write. */
  writeOf(key: ResourceKey, manager: string, subresource?: string): Write {
    return {
      manager,
      ...(subresource && { subresource }),
      time: toTime(this.clock.now()),
      hasStatus: hasStatusSubresource(key, { custom: (custom) => this.custom.get(custom) }),
      claim: this.claim,
    };
  }

  private readonly claim = (namespace: string, name: string): KubeObject | undefined =>
    this.storage.get('persistentvolumeclaims', namespace, name);

  /** A new object with its entries, where a client makes it. */
  private signed(key: ResourceKey, named: KubeObject, sent: Manifest, options: CreateOptions): KubeObject {
    if (options.manager === undefined) return named;
    const entries = sent.metadata.managedFields;
    const next = asStored(key, {
      ...named,
      metadata: { ...named.metadata, ...(entries && { managedFields: entries }) },
    });
    const managedFields = options.managedFields ?? recorded(undefined, next, this.writeOf(key, options.manager));
    return { ...named, metadata: { ...named.metadata, ...(managedFields && { managedFields }) } };
  }

  /** The entries after an update; what the cluster's actors wrote alone has none, however often they write. */
  private managedFields(
    key: ResourceKey,
    old: KubeObject,
    next: KubeObject,
    { manager, managedFields, subresource }: UpdateOptions,
  ): readonly ManagedFieldsEntry[] | undefined {
    if (managedFields) return managedFields;
    if (manager === undefined && old.metadata.managedFields === undefined) return undefined;
    const apart = subresource === 'finalize' || subresource === 'binding' ? undefined : subresource;
    return recorded(old, asStored(key, next), this.writeOf(key, manager ?? managerOfActor(this.actor), apart));
  }

  /** A status that one of the cluster's actors wrote: on an object that a client has written, its time is noted. */
  private noted(key: ResourceKey, old: KubeObject, next: KubeObject): KubeObject {
    if (old.metadata.managedFields === undefined) return next;
    const managedFields = touched(old, next, this.writeOf(key, managerOfActor(this.actor), 'status'));
    if (managedFields === old.metadata.managedFields) return next;
    return { ...next, metadata: { ...next.metadata, ...(managedFields && { managedFields }) } };
  }

  private strategyContext(): StrategyContext {
    return { addresses: this.addresses, gate: this.gate, custom: (key) => this.custom.get(key) };
  }

  /** What a custom resource's schema finds wrong. */
  private customErrors(resource: ResourceInfo, object: KubeObject, subresource?: Subresource): FieldError[] {
    if (!this.custom.has(resourceKey(resource))) return [];
    const version = this.customVersion(object.apiVersion, object.kind);
    return validateCustom(object, version?.schema, resource.scalePaths, subresource === 'status');
  }

  private checkPreconditions(resource: ResourceInfo, old: KubeObject, sent: Partial<ObjectMeta>): void {
    if (sent.uid !== undefined && sent.uid !== '' && sent.uid !== old.metadata.uid) {
      throw conflict(
        resource,
        old.metadata.name,
        `Precondition failed: UID in precondition: ${sent.uid}, UID in object meta: ${old.metadata.uid}`,
      );
    }
    const version = sent.resourceVersion;
    if (version !== undefined && version !== '' && version !== old.metadata.resourceVersion) {
      throw conflict(resource, old.metadata.name, OPTIMISTIC_LOCK);
    }
  }

  private nameAndStamp(resource: ResourceInfo, manifest: Manifest): KubeObject {
    const {
      resourceVersion: _version,
      generation: _generation,
      deletionTimestamp: _deletion,
      deletionGracePeriodSeconds: _grace,
      ...sent
    } = manifest.metadata as Record<string, unknown>;
    delete sent.selfLink;
    delete sent.managedFields;
    if (!resource.namespaced) delete sent.namespace;
    const meta = sent as Partial<ObjectMeta>;
    const name = meta.name || (meta.generateName ? meta.generateName + this.entropy.suffix(GENERATED_SUFFIX) : '');
    return {
      ...manifest,
      metadata: {
        ...meta,
        name,
        uid: this.entropy.uid(),
        resourceVersion: '',
        creationTimestamp: toTime(this.clock.now()),
      },
    };
  }
}

/** What was never stored has no version. */
function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _none, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as ObjectMeta };
}

/** Name, uid and the instants of birth and death are the server's: an update can't move them. */
function keepSystemMetadata(
  sent: ObjectMeta,
  old: ObjectMeta,
  managedFields: readonly ManagedFieldsEntry[] | undefined,
): ObjectMeta {
  const { managedFields: _managed, selfLink: _link, ...rest } = sent as ObjectMeta & Record<string, unknown>;
  const {
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    ...meta
  } = rest as ObjectMeta;
  return {
    ...meta,
    uid: old.uid,
    creationTimestamp: old.creationTimestamp,
    resourceVersion: old.resourceVersion,
    ...(old.generation !== undefined && { generation: old.generation }),
    ...(old.deletionTimestamp !== undefined && { deletionTimestamp: old.deletionTimestamp }),
    ...(old.deletionGracePeriodSeconds !== undefined && {
      deletionGracePeriodSeconds: old.deletionGracePeriodSeconds,
    }),
    ...(managedFields && { managedFields }),
  };
}

const subresourceForValidation = (subresource: Subresource | undefined): ValidatedPart | undefined =>
  subresource === 'status' || subresource === 'scale' || isPodPart(subresource) ? subresource : undefined;

/** What was sent, as far as this kind of write takes it, with its defaults. */
function completed(object: KubeObject, old: KubeObject, subresource: Subresource | undefined): KubeObject {
  if (!subresource) return withDefaults(object) as KubeObject;
  return isPodPart(subresource) ? takenOf(withDefaults(object) as KubeObject, old, subresource) : object;
}

/** Parts of pods that are sent as whole pods. */
const isPodPart = (subresource: Subresource | undefined): subresource is 'ephemeralcontainers' | 'resize' =>
  subresource === 'ephemeralcontainers' || subresource === 'resize';

/** A deleted object goes when its last finalizer does; a pod also waits for its grace period, a namespace for its content. */
function isFinished(key: ResourceKey, object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (deletionTimestamp === undefined || (finalizers && finalizers.length > 0)) return false;
  if (key === 'namespaces') {
    const spec = object.spec as { finalizers?: readonly string[] } | undefined;
    return !spec?.finalizers || spec.finalizers.length === 0;
  }
  return !deletionGracePeriodSeconds;
}
