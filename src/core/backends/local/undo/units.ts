/** What of the files beside the state file comes and goes as a whole: the folder of a volume, the folder of a pod. */
import { join } from 'node:path';
import { type Disk, namesIn } from './disk';

export type Base = 'volumes' | 'pods';
export const BASES: readonly Base[] = ['volumes', 'pods'];

/** `volumes/<PersistentVolume>`, `pods/<uid>`; with nothing behind the slash it is the folder that holds them. */
export type Unit = `${Base}/${string}`;

export interface Entry {
  /** Below the unit's folder; empty for the folder itself. */
  readonly path: string;
  readonly mode?: number;
  /** ms since 1970 */
  readonly mtime?: number;
  /** Of a symbolic link: where it leads. */
  readonly link?: string;
  readonly size?: number;
  /** Of a file: the name of its bytes. */
  readonly sum?: string;
  /** The file's number and time of change when it was read, where they can be relied on. */
  readonly seen?: readonly [ino: number, ctimeMs: number];
}

/** Outside before inside; null where nothing is. */
export type Tree = readonly Entry[] | null;
export type Units = Readonly<Record<Unit, Tree>>;

/** While a tree is being put in place, folders of this name are below a base; pods and volumes are never called so. */
export const MOVING = '.undo';

export const baseOf = (unit: Unit): Base => (unit.startsWith('pods/') ? 'pods' : 'volumes');
export const nameOf = (unit: Unit): string => unit.slice(unit.indexOf('/') + 1);
export const isBase = (unit: Unit): boolean => nameOf(unit) === '';
export const baseUnit = (unit: Unit): Unit => `${baseOf(unit)}/`;

export const basePath = (statePath: string, base: Base): string => `${statePath}.${base}`;
export const pathOf = (statePath: string, unit: Unit): string => join(basePath(statePath, baseOf(unit)), nameOf(unit));

/** All that are there, with the folders that hold them. */
export function presentUnits(disk: Disk, statePath: string): Unit[] {
  return BASES.flatMap((base): Unit[] => {
    const names = namesIn(disk, basePath(statePath, base)).filter((name) => !name.startsWith('.'));
    return [`${base}/`, ...names.map((name): Unit => `${base}/${name}`)];
  });
}

/** Whether two trees are the same to whoever looks into them. */
export function isSameTree(a: Tree | undefined, b: Tree | undefined): boolean {
  if (!a || !b) return (a ?? null) === (b ?? null);
  return a.length === b.length && a.every((entry, i) => isSameEntry(entry, b[i]));
}

export const isSameEntry = (a: Entry, b: Entry): boolean =>
  a.path === b.path && a.mode === b.mode && a.link === b.link && a.sum === b.sum && a.size === b.size;

/** Names of bytes that trees mention. */
export function sumsOf(units: Units): string[] {
  return Object.values(units).flatMap((tree) => (tree ?? []).flatMap(({ sum }) => sum ?? []));
}
