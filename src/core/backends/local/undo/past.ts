/** Going back and forth among the versions of the cluster: undo, redo, and what can be undone. */
import type { PastStep } from '../../../reports/past';
import { StateFileError } from '../errors';
import type { HostPort } from '../host';
import { SCHEMA, type StateFile } from '../state-file';
import type { FileStore } from './file-store';
import { instantOf, resumed } from './instants';
import type { Story } from './journal';
import { makeMove } from './move';
import { NothingToDo } from './refusals';
import type { UndoStore } from './store';
import { isSameTree, type Tree, type Unit, type Units } from './units';

export interface World {
  readonly store: UndoStore;
  readonly file: StateFile;
  readonly host: HostPort;
}

let moves = 0;

export const newToken = ({ host }: World): string => `${host.pid}-${host.now().toString(36)}-m${moves++}`;

/** What can be undone, oldest first, and behind it what can be redone. */
export function steps({ store }: World): PastStep[] {
  const { steps: all, position } = store.journal.story(store.live());
  const kept = store.versions.numbers();
  return [...all.values()]
    .filter(({ step }) => (step < position ? kept.has(step) : kept.has(step + 1)))
    .sort((a, b) => a.step - b.step)
    .map(({ step, command, at }) => ({ number: step + 1, command, at, undone: step >= position }));
}

/** Undoes so many commands, or redoes (a negative count). The lock must be held. Returns them in the order in which it goes. */
export async function move(world: World, count: number): Promise<PastStep[]> {
  const { store, file } = world;
  const live = file.load();
  const story = store.journal.story(store.live());
  const { position, top } = story;
  const target = position - count;
  const known = steps(world);
  const wanted = known.filter(
    ({ number }) => number > Math.min(position, target) && number <= Math.max(position, target),
  );
  if (wanted.length < Math.abs(count))
    throw new NothingToDo(count, known.filter(({ undone }) => undone === count < 0).length);
  const { units, files } = await exchangeFiles(world, story, target);
  store.makeFolder();
  store.versions.keep(position, file.realPath());
  const now = live ? instantOf(live, world.host) : 0;
  const state = stateOf(world, store.versions.read(target), story.nows.get(target));
  await makeMove(
    store,
    files,
    { record: { to: target, top, from: position, now, token: newToken(world) }, units, state },
    file,
  );
  return (count > 0 ? wanted.reverse() : wanted).map((step) => ({ ...step, undone: count > 0 }));
}

/** The text to be put in place for a version; null for none. Throws StateFileError where it can't be read any more. */
export function stateOf(
  { file, host }: World,
  text: string | null | undefined,
  now: number | undefined,
): string | null {
  if (text === null) return null;
  try {
    if (text === undefined) throw new Error('it is missing');
    const document = file.read(text);
    return resumed(text, document, SCHEMA, now ?? instantOf(document, host), host);
  } catch (error) {
    throw new StateFileError(
      `the version of the cluster that was kept can't be read: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
      'Nothing was changed.',
    );
  }
}

/** Walks from the present version to the target, noting for each step what folders are after it (or before it). */
async function exchangeFiles({ store }: World, { position }: Story, target: number) {
  const current = new Map<Unit, Tree>();
  const present = new Map<Unit, Tree>();
  let files: FileStore | undefined;
  const back = target < position;
  const path = Array.from({ length: Math.abs(position - target) }, (_, i) => (back ? position - 1 - i : position + i));
  for (const step of path) {
    const changed = store.readFiles(step);
    if (!changed) continue;
    files ??= await store.files();
    const seen: Record<Unit, Tree> = {};
    const { before, after = {} } = changed;
    for (const unit of new Set([...Object.keys(before), ...Object.keys(after)] as Unit[])) {
      if (!current.has(unit)) {
        const tree = files.capture(unit, before[unit] ?? after[unit]);
        current.set(unit, tree);
        present.set(unit, tree);
      }
      seen[unit] = current.get(unit) ?? null;
      const next = back ? before[unit] : after[unit];
      if (next !== undefined) current.set(unit, next);
    }
    store.writeFiles(step, back ? { before, after: seen } : { before: seen, after });
  }
  await files?.blobs.settle();
  const units: Record<Unit, Tree> = {};
  for (const [unit, tree] of current) if (!isSameTree(tree, present.get(unit))) units[unit] = tree;
  return { units: units as Units, files };
}
