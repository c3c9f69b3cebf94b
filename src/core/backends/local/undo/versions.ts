/**
 * The numbered versions of the state file: the newest as files of their own, which cost a hard link each; older ones together
 * in packs, where each costs what differs.
 */
import { join } from 'node:path';
import { syncFile } from '../durable';
import { errorCode } from '../errors';
import { type Disk, isThere, namesIn, readText, writeWhole } from './disk';
import { type Pack, packTexts, unpackText } from './packs';

/** How many versions make a pack. */
export const PACK = 64;

/** Where there was no state file. */
const NOTHING = '.none';
const WHOLE = '.json';

export class Versions {
  constructor(
    private readonly folder: string,
    private readonly disk: Disk,
  ) {}

  /** Keeps what is at `path` (where nothing is: that) as version `number`. The file must never be written in place again. */
  keep(number: number, path: string): void {
    const whole = this.whole(number);
    const draft = `${whole}.new`;
    this.disk.rmSync(draft, { force: true });
    try {
      this.linkOrCopy(path, draft);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      this.disk.writeFileSync(this.nothing(number), '', { mode: 0o600 });
      this.disk.rmSync(whole, { force: true });
      return;
    }
    this.disk.renameSync(draft, whole);
    // Of two names of one file a rename leaves both.
    this.disk.rmSync(draft, { force: true });
    this.disk.rmSync(this.nothing(number), { force: true });
  }

  /** The text of a version, null where there was no state file; undefined where it is not known any more. */
  read(number: number): string | null | undefined {
    const whole = readText(this.disk, this.whole(number));
    if (whole !== undefined) return whole;
    if (isThere(this.disk, this.nothing(number))) return null;
    const pack = this.readPack(Math.floor(number / PACK));
    return pack && unpackText(pack, number);
  }

  /** The numbers of all versions. */
  numbers(): Set<number> {
    const found = new Set<number>();
    for (const name of namesIn(this.disk, this.folder)) {
      const whole = /^(\d+)\.(json|none)$/.exec(name);
      if (whole) found.add(Number(whole[1]));
      const pack = /^pack-(\d+)$/.exec(name);
      if (pack)
        for (const number of Object.keys(this.readPack(Number(pack[1]))?.versions ?? {})) found.add(Number(number));
    }
    return found;
  }

  /** Forgets the versions for which `isGone` says so. */
  forget(isGone: (number: number) => boolean): void {
    for (const name of namesIn(this.disk, this.folder)) {
      const whole = /^(\d+)\.(json|none)$/.exec(name);
      if (whole && isGone(Number(whole[1]))) this.disk.rmSync(join(this.folder, name), { force: true });
      const pack = /^pack-(\d+)$/.exec(name);
      if (pack) this.thin(Number(pack[1]), isGone);
    }
  }

  private thin(chunk: number, isGone: (number: number) => boolean): void {
    const pack = this.readPack(chunk);
    const numbers = Object.keys(pack?.versions ?? {}).map(Number);
    const kept = numbers.filter((number) => !isGone(number));
    if (pack && kept.length === numbers.length) return;
    if (!pack || kept.length === 0) {
      this.disk.rmSync(this.packPath(chunk), { force: true });
      return;
    }
    const texts = new Map(kept.map((number) => [number, unpackText(pack, number) ?? '']));
    writeWhole(this.disk, this.packPath(chunk), JSON.stringify(packTexts(texts)), true);
  }

  /** Puts the whole versions before `end` into packs. */
  pack(end: number): void {
    const loose = new Map<number, number[]>();
    for (const name of namesIn(this.disk, this.folder)) {
      const number = Number(/^(\d+)\.json$/.exec(name)?.[1] ?? Number.NaN);
      if (!(number < end)) continue;
      const chunk = Math.floor(number / PACK);
      loose.set(chunk, [...(loose.get(chunk) ?? []), number]);
    }
    for (const [chunk, numbers] of loose) {
      const known = this.readPack(chunk);
      const texts = new Map<number, string>();
      const all = new Set([...Object.keys(known?.versions ?? {}).map(Number), ...numbers]);
      for (const number of [...all].sort((a, b) => a - b)) {
        const text = readText(this.disk, this.whole(number)) ?? (known && unpackText(known, number));
        if (text !== undefined) texts.set(number, text);
      }
      writeWhole(this.disk, this.packPath(chunk), JSON.stringify(packTexts(texts)), true);
      for (const number of numbers) this.disk.rmSync(this.whole(number), { force: true });
    }
  }

  private linkOrCopy(from: string, to: string): void {
    try {
      this.disk.linkSync(from, to);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw error;
      this.disk.copyFileSync(from, to);
      syncFile(this.disk, to);
    }
  }

  private readPack(chunk: number): Pack | undefined {
    const text = readText(this.disk, this.packPath(chunk));
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as Pack;
    } catch {
      return undefined;
    }
  }

  private whole(number: number): string {
    return join(this.folder, `${number}${WHOLE}`);
  }

  private nothing(number: number): string {
    return join(this.folder, `${number}${NOTHING}`);
  }

  private packPath(chunk: number): string {
    return join(this.folder, `pack-${chunk}`);
  }
}
