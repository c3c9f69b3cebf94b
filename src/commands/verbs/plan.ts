/** `stsctl plan`. */
import { CommandError, PlainError } from '../../core/client/errors';
import type { PlanAnswer } from '../../core/reports/plan';
import { GLOBAL_FLAGS } from '../flags/common';
import type { Host } from '../host';
import { wantsColour } from '../output/colour';
import { answerOf, EXIT_REFUSED, EXIT_STUCK, exitCodeOf } from '../plan/answer';
import { checkPlannable } from '../plan/plannable';
import { type PlayOptions, play } from '../plan/play';
import { parseVariants, type Variant } from '../plan/variants';
import { asCalled } from '../program-name';
import { plainOutput, printPlain } from '../sim';
import { durationOf } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'plan [-o json|yaml] [--until DURATION] [--compare SETTING=VALUE,VALUE] COMMAND [ARGUMENTS]',
  long:
    'Shows what a command would do before it does it. A copy of the cluster is played forward in memory until nothing more ' +
    'would change; the cluster itself, its state file and its volumes stay as they are.\n\n' +
    'It tells, in order and with times, which pod goes and comes on which revision and what becomes of claims; what the API ' +
    'would refuse, and the way around it where there is one; how many pods are down at once, and each for how long; which ' +
    'disruption budgets would be broken; the end; and whether there is one, or where and by which rule it would get stuck, ' +
    'and how to get out.\n\n' +
    'With --context or --kubeconfig before the command, what it would do in a real cluster is told: the namespaces that it is ' +
    'about are read, and played here. Nothing is written there.\n\n' +
    'Any command that changes the cluster can be planned. The flags of "plan" stand before it, its own behind it. ' +
    'With --until less is played: the plan then tells what has happened by then.\n\n' +
    '--compare plays the command once for each value, on a copy each, with the StatefulSets that it is about made so: ' +
    'policy=OrderedReady,Parallel, strategy=RollingUpdate,OnDelete, partition=0,2, maxUnavailable=1,2 (which switches ' +
    'its feature gate on), minReadySeconds=0,10, and gate=NAME for a feature gate off and on. Given more than once, every ' +
    'combination is played.\n\n' +
    'It ends with 0 when the cluster settles (or --until is over before), 3 when it would get stuck, and 1 when the command ' +
    'is refused.',
  examples: `# What would another image do?
stsctl plan set image sts/web nginx=nginx:1.22

# What would this file change?
stsctl plan apply -f web.yaml

# Who is down, and for how long?
stsctl plan -o json rollout restart sts/web

# What would it do in a real cluster?
stsctl plan --context prod -n db set image sts/web nginx=nginx:1.22

# Where does it stand after five seconds?
stsctl plan --until 5s scale sts/web --replicas=5

# Pods one after the other, or all at once?
stsctl plan --compare policy=OrderedReady,Parallel scale sts/web --replicas=5

# How much is won by updating two at a time?
stsctl plan --compare maxUnavailable=1,2 set image sts/web nginx=nginx:1.22`,
  interspersed: false,
  flags: [
    { name: 'output', short: 'o', type: 'string', default: '', help: 'json or yaml.' },
    {
      name: 'until',
      type: 'duration',
      default: '0s',
      help: 'How much time is played at most; 0 means until nothing more changes.',
    },
    {
      name: 'compare',
      type: 'array',
      help: 'A setting and its values, as in partition=0,2, to be played side by side.',
    },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, args, host, io } = context;
  const output = plainOutput(context);
  const untilMs = durationOf(flags, 'until');
  if (untilMs < 0) throw new CommandError(`--until must not be negative: ${flags.string('until')}`);
  const variants = flags.changed('compare') ? parseVariants(flags.list('compare')) : undefined;
  checkPlannable(args, host.program);
  const played: Played = {
    command: args,
    words: [...globals(context), ...args],
    host: readingOnce(host),
    options: { ...(untilMs > 0 && { untilMs }) },
  };
  if (asksForHelp(args)) return io.out((await play(played.words, played.host, {})).said);
  if (variants) return compare(context, played, variants, output);
  const outcome = await play(played.words, played.host, played.options);
  for (const warning of outcome.warnings) io.warn(warning);
  const answer = answerOf(args, outcome);
  if (output) await printPlain(context, output, answer);
  else {
    const [{ planText }, paint] = await Promise.all([import('../../render/plan/report'), painter(context)]);
    io.out(asCalled(planText(answer, paint), host.program));
  }
  end(context, [answer]);
}

interface Played {
  readonly command: readonly string[];
  /** With the global flags that stood before it. */
  readonly words: readonly string[];
  readonly host: Host;
  readonly options: PlayOptions;
}

/** Plays the command as it is, to see what it is about, and then every variant. */
async function compare(context: Context, played: Played, variants: readonly Variant[], output: '' | 'json' | 'yaml') {
  const { command, words, host, options } = played;
  const plain = await play(words, host, options);
  for (const warning of plain.warnings) context.io.warn(warning);
  const sets = plain.report?.sets ?? [];
  const plans: { variant: string; plan: PlanAnswer }[] = [];
  for (const { label, spec, gates } of variants) {
    const answer = answerOf(command, await play(words, host, { ...options, spec, gates, sets }));
    plans.push({ variant: label, plan: answer });
  }
  if (output)
    await printPlain(context, output, {
      apiVersion: 'stsctl.dev/v1',
      kind: 'PlanComparison',
      command,
      variants: plans,
    });
  else {
    const { compareText } = await import('../../render/plan/compare');
    context.io.out(
      compareText(
        command.join(' '),
        plans.map(({ variant, plan }) => ({ label: variant, plan })),
      ),
    );
  }
  end(
    context,
    plans.map(({ plan }) => plan),
  );
}

/** Says on stderr what was refused, in the command's own words, and ends with the code that tells the worst. */
function end({ io }: Context, answers: readonly PlanAnswer[]): void {
  const codes = answers.map(exitCodeOf);
  for (const { refusal } of answers) if (refusal) io.errOnce(`${refusal.message}\n`);
  if (codes.includes(EXIT_REFUSED)) throw new PlainError('', EXIT_REFUSED);
  if (codes.includes(EXIT_STUCK)) throw new PlainError('', EXIT_STUCK);
}

async function painter(context: Context) {
  if (!wantsColour(context)) return undefined;
  return (await import('../../render/plan/paint')).loadPlanPaint();
}

/** The global flags that stood before the command are the command's too. */
function globals({ flags }: Context): string[] {
  return GLOBAL_FLAGS.filter(({ name, later }) => !later && flags.changed(name)).flatMap(({ name, type }) =>
    type === 'list' || type === 'array'
      ? flags.list(name).map((value) => `--${name}=${value}`)
      : [`--${name}=${flags.string(name)}`],
  );
}

const asksForHelp = (args: readonly string[]): boolean => {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some((word) => word === '-h' || word === '--help');
};

/** Standard input is there once, and a comparison reads it for every variant. */
function readingOnce(host: Host): Host {
  let read: Promise<Uint8Array> | undefined;
  return {
    ...host,
    readStdin: (limit) => {
      read ??= host.readStdin(limit);
      return read;
    },
  };
}
