/** What `stsctl sim clock` asks of the local cluster. */
import type { ClockFacts, ClockMode, PlayedTime } from '../../reports/clock';
import { SettingError } from './errors';
import type { Session } from './session';

export interface ClockVerbs {
  clock(): Promise<ClockFacts>;
  /** The cluster's time goes on from where it is. */
  setClock(mode: ClockMode): Promise<void>;
  /** How fast the wall clock passes, and whether it does. Throws SettingError on a virtual clock. */
  setPace(pace: { readonly rate?: number; readonly paused?: boolean }): Promise<void>;
  /** Plays time forward by so many ms. */
  advance(ms: number): Promise<void>;
  /** Plays until nothing further would change on its own, at most ten minutes. Whether it came to that. */
  settle(): Promise<boolean>;
  /**
   * Plays to the instant at which `holds` answers true, which is asked at every instant at which something happens, or until
   * nothing would change any more, or for `limit` ms.
   */
  playUntil(holds: () => Promise<boolean>, limit: number): Promise<PlayedTime>;
}

/** The last instant that RFC 3339 can name, ms since 1970. */
const END = Date.UTC(9999, 11, 31, 23, 59, 59);

export function clockVerbs(session: Session): ClockVerbs {
  return {
    clock: async () => {
      const { clockMode: mode, now } = await session.read();
      const { rate, paused } = session.clock;
      return { mode, now, rate, paused };
    },
    setClock: async (mode) => {
      await session.write();
      session.setClock(mode);
    },
    setPace: async (pace) => {
      const engine = await session.write();
      if (engine.clockMode !== 'wall')
        throw new SettingError('the virtual clock has no pace: it stands still until a command waits or moves it');
      session.clock.change(engine.now, pace);
      session.touched();
    },
    advance: async (ms) => {
      const { now } = await session.write();
      if (now + ms > END) throw new SettingError('no time that Kubernetes can write comes after the year 9999');
      await session.advance(ms);
    },
    settle: async () => {
      const engine = await session.write();
      await session.settle();
      return engine.isSettled();
    },
    playUntil: async (holds, limit) => {
      const engine = await session.write();
      const from = engine.now;
      return session.clock.holding(async () => {
        const ended = await play(session, holds, Math.min(from + limit, END));
        await session.playTo(engine.now);
        return { ended, from, to: engine.now };
      });
    },
  };
}

async function play(session: Session, holds: () => Promise<boolean>, end: number): Promise<PlayedTime['ended']> {
  for (;;) {
    const engine = await session.write();
    engine.flush();
    if (await holds()) return 'met';
    if (engine.now >= end) return 'timeout';
    if (engine.isSettled()) return 'settled';
    if (!(await session.step(end))) await session.playTo(end);
  }
}
