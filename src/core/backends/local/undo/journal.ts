/**
 * The journal of what was typed: a line a record, appended before the state file is replaced. Versions of the state are
 * numbered; step i leads from version i to version i + 1, and the cluster is at a position among them.
 *
 * A step is recorded before it takes effect and names the file that it replaces: while that very file is still in place, the
 * step has not happened. So a process may be killed at any instant, and only the last line is ever in doubt.
 */
import { dirname } from 'node:path';
import { syncFile, syncFolder } from '../durable';
import { errorCode } from '../errors';
import type { FileIdentity } from '../state-file';
import { type Disk, writeWhole } from './disk';

/** A command that changed the cluster, leading from version `step` to the next. Versions beyond that are gone. */
export interface StepRecord {
  readonly step: number;
  readonly command: string;
  /** When it was typed, ms since 1970. */
  readonly at: number;
  /** The cluster's time before it, ms. */
  readonly now: number;
  /** Which process it was. */
  readonly token: string;
  /** The state file before it; null where there was none. */
  readonly before: readonly [ino: number, mtimeMs: number, size: number] | null;
}

/** The cluster was put back, or forward, to version `to`. Versions up to `top` can be reached. */
export interface MoveRecord {
  readonly to: number;
  readonly top: number;
  readonly from: number;
  /** The cluster's time when version `from` was left, ms. */
  readonly now: number;
  readonly token: string;
}

export type JournalRecord = StepRecord | MoveRecord;

/** Where the cluster is among its versions. */
export interface Head {
  readonly position: number;
  readonly top: number;
  /** Of the process that wrote the last record. */
  readonly token: string;
}

export interface Story extends Head {
  /** By number, also those that can be redone. */
  readonly steps: ReadonlyMap<number, StepRecord>;
  /** The cluster's time at which a version was left, ms. */
  readonly nows: ReadonlyMap<number, number>;
}

/** More than the longest record. */
const TAIL_BYTES = 32 * 1024;
const BEGINNING: Head = { position: 0, top: 0, token: '' };

const isStep = (record: JournalRecord): record is StepRecord => 'step' in record;

export class Journal {
  constructor(
    readonly path: string,
    private readonly disk: Disk,
  ) {}

  /**
   * Where the cluster is, `live` being the state file that is in place. With `settle` (the lock must be held), a last line
   * that never took effect is taken away, so that nobody believes it once that file is replaced.
   */
  head(live: FileIdentity | undefined, settle = false): Head {
    const { lines, start, size } = this.readEnd();
    let keep = start;
    const valid: { record: JournalRecord; end: number }[] = [];
    let at = start;
    for (const line of lines) {
      at += new TextEncoder().encode(line).length + 1;
      const record = parse(line);
      if (!record) continue;
      valid.push({ record, end: at });
      keep = at;
    }
    let last = valid.at(-1);
    if (last && isStep(last.record) && isSame(last.record.before, live)) {
      valid.pop();
      last = valid.at(-1);
      keep = last?.end ?? start;
    }
    if (settle && keep < size) this.disk.truncateSync(this.path, keep);
    return last ? headOf(last.record) : BEGINNING;
  }

  /** The record, and the versions that were kept before it, outlive a power cut. */
  append(record: JournalRecord): void {
    this.disk.appendFileSync(this.path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    syncFile(this.disk, this.path);
    syncFolder(this.disk, dirname(this.path));
  }

  /** All that is known, `live` being the state file that is in place. */
  story(live: FileIdentity | undefined): Story {
    const records = this.readAll();
    const last = records.at(-1);
    if (last && isStep(last) && isSame(last.before, live)) records.pop();
    const steps = new Map<number, StepRecord>();
    const nows = new Map<number, number>();
    let head = BEGINNING;
    for (const record of records) {
      head = headOf(record);
      if (isStep(record)) {
        steps.set(record.step, record);
        nows.set(record.step, record.now);
      } else nows.set(record.from, record.now);
      for (const number of [...steps.keys()]) if (number >= head.top) steps.delete(number);
    }
    return { ...head, steps, nows };
  }

  /** Leaves out what is older than version `oldest`, and what no longer counts. The state file must be a newer one. */
  trim(oldest: number): void {
    const last = this.readAll().at(-1);
    const steps = [...this.story(undefined).steps.values()].filter(({ step }) => step >= oldest);
    const kept: JournalRecord[] = steps.sort((a, b) => a.step - b.step);
    if (last && !isStep(last)) kept.push(last);
    writeWhole(this.disk, this.path, kept.map((record) => `${JSON.stringify(record)}\n`).join(''), true);
  }

  private readAll(): JournalRecord[] {
    try {
      const lines = this.disk.readFileSync(this.path, 'utf8').split('\n');
      return lines.map(parse).filter((record) => record !== undefined);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  /** The last whole lines, from byte `start` on. */
  private readEnd(): { lines: string[]; start: number; size: number } {
    let fd: number;
    try {
      fd = this.disk.openSync(this.path, 'r');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { lines: [], start: 0, size: 0 };
      throw error;
    }
    try {
      const { size } = this.disk.statSync(this.path);
      const from = Math.max(0, size - TAIL_BYTES);
      const bytes = new Uint8Array(size - from);
      this.disk.readSync(fd, bytes, 0, bytes.length, from);
      const skipped = from === 0 ? 0 : bytes.indexOf(10) + 1;
      // What follows the last line's end was never finished.
      const end = bytes.lastIndexOf(10) + 1;
      const text = new TextDecoder().decode(bytes.subarray(skipped, Math.max(skipped, end)));
      return { lines: text === '' ? [] : text.slice(0, -1).split('\n'), start: from + skipped, size };
    } finally {
      this.disk.closeSync(fd);
    }
  }
}

const headOf = (record: JournalRecord): Head =>
  isStep(record)
    ? { position: record.step + 1, top: record.step + 1, token: record.token }
    : { position: record.to, top: record.top, token: record.token };

function isSame(before: StepRecord['before'], live: FileIdentity | undefined): boolean {
  if (before === null || live === undefined) return before === null && live === undefined;
  const [ino, mtimeMs, size] = before;
  return live.ino === ino && live.mtimeMs === mtimeMs && live.size === size;
}

function parse(line: string): JournalRecord | undefined {
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record !== 'object' || record === null) return undefined;
    const { step, to, top, command } = record as Readonly<Record<string, unknown>>;
    const isRecord =
      (Number.isInteger(step) && typeof command === 'string') || (Number.isInteger(to) && Number.isInteger(top));
    return isRecord ? (record as JournalRecord) : undefined;
  } catch {
    return undefined;
  }
}
