/** Server-side apply of one object, and the move of objects that client-side apply made (as kubectl's ApplyOptions.applyOneObject). */
import { ApiError, isConflict } from '../api/status';
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../api/types';
import { type Fields, fieldsOf, hasPath, union } from '../meta/fieldpath/fields';
import type { ApplyOptions } from './apply';
import type { Backend, WriteOptions } from './backend';
import type { Info } from './builder';
import { CommandError } from './errors';
import { LAST_APPLIED } from './last-applied';

export interface ServerSideOptions extends ApplyOptions {
  /** Takes the fields that other managers own. */
  readonly force: boolean;
  readonly subresource?: 'status' | 'scale';
}

const SERVER_SIDE_MANAGER = 'kubectl';
const ANNOTATION_MANAGER = 'kubectl-last-applied';
const ANNOTATION = ['f:metadata', 'f:annotations', `f:${LAST_APPLIED}`];
const MAX_RETRIES = 5;

const ADVICE = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

/** @throws CommandError with advice over a conflict; ApiError */
export async function applyServerSide(backend: Backend, info: Info, options: ServerSideOptions): Promise<KubeObject> {
  const config = info.object as Manifest;
  if (!info.name && config.metadata.generateName)
    throw new CommandError(`from ${config.metadata.generateName}: cannot use generate name with apply`);
  if (!info.name) throw new CommandError('resource name may not be empty');
  const send = (): Promise<KubeObject> => apply(backend, info, config, writeOptions(options, options.force));
  let object: KubeObject;
  try {
    object = await send();
  } catch (e) {
    throw isConflict(e) && e instanceof ApiError ? new CommandError(`${e.message}\n${ADVICE}`) : e;
  }
  object = await migrated(backend, info, object, options, send);
  if (object.metadata.deletionTimestamp)
    options.warn(`Detected changes to resource ${info.name} which is currently being deleted.`);
  return object;
}

const apply = (backend: Backend, info: Info, config: object, write: WriteOptions): Promise<KubeObject> =>
  backend.patch(info.resource, info.namespace, info.name, 'apply', config, write);

const writeOptions = (options: ServerSideOptions, force: boolean): WriteOptions => ({
  dryRun: options.dryRun === 'server',
  fieldValidation: options.validation,
  fieldManager: options.fieldManager,
  ...(force && { force }),
  ...(options.subresource && { subresource: options.subresource }),
});

/**
 * Moves what client-side apply owned to the manager of server-side apply, so that fields which left the configuration
 * can go. A failure is only warned about: the object was applied, and the next apply tries again.
 */
async function migrated(
  backend: Backend,
  info: Info,
  applied: KubeObject,
  options: ServerSideOptions,
  again: () => Promise<KubeObject>,
): Promise<KubeObject> {
  let object = applied;
  const failed = (what: string, e: unknown): void => {
    if (!(e instanceof ApiError)) throw e;
    options.warn(`${what}. This is non-fatal and will be retried next time you apply. Error: ${e.message}`);
  };
  try {
    object = await keepAnnotation(backend, info, object, options);
  } catch (e) {
    failed('failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply', e);
    return object;
  }
  try {
    const moved = await moveOwnership(backend, info, object, options);
    if (!moved) return object;
    object = moved;
  } catch (e) {
    failed('server rejected managed fields migration to Server-Side Apply', e);
    return object;
  }
  try {
    return await again();
  } catch (e) {
    failed('failed to re-apply configuration after performing Server-Side Apply migration', e);
    return object;
  }
}

/** Gives the annotation a manager of its own, lest it go with the ownership (as saveLastApplyAnnotationIfNecessary). */
async function keepAnnotation(
  backend: Backend,
  info: Info,
  object: KubeObject,
  options: ServerSideOptions,
): Promise<KubeObject> {
  const text = object.metadata.annotations?.[LAST_APPLIED];
  if (options.fieldManager !== SERVER_SIDE_MANAGER || text === undefined) return object;
  if (annotationOwners(object, 'Apply').length > 0) return object;
  const { apiVersion, kind, metadata } = object;
  const only = {
    apiVersion,
    kind,
    metadata: {
      name: metadata.name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      annotations: { [LAST_APPLIED]: text },
    },
  };
  return apply(backend, info, only, { ...writeOptions(options, false), fieldManager: ANNOTATION_MANAGER });
}

const annotationOwners = (object: KubeObject, operation: ManagedFieldsEntry['operation']): ManagedFieldsEntry[] =>
  (object.metadata.managedFields ?? []).filter(
    (entry) => entry.operation === operation && hasPath(entry.fieldsV1 ?? {}, ANNOTATION),
  );

/** Undefined when there is nothing to move (as migrateToSSAIfNecessary). */
async function moveOwnership(
  backend: Backend,
  info: Info,
  object: KubeObject,
  options: ServerSideOptions,
): Promise<KubeObject | undefined> {
  const names = new Set(annotationOwners(object, 'Update').map(({ manager }) => manager ?? ''));
  let current = object;
  for (let attempt = 1; ; attempt++) {
    const before = current.metadata.managedFields ?? [];
    let entries = before;
    for (const name of names) entries = upgraded(entries, name, options.fieldManager);
    if (entries === before) return undefined;
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: entries },
      { op: 'replace', path: '/metadata/resourceVersion', value: current.metadata.resourceVersion },
    ];
    try {
      const { force: _, ...write } = writeOptions(options, false);
      return await backend.patch(info.resource, info.namespace, info.name, 'json', patch, write);
    } catch (e) {
      if (!isConflict(e) || attempt >= MAX_RETRIES) throw e;
      current = await backend.get(info.resource, info.namespace, info.name);
    }
  }
}

/** One client-side manager's entry joined to the server-side manager's; the same list when there is none (as csaupgrade). */
export function upgraded(
  entries: readonly ManagedFieldsEntry[],
  clientSide: string,
  serverSide: string,
): readonly ManagedFieldsEntry[] {
  const isClient = (entry: ManagedFieldsEntry): boolean =>
    entry.manager === clientSide && entry.operation === 'Update' && !entry.subresource;
  const found = entries.filter(isClient);
  if (found.length === 0) return entries;
  let target = entries.findIndex(
    (entry) => entry.manager === serverSide && entry.operation === 'Apply' && !entry.subresource,
  );
  if (target < 0) target = entries.indexOf(found[0]!);
  const { apiVersion } = entries[target]!;
  const own = entries[target]!.fieldsV1 ?? {};
  const theirs: Fields = found.find((entry) => entry.apiVersion === apiVersion)?.fieldsV1 ?? fieldsOf();
  const joined: ManagedFieldsEntry = {
    ...entries[target]!,
    manager: serverSide,
    operation: 'Apply',
    fieldsV1: union(own, theirs),
  };
  return entries.flatMap((entry, i) => (i === target ? [joined] : isClient(entry) ? [] : [entry]));
}
