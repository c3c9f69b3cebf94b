/**
 * Records one command as one step, however often it saves: what the state file was before its first save, and what the
 * folders of pods and volumes held before it touched them. What merely happens as time goes by is no step, but the files
 * that it changes count for the step before.
 */
import { errorCode } from '../errors';
import type { FileIdentity } from '../state-file';
import type { Disk } from './disk';
import { finishMove, isMoving } from './move';
import { DEFAULT_BUDGET, type ReplacedFile, type Replacement, type UndoPort } from './port';
import type { UndoStore } from './store';
import { told, toldLater } from './troubles';
import { baseUnit, isSameTree, type Tree, type Unit, type Units } from './units';

export interface Typed {
  /** The command line. */
  readonly command: string;
  /** ms since 1970 */
  now(): number;
  readonly pid: number;
}

/** Longer command lines are cut. */
const MAX_COMMAND = 1000;
/** A state of more than a such part of the budget is looked after with each step. */
const MANY = 256;

const UNTOUCHED = 'Nothing was changed.';

let recorders = 0;

export class Recorder implements UndoPort {
  private readonly token: string;
  private readonly at: number;
  /** As folders were before they were touched, since the last save. */
  private readonly pending = new Map<Unit, Tree>();
  /** Folders that the step of this process has already. */
  private readonly recorded = new Set<Unit>();
  private budget = DEFAULT_BUDGET;
  private due: { readonly position: number; readonly drops: boolean } | undefined;

  constructor(
    readonly store: UndoStore,
    private readonly typed: Typed,
    private readonly file: ReplacedFile,
  ) {
    this.at = typed.now();
    this.token = `${typed.pid}-${this.at.toString(36)}-${recorders++}`;
  }

  get interrupted(): boolean {
    return told(this.store.folder, UNTOUCHED, () => isMoving(this.store));
  }

  finish(): void {
    if (!this.interrupted) return;
    told(
      this.store.folder,
      'The command before this one was stopped in the middle; the next one goes on with it.',
      () => finishMove(this.store, this.file),
    );
  }

  sweep(): void {
    this.store.sweepDrafts();
  }

  limit(bytes: number): void {
    this.budget = bytes;
  }

  touch(units: readonly Unit[]): Promise<void> {
    const safe = `${UNTOUCHED} "stsctl sim config undo=off" does without.`;
    return toldLater(this.store.folder, safe, () => this.capture(units));
  }

  private async capture(units: readonly Unit[]): Promise<void> {
    if (this.budget === 0) return;
    const { store } = this;
    const { position, token } = store.head();
    if (token !== this.token) this.recorded.clear();
    const all = new Set(units.flatMap((unit) => [baseUnit(unit), unit]));
    for (const unit of this.recorded) all.delete(unit);
    for (const unit of this.pending.keys()) all.delete(unit);
    if (all.size === 0) return;
    const files = await store.files();
    for (const unit of all) this.pending.set(unit, files.capture(unit, store.lately(position, unit)));
    await files.blobs.settle();
  }

  async changed(): Promise<boolean> {
    if (this.budget === 0 || this.recorded.size > 0) return true;
    const files = await this.store.files();
    return told(this.store.folder, 'This change was not saved.', () =>
      [...this.pending].some(([unit, tree]) => !isSameTree(files.capture(unit, tree), tree)),
    );
  }

  saving(change: Replacement): void {
    try {
      if (this.budget > 0) this.record(change);
      else this.store.clear();
    } catch (error) {
      // Better a command that can't be undone than one that can't be made.
      if (errorCode(error) === undefined) throw error;
    }
    this.pending.clear();
  }

  async saved(): Promise<void> {
    const { due, store } = this;
    if (!due) return;
    this.due = undefined;
    try {
      if (due.drops) await store.forgetFrom(due.position);
      await store.compact(due.position, this.budget);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }

  private record({ present, next, asked, now }: Replacement): void {
    const { store, token, at } = this;
    const live = store.live();
    const head = store.head(true);
    const { position, top } = head;
    const units: Units = Object.fromEntries(this.pending);
    if (!asked || head.token === token) {
      if (head.token !== token) this.recorded.clear();
      this.add(position, top, units, head.token === token);
      return;
    }
    if (this.pending.size === 0 && live && isSameState(store.disk, present, next)) return;
    store.makeFolder();
    const drops = top > position;
    if (drops) store.journal.append({ to: position, top: position, from: position, now, token: `${token}-drops` });
    store.versions.keep(position, present);
    store.writeFiles(position, this.pending.size > 0 ? { before: units } : undefined);
    store.journal.append({ step: position, command: this.command(), at, now, token, before: identityOf(live) });
    this.recorded.clear();
    for (const unit of this.pending.keys()) this.recorded.add(unit);
    const large = (live?.size ?? 0) * MANY > this.budget || this.pending.size > 0;
    if (drops || large || (position + 1) % 64 === 0) this.due = { position: position + 1, drops };
  }

  /** Files that changed after a step, before whatever comes next. */
  private add(position: number, top: number, units: Units, isOurs: boolean): void {
    if (Object.keys(units).length === 0) return;
    const { store } = this;
    if (position > 0) {
      const files = store.readFiles(position - 1);
      store.writeFiles(position - 1, { ...files, before: { ...units, ...files?.before } });
      if (isOurs) for (const unit of this.pending.keys()) this.recorded.add(unit);
    }
    if (top > position) {
      const files = store.readFiles(position);
      store.writeFiles(position, {
        before: { ...files?.before, ...units },
        after: { ...units, ...files?.after },
      });
    }
  }

  private command(): string {
    const { command } = this.typed;
    return command.length > MAX_COMMAND ? `${command.slice(0, MAX_COMMAND)}…` : command;
  }
}

const identityOf = (live: FileIdentity | undefined) => (live ? ([live.ino, live.mtimeMs, live.size] as const) : null);

/** Whether two state files are the same but for what they say about this machine's clock. */
function isSameState(disk: Disk, a: string, b: string): boolean {
  if (disk.statSync(a).size !== disk.statSync(b).size) return false;
  const [one, other] = [a, b].map((path) => disk.readFileSync(path, 'utf8').replace(/^"(local|sum)":.*$/gm, ''));
  return one === other;
}
