/** The kinds that CustomResourceDefinitions bring: served like the built-in ones, with nothing that acts on them. */
import type { ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';
import { resourceKey } from './storage';
import type { Store } from './store';
import type { StoreEvent } from './watch';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope?: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly singular?: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions?: readonly { readonly name: string; readonly served?: boolean; readonly storage?: boolean }[];
  };
}

/** The kind that a definition brings, at the version that it stores. */
export function resourceOfDefinition(definition: KubeObject): ResourceInfo | undefined {
  const { spec } = definition as Definition;
  const version = spec.versions?.find((v) => v.storage) ?? spec.versions?.[0];
  if (!version || !spec.names?.kind || !spec.names.plural) return undefined;
  return {
    group: spec.group,
    version: version.name,
    kind: spec.names.kind,
    plural: spec.names.plural,
    singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
    shortNames: spec.names.shortNames ?? [],
    namespaced: spec.scope !== 'Cluster',
    categories: spec.names.categories ?? [],
    subresources: [],
    simulated: false,
  };
}

/** Serves the kind of a definition that appears or changes; takes the kind and its objects away with the definition. */
export function followDefinitions(store: Store, event: StoreEvent): void {
  if (resourceKey(event.resource) !== DEFINITIONS) return;
  const resource = resourceOfDefinition(event.object);
  if (!resource) return;
  if (event.type !== 'DELETED') {
    store.register(resource);
    return;
  }
  const key = resourceKey(resource);
  for (const object of [...store.list(key)]) store.storage.remove(key, object);
  store.unregister(key);
}
