/** A cluster that is kept in memory alone: a session over it writes nothing and locks nobody out. */
import type { JsonObject } from './codec';
import type { SessionStorage } from './session';
import type { StateFile } from './state-file';

/** What is loaded instead of the file, once, and what names its troubles. */
export interface MemorySource {
  /** The document, or undefined for a new cluster. @throws StateFileError */
  load(): JsonObject | undefined;
  readonly damaged: StateFile['damaged'];
}

const IDENTITY = { ino: 0, mtimeMs: 0, size: 0 };

/** Saves are forgotten: what the session holds is all there is. */
export function memoryStorage(source: MemorySource): SessionStorage {
  let held = false;
  return {
    file: {
      identity: () => IDENTITY,
      load: () => source.load(),
      save: () => {},
      prepareFolder: () => {},
      damaged: (why, cause) => source.damaged(why, cause),
    },
    lock: {
      get held() {
        return held;
      },
      acquire: async () => {
        held = true;
      },
      tryAcquire: () => {
        held = true;
        return undefined;
      },
      release: () => {
        held = false;
      },
      heartbeat: () => {},
      verify: () => {},
    },
  };
}
