/** `stsctl auth can-i`: a real cluster is asked; the simulated one lets everybody do everything. */
import { findResource, mapResource } from '../../core/client/builder';
import { CommandError, isExpected, PlainError } from '../../core/client/errors';
import type { Remote } from '../../core/client/remote';
import { ALL_NAMESPACES } from '../flags/common';
import type { Context, Verb } from '../verb';

const VERBS = new Set([
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*'],
  ...['use', 'proxy', 'bind', 'impersonate', 'escalate', 'approve', 'sign', 'attest'],
]);

export const verb: Verb = {
  usage: 'auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  long: 'Tells whether an action is allowed. The simulated cluster asks nobody for permission: there everything is.',
  examples: `# May pods be created?
stsctl auth can-i create pods

# For scripts: only the exit code
stsctl auth can-i delete statefulsets --quiet

# Everything that is allowed
stsctl auth can-i --list`,
  flags: [
    ALL_NAMESPACES,
    { name: 'quiet', short: 'q', type: 'bool', default: 'false', help: 'Say nothing; the exit code tells.' },
    { name: 'subresource', type: 'string', default: '', help: 'A subresource, such as scale or log.' },
    { name: 'list', type: 'bool', default: 'false', help: 'List all that is allowed.' },
    { name: 'no-headers', type: 'bool', default: 'false', help: 'Leave out the header of the list.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, io } = context;
  if (flags.bool('list')) {
    if (args.length > 0) throw new CommandError('list option must be specified with no arguments');
    const { remote } = await context.backend();
    if (remote) {
      const { allowed } = await import('../access');
      return io.out(await allowed(remote, context.namespace, flags.bool('no-headers')));
    }
    io.out(listing(flags.bool('no-headers')));
    return;
  }
  if (flags.bool('no-headers')) throw new CommandError('--no-headers cannot be used without --list specified');
  if (args.length !== 2)
    throw new CommandError(
      'you must specify two arguments: verb resource or verb resource/resourceName.\n' +
        `See '${context.path} -h' for help and examples.`,
    );
  const [word, target] = args;
  if (target.startsWith('/')) {
    if (flags.string('subresource') !== '') throw new CommandError('--subresource can not be used with NonResourceURL');
  } else await warn(context, word, target.split('/')[0]);
  const { remote } = await context.backend();
  const answer = remote ? await askServer(context, remote, word, target) : { allowed: true, text: 'yes' };
  if (!flags.bool('quiet')) io.out(`${answer.text}\n`);
  if (!answer.allowed) throw new PlainError('');
}

async function askServer(context: Context, remote: Remote, word: string, target: string) {
  const { flags } = context;
  const { mayDo } = await import('../access');
  const namespace = flags.bool('all-namespaces') ? '' : context.namespace;
  if (target.startsWith('/')) return mayDo(remote, { verb: word, namespace, target: { path: target } });
  const [type = '', name = ''] = target.split('/');
  const resource = type === '*' ? undefined : await findResource(await context.backend(), type);
  const found = resource ?? {
    group: type === '*' ? '*' : type.split('.').slice(1).join('.'),
    plural: type.split('.')[0] ?? type,
  };
  return mayDo(remote, {
    verb: word,
    namespace,
    target: { resource: found, subresource: flags.string('subresource'), name },
  });
}

/** What makes no sense is said; it is allowed all the same. */
async function warn(context: Context, word: string, type: string): Promise<void> {
  const warnings: string[] = [];
  if (type !== '*') {
    try {
      const { namespaced, plural, group } = await mapResource(await context.backend(), type);
      const inGroup = group === '' ? '' : ` in group '${group}'`;
      if (!namespaced && !context.flags.bool('all-namespaces'))
        warnings.push(`resource '${plural}' is not namespace scoped${inGroup}`);
    } catch (e) {
      if (!isExpected(e)) throw e;
      warnings.push(`the server doesn't have a resource type '${type}'`);
    }
  }
  if (!VERBS.has(word)) warnings.push(`verb '${word}' is not a known verb`);
  if (!context.flags.bool('quiet')) for (const text of warnings) context.io.err(`Warning: ${text}\n\n`);
}

function listing(noHeaders: boolean): string {
  const rows = [
    ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'],
    ['*.*', '[]', '[]', '[*]'],
    ['', '[*]', '[]', '[*]'],
  ];
  return rows
    .slice(noHeaders ? 1 : 0)
    .map(([a, b, c, d]) => `${a.padEnd(12)}${b.padEnd(20)}${c.padEnd(17)}${d}\n`)
    .join('');
}
