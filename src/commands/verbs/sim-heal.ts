/** `stsctl sim heal`. */
import { CommandError } from '../../core/client/errors';
import type { Fault } from '../../core/simulation/faults';
import { FAULTS, type FaultSpec } from '../../core/simulation/faults/types';
import { listOf, readAim, readCall } from '../faults';
import { simulation } from '../sim';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim heal (FAULT-ID ... | TARGET [FAULT] | --all)',
  long:
    'Ends faults, by the number that "sim faults" shows or by what they break. What is broken recovers as it would: a container in ' +
    'its back-off starts again when that is over, an image is pulled at the next try, a controller whose calls failed tries again at once.',
  examples: `# The second fault
stsctl sim heal f2

# Whatever is wrong with a pod
stsctl sim heal pod/web-0

# One thing that is wrong with it
stsctl sim heal pod/web-0 crash

# Calls of the API succeed again
stsctl sim heal api

# Everything
stsctl sim heal --all`,
  flags: [
    { name: 'all', type: 'bool', default: 'false', help: 'Every fault.' },
    { name: 'selector', short: 'l', type: 'string', default: '', help: 'The labels that the fault names.' },
  ],
  run: async (context) => {
    const isChosen = choose(context);
    const sim = await simulation(context);
    const { faults } = await sim.faults();
    for (const id of idsOf(context)) {
      if (!faults.some((fault) => fault.id === id)) throw new CommandError(`fault ${JSON.stringify(id)} not found`);
    }
    if (!faults.some(isChosen)) {
      if (context.flags.bool('all')) return context.io.err('No faults.\n');
      throw new CommandError(`no fault of ${context.args.join(' ')} found`);
    }
    const { onOneLine } = await import('../../render/escape');
    const { targetOf, whatOf } = await import('../../core/simulation/faults/words');
    for (const fault of await sim.heal(isChosen))
      context.io.out(`${onOneLine(`fault/${fault.id} healed: ${targetOf(fault)} ${whatOf(fault)}`)}\n`);
  },
};

const idsOf = ({ args }: Context): readonly string[] => {
  const ids = args.map((arg) => arg.replace(/^fault\//, ''));
  return ids.length > 0 && /^f\d+$/.test(ids[0] ?? '') ? ids : [];
};

function choose(context: Context): (fault: Fault) => boolean {
  const { args, flags } = context;
  if (flags.bool('all')) {
    if (args.length > 0) throw usageError(context, 'name faults or take them all, not both');
    return () => true;
  }
  if (args.length === 0) throw usageError(context, 'expected FAULT-ID, TARGET or --all');
  const ids = idsOf(context);
  if (ids.length > 0) return ({ id }) => ids.includes(id);
  const { spec, rest } = readAim(context);
  const wanted: { -readonly [K in keyof FaultSpec]?: FaultSpec[K] } = { ...spec };
  if (spec.target === 'api') {
    if (rest.length > 0) Object.assign(wanted, readCall(context, spec, rest));
  } else if (rest.length > 0) {
    const what = rest[0]?.replace(/=.*/, '') ?? '';
    const allowed: readonly string[] = FAULTS[spec.target];
    if (rest.length > 1) throw usageError(context, 'expected TARGET and at most one FAULT');
    if (!allowed.includes(what))
      throw new CommandError(`unknown fault ${JSON.stringify(rest[0])}: must be ${listOf(allowed)}`);
    wanted.what = what;
  }
  const keys = Object.keys(wanted) as (keyof FaultSpec)[];
  return (fault) => keys.every((key) => fault[key] === wanted[key]);
}
