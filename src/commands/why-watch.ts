/**
 * `why --watch`: what is waited for, again whenever it changes, until nothing is. On the virtual clock time is played meanwhile,
 * at most until nothing further would change.
 */
import { findResources, type ResourceInfo } from '../core/api/resources';
import { throwAll } from '../core/client/errors';
import type { Explanation, Reason } from '../core/reports/why';
import { requestTimeout } from './session';
import { simulation } from './sim';
import type { Context } from './verb';
import { printWhy } from './why-output';

interface Asked {
  readonly explanations: readonly Explanation[];
  readonly errors: readonly Error[];
}

/** On the wall clock it is asked again after so long, ms. */
const LOOK_MS = 1000;

/** @throws what could not be explained in the end */
export async function watchWhy(context: Context, ask: () => Promise<Asked>): Promise<void> {
  const sim = await simulation(context);
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
  let over = await look();
  const timeoutMs = requestTimeout(context.flags);
  if (mode === 'virtual') {
    await context.io.flush();
    for await (const _ of await changes(context, timeoutMs)) {
      over = over || (await look());
      if (over) break;
      await context.flushWhileWaiting();
    }
    await look();
    return throwAll(last.errors);
  }
  const end = timeoutMs === undefined ? Number.POSITIVE_INFINITY : now + timeoutMs;
  while (!over) {
    await context.io.flush();
    const left = end - (await sim.clock()).now;
    if (left <= 0) break;
    for await (const _ of await changes(context, Math.min(left, LOOK_MS))) break;
    over = await look();
  }
  throwAll(last.errors);
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
