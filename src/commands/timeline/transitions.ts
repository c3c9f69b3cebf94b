/** The transitions that the command line asks for, in order. */
import { CommandError } from '../../core/client/errors';
import type { TimelineEvent } from '../../core/reports/timeline';
import { setOf } from '../../render/timeline/pods';
import { simulation } from '../sim';
import type { Context } from '../verb';
import { readRange, type Selection } from './selection';

/** @throws CommandError when a named pod or set was never seen */
export async function selectTransitions(context: Context, selection: Selection): Promise<readonly TimelineEvent[]> {
  const sim = await simulation(context);
  const rows = await sim.timeline();
  checkMissing(selection, rows);
  return rows.filter(transitionFilter(selection, readRange(context, (await sim.clock()).now)));
}

/** @throws CommandError */
export function checkMissing({ namespace, missing }: Selection, rows: readonly TimelineEvent[]): void {
  const [absent] = missing(namespace === undefined ? rows : rows.filter((row) => row.namespace === namespace));
  if (absent === undefined) return;
  const where = namespace === undefined ? '' : ` in namespace ${JSON.stringify(namespace)}`;
  throw new CommandError(`the timeline holds no pod for ${JSON.stringify(absent)}${where}`);
}

export function transitionFilter(
  selection: Selection,
  range: { readonly since?: number; readonly until?: number },
): (row: TimelineEvent) => boolean {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = range;
  return ({ namespace, pod, revision = '', time }) => {
    if (!selection.selects(namespace, setOf(pod, revision), pod)) return false;
    if (since === Number.NEGATIVE_INFINITY && until === Number.POSITIVE_INFINITY) return true;
    const at = Date.parse(time);
    return at >= since && at <= until;
  };
}
