/** What `sim fail`, `sim heal` and `sim faults` ask of the local cluster. */
import { type Fault, isAnythingAffected, type NewFault } from '../../simulation/faults';
import type { Session } from './session';

export interface FaultVerbs {
  /** Breaks something from now on. `waits`: nothing is there yet that it concerns. */
  fail(fault: NewFault): Promise<{ readonly fault: Fault; readonly waits: boolean }>;
  /** Ends the faults that are chosen, and answers which. */
  heal(isChosen: (fault: Fault) => boolean): Promise<readonly Fault[]>;
  /** What is broken, and the instant at which it is, ms. */
  faults(): Promise<{ readonly faults: readonly Fault[]; readonly now: number }>;
}

export function faultVerbs(session: Session): FaultVerbs {
  return {
    fail: async (wanted) => {
      const engine = await session.write();
      const waits = !isAnythingAffected(engine.store, wanted);
      const fault = engine.fail(wanted);
      session.touched();
      return { fault, waits };
    },
    heal: async (isChosen) => {
      const engine = await session.write();
      const chosen = engine.faults.list().filter(isChosen);
      for (const { id } of chosen) engine.heal(id);
      if (chosen.length > 0) session.touched();
      return chosen;
    },
    faults: async () => {
      const engine = await session.read();
      return { faults: engine.faults.list(), now: engine.now };
    },
  };
}
