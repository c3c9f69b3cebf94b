/** `stsctl patch`. */

import { gvOf, type ResourceInfo } from '../../core/api/resources';
import { ApiError, badRequest } from '../../core/api/status';
import type { KubeObject } from '../../core/api/types';
import type { PatchType } from '../../core/client/backend';
import { CommandError, forEach } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { parseJson, stringifyJson } from '../../core/meta/json';
import { DRY_RUN, fieldManager, fileFlags, outputFlags } from '../flags/common';
import { subresourceOf } from '../get/structured';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { RECORD, recordPatch } from '../record';
import { checkLocal, findObjects, LOCAL, needLocalFiles, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  long: 'Changes fields of objects by a patch in JSON or YAML: a strategic merge patch, a JSON merge patch, or a JSON patch.',
  examples: `# Update only pods from ordinal 2 on
stsctl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'

# The image of one container, found by its name
stsctl patch sts web -p '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","image":"nginx:1.22"}]}}}}'

# A JSON patch
stsctl patch sts web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":4}]'

# The number of replicas through the scale subresource
stsctl patch sts web --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'`,
  flags: [
    ...fileFlags('Files that name what to patch.'),
    { name: 'patch', short: 'p', type: 'string', default: '', help: 'The patch, in JSON or YAML.' },
    { name: 'patch-file', type: 'string', default: '', help: 'A file that holds the patch.' },
    { name: 'type', type: 'string', default: 'strategic', help: 'json, merge or strategic.' },
    { name: 'subresource', type: 'string', default: '', help: 'Patch the subresource status, scale or resize.' },
    DRY_RUN,
    fieldManager('kubectl-patch'),
    ...outputFlags(),
    RECORD,
    LOCAL,
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  // kubectl says nothing of the dry run here.
  const printer = await OperationPrinter.create(context, 'none', { separate: false });
  const subresource = subresourceOf(flags.string('subresource'));
  const text = flags.string('patch');
  const file = flags.string('patch-file');
  if (text !== '' && file !== '') throw new CommandError('cannot specify --patch and --patch-file together');
  if (text === '' && file === '')
    throw new CommandError('must specify --patch or --patch-file containing the contents of the patch');
  const type = flags.string('type').toLowerCase() || 'strategic';
  if (type !== 'json' && type !== 'merge' && type !== 'strategic')
    throw new CommandError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.string('type'))}`);
  const patch = await parsePatch(file === '' ? text : readPatch(context, file), type);
  const local = checkLocal(context, dryRun);
  if (local && context.args.length > 0) throw new CommandError('cannot specify --local and server resources');
  needLocalFiles(context, []);
  const files = await readFiles(context);
  const entries = await findObjects(context, {
    args: context.args,
    ...(files && { files }),
    latest: !local,
    local,
    ...(subresource && { subresource }),
  });
  const backend = await context.backend();
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const before = info.object as KubeObject;
    const after =
      dryRun === 'client' || local
        ? await locally(info.resource, before, type, patch)
        : await backend
            .patch(info.resource, info.namespace, info.name, type, patch, {
              dryRun: dryRun === 'server',
              fieldManager: flags.string('field-manager'),
              ...(subresource && { subresource }),
            })
            .catch((e: unknown) => {
              throw unsupported(e, type, info.resource);
            });
    const changed = before.metadata.resourceVersion !== after.metadata.resourceVersion;
    const asked = dryRun !== 'client' && !local;
    // What came from a file is compared as the file has it, and the server's answer always says more.
    const different =
      changed || (files && asked) || ((dryRun !== 'none' || local) && stringifyJson(before) !== stringifyJson(after));
    const noted = different && asked ? recordPatch(context, before) : undefined;
    if (noted)
      await backend.patch(info.resource, info.namespace, info.name, 'merge', noted, { dryRun: dryRun === 'server' });
    await printer.print(after, different ? 'patched' : 'patched (no change)');
  });
}

/** A kind that knows no strategic patch is refused in words that name the patch. */
function unsupported(e: unknown, type: PatchType, resource: ResourceInfo): unknown {
  if (!(e instanceof ApiError) || e.reason !== 'UnsupportedMediaType') return e;
  const media = { json: 'json-patch', merge: 'merge-patch', strategic: 'strategic-merge-patch', apply: 'apply-patch' };
  return new CommandError(
    `application/${media[type]}+json is not supported by ${gvOf(resource)}, Kind=${resource.kind}: ${e.message}`,
  );
}

async function locally(resource: ResourceInfo, before: KubeObject, type: PatchType, patch: unknown) {
  const { patchLocally } = await import('../../core/client/local-patch');
  return patchLocally(resource, before, type, patch);
}

function readPatch(context: Context, path: string): string {
  if (context.host.files.stat(path)?.kind !== 'file')
    throw new CommandError(`unable to read patch file: open ${path}: no such file or directory`);
  return new TextDecoder().decode(context.host.files.read(path));
}

/** A patch may be YAML too. What JSON or a number can't hold safely is refused, as in a manifest. */
async function parsePatch(text: string, type: PatchType): Promise<unknown> {
  const { toPlain } = await import('../manifests/plain');
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    if (text.trimStart().startsWith('{')) throw await notJson(text, type);
    // Nothing at all is null, which says nothing of a field.
    return (await parseYamlPatch(text)) ?? (type === 'strategic' ? {} : null);
  }
  return toPlain(value);
}

/** What looks like JSON goes to the server as it is, which refuses it in the words of its decoder. */
async function notJson(text: string, type: PatchType): Promise<ApiError> {
  const { jsonFault } = await import('../../core/meta/json-syntax');
  const why = jsonFault(text) ?? '';
  return badRequest(type === 'merge' || type === 'json' ? `error decoding patch: ${why}` : why);
}

async function parseYamlPatch(text: string): Promise<unknown> {
  const { parseYaml, YamlError } = await import('../manifests/yaml');
  try {
    return parseYaml(text);
  } catch (e) {
    if (!(e instanceof YamlError)) throw e;
    throw new CommandError(
      `unable to parse ${JSON.stringify(text)}: ${e.message.replace(/^error converting YAML to JSON: /, '')}`,
    );
  }
}
