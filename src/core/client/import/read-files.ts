/** Reads what `kubectl get -o yaml` and `kubectl cluster-info dump` have written as a cluster's objects. */
import { toStorageVersion } from '../../api/convert';
import { typeError } from '../../api/decode';
import { allResources, resourceForKind, resourceKey } from '../../api/resources';
import { notFound } from '../../api/status';
import type { KubeObject, Manifest, StatefulSet } from '../../api/types';
import type { FileObject } from '../builder';
import { CommandError, throwAll } from '../errors';
import { relatedTo } from './related';
import { withoutValues } from './secrets';
import type { Reading } from './types';

export interface FileSelection {
  /** Only of this namespace, where one is named. */
  readonly namespace?: string;
  readonly sets?: readonly string[];
  readonly withSecrets?: boolean;
  readonly withEvents?: boolean;
  /** Where objects go that say no namespace. */
  readonly fallback: string;
}

/** Kinds that controllers derive anew. */
const DERIVED = new Set(['Endpoints', 'EndpointSlice', 'Lease', 'ComponentStatus', 'Event']);

/** @throws CommandError naming file and object for what is damaged; ApiError NotFound for a set that is in none of the files */
export function readFileObjects(items: readonly FileObject[], selection: FileSelection): Reading {
  const errors: unknown[] = [];
  const objects: KubeObject[] = [];
  const counts = new Map<string, number>();
  const isWanted = ({ kind, metadata }: KubeObject): boolean =>
    (kind === 'Event' ? selection.withEvents === true : !DERIVED.has(kind)) &&
    (selection.namespace === undefined ||
      metadata.namespace === undefined ||
      metadata.namespace === selection.namespace) &&
    (kind !== 'Namespace' || selection.namespace === undefined || metadata.name === selection.namespace);
  for (const item of items) {
    if ('error' in item) {
      errors.push(item.error);
      continue;
    }
    const count = (counts.get(item.source) ?? 0) + 1;
    counts.set(item.source, count);
    try {
      const object = complete(item.manifest, `${item.source}: object ${count}`, selection.fallback);
      if (isWanted(object)) objects.push(object);
    } catch (e) {
      errors.push(e);
    }
  }
  throwAll(errors);
  const placed = withPlaces(objects, selection.fallback);
  const chosen = selection.sets ? ofSets(placed, selection.sets, selection) : placed;
  const warnings = missing(objects);
  const hasSecrets = chosen.some(({ kind }) => kind === 'Secret');
  if (hasSecrets && !selection.withSecrets)
    warnings.push('the values of Secrets are left out, their keys are kept; --with-secrets takes them too');
  return {
    objects: chosen.map((object) =>
      object.kind === 'Secret' && !selection.withSecrets ? withoutValues(object) : object,
    ),
    whole: [],
    unread: allResources()
      .filter(({ kind }) => !objects.some((object) => object.kind === kind))
      .map(resourceKey),
    warnings,
  };
}

function ofSets(objects: readonly KubeObject[], names: readonly string[], selection: FileSelection): KubeObject[] {
  const namespace = selection.namespace ?? selection.fallback;
  const sets = names.map((name) => {
    const set = objects.find(
      ({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name && metadata.namespace === namespace,
    );
    if (!set) throw notFound({ group: 'apps', plural: 'statefulsets' }, name);
    return set as StatefulSet;
  });
  return relatedTo(sets, objects);
}

/** The object in the version in which it is stored, once it has proved to be one. @throws CommandError */
function complete(manifest: Manifest, where: string, fallback: string): KubeObject {
  const { metadata, kind, apiVersion } = manifest;
  if (apiVersion === '') throw new CommandError(`${where} (${kind}): apiVersion is missing`);
  if (typeof metadata.name !== 'string' || metadata.name === '')
    throw new CommandError(`${where} (${kind}): metadata.name is missing`);
  const wrong = typeError(manifest);
  if (wrong !== undefined) throw new CommandError(`${where} (${kind} ${JSON.stringify(metadata.name)}): ${wrong}`);
  const stored = toStorageVersion(manifest).manifest;
  const resource = resourceForKind(stored.apiVersion, kind);
  for (const field of NEEDED[kind] ?? [])
    if (valueAt(stored, field) === undefined)
      throw new CommandError(`${where} (${kind} ${JSON.stringify(metadata.name)}): ${field} is missing`);
  const { uid = '', resourceVersion = '', creationTimestamp = '' } = metadata;
  const { namespace: _, ...rest } = metadata;
  const namespace = resource?.namespaced === false ? undefined : (metadata.namespace ?? (resource && fallback));
  return {
    ...stored,
    metadata: {
      ...rest,
      name: metadata.name,
      uid,
      resourceVersion,
      creationTimestamp,
      ...(namespace && { namespace }),
    },
  };
}

/** Whether a custom resource has a namespace only its definition tells. */
function withPlaces(objects: readonly KubeObject[], fallback: string): readonly KubeObject[] {
  const namespaced = new Set<string>();
  for (const { kind, spec } of objects) {
    if (kind !== 'CustomResourceDefinition') continue;
    const { group, scope, names } = spec as { group?: string; scope?: string; names?: { kind?: string } };
    if (scope === 'Namespaced') namespaced.add(`${group}/${names?.kind}`);
  }
  return objects.map((object) => {
    const { apiVersion, kind, metadata } = object;
    const isPlaceless = metadata.namespace === undefined && namespaced.has(`${apiVersion.split('/')[0]}/${kind}`);
    return isPlaceless ? { ...object, metadata: { ...metadata, namespace: fallback } } : object;
  });
}

/** What the controllers read without asking whether it is there. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  StatefulSet: ['spec.selector', 'spec.template', 'spec.template.spec.containers'],
  Pod: ['spec.containers'],
  PersistentVolumeClaim: ['spec'],
  PersistentVolume: ['spec'],
  ControllerRevision: ['data'],
  Service: ['spec'],
};

const valueAt = (object: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, field) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[field] : undefined),
      object,
    );

/** What pods tell of that is in none of the files: `cluster-info dump` has no StatefulSets. */
function missing(objects: readonly KubeObject[]): string[] {
  const there = new Set(objects.map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`));
  const lost = new Map<string, number>();
  for (const { kind, metadata } of objects) {
    if (kind !== 'Pod') continue;
    const owner = metadata.ownerReferences?.find(({ controller }) => controller);
    if (owner?.kind !== 'StatefulSet' || there.has(`StatefulSet/${metadata.namespace}/${owner.name}`)) continue;
    const key = `${metadata.namespace}/${owner.name}`;
    lost.set(key, (lost.get(key) ?? 0) + 1);
  }
  return [...lost].map(([key, count]) => {
    const [namespace = '', name = ''] = key.split('/');
    const pods = `${count} pod${count > 1 ? 's' : ''}`;
    return (
      `the StatefulSet "${name}" of namespace ${namespace} is not in the files, ${pods} of it ${count > 1 ? 'are' : 'is'}: ` +
      `add what "kubectl get statefulsets,controllerrevisions,persistentvolumeclaims,poddisruptionbudgets -n ${namespace} -o yaml" ` +
      'writes (a cluster-info dump has none of these)'
    );
  });
}
