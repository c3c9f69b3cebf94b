/** What the API server answers, at once: the requests that the library's calls are made of. */
import { toStorageVersion } from '../core/api/convert';
import { shownIn } from '../core/api/other-versions';
import { type ResourceInfo, resourceKey } from '../core/api/resources';
import { noSuchPath, notFound } from '../core/api/status';
import type { KubeObject, Manifest } from '../core/api/types';
import { writeWarnings } from '../core/api/validation';
import { evict } from '../core/apiserver/eviction';
import { patchWith } from '../core/apiserver/patch';
import { mergeJson } from '../core/apiserver/patching/json';
import { mergeMerge } from '../core/apiserver/patching/merge';
import { mergeStrategic } from '../core/apiserver/patching/strategic';
import { toScale, withScale } from '../core/apiserver/scale';
import { acceptManifest, customVersions } from '../core/backends/local/accept';
import { serverSideApply } from '../core/backends/local/apply';
import { shown } from '../core/backends/local/owners';
import { matcherFor } from '../core/backends/local/select';
import type { Warnings } from '../core/backends/local/warnings';
import type { Cluster } from '../core/simulation/cluster';
import type { ApplyOptions, DeleteOptions, ListOptions, PatchOptions, WriteOptions } from './types';

const MANAGER = 'stsctl';
const MERGES = { strategic: mergeStrategic, merge: mergeMerge, json: mergeJson } as const;

/** What a request is about. `namespace` is empty for kinds without namespaces. */
export interface Place {
  readonly resource: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
}

export class Requests {
  constructor(
    readonly engine: Cluster,
    private readonly warnings: Warnings,
  ) {}

  /** @throws ApiError NotFound */
  get(place: Place): KubeObject {
    this.engine.flush();
    return this.answer(place.resource, this.stored(place));
  }

  find(place: Place): KubeObject | undefined {
    this.engine.flush();
    const { resource, namespace, name } = place;
    const object = this.engine.store.get<KubeObject>(resourceKey(resource), namespace, name);
    return object && this.answer(resource, object);
  }

  /** By namespace and name. @throws ApiError BadRequest for a selector that can't be read */
  list(resource: ResourceInfo, namespace: string | undefined, { labels, fields }: ListOptions): KubeObject[] {
    this.engine.flush();
    const selects = matcherFor(resource, {
      ...(labels !== undefined && { labelSelector: labels }),
      ...(fields !== undefined && { fieldSelector: fields }),
    });
    return [...this.engine.store.list<KubeObject>(resourceKey(resource), namespace)]
      .filter(selects)
      .sort((a, b) => compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '') || compareNames(a, b))
      .map((object) => this.answer(resource, object));
  }

  create(resource: ResourceInfo, namespace: string, manifest: Manifest, options: WriteOptions): KubeObject {
    const { store } = this.engine;
    const { fieldValidation = 'Strict' } = options;
    const accepted = acceptManifest(store, resource, namespace || undefined, manifest, fieldValidation);
    this.warnings.say(accepted.warnings);
    return this.written(resource, store.create(accepted.manifest, writeOf(options)));
  }

  /** Server-side apply. */
  apply(place: Place, manifest: Manifest, options: ApplyOptions): KubeObject {
    const { resource, namespace, name } = place;
    const { fieldManager = MANAGER, fieldValidation = 'Strict', force = true, dryRun = false } = options;
    const converted = toStorageVersion(manifest);
    this.warnings.say(converted.warnings);
    const { object, old } = serverSideApply(this.engine.store, {
      resource,
      namespace: namespace || undefined,
      name,
      config: converted.manifest,
      options: { fieldManager, fieldValidation, force, dryRun },
    });
    return this.written(resource, object, old);
  }

  patch(place: Place, patch: unknown, options: PatchOptions): KubeObject {
    const { resource } = place;
    const { subresource, fieldValidation = 'Strict' } = options;
    if (subresource && !resource.subresources.includes(subresource)) throw noSuchPath();
    const { store } = this.engine;
    const old = this.stored(place);
    const type = options.type ?? (resource.otherVersions || !isBuiltIn(store, resource) ? 'merge' : 'strategic');
    if (subresource === 'scale') {
      const merge = MERGES[type === 'json' ? 'json' : 'merge'];
      const { object } = patchWith(merge, resource, toScale(old, resource.scalePaths), patch, fieldValidation);
      return this.written(resource, store.update(withScale(resource, old, object), writeOf(options, subresource)), old);
    }
    const current = this.answer(resource, old);
    const custom = customVersions(store);
    const { object, warnings } = patchWith(MERGES[type], resource, current, patch, fieldValidation, custom);
    this.warnings.say(warnings);
    return this.written(resource, store.update(object, writeOf(options, subresource)), old);
  }

  delete({ resource, namespace, name }: Place, options: DeleteOptions): KubeObject {
    const { gracePeriodSeconds, propagationPolicy } = options;
    const deleted = this.engine.store.delete(resourceKey(resource), namespace, name, {
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      ...(propagationPolicy !== undefined && { propagationPolicy }),
    });
    return this.answer(resource, deleted);
  }

  evict(namespace: string, name: string): void {
    this.engine.flush();
    evict(this.engine.store, namespace, name, {}, this.engine.now);
  }

  private stored({ resource, namespace, name }: Place): KubeObject {
    const object = this.engine.store.get<KubeObject>(resourceKey(resource), namespace, name);
    if (!object) throw notFound(resource, name);
    return object;
  }

  private answer(resource: ResourceInfo, object: KubeObject): KubeObject {
    return shownIn(resource, shown(this.engine.store, object));
  }

  private written(resource: ResourceInfo, object: KubeObject, old?: KubeObject): KubeObject {
    this.warnings.say(writeWarnings(object, old));
    if (!old) this.warnings.created(resource);
    return this.answer(resource, object);
  }
}

const isBuiltIn = (store: Cluster['store'], resource: ResourceInfo): boolean =>
  !store.customResources().some((custom) => resourceKey(custom) === resourceKey(resource));

const writeOf = ({ dryRun, fieldManager }: WriteOptions, subresource?: 'status' | 'scale') => ({
  manager: fieldManager ?? MANAGER,
  ...(dryRun && { dryRun }),
  ...(subresource && { subresource }),
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compareNames = (a: KubeObject, b: KubeObject): number => compare(a.metadata.name, b.metadata.name);
