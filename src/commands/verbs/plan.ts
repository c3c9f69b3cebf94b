/** `stsctl plan`. */
import { CommandError, PlainError } from '../../core/client/errors';
import type { PlanAnswer } from '../../core/reports/plan';
import { namingDefault, worksElsewhere } from '../advised-namespace';
import { chosenCluster } from '../cluster';
import { GLOBAL_FLAGS } from '../flags/common';
import type { Host } from '../host';
import { hostWith } from '../host/derived';
import { wantsColour } from '../output/colour';
import { answerOf, EXIT_REFUSED, EXIT_STUCK, exitCodeOf } from '../plan/answer';
import { misplacedNote } from '../plan/misplaced';
import { asksForHelp, checkPlannable } from '../plan/plannable';
import { type PlayOptions, play } from '../plan/play';
import { parseVariants, type Variant } from '../plan/variants';
import { goingThere } from '../plan/whereabouts';
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
    'Any command that changes the cluster can be planned; what is done inside pods (exec, cp, debug) and what containers run is ' +
    'played on copies of their files. The flags of "plan" stand before the command, its own behind it. ' +
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

# What would become of an edit, or of a page that is removed?
stsctl plan edit sts/web
stsctl plan exec web-0 -- rm /usr/share/nginx/html/index.html

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
  checkPlannable(args, host.program, variants !== undefined);
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
  const answer = advised(context, answerOf(args, outcome, namespaceOf(context)));
  if (output) await printPlain(context, output, answer);
  else {
    const [{ planText }, paint] = await Promise.all([import('../../render/plan/report'), painter(context)]);
    io.out(shown(played, planText(answer, paint, widthOf(host))));
  }
  end(context, [answer], misplacedNote(args, answer.refusal?.message, output));
}

interface Played {
  readonly command: readonly string[];
  /** With the global flags that stood before it. */
  readonly words: readonly string[];
  readonly host: Host;
  readonly options: PlayOptions;
}

/**
 * The StatefulSets that the command is about: those that it writes, and those with pods that go at once. Where there are none,
 * the command is played to its end, to see what becomes of the others.
 */
async function concerned({ io }: Context, { words, host, options }: Played): Promise<PlayOptions['sets']> {
  for (const untilMs of [1, options.untilMs]) {
    const { warnings, written, report } = await play(words, host, { ...(untilMs !== undefined && { untilMs }) });
    for (const warning of warnings) io.warn(warning);
    const sets = [...(report?.sets ?? []), ...written];
    if (sets.length > 0) return sets;
  }
  return [];
}

/** A text with the commands in it as they are to be typed. */
const shown = ({ words, host }: Played, text: string): string => asCalled(goingThere(text, words), host.program);

/** Of a terminal; undefined for a pipe, where lines stay whole. */
const widthOf = ({ stdout }: Host): number | undefined => (stdout.isTTY ? stdout.columns : undefined);

/** Plays every variant of the command. */
async function compare(context: Context, played: Played, variants: readonly Variant[], output: '' | 'json' | 'yaml') {
  const { command, words, host, options } = played;
  const sets = await concerned(context, played);
  const plans: { variant: string; plan: PlanAnswer }[] = [];
  for (const { label, spec, gates } of variants) {
    const outcome = await play(words, host, { ...options, spec, gates, sets });
    const answer = advised(context, answerOf(command, outcome, namespaceOf(context)));
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
    const views = plans.map(({ variant, plan }) => ({ label: variant, plan }));
    context.io.out(shown(played, compareText(command, views, widthOf(host))));
  }
  end(
    context,
    plans.map(({ plan }) => plan),
  );
}

/** Says on stderr what was refused, in the command's own words, and ends with the code that tells the worst. */
function end({ host, io }: Context, answers: readonly PlanAnswer[], note = ''): void {
  const codes = answers.map(exitCodeOf);
  for (const { refusal } of answers) if (refusal) io.errOnce(`${refusal.message}\n`);
  if (note !== '') io.err(asCalled(note, host.program));
  if (codes.includes(EXIT_REFUSED)) throw new PlainError('', EXIT_REFUSED);
  if (codes.includes(EXIT_STUCK)) throw new PlainError('', EXIT_STUCK);
}

async function painter(context: Context) {
  if (!wantsColour(context)) return undefined;
  return (await import('../../render/plan/paint')).loadPlanPaint();
}

/** Its advice names the namespace where that is not the one that commands work in. */
function advised(context: Context, answer: PlanAnswer): PlanAnswer {
  const isReal = chosenCluster(context.flags, context.host.env) !== undefined;
  if (!answer.stuck || !worksElsewhere(context, isReal)) return answer;
  const stuck = answer.stuck.map((one) =>
    one.subject.namespace === 'default' ? { ...one, reasons: one.reasons.map(namingDefault) } : one,
  );
  return { ...answer, stuck };
}

/** That which was named before the command. */
const namespaceOf = ({ explicitNamespace, flags }: Context): string | undefined =>
  explicitNamespace ? flags.string('namespace') : undefined;

/** The global flags that stood before the command are the command's too. */
function globals({ flags }: Context): string[] {
  return GLOBAL_FLAGS.filter(({ name, later }) => !later && flags.changed(name)).flatMap(({ name, type }) =>
    type === 'list' || type === 'array'
      ? flags.list(name).map((value) => `--${name}=${value}`)
      : [`--${name}=${flags.string(name)}`],
  );
}

/** Standard input is there once, and a comparison reads it for every variant. */
function readingOnce(host: Host): Host {
  let read: Promise<Uint8Array> | undefined;
  return hostWith(host, {
    readStdin: (limit) => {
      read ??= host.readStdin(limit);
      return read;
    },
  });
}
