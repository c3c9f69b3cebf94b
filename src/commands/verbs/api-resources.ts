/** `stsctl api-resources`. */
import { gvOf, type ResourceInfo, resourceKey } from '../../core/api/resources';
import { CommandError } from '../../core/client/errors';
import { layOut, TABLE_STOPS } from '../../render/tabwriter';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'api-resources [flags]',
  long: 'Lists the kinds of objects that the cluster knows, with their short names.',
  examples: `# All kinds
stsctl api-resources

# Those of one group
stsctl api-resources --api-group=apps

# Only their names
stsctl api-resources -o name`,
  flags: [
    { name: 'api-group', type: 'string', default: '', help: 'Only kinds of this group.' },
    {
      name: 'namespaced',
      type: 'bool',
      default: 'true',
      help: 'Only kinds that live in a namespace, or with =false the others.',
    },
    { name: 'no-headers', type: 'bool', default: 'false', help: 'Leave out the header.' },
    { name: 'output', short: 'o', type: 'string', default: '', help: 'wide or name.' },
    { name: 'sort-by', type: 'string', default: '', help: 'name or kind.' },
    { name: 'categories', type: 'list', help: 'Only kinds of these categories.' },
    {
      name: 'cached',
      type: 'bool',
      default: 'false',
      help: 'Taken for compatibility; nothing is cached.',
      hidden: true,
    },
    { name: 'verbs', type: 'list', help: '', later: true },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, io } = context;
  if (args.length > 0) throw usageError(context, `unexpected arguments: [${args.join(' ')}]`);
  const output = flags.string('output');
  if (output !== '' && output !== 'wide' && output !== 'name')
    throw new CommandError(`--output ${output} is not available`);
  const sortBy = flags.string('sort-by');
  if (sortBy !== '' && sortBy !== 'name' && sortBy !== 'kind')
    throw new CommandError('--sort-by accepts only name or kind');
  const resources = sorted(select(await (await context.backend()).resources(), flags), sortBy);
  if (output === 'name') return io.out(resources.map((r) => `${resourceKey(r)}\n`).join(''));
  const wide = output === 'wide';
  const lines = resources.map((r) =>
    [
      r.plural,
      r.shortNames.join(','),
      gvOf(r),
      String(r.namespaced),
      r.kind,
      ...(wide ? [r.categories.join(',')] : []),
    ].join('\t'),
  );
  const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['CATEGORIES'] : [])].join('\t');
  const text = (flags.bool('no-headers') ? lines : [header, ...lines]).map((line) => `${line}\n`).join('');
  io.out(layOut(text, TABLE_STOPS));
}

function select(resources: readonly ResourceInfo[], flags: Context['flags']): ResourceInfo[] {
  const categories = flags.list('categories');
  return resources.filter(
    (r) =>
      (!flags.changed('api-group') || r.group === flags.string('api-group')) &&
      (!flags.changed('namespaced') || r.namespaced === flags.bool('namespaced')) &&
      categories.every((c) => r.categories.includes(c)),
  );
}

/** By group and name, as kubectl prints them, or by the column that was asked for. */
function sorted(resources: ResourceInfo[], sortBy: string): ResourceInfo[] {
  const key = (r: ResourceInfo): string =>
    sortBy === 'kind' ? r.kind : sortBy === 'name' ? r.plural : `${r.group}\0${r.plural}`;
  return resources.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
