/** `stsctl api-resources`. */
import { gvOf, type ResourceInfo, resourceKey } from '../../core/api/resources';
import { verbsOf } from '../../core/api/verbs';
import { CommandError } from '../../core/client/errors';
import { typedJson } from '../../core/meta/typed-json';
import { layOut, TABLE_STOPS } from '../../render/tabwriter';
import { notYet } from '../flags/spec';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'api-resources [flags]',
  long: 'Lists the kinds of objects that the cluster knows, with their short names.',
  examples: `# All kinds
stsctl api-resources

# With their verbs and categories
stsctl api-resources -o wide

# Those of one group
stsctl api-resources --api-group=apps

# Those outside of namespaces, by kind
stsctl api-resources --namespaced=false --sort-by=kind

# The names of those that can be listed and watched
stsctl api-resources --verbs=list,watch -o name`,
  flags: [
    { name: 'api-group', type: 'string', default: '', help: 'Only kinds of this group.' },
    {
      name: 'namespaced',
      type: 'bool',
      default: 'true',
      help: 'Only kinds that live in a namespace, or with =false the others.',
    },
    { name: 'no-headers', type: 'bool', default: 'false', help: 'Leave out the header.' },
    { name: 'output', short: 'o', type: 'string', default: '', help: 'json, yaml, wide or name.' },
    { name: 'sort-by', type: 'string', default: '', help: 'name or kind.' },
    { name: 'categories', type: 'list', help: 'Only kinds of these categories.' },
    { name: 'verbs', type: 'list', help: 'Only kinds that support all of these verbs.' },
    {
      name: 'cached',
      type: 'bool',
      default: 'false',
      help: 'Taken for compatibility; nothing is cached.',
      hidden: true,
    },
    {
      name: 'show-managed-fields',
      type: 'bool',
      default: 'false',
      help: 'Taken for compatibility; a list of kinds has none.',
      hidden: true,
    },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, io } = context;
  if (args.length > 0) throw usageError(context, `unexpected arguments: [${args.join(' ')}]`);
  const output = flags.string('output');
  if (output === 'kyaml') throw notYet('the output format "kyaml"');
  if (!['', 'wide', 'name', 'json', 'yaml'].includes(output))
    throw new CommandError(
      `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ` +
        'json,kyaml,name,wide,yaml',
    );
  const sortBy = flags.string('sort-by');
  if (sortBy !== '' && sortBy !== 'name' && sortBy !== 'kind')
    throw new CommandError('--sort-by accepts only name or kind');
  const resources = sorted(select(await (await context.backend()).resources(), flags), sortBy);
  if (output === 'json') return io.out(`${typedJson(asList(resources), 4)}\n`);
  if (output === 'yaml') return io.out((await import('../../render/yaml')).toYaml(asList(resources)));
  if (output === 'name') return io.out(resources.map((r) => `${resourceKey(r)}\n`).join(''));
  const wide = output === 'wide';
  const lines = resources.map((r) =>
    [
      r.plural,
      r.shortNames.join(','),
      gvOf(r),
      String(r.namespaced),
      r.kind,
      ...(wide ? [verbsOf(r).join(','), r.categories.join(',')] : []),
    ].join('\t'),
  );
  const header = [
    ...['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'],
    ...(wide ? ['VERBS', 'CATEGORIES'] : []),
  ].join('\t');
  const text = (flags.bool('no-headers') ? lines : [header, ...lines]).map((line) => `${line}\n`).join('');
  io.out(layOut(text, TABLE_STOPS));
}

/** As the API's own list of kinds. */
const asList = (resources: readonly ResourceInfo[]): object => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: '',
  resources: resources.map((r) => ({
    name: r.plural,
    singularName: r.singular,
    namespaced: r.namespaced,
    ...(r.group && { group: r.group }),
    version: r.version,
    kind: r.kind,
    verbs: verbsOf(r),
    ...(r.shortNames.length > 0 && { shortNames: r.shortNames }),
    ...(r.categories.length > 0 && { categories: r.categories }),
  })),
});

function select(resources: readonly ResourceInfo[], flags: Context['flags']): ResourceInfo[] {
  const categories = flags.list('categories');
  const verbs = flags.list('verbs');
  return resources.filter(
    (r) =>
      (!flags.changed('api-group') || r.group === flags.string('api-group')) &&
      (!flags.changed('namespaced') || r.namespaced === flags.bool('namespaced')) &&
      (verbs.length === 0 || verbs.every((v) => verbsOf(r).includes(v))) &&
      categories.every((c) => r.categories.includes(c)),
  );
}

/** By group and name, as kubectl prints them, or by the column that was asked for. */
function sorted(resources: ResourceInfo[], sortBy: string): ResourceInfo[] {
  const key = (r: ResourceInfo): string =>
    sortBy === 'kind' ? r.kind : sortBy === 'name' ? r.plural : `${r.group}\0${r.plural}`;
  return resources.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
