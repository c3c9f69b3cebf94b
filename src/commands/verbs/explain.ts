/** `stsctl explain`. */
import { allResources, gvOf, type ResourceInfo, splitApiVersion } from '../../core/api/resources';
import { CommandError } from '../../core/client/errors';
import { explainHeading, explainShape, type Shape } from '../../render/explain';
import { pathOf } from '../explain/path';
import { notYet } from '../flags/spec';
import { mapKind } from '../kinds';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext]',
  long:
    'Tells what a kind and its fields mean.\n\nA field is named by its path:\n\n  TYPE.FIELD[.FIELD]\n\n' +
    'Use "stsctl api-resources" for all kinds.',
  examples: `# What a StatefulSet is made of
stsctl explain statefulsets

# One field of it
stsctl explain sts.spec.podManagementPolicy

# The names and types of all fields, however deep
stsctl explain pods --recursive

# A kind that several groups have
stsctl explain events --api-version=events.k8s.io/v1`,
  flags: [
    { name: 'api-version', type: 'string', default: '', help: 'The group and version of the kind, as in apps/v1.' },
    { name: 'output', short: 'o', type: 'string', default: 'plaintext', help: 'plaintext.' },
    {
      name: 'recursive',
      short: 'R',
      type: 'bool',
      default: 'false',
      help: 'Names and types of all fields, however deep.',
    },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, io } = context;
  const [word, ...more] = args;
  if (word === undefined)
    throw new CommandError(
      'You must specify the type of resource to explain. Use "stsctl api-resources" for a complete list of supported resources.\n',
    );
  if (more.length > 0) throw new CommandError('We accept only this format: explain RESOURCE\n');
  const output = flags.string('output');
  if (output === 'plaintext-openapiv2') throw notYet(`the output format "${output}"`);
  const { resource, path } = await find(context, word);
  if (output !== 'plaintext') throw new CommandError(`unrecognized format: ${output}`);
  const shape = await shapeOf(context, resource);
  if (!shape) throw missing(resource);
  io.out(explainHeading(resource));
  const text = explainShape(shape, path, flags.bool('recursive'));
  if (text === undefined) throw new CommandError(`field ${JSON.stringify(path.at(-1))} does not exist`);
  io.out(text);
}

const missing = (resource: ResourceInfo): CommandError =>
  new CommandError(`couldn't find resource for "${resource.group}/${resource.version}, Resource=${resource.plural}"`);

/** The kind and the path of fields that a word names (as SplitAndParseResourceRequestWithMatchingPrefix). */
async function find(context: Context, word: string): Promise<{ resource: ResourceInfo; path: readonly string[] }> {
  const [name = '', ...path] = pathOf(word);
  const all = await (await context.backend()).resources();
  const wanted = context.flags.string('api-version');
  const first = await mapKind(context, name);
  if (wanted !== '') {
    if (wanted.split('/').length > 2) throw new CommandError(`unexpected GroupVersion string: ${wanted}`);
    const resource = all.find((r) => r.plural === first.plural && gvOf(r) === wanted);
    if (resource) return { resource, path };
    const [group, version] = splitApiVersion(wanted);
    if (!all.some((r) => gvOf(r) === wanted)) throw missing({ ...first, group, version });
    throw new CommandError(`GVR (${group}/${version}, Resource=${first.plural}) not found in OpenAPI schema`);
  }
  // The core group has no name that could follow: it takes the word as it stands.
  for (const resource of all.filter((r) => r.plural === first.plural)) {
    if (resource.group === '') break;
    const qualified = `${resource.plural}.${resource.group}`;
    if (`${word}.`.startsWith(`${qualified}.`))
      return {
        resource,
        path: word
          .slice(qualified.length + 1)
          .split('.')
          .filter((part) => part !== ''),
      };
  }
  return { resource: first, path };
}

async function shapeOf(context: Context, resource: ResourceInfo): Promise<Shape | undefined> {
  const { builtInShape } = await import('../explain/built-in');
  const isBuiltIn = allResources().some((r) => r.kind === resource.kind && gvOf(r) === gvOf(resource));
  if (isBuiltIn) return builtInShape(context.host, resource);
  const { customShape } = await import('../explain/custom');
  const pod = builtInShape(context.host, { group: '', version: 'v1', kind: 'Pod' });
  return customShape(await context.backend(), resource, pod);
}
