/** `stsctl why`. */
import { resourceKey } from '../../core/api/resources';
import { notFound } from '../../core/api/status';
import { CommandError, isExpected, throwAll } from '../../core/client/errors';
import { listTarget } from '../../core/client/fetch';
import type { Explanation, Reason, Subject } from '../../core/reports/why';
import { namingDefault, worksElsewhere } from '../advised-namespace';
import { ALL_NAMESPACES, all, SELECTOR } from '../flags/common';
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import { findTargets } from '../targets';
import type { Context, Verb } from '../verb';
import { nothingFound, printWhy } from '../why-output';

export const verb: Verb = {
  usage: 'why (TYPE NAME | TYPE/NAME | TYPE (-l LABELS | --all | -A)) [-w] [-o json|yaml]',
  long:
    'Tells what a StatefulSet, a pod or a claim waits for now: the rule that says so, since when, what would end it, the ' +
    'commands that do, and what lies behind it, from the set down to the container or the volume. Of a pod or a claim that a set ' +
    'has yet to make it tells what the set waits for; of a node, what keeps pods from it or on it. Of objects of other types it ' +
    'tells why they are not gone yet when they are being deleted.\n\n' +
    'What it says comes from the decisions of the controllers themselves; nothing is changed by asking. A note is no wait, but ' +
    'easily mistaken for one: an update that a partition holds back, a Service that gives the pods no names, a claim that goes ' +
    'with its pod.\n\n' +
    'With --watch it is told again whenever it changes, until nothing is waited for. On the virtual clock that plays time, and ' +
    'ends where nothing more happens by itself. It ends with 1 where something still waits then, or when --timeout is over.',
  examples: `# Why does the update of web not go on?
stsctl why sts/web

# Why is this pod not ready?
stsctl why pod web-2

# Why has this claim no volume?
stsctl why pvc/www-web-0

# All pods of an application
stsctl why pods -l app=nginx

# Every set of the cluster
stsctl why sts -A

# Follow a rollout until it waits for nothing more, at most two minutes
stsctl why sts/web --watch --timeout=2m

# For a program
stsctl why sts/web -o json`,
  flags: [
    SELECTOR,
    all(),
    ALL_NAMESPACES,
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      default: 'false',
      help: 'Tell it again whenever it changes, until nothing is waited for.',
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      help: 'How long to watch; 0 means until nothing is waited for.',
    },
    SIM_OUTPUT,
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags } = context;
  const output = plainOutput(context);
  if (args.length === 0)
    throw new CommandError(
      `You must say what to explain: TYPE NAME or TYPE/NAME, as in sts/web, pod/web-0 or pvc/www-web-0.\nSee '${context.path} -h' for help and examples`,
    );
  if (flags.changed('timeout') && !flags.bool('watch')) throw new CommandError('--timeout is for --watch');
  if (flags.bool('watch') && output) throw new CommandError(`--watch cannot be used with --output ${output}`);
  if (flags.bool('watch')) return (await import('../why-watch')).watchWhy(context, () => ask(context));
  const { explanations, errors, isSingle } = await ask(context);
  if (output && (explanations.length > 0 || errors.length === 0)) {
    const plain = explanations.map(plainExplanation);
    await printPlain(context, output, isSingle ? plain[0] : plain);
  } else if (explanations.length > 0) await printWhy(context, explanations);
  else if (errors.length === 0) context.io.err(nothingFound(context));
  throwAll(errors);
}

/** What is asked for, and what can be said of it. */
export interface Asked {
  readonly explanations: readonly Explanation[];
  readonly errors: readonly Error[];
  /** One object was named. */
  readonly isSingle: boolean;
}

async function ask(context: Context): Promise<Asked> {
  const { flags } = context;
  const allNamespaces = flags.bool('all-namespaces');
  const { targets } = await findTargets(context, {
    args: context.args,
    all: flags.bool('all') || (allNamespaces && flags.string('selector') === ''),
    allNamespaces,
  });
  const sim = await simulation(context);
  const subjects: Subject[] = [];
  for (const target of targets) {
    if (target.kind === 'named') {
      const { resource, namespace, name } = target.info;
      subjects.push({ kind: resourceKey(resource), ...(namespace !== undefined && { namespace }), name });
    } else if (target.kind === 'list') {
      const { items } = await listTarget(await context.backend(), target);
      for (const { metadata } of items)
        subjects.push({
          kind: resourceKey(target.resource),
          ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
          name: metadata.name,
        });
    } else throw target.error;
  }
  const explanations: Explanation[] = [];
  const errors: Error[] = [];
  const names = worksElsewhere(context);
  for (const answer of await sim.why(subjects)) {
    if (!(answer instanceof Error)) {
      explanations.push(names && answer.subject.namespace === 'default' ? named(answer) : answer);
      // What is to come is told, and yet whoever asks for an object that is not there is told so.
      if (answer.exists === false) errors.push(missing(answer.subject));
    } else if (isExpected(answer)) errors.push(answer);
    else throw answer;
  }
  return { explanations, errors, isSingle: targets.length === 1 && targets[0]?.kind === 'named' };
}

const named = (told: Explanation): Explanation => ({
  ...told,
  reasons: told.reasons.map(namingDefault),
  notes: told.notes.map(namingDefault),
});

const missing = ({ kind, name }: Subject): Error =>
  notFound({ group: '', plural: kind === 'Pod' ? 'pods' : 'persistentvolumeclaims' }, name);

/** Instants as RFC 3339, as everything else that programs read. */
const plainExplanation = ({ subject, exists, summary, reasons, notes }: Explanation): object => ({
  subject,
  ...(exists === false && { exists }),
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
