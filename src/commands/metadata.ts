/** What `label` and `annotate` share: find the objects, check for overwriting, patch, report. */

import type { KubeObject, Labels } from '../core/api/types';
import type { Info } from '../core/client/builder';
import { CommandError, forEach } from '../core/client/errors';
import { fetchAll, infosOf } from '../core/client/fetch';
import { change, edited, type MapEdit } from '../core/client/metadata-edit';
import { goStringify } from '../core/meta/gojson';
import { createMergePatch } from '../core/meta/patch/merge-patch';
import {
  ALL_NAMESPACES,
  all,
  DRY_RUN,
  FIELD_SELECTOR,
  fieldManager,
  fileFlags,
  outputFlags,
  SELECTOR,
} from './flags/common';
import type { FlagSpec } from './flags/spec';
import { dryRunOf, OperationPrinter } from './output/operations';
import { RECORD, recordPatch } from './record';
import { checkLocal, findTargets, hasFiles, LOCAL, needLocalFiles, readFiles } from './targets';
import type { Context } from './verb';

export const metadataFlags = (noun: string, manager: string): FlagSpec[] => [
  ...fileFlags('Files that name what to change.'),
  SELECTOR,
  FIELD_SELECTOR,
  all(),
  ALL_NAMESPACES,
  { name: 'overwrite', type: 'bool', default: 'false', help: `Replace ${noun} that have another value.` },
  { name: 'list', type: 'bool', default: 'false', help: `Show the ${noun} after the change, if there is one.` },
  { name: 'resource-version', type: 'string', default: '', help: 'Change it only if this is its version now.' },
  DRY_RUN,
  fieldManager(manager),
  ...outputFlags(),
  LOCAL,
  RECORD,
];

export interface MetadataVerb {
  readonly field: 'labels' | 'annotations';
  /** `label`, `annotation`. */
  readonly noun: string;
  /** Refuses to overwrite. @throws */
  checkOverwrite(object: KubeObject, edit: MapEdit): void;
  /** What to say of an object, given both states as text. */
  operation(before: string, after: string, overwrite: boolean): string;
  /** Called before the change, with keys to remove that are not there. */
  missing?(key: string, context: Context): void;
}

export async function editMetadata(
  context: Context,
  verb: MetadataVerb,
  resources: readonly string[],
  edit: MapEdit,
): Promise<void> {
  const { flags, io } = context;
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun, { separate: verb.field !== 'labels' });
  if (resources.length === 0 && !hasFiles(flags) && !flags.bool('local'))
    throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  const list = flags.bool('list');
  if (Object.keys(edit.set).length === 0 && edit.remove.length === 0 && !list)
    throw new CommandError(`at least one ${verb.noun} update is required`);
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new CommandError('cannot set --all and --selector at the same time');
  const local = checkLocal(context, dryRun);
  needLocalFiles(context, resources, verb.field === 'labels' ? 'pod' : 'rsrc');
  const files = await readFiles(context);
  const plan = await findTargets(context, {
    args: resources,
    ...(files && { files }),
    allowEmptySelector: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    local,
  });
  const entries = await fetchAll(await context.backend(), plan.targets, { latest: !local });
  // One file is one thing, whatever it holds.
  const single = files ? files.single : plan.singleItem;
  if (flags.string('resource-version') !== '' && entries.length > 1)
    throw new CommandError('--resource-version may only be used with a single resource');
  const overwrite = flags.bool('overwrite');
  const full: MapEdit = {
    ...edit,
    ...(flags.string('resource-version') && { resourceVersion: flags.string('resource-version') }),
  };
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const before = info.object as KubeObject;
    if (dryRun !== 'client' && !local && !list)
      for (const key of edit.remove) if (before.metadata[verb.field]?.[key] === undefined) verb.missing?.(key, context);
    if (!overwrite) verb.checkOverwrite(before, full);
    const [from, to] = change(before, verb.field, full);
    const isSame = verb.field === 'labels' && !list && isEdited(before, full) && !recordPatch(context, before);
    const operation = isSame ? 'not labeled' : verb.operation(goStringify(from), goStringify(to), overwrite);
    const patch = createMergePatch(from, to);
    const shown =
      dryRun === 'client' || local || list || isSame
        ? edited(before, verb.field, full)
        : await send(context, info, before, patch, dryRun === 'server');
    if (list) io.out(listing(verb, info, shown, single));
    else await printer.print(shown, operation);
  });
}

/** True where every label is already as the edit wants it: kubectl then asks for nothing. */
const isEdited = ({ metadata }: KubeObject, { set, remove }: MapEdit): boolean =>
  Object.entries(set).every(([key, value]) => metadata.labels?.[key] === value) &&
  remove.every((key) => metadata.labels?.[key] === undefined);

async function send(
  context: Context,
  info: Info,
  before: KubeObject,
  edit: { readonly metadata?: { readonly annotations?: Labels } },
  dryRun: boolean,
): Promise<KubeObject> {
  const backend = await context.backend();
  const noted = recordPatch(context, before)?.metadata.annotations;
  const annotations = { ...noted, ...edit.metadata?.annotations };
  const patch = noted ? { ...edit, metadata: { ...edit.metadata, annotations } } : edit;
  return backend.patch(info.resource, info.namespace, info.name, 'merge', patch, {
    dryRun,
    fieldManager: context.flags.string('field-manager'),
  });
}

function listing(verb: MetadataVerb, info: Info, object: KubeObject, single: boolean): string {
  const pairs = Object.entries(object.metadata[verb.field] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = pairs.map(([key, value]) => `${single ? '' : ' '}${key}=${value}\n`).join('');
  if (single) return lines;
  return `Listing ${verb.field} for ${info.resource.kind}.${info.resource.group}/${info.name}:\n${lines}`;
}
