/** What would happen: a change is played on a copy, and told. */
import { endTables } from '../core/backends/local/end-tables';
import type { Cluster } from '../core/simulation/cluster';
import { PlanRecorder, type PlanReport } from '../core/simulation/plan';
import { explain } from '../core/simulation/why';

/** Without a limit, as long is played: longer than any rollout lasts. */
const LIMIT_MS = 24 * 3600_000;
/** How much is played before it is asked whether anything still comes of it, ms. */
const SLICE_MS = 3600_000;

/** Plays `change` on `engine`, a copy that nobody needs afterwards, at most for `within` ms. */
export function planOn(engine: Cluster, change: () => void, within: number | undefined): PlanReport {
  const recorder = new PlanRecorder(engine);
  change();
  const limit = recorder.start + (within ?? LIMIT_MS);
  let seen: number;
  // At least once: a moment is looked at in which nothing is due, too.
  do {
    seen = engine.timeline().length;
    engine.settle(Math.min(limit, engine.now + SLICE_MS));
    // What only tries again and again, and no pod comes or goes, ends here.
    if (within === undefined && engine.timeline().length === seen) break;
  } while (!engine.isSettled() && engine.now < limit);
  engine.flush();
  const cutShort = within !== undefined && engine.now >= limit;
  return recorder.finish({ settled: engine.isSettled(), cutShort }, explain, endTables(engine));
}
