/** The kinds that CustomResourceDefinitions bring: served like the built-in ones, with nothing that acts on them. */
import type { PrinterColumn, ResourceInfo } from '../api/resources';
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
      readonly listKind?: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions?: readonly {
      readonly name: string;
      readonly served?: boolean;
      readonly storage?: boolean;
      readonly subresources?: { readonly status?: unknown };
      readonly additionalPrinterColumns?: readonly PrinterColumn[];
    }[];
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
    subresources: version.subresources?.status === undefined ? [] : ['status'],
    simulated: false,
    ...(version.additionalPrinterColumns?.length && { printerColumns: version.additionalPrinterColumns }),
  };
}

/** Names and conversion that the definition leaves out (as SetDefaults_CustomResourceDefinitionSpec). */
export function completeDefinition(definition: KubeObject): KubeObject {
  const { spec } = definition as Definition;
  if (!spec?.names?.kind) return definition;
  const { names } = spec;
  const { kind } = names;
  return {
    ...definition,
    spec: {
      conversion: { strategy: 'None' },
      ...spec,
      names: {
        ...names,
        listKind: names.listKind ?? `${kind}List`,
        singular: names.singular ?? kind.toLowerCase(),
      },
    },
  } as KubeObject;
}

/** A new definition, its names accepted and its kind served at once. `time` is RFC 3339. */
export function establish(definition: KubeObject, time: string): KubeObject {
  const complete = completeDefinition(definition) as Definition;
  if (!complete.spec?.names?.kind) return definition;
  const condition = (type: string, reason: string, message: string): object => ({
    lastTransitionTime: time,
    message,
    reason,
    status: 'True',
    type,
  });
  const stored = complete.spec.versions?.find((version) => version.storage);
  return {
    ...complete,
    status: {
      acceptedNames: complete.spec.names,
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      storedVersions: stored ? [stored.name] : [],
    },
  } as KubeObject;
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
