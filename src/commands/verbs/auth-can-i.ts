/** `stsctl auth can-i`: the simulated cluster lets everybody do everything, so the answer is yes. */
import { mapResource } from '../../core/client/builder';
import { CommandError, isExpected } from '../../core/client/errors';
import { ALL_NAMESPACES } from '../flags/common';
import type { Context, Verb } from '../verb';

const VERBS = new Set([
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*'],
  ...['use', 'proxy', 'bind', 'impersonate', 'escalate', 'approve', 'sign', 'attest'],
]);

export const verb: Verb = {
  usage: 'auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  long: 'Tells whether an action is allowed. The simulated cluster asks nobody for permission: everything is.',
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
  if (!flags.bool('quiet')) io.out('yes\n');
}

/** What makes no sense is said; it is allowed all the same. */
async function warn(context: Context, word: string, type: string): Promise<void> {
  const warnings: string[] = [];
  if (type !== '*') {
    try {
      const { namespaced, plural, group } = await mapResource(await context.backend(), type);
      const inGroup = group === '' ? '' : ` in group '${group}'`;
      if (!namespaced) warnings.push(`resource '${plural}' is not namespace scoped${inGroup}`);
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
