/** `stsctl top`: nothing is measured, which is what kubectl says of a cluster without a metrics server. */
import { CommandError } from '../../core/client/errors';
import { ALL_NAMESPACES, FIELD_SELECTOR, SELECTOR } from '../flags/common';
import type { FlagSpec } from '../flags/spec';
import { notYet } from '../flags/spec';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

const bool = (name: string, help: string): FlagSpec => ({ name, type: 'bool', default: 'false', help });

const shared = (): FlagSpec[] => [
  SELECTOR,
  { name: 'sort-by', type: 'string', default: '', help: 'cpu or memory.' },
  bool('no-headers', 'Leave out the header.'),
  { ...bool('use-protocol-buffers', ''), default: 'true', hidden: true },
  bool('show-swap', 'Show swap space too.'),
];

export const pod: Verb = {
  usage: 'top pod [NAME | -l label]',
  long: 'Would show what pods use. The simulated cluster measures nothing and has no metrics server, and says so.',
  examples: '# Says that there is nothing to show\nstsctl top pod || stsctl get pods',
  flags: [
    ...shared(),
    FIELD_SELECTOR,
    ALL_NAMESPACES,
    bool('containers', 'Show containers.'),
    bool('sum', 'Show the sum.'),
  ],
  run: async (context) => refuse(context, 'pod'),
};

export const node: Verb = {
  usage: 'top node [NAME | -l label]',
  long: 'Would show what nodes use. The simulated cluster measures nothing and has no metrics server, and says so.',
  examples: '# Says that there is nothing to show\nstsctl top node || stsctl get nodes',
  flags: [...shared(), bool('show-capacity', 'Of the capacity, not of what can be allocated.')],
  run: async (context) => refuse(context, 'node'),
};

async function refuse(context: Context, kind: string): Promise<never> {
  const { args, flags } = context;
  if (args.length > 1) throw usageError(context, `${kind} [NAME | -l label]`);
  const sortBy = flags.string('sort-by');
  if (sortBy !== '' && sortBy !== 'cpu' && sortBy !== 'memory')
    throw new CommandError('--sort-by accepts only cpu or memory');
  if (args.length > 0 && flags.string('selector') !== '')
    throw new CommandError('only one of NAME or selector can be provided');
  const { remote } = await context.backend();
  if (remote) throw notYet('top on a real cluster');
  throw new CommandError('Metrics API not available');
}
