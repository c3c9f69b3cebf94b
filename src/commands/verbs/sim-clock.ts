/** `stsctl sim clock`. */
import { CommandError } from '../../core/client/errors';
import { parseDuration } from '../../core/meta/duration';
import { toTime } from '../../core/meta/time';
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim clock [wall|virtual|advance DURATION|settle|until CONDITION...|pause|resume|rate NUMBER]',
  long:
    'Shows the clock of the simulated cluster, chooses its kind, or moves it.\n\n' +
    'On the wall clock the cluster lives on between commands. On the virtual clock time moves only while a command waits ' +
    '(rollout status, wait, delete, get --watch) or when it is told to here, and then it jumps.\n\n' +
    '"settle" plays until nothing further would change on its own, at most ten simulated minutes.\n\n' +
    '"until" plays to the very instant at which a condition holds, at most for --timeout. A condition is TYPE/NAME and one of ' +
    'ready, available, updated, terminating, exists, gone, a phase (bound, running, ...), or what "wait --for" takes: ' +
    'condition=NAME[=VALUE], jsonpath=\'{PATH}\'[=VALUE]. "and" joins several, "not" turns one round. It fails, and says what ' +
    'is missing, where nothing would change any more.\n\n' +
    '"pause" lets the wall clock stand still until "resume"; "rate" lets it pass faster or slower for the cluster.',
  examples: `# What time is it?
stsctl sim clock

# Let time stand still between commands
stsctl sim clock virtual

# Let half a minute pass
stsctl sim clock advance 30s

# Play until nothing moves any more
stsctl sim clock settle

# Play until every pod of the set is ready, and stop there
stsctl sim clock until 'sts/web ready'

# Stop in the middle of a rollout
stsctl set image sts/web nginx=nginx:1.22
stsctl sim clock until 'pod/web-2 terminating' --timeout=5m
stsctl sim clock until 'sts/web updated and pvc/www-web-2 bound'

# Conditions as "wait" has them
stsctl sim clock until sts/web --for=jsonpath='{.status.readyReplicas}'=3

# Ten minutes of the cluster in one of yours; then a pause
stsctl sim clock wall
stsctl sim clock rate 10x
stsctl sim clock pause
stsctl sim clock resume`,
  flags: [
    SIM_OUTPUT,
    { name: 'for', type: 'array', help: 'For until: a condition as "wait" has it, of what the arguments name.' },
    { name: 'timeout', type: 'duration', default: '10m', help: 'For until: how much time to play at most.' },
  ],
  run,
};

const ACTIONS = 'wall, virtual, advance DURATION, settle, until CONDITION, pause, resume or rate NUMBER';
/** How many arguments an action takes behind its name; any number where it is not told. */
const ARGUMENTS: Readonly<Record<string, number>> = {
  wall: 0,
  virtual: 0,
  settle: 0,
  pause: 0,
  resume: 0,
  advance: 1,
  rate: 1,
};

async function run(context: Context): Promise<void> {
  const { args, flags, io } = context;
  const [action, argument] = args;
  for (const flag of ['for', 'timeout'])
    if (flags.changed(flag) && action !== 'until') throw usageError(context, `--${flag} is for "until" only`);
  if (action === 'until') return until(context);
  if (args.length > 1 + (ARGUMENTS[action] ?? 0)) throw usageError(context, `Unexpected args: [${args.join(' ')}]`);
  switch (action) {
    case undefined:
      return show(context);
    case 'advance': {
      const ms = durationArgument(argument);
      return (await simulation(context)).advance(ms);
    }
    case 'settle':
      if (!(await (await simulation(context)).settle())) io.err(UNSETTLED);
      return;
    case 'wall':
    case 'virtual':
      await (await simulation(context)).setClock(action);
      io.out(`clock set to ${action}\n`);
      return warnOfVariable(context, action);
    case 'pause':
    case 'resume':
      await (await simulation(context)).setPace({ paused: action === 'pause' });
      return io.out(`clock ${action}d\n`);
    case 'rate': {
      const rate = rateArgument(argument);
      await (await simulation(context)).setPace({ rate });
      return io.out(`clock rate set to ${rate}x\n`);
    }
    default:
      throw usageError(context, `unknown clock ${JSON.stringify(action)}: expected ${ACTIONS}`);
  }
}

const UNSETTLED =
  'warning: not settled within ten minutes: more is still to happen; "sim clock until CONDITION --timeout=1h" plays on\n';

/** What the environment says holds for every command, whatever the cluster was told. */
function warnOfVariable({ host, io }: Context, action: string): void {
  const { STSCTL_CLOCK: clock } = host.env;
  if (clock && clock !== action)
    io.err(`warning: STSCTL_CLOCK=${clock} is set: the next command sets the clock to ${clock} again\n`);
}

function durationArgument(text: string | undefined): number {
  if (text === undefined) throw new CommandError('advance needs a duration, as in 30s, 5m or 1h');
  let ms: number;
  try {
    ms = parseDuration(text);
  } catch (e) {
    throw e instanceof Error ? new CommandError(e.message) : e;
  }
  if (ms < 0) throw new CommandError(`time does not go back: ${text}`);
  return ms;
}

function rateArgument(text: string | undefined): number {
  if (text === undefined) throw new CommandError('rate needs a number, as in 10x or 0.5x');
  const rate = /^\d{1,9}(\.\d{1,9})?x?$/i.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (rate >= 0.001 && rate <= 1000) return rate;
  throw new CommandError(
    `invalid rate ${JSON.stringify(text)}: expected a number from 0.001x to 1000x, as in 10x or 0.5x`,
  );
}

async function show(context: Context): Promise<void> {
  const output = plainOutput(context);
  const { mode, now, rate, paused } = await (await simulation(context)).clock();
  const time = toTime(now);
  const pace = mode === 'wall' && { rate, paused };
  if (output) return printPlain(context, output, { mode, time, ...pace });
  context.io.out(`${mode} ${time}${rate === 1 ? '' : ` ${rate}x`}${paused ? ' paused' : ''}\n`);
}

async function until(context: Context): Promise<void> {
  const output = plainOutput(context);
  const { playUntil } = await import('../play-until');
  const { after, time, texts } = await playUntil(context, context.args.slice(1));
  if (output) return printPlain(context, output, { conditions: texts, after, time });
  context.io.out(`${texts.join(' and ')} after ${after}, at ${time}\n`);
}
