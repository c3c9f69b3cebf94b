/** Which files differ between two states of the folders of volumes and pods. */
import { basename } from 'node:path';
import type { FileChange } from '../../../reports/past';
import { readableName } from './file-names';
import { baseOf, type Entry, isBase, isSameEntry, type Tree, type Unit, type Units } from './units';

export function changedFiles(before: Units, after: Units, statePath: string): FileChange[] {
  const units = [...new Set([...Object.keys(before), ...Object.keys(after)] as Unit[])].filter((unit) => !isBase(unit));
  return units.sort().flatMap((unit) => changedIn(unit, before[unit] ?? null, after[unit] ?? null, statePath));
}

function changedIn(unit: Unit, before: Tree, after: Tree, statePath: string): FileChange[] {
  // Of a pod that came or went its folder says enough: what is in it is mostly its image.
  const isWhole = baseOf(unit) === 'pods' && (before === null || after === null);
  const old = byPath(isWhole ? before?.slice(0, 1) : before);
  const fresh = byPath(isWhole ? after?.slice(0, 1) : after);
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((path): FileChange[] => {
    const [a, b] = [old.get(path), fresh.get(path)];
    if (a && b && isSameEntry(a, b)) return [];
    const change = a && b ? 'changed' : a ? 'removed' : 'added';
    return [{ path: readableName(`${basename(statePath)}.${unit}/${path}`), change }];
  });
}

const byPath = (tree: Tree | undefined): Map<string, Entry> =>
  new Map((tree ?? []).map((entry) => [entry.path, entry]));
