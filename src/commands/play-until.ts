/** `sim clock until`: plays time to the instant at which conditions hold, or says why they never will. */
import { parseConditions } from '../core/client/cluster-conditions';
import { CommandError } from '../core/client/errors';
import { formatDuration } from '../core/meta/duration';
import { toTime } from '../core/meta/time';
import { simulation } from './sim';
import { durationOf } from './targets';
import type { Context } from './verb';

export interface Reached {
  /** The conditions, as they were written. */
  readonly texts: readonly string[];
  /** How much of the cluster's time was played. */
  readonly after: string;
  readonly time: string;
}

/** @throws CommandError for conditions that make no sense, or that don't come to hold */
export async function playUntil(context: Context, args: readonly string[]): Promise<Reached> {
  const { flags } = context;
  const limit = durationOf(flags, 'timeout');
  if (limit < 0) throw new CommandError(`--timeout must not be negative: ${flags.string('timeout')}`);
  const sim = await simulation(context);
  const backend = await context.backend();
  const conditions = await parseConditions(backend, context.namespace, args, flags.list('for'));
  const texts = conditions.map(({ text }) => text);
  let missing: string[] = [];
  let stuck: string | undefined;
  const { ended, from, to } = await sim.playUntil(async () => {
    const seen = await Promise.all(conditions.map((condition) => condition.look(backend)));
    stuck = conditions.find((_, i) => seen[i] !== true)?.subject;
    missing = [...new Set(seen.filter((said) => said !== true))];
    return missing.length === 0;
  }, limit);
  const after = formatDuration(to - from);
  if (ended === 'met') return { texts, after, time: toTime(to) };
  const wanted = texts.join(' and ');
  const why = missing.join('; ');
  if (ended === 'timeout')
    throw new CommandError(`timed out after ${after} waiting for ${wanted}: ${why}${hint(stuck, why)}`);
  throw new CommandError(
    `${wanted} will never hold: after ${after} nothing more changes by itself, and ${why}${hint(stuck, why)}`,
  );
}

/** Where the reason can be asked for; nobody can tell why something that isn't there is not there. */
const hint = (subject: string | undefined, why: string): string =>
  subject === undefined || why.endsWith("doesn't exist") ? '' : `\nSee 'stsctl why ${subject}'.`;
