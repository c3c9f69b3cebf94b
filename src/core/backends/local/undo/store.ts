/** Everything that `<state>.undo/` holds, by name: the journal, the versions of the state, what steps did to files. */
import { join } from 'node:path';
import type { FileIdentity } from '../state-file';
import { type Disk, discard, isThere, namesIn, readText, realDisk, writeWhole } from './disk';
import type { FileStore } from './file-store';
import { type Head, Journal } from './journal';
import type { Unit, Units } from './units';
import { PACK, Versions } from './versions';

/** The folders that a step changed, as they were before it; `after` is known of steps that were undone. */
export interface StepFiles {
  readonly before: Units;
  readonly after?: Units;
}

/** Over budget, so many of the newest versions stay as they are. */
const NEWEST = 8;

export class UndoStore {
  readonly folder: string;
  readonly journal: Journal;
  readonly versions: Versions;
  private opened: Promise<FileStore> | undefined;

  constructor(
    readonly statePath: string,
    readonly disk: Disk = realDisk,
  ) {
    this.folder = `${statePath}.undo`;
    this.journal = new Journal(join(this.folder, 'journal'), disk);
    this.versions = new Versions(this.folder, disk);
  }

  /** Files of volumes and pods; loads what reads and writes them. */
  files(): Promise<FileStore> {
    this.opened ??= import('./file-store').then(
      ({ FileStore }) => new FileStore(this.statePath, join(this.folder, 'files'), this.disk),
    );
    return this.opened;
  }

  /** What tells the state file in place from others. */
  live(): FileIdentity | undefined {
    return this.disk.statSync(this.statePath, { throwIfNoEntry: false });
  }

  /** Where the cluster is among its versions; `settle` as in Journal.head. */
  head(settle = false): Head {
    return this.journal.head(this.live(), settle);
  }

  makeFolder(): void {
    this.disk.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  readFiles(step: number): StepFiles | undefined {
    const text = readText(this.disk, this.filesPath(step));
    return text === undefined ? undefined : (JSON.parse(text) as StepFiles);
  }

  writeFiles(step: number, files: StepFiles | undefined): void {
    const path = this.filesPath(step);
    if (files) writeWhole(this.disk, path, JSON.stringify(files), true);
    else this.disk.rmSync(path, { force: true });
  }

  /** What a folder was known to hold lately, so that large files need not be read again. */
  lately(position: number, unit: Unit): Units[Unit] | undefined {
    for (let step = position - 1; step >= Math.max(0, position - 4); step--) {
      const tree = this.readFiles(step)?.before[unit];
      if (tree !== undefined) return tree;
    }
    return undefined;
  }

  /** Forgets versions from `end` on, and what steps from `end` on did to files. */
  async forgetFrom(end: number): Promise<void> {
    this.versions.forget((number) => number >= end);
    this.forgetFiles((step) => step >= end);
    await this.sweepFiles();
  }

  /** Removes what was never finished. The lock must be held. */
  sweepDrafts(): void {
    for (const folder of [this.folder, join(this.folder, 'files'), `${this.statePath}.snapshots`])
      for (const name of namesIn(this.disk, folder)) if (name.endsWith('.new')) discard(this.disk, join(folder, name));
  }

  /** Forgets everything. */
  clear(): void {
    if (isThere(this.disk, this.folder)) this.disk.rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Keeps all of it within so many bytes, the oldest going first; the newest version always stays. The state file in place
   * must be newer than the last record.
   */
  async compact(position: number, budget: number): Promise<void> {
    if (position % PACK === 0) this.versions.pack(position - PACK);
    if (this.size() > budget) this.versions.pack(position - NEWEST);
    let oldest = 0;
    while (this.size() > budget) {
      const first = Math.min(position, ...this.versions.numbers());
      if (first >= position - 1) break;
      // A quarter at a time, so that not every command has to make room.
      oldest = first + Math.ceil((position - 1 - first) / 4);
      this.versions.forget((number) => number < oldest);
      this.forgetFiles((step) => step < oldest);
      await this.sweepFiles();
    }
    if (position % PACK !== 0 && oldest === 0) return;
    const numbers = [...this.versions.numbers()];
    this.journal.trim(Math.min(position, ...numbers));
    await this.sweepFiles();
  }

  /** Bytes, all in all. */
  size(): number {
    let size = 0;
    for (const folder of [this.folder, join(this.folder, 'files')])
      for (const name of namesIn(this.disk, folder)) {
        const stat = this.disk.lstatSync(join(folder, name), { throwIfNoEntry: false });
        if (stat?.isFile()) size += stat.size;
      }
    return size;
  }

  private async sweepFiles(): Promise<void> {
    if (!isThere(this.disk, join(this.folder, 'files'))) return;
    const { sumsOf } = await import('./units');
    const needed = new Set<string>();
    for (const name of namesIn(this.disk, this.folder)) {
      const step = /^(\d+)\.files$/.exec(name)?.[1];
      const { before, after } = (step && this.readFiles(Number(step))) || { before: {} };
      for (const sum of [...sumsOf(before), ...sumsOf(after ?? {})]) needed.add(sum);
    }
    (await this.files()).blobs.sweep(needed);
  }

  private forgetFiles(isGone: (step: number) => boolean): void {
    for (const name of namesIn(this.disk, this.folder)) {
      const step = /^(\d+)\.files$/.exec(name)?.[1];
      if (step && isGone(Number(step))) this.disk.rmSync(join(this.folder, name), { force: true });
    }
  }

  private filesPath(step: number): string {
    return join(this.folder, `${step}.files`);
  }
}
