/** The kinds that CustomResourceDefinitions bring: served like the built-in ones, with nothing that acts on them. */
import type { CustomSchema, CustomVersion } from '../api/custom-resources/schema';
import { comparePreference } from '../api/custom-resources/versions';
import type { PrinterColumn, ResourceInfo, ScalePaths } from '../api/resources';
import type { KubeObject } from '../api/types';
import { resourceKey } from './storage';
import type { Store } from './store';
import type { StoreEvent } from './watch';

export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

interface Version {
  readonly name: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: CustomSchema };
  readonly subresources?: { readonly status?: unknown; readonly scale?: ScalePaths };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
}

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
    readonly versions?: readonly Version[];
  };
}

/** The versions that are served, the one that clients prefer first. */
const servedVersions = ({ spec }: Definition): readonly Version[] =>
  (spec.versions ?? []).filter((version) => version.served !== false).sort((a, b) => comparePreference(a.name, b.name));

/**
 * The kind that a definition brings, in the version that clients prefer. Without conversion the versions differ in name
 * alone, so that objects are kept in the preferred one whichever they were sent in.
 */
function resourceOfDefinition(definition: KubeObject): ResourceInfo | undefined {
  const { spec } = definition as Definition;
  if (!spec.names?.kind || !spec.names.plural) return undefined;
  const [version, ...others] = servedVersions(definition as Definition);
  if (!version) return undefined;
  const { status, scale } = version.subresources ?? {};
  return {
    group: spec.group,
    version: version.name,
    kind: spec.names.kind,
    plural: spec.names.plural,
    singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
    shortNames: spec.names.shortNames ?? [],
    namespaced: spec.scope !== 'Cluster',
    categories: spec.names.categories ?? [],
    subresources: [...(status === undefined ? [] : ['status' as const]), ...(scale ? ['scale' as const] : [])],
    simulated: false,
    ...(version.additionalPrinterColumns?.length && { printerColumns: version.additionalPrinterColumns }),
    ...(others.length > 0 && { otherVersions: others.map((other) => other.name) }),
    ...(scale && { scalePaths: scale }),
    ...deprecationsOf(spec, [version, ...others]),
  };
}

/** What the definition says of one version, `v1beta1`; undefined for versions that are not served. */
export function customVersion(definition: KubeObject | undefined, version: string): CustomVersion | undefined {
  if (!definition) return undefined;
  const { spec } = definition as Definition;
  const served = servedVersions(definition as Definition);
  const found = served.find((one) => one.name === version);
  if (!found) return undefined;
  return { apiVersion: `${spec.group}/${served[0]!.name}`, schema: found.schema?.openAPIV3Schema };
}

function deprecationsOf(spec: Definition['spec'], served: readonly Version[]): Pick<ResourceInfo, 'deprecations'> {
  const texts = served
    .filter((version) => version.deprecated)
    .map((version) => [version.name, version.deprecationWarning ?? deprecation(spec, version, served)]);
  return texts.length > 0 ? { deprecations: Object.fromEntries(texts) } : {};
}

/** As defaultDeprecationWarning: names a newer version where there is one. */
function deprecation(spec: Definition['spec'], version: Version, served: readonly Version[]): string {
  const named = (name: string): string => `${spec.group}/${name} ${spec.names.kind}`;
  const newer = served.find((one) => !one.deprecated && comparePreference(one.name, version.name) < 0);
  return `${named(version.name)} is deprecated${newer ? `; use ${named(newer.name)}` : ''}`;
}

/** Names and conversion that the definition leaves out (as SetDefaults_CustomResourceDefinitionSpec). */
function completeDefinition(definition: KubeObject): KubeObject {
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

/** An updated definition: what was accepted follows its names, and a version that becomes the stored one is noted. */
export function updateDefinition(definition: KubeObject, old: KubeObject): KubeObject {
  const complete = completeDefinition(definition) as Definition;
  const status = old.status as { readonly storedVersions?: readonly string[] } | undefined;
  const stored = complete.spec.versions?.find((version) => version.storage)?.name;
  if (!status || stored === undefined) return complete;
  const before = status.storedVersions ?? [];
  const storedVersions = before.includes(stored) ? before : [...before, stored];
  return { ...complete, status: { ...status, acceptedNames: complete.spec.names, storedVersions } } as KubeObject;
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
  const before = event.old && resourceOfDefinition(event.old);
  if (!resource) {
    if (before) store.unregister(resourceKey(before));
    return;
  }
  if (event.type !== 'DELETED') {
    store.register(resource);
    return;
  }
  const key = resourceKey(resource);
  for (const object of [...store.list(key)]) store.storage.remove(key, object);
  store.unregister(key);
}
