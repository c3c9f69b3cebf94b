/** `stsctl sim fail`. */
import { CommandError } from '../../core/client/errors';
import type { NewFault } from '../../core/simulation/faults';
import { CALLERS, CODES, COUNTED, type FaultSpec } from '../../core/simulation/faults/types';
import { listOf, readAim, readPositive, readWhat } from '../faults';
import type { FlagSpec } from '../flags/spec';
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

const flags: readonly FlagSpec[] = [
  SIM_OUTPUT,
  {
    name: 'selector',
    short: 'l',
    type: 'string',
    default: '',
    help: 'Pods whose labels match, those to come included.',
  },
  {
    name: 'container',
    short: 'c',
    type: 'string',
    default: '',
    help: 'The container of a pod that fails; the first one unless named.',
  },
  { name: 'for', type: 'string', default: '', help: 'How long the fault lasts, as in 30s or 5m.' },
  { name: 'times', type: 'int', default: '0', help: 'How often it strikes; then it is over.' },
  { name: 'until-healed', type: 'bool', default: 'false', help: 'It strikes again and again until "sim heal".' },
  { name: 'probability', type: 'string', default: '', help: 'How likely it strikes each time, above 0 and at most 1.' },
  { name: 'by', type: 'string', default: 'controllers', help: `Whose calls of the API fail: ${listOf(CALLERS)}.` },
  { name: 'code', type: 'int', default: '500', help: `The status that calls fail with: ${listOf(CODES.map(String))}.` },
  { name: 'message', type: 'string', default: '', help: 'The words that calls fail with.' },
];

export const verb: Verb = {
  usage: 'sim fail TARGET FAULT',
  long: `Breaks something in the simulated cluster.

  pod/NAME, pods -l LABELS, sts/NAME    crash, oom, unready, evicted, stuck-terminating
  image REFERENCE                       not-found, slow=DURATION
  node/NAME                             lost
  pvc/NAME                              pending, lost, full
  pv/NAME                               full
  api VERB RESOURCE[/NAME]              (create, update, status, delete or *: the calls that fail)

In names "*" stands for any characters. What is broken need not be there yet.

A crash, an oom, an eviction and a failing call strike once (of several pods, each that is there), unless --times, --for, \
--probability or --until-healed say more. Everything else lasts until it is healed, or as long as --for says. With --probability \
each life of a container, each pod, pull, try or call has its chance, which follows from the seed of the cluster: two clusters \
that live the same life fail the same way.

A container that a fault ends has lived for a second, and was not ready in it. "full" lets writes under the volume fail; "lost" takes a claim's volume away, with \
all that is in it, and healing brings an empty one. Of the API, --by says whose calls fail: those of the StatefulSet and volume \
controllers, which try again, the user's, or both. The kubelet and the scheduler always get through.`,
  examples: `# The first container of web-0 crashes once
stsctl sim fail pod/web-0 crash

# It crashes whenever it starts, for five minutes
stsctl sim fail pod/web-0 crash --for 5m

# One in five starts of a pod of the set ends out of memory
stsctl sim fail sts/web oom --probability 0.2

# An image is not in its registry; another takes half a minute to pull
stsctl sim fail image nginx:1.25 not-found
stsctl sim fail image 'redis:*' slow=30s

# The node is cut off for ten minutes
stsctl sim fail node/node-2 lost --for 10m

# The volume of a claim is full
stsctl sim fail pvc/data-web-0 full

# The next three pods that controllers make are refused
stsctl sim fail api create pods --times 3`,
  flags: [...flags],
  run: async (context) => {
    const output = plainOutput(context);
    if (context.args.length === 0) throw usageError(context, 'expected what is to fail, as in "pod/web-0 crash"');
    const wanted = readFault(context);
    const { fault, waits } = await (await simulation(context)).fail(wanted);
    const { onOneLine } = await import('../../render/escape');
    const { faultJson, lifeOf, targetOf, waitOf, whatOf } = await import('../../core/simulation/faults/words');
    if (output) await printPlain(context, output, faultJson(fault));
    else
      context.io.out(
        `${onOneLine(`fault/${fault.id} created: ${targetOf(fault)} ${whatOf(fault)} (${lifeOf(fault)})`)}\n`,
      );
    if (waits) context.io.err(`${onOneLine(`Note: ${waitOf(fault)}.`)}\n`);
  },
};

/** The whole command line. @throws CommandError naming what can't be taken */
function readFault(context: Context): NewFault {
  const spec = readWhat(context, readAim(context));
  return { ...spec, ...readCallFlags(context, spec), ...readContainer(context, spec), ...readLife(context, spec) };
}

function readLife({ flags }: Context, { what }: FaultSpec): Partial<NewFault> {
  const untilHealed = flags.bool('until-healed');
  const forMs = flags.changed('for') ? readPositive('--for', flags.string('for')) : undefined;
  const left = flags.changed('times') ? flags.int('times') : undefined;
  if (left !== undefined && left < 1) throw new CommandError('--times must be at least 1');
  if (left !== undefined && !COUNTED.includes(what))
    throw new CommandError(`--times can't be used with ${what}, which lasts: say how long with --for`);
  if (untilHealed && (left !== undefined || forMs !== undefined))
    throw new CommandError("--until-healed can't be used with --times or --for");
  const probability = flags.changed('probability') ? Number(flags.string('probability') || Number.NaN) : undefined;
  if (probability !== undefined && !(probability > 0 && probability <= 1))
    throw new CommandError(
      `invalid value ${JSON.stringify(flags.string('probability'))} for --probability: must be above 0 and at most 1`,
    );
  return {
    ...(untilHealed && { untilHealed }),
    ...(forMs !== undefined && { forMs }),
    ...(left !== undefined && { left }),
    ...(probability !== undefined && { probability }),
  };
}

function readContainer({ flags }: Context, { target, what }: FaultSpec): Partial<FaultSpec> {
  const container = flags.string('container');
  if (container === '') return {};
  if (target !== 'pod' || !['crash', 'oom', 'unready'].includes(what))
    throw new CommandError('--container goes with crash, oom and unready of a pod');
  return { container };
}

function readCallFlags({ flags }: Context, { target }: FaultSpec): Partial<FaultSpec> {
  const given = ['by', 'code', 'message'].find((name) => flags.changed(name));
  if (target !== 'api') {
    if (given !== undefined)
      throw new CommandError(`--${given} goes with calls of the API: "sim fail api VERB RESOURCE"`);
    return {};
  }
  const caller = CALLERS.find((name) => name === flags.string('by'));
  if (!caller)
    throw new CommandError(`invalid value ${JSON.stringify(flags.string('by'))} for --by: must be ${listOf(CALLERS)}`);
  const code = flags.int('code');
  if (!CODES.includes(code))
    throw new CommandError(`invalid value ${code} for --code: must be ${listOf(CODES.map(String))}`);
  return {
    ...(caller !== 'controllers' && { caller }),
    ...(code !== 500 && { code }),
    ...(flags.string('message') !== '' && { message: flags.string('message') }),
  };
}
