/**
 * `why --watch`: what is waited for, again whenever it changes, until nothing is. On the virtual clock time is played meanwhile,
 * at most until nothing further would change.
 */
import { findResources, type ResourceInfo } from '../core/api/resources';
import { CommandError, throwAll } from '../core/client/errors';
import type { Explanation, Reason } from '../core/reports/why';
import type { Flags } from './flags/spec';
import { requestTimeout } from './request-timeout';
import { simulation } from './sim';
import { durationOf } from './targets';
import type { Context } from './verb';
import { nothingFound, printWhy } from './why-output';

interface Asked {
  readonly explanations: readonly Explanation[];
  readonly errors: readonly Error[];
}

/** On the wall clock it is asked again after so long, ms. */
const LOOK_MS = 1000;

/** @throws what could not be explained in the end; CommandError where something still waits then, so that scripts can tell */
export async function watchWhy(context: Context, ask: () => Promise<Asked>): Promise<void> {
  const sim = await simulation(context);
  const timeoutMs = limitOf(context.flags);
  let before: string | undefined;
  let last: Asked = { explanations: [], errors: [] };
  const look = async (): Promise<boolean> => {
    last = await ask();
    const told = JSON.stringify(last.explanations.map(inWords));
    if (told !== before && last.explanations.length > 0) {
      if (before !== undefined) context.io.out('\n');
      await printWhy(context, last.explanations);
      before = told;
    }
    return last.explanations.every(({ reasons }) => reasons.length === 0);
  };
  const { mode, now } = await sim.clock();
  const end = timeoutMs === undefined ? Number.POSITIVE_INFINITY : now + timeoutMs;
  let over = await look();
  if (last.explanations.length + last.errors.length === 0) return context.io.err(nothingFound(context));
  await context.io.flush();
  if (mode === 'virtual') {
    if (!over)
      for await (const _ of await changes(context, timeoutMs)) {
        over = await look();
        if (over) break;
        await context.flushWhileWaiting();
      }
    over = await look();
  } else
    while (!over) {
      await context.io.flush();
      const left = end - (await sim.clock()).now;
      if (left <= 0) break;
      for await (const _ of await changes(context, Math.min(left, LOOK_MS))) break;
      over = await look();
    }
  throwAll(last.errors);
  if (!over) throw new CommandError(stillWaiting(last.explanations, (await sim.clock()).now >= end));
}

/** The shorter of --timeout and --request-timeout, ms; undefined for no limit. @throws CommandError */
function limitOf(flags: Flags): number | undefined {
  const timeout = durationOf(flags, 'timeout');
  if (timeout < 0) throw new CommandError('--timeout must not be negative');
  const least = Math.min(timeout || Number.POSITIVE_INFINITY, requestTimeout(flags) ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(least) ? least : undefined;
}

function stillWaiting(explanations: readonly Explanation[], isLate: boolean): string {
  const waiting = explanations.filter(({ reasons }) => reasons.length > 0);
  const [first] = waiting.map(({ subject: { kind, name } }) => `${kind.toLowerCase()}/${name}`);
  const who = waiting.length > 1 ? `${first} and ${waiting.length - 1} more still wait` : `${first} still waits`;
  return isLate ? `timed out: ${who}` : `${who}, and nothing more will happen by itself`;
}

const changes = async (context: Context, timeoutMs: number | undefined) =>
  (await context.backend()).watch(
    findResources('pods') as ResourceInfo,
    context.flags.bool('all-namespaces') ? undefined : context.namespace,
    { ...(timeoutMs !== undefined && { timeoutMs }) },
  );

/** Without instants: that time passes is no change. */
const inWords = ({ subject, summary, reasons, notes }: Explanation): object => ({
  subject,
  summary,
  told: [...reasons, ...notes].map(words),
});

const words = ({ rule, message, because = [] }: Reason): object => ({ rule, message, because: because.map(words) });
