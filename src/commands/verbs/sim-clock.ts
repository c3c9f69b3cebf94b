/** `stsctl sim clock`. */
import { CommandError } from '../../core/client/errors';
import { parseDuration } from '../../core/meta/duration';
import { toTime } from '../../core/meta/time';
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim clock [wall|virtual|advance DURATION|settle]',
  long:
    'Shows the clock of the simulated cluster, chooses its kind, or moves it.\n\n' +
    'On the wall clock the cluster lives on between commands. On the virtual clock time moves only while a command waits ' +
    '(rollout status, wait, delete, get --watch) or when it is told to here, and then it jumps.\n\n' +
    '"settle" plays until nothing further would change on its own, at most ten simulated minutes.',
  examples: `# What time is it?
stsctl sim clock

# Let time stand still between commands
stsctl sim clock virtual

# Let half a minute pass
stsctl sim clock advance 30s

# Play until nothing moves any more
stsctl sim clock settle`,
  flags: [SIM_OUTPUT],
  run,
};

async function run(context: Context): Promise<void> {
  const [action, argument, ...more] = context.args;
  const wanted = action === 'advance' ? 2 : action === undefined ? 0 : 1;
  if (more.length > 0 || context.args.length > wanted)
    throw usageError(context, `Unexpected args: [${context.args.join(' ')}]`);
  if (action === undefined) return show(context);
  if (action === 'advance') {
    const ms = durationArgument(argument);
    return (await simulation(context)).advance(ms);
  }
  if (action === 'settle') return (await simulation(context)).settle();
  if (action !== 'wall' && action !== 'virtual')
    throw usageError(
      context,
      `unknown clock ${JSON.stringify(action)}: expected wall, virtual, advance DURATION or settle`,
    );
  await (await simulation(context)).setClock(action);
  context.io.out(`clock set to ${action}\n`);
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

async function show(context: Context): Promise<void> {
  const output = plainOutput(context);
  const { mode, now } = await (await simulation(context)).clock();
  const time = toTime(now);
  if (output) await printPlain(context, output, { mode, time });
  else context.io.out(`${mode} ${time}\n`);
}
