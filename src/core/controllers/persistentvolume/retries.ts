/** Syncs that failed because a fault refused a call: they are tried again, ever more slowly. */
import type { ControllerContext } from '../../apiserver/controller';
import type { Blow } from '../../apiserver/faults';
import { PROVISION_TIMER, RETRY_TIMER } from './misfortune';

const FIRST_MS = 10;
const LAST_MS = 1_000_000;
const PREFIX = 'persistentvolume/failed/';

export class Retries {
  constructor(private readonly context: ControllerContext) {}

  failed(key: string, blow: Blow): void {
    const { memory, schedule, now } = this.context;
    const failures = Number(memory.get(PREFIX + key) ?? 0);
    memory.set(PREFIX + key, failures + 1);
    schedule(now() + Math.min(FIRST_MS * 2 ** failures, LAST_MS), blow.passes ? RETRY_TIMER : PROVISION_TIMER, key);
  }

  succeeded(key: string): void {
    if (this.context.memory.size > 0) this.context.memory.delete(PREFIX + key);
  }

  /** What has failed and was not tried again yet. */
  keys(): readonly string[] {
    return [...this.context.memory.keys()]
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
  }
}
