/** What of a loaded cluster is not in its file yet, and how it gets there: with what undo is to know of it. */
import type { SavedClock } from './clock';
import type { ContainerRuntime } from './container-runtime';
import type { Loaded } from './loaded';
import type { SessionStorage } from './session-options';
import { DEFAULT_BUDGET, type UndoPort } from './undo/port';

/** Time played in memory only is saved by a commit once it came to this many changes. */
const WORTH_SAVING = 500;

/** What a virtual clock has to do with the machine's: the same commands make the same bytes on every machine. */
const UNRELATED: SavedClock = { offset: 0 };

interface Listeners {
  readonly undo?: UndoPort;
  readonly runtime?: ContainerRuntime;
}

export class Changes {
  /** Changes that are more than the passing of time. */
  unsaved = false;
  /** Whether the user asked for a change that is not saved yet. */
  private asked = false;

  constructor(
    private readonly file: Pick<SessionStorage['file'], 'identity' | 'save'>,
    private readonly listeners: Listeners,
  ) {}

  /** Notes something that must not be lost; `asked`: as what the user wants, and can undo. */
  note(asked: boolean): void {
    this.unsaved = true;
    if (asked) this.asked = true;
  }

  /** Nothing is asked for any more, or it is saved. */
  clear(): void {
    this.unsaved = false;
    this.asked = false;
  }

  /** Whether so much time was played that nobody should have to play it again. */
  isWorthSaving({ engine, savedVersion, clock }: Loaded): boolean {
    return savedVersion < 0 || engine.version - savedVersion > WORTH_SAVING || clock.corrected;
  }

  limitUndo({ engine }: Loaded): void {
    this.listeners.undo?.limit(engine.config.undo ?? DEFAULT_BUDGET);
  }

  /** The lock must be held. @throws StateFileError */
  save(loaded: Loaded): void {
    const { engine, clock } = loaded;
    const { runtime, undo } = this.listeners;
    const local = engine.clockMode === 'virtual' ? UNRELATED : clock.save();
    const { asked } = this;
    this.limitUndo(loaded);
    this.file.save(
      { local, ...engine.snapshot() },
      {
        keepPrevious: loaded.identity !== undefined,
        ...(undo && { replacing: (paths) => undo.saving({ ...paths, asked, now: loaded.begun }) }),
      },
    );
    loaded.identity = this.file.identity();
    loaded.savedVersion = engine.version;
    loaded.savedResourceVersion = engine.store.storage.resourceVersion;
    clock.corrected = false;
    this.clear();
    runtime?.saved();
  }
}
