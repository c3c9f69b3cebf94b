/** Which files differ between two states of the folders of volumes and pods. */
import { basename } from 'node:path';
import type { FileChange } from '../../../reports/past';
import { type Entry, isBase, isSameEntry, type Tree, type Unit, type Units } from './units';

export function changedFiles(before: Units, after: Units, statePath: string): FileChange[] {
  const units = [...new Set([...Object.keys(before), ...Object.keys(after)] as Unit[])].filter((unit) => !isBase(unit));
  return units.sort().flatMap((unit) => changedIn(unit, before[unit] ?? null, after[unit] ?? null, statePath));
}

function changedIn(unit: Unit, before: Tree, after: Tree, statePath: string): FileChange[] {
  const old = byPath(before);
  const fresh = byPath(after);
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((path): FileChange[] => {
    const [a, b] = [old.get(path), fresh.get(path)];
    if (a && b && isSameEntry(a, b)) return [];
    const change = a && b ? 'changed' : a ? 'removed' : 'added';
    return [{ path: `${basename(statePath)}.${unit}${path === '' ? '/' : `/${path}`}`, change }];
  });
}

const byPath = (tree: Tree): Map<string, Entry> => new Map((tree ?? []).map((entry) => [entry.path, entry]));
