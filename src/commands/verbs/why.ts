/** `stsctl why`. */
import { resourceKey } from '../../core/api/resources';
import { CommandError, isExpected, throwAll } from '../../core/client/errors';
import type { Explanation, Reason } from '../../core/reports/why';
import { wantsColour } from '../output/colour';
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import { findTargets } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'why (TYPE NAME | TYPE/NAME) [-o json|yaml]',
  long:
    'Tells what a StatefulSet, a pod or a claim waits for now: the rule that says so, since when, what would end it, the ' +
    'commands that do, and what lies behind it, from the set down to the container or the volume. Of objects of other types it ' +
    'tells why they are not gone yet when they are being deleted.\n\n' +
    'What it says comes from the decisions of the controllers themselves; nothing is changed by asking.',
  examples: `# Why does the update of web not go on?
stsctl why sts/web

# Why is this pod not ready?
stsctl why pod web-2

# Why has this claim no volume?
stsctl why pvc/www-web-0

# For a program
stsctl why sts/web -o json`,
  flags: [SIM_OUTPUT],
  run,
};

async function run(context: Context): Promise<void> {
  const output = plainOutput(context);
  if (context.args.length === 0)
    throw new CommandError(
      `You must say what to explain: TYPE NAME or TYPE/NAME, as in sts/web, pod/web-0 or pvc/www-web-0.\nSee '${context.path} -h' for help and examples`,
    );
  const { targets } = await findTargets(context, { args: context.args });
  const sim = await simulation(context);
  const explanations: Explanation[] = [];
  const errors: Error[] = [];
  for (const target of targets) {
    if (target.kind !== 'named') continue;
    const { resource, namespace, name } = target.info;
    try {
      explanations.push(await sim.why(resourceKey(resource), namespace, name));
    } catch (e) {
      if (!isExpected(e)) throw e;
      errors.push(e);
    }
  }
  if (explanations.length > 0) await print(context, output, explanations, targets.length === 1);
  throwAll(errors);
}

async function print(
  context: Context,
  output: 'json' | 'yaml' | '',
  explanations: readonly Explanation[],
  isSingle: boolean,
): Promise<void> {
  if (output) {
    const plain = explanations.map(plainExplanation);
    return printPlain(context, output, isSingle ? plain[0] : plain);
  }
  const { renderWhy } = await import('../../render/why');
  const { now } = await (await simulation(context)).clock();
  const mark = wantsColour(context) ? await (await import('../../render/color')).loadMark() : undefined;
  context.io.out(
    renderWhy(explanations, {
      now,
      program: context.host.program,
      columns: context.host.stdout.columns,
      ...(mark && { mark }),
    }),
  );
}

/** Instants as RFC 3339, as everything else that programs read. */
const plainExplanation = ({ subject, summary, reasons, notes }: Explanation): object => ({
  subject,
  summary,
  reasons: reasons.map(plainReason),
  notes: notes.map(plainReason),
});

function plainReason({ since, until, because, ...rest }: Reason): object {
  return {
    ...rest,
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(because && { because: because.map(plainReason) }),
  };
}
