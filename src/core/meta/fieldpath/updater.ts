/** Who owns which fields after a write (as merge.Updater): updates take what they change, applies what they name. */
import { type Comparison, compare } from './compare';
import { toFieldSet } from './field-set';
import {
  difference,
  EMPTY_FIELDS,
  type Fields,
  intersection,
  isEmptySet,
  pathsOf,
  recursiveDifference,
  union,
} from './fields';
import { merge } from './merge';
import { compareElements } from './path';
import { removeFields, withNamedFields } from './remove';
import type { Shape } from './shape';

export interface Owned {
  readonly fields: Fields;
  /** Through apply; otherwise through an update. */
  readonly applied: boolean;
}

/** Owned fields by the manager's identifier. */
export type Managers = ReadonlyMap<string, Owned>;

export interface FieldConflict {
  readonly manager: string;
  readonly path: readonly string[];
}

/** Somebody else owns fields that an apply would change. */
export class FieldConflicts extends Error {
  constructor(readonly conflicts: readonly FieldConflict[]) {
    super(`${conflicts.length} conflicting fields`);
  }
}

export interface Rules {
  readonly shape: Shape;
  /** Fields that this kind of write can't change, with all below them. */
  readonly ignored: Fields;
  /** Takes away the fields that nobody owns. */
  stripped(fields: Fields): Fields;
  equal(a: unknown, b: unknown): boolean;
}

/** The owners after an update; `manager` owns what changed, and loses what it removed like everybody else. */
export function updated(rules: Rules, before: unknown, after: unknown, managers: Managers, manager: string): Managers {
  const changes = changesOf(rules, before, after);
  const changed = union(changes.modified, changes.added);
  const next = new Map<string, Owned>();
  for (const [name, owned] of managers) {
    const fields = difference(name === manager ? owned.fields : difference(owned.fields, changed), changes.removed);
    if (!isEmptySet(fields)) next.set(name, { ...owned, fields });
  }
  const own = difference(union(next.get(manager)?.fields ?? EMPTY_FIELDS, changed), changes.removed);
  if (!isEmptySet(own)) next.set(manager, { fields: own, applied: false });
  return next;
}

export interface Merged {
  /** The object with the configuration in it. */
  readonly object: unknown;
  readonly managers: Managers;
  /** False when the configuration says what is there already. */
  readonly changed: boolean;
}

/** @throws FieldConflicts unless `force`; MissingKeyError */
export function applied(
  rules: Rules,
  live: unknown,
  config: unknown,
  managers: Managers,
  manager: string,
  force: boolean,
): Merged {
  const { shape, ignored } = rules;
  const last = managers.get(manager);
  // The name and its like are owned while fields are taken away, lest metadata go with the last label.
  const own = recursiveDifference(toFieldSet(shape, config), ignored);
  const claimed = new Map(managers).set(manager, { fields: own, applied: true });
  const object = pruned(shape, merge(shape, live, config), claimed, last);
  const changes = changesOf(rules, live, object);
  const changed = union(changes.modified, changes.added);
  const conflicts: FieldConflict[] = [];
  const next = new Map<string, Owned>();
  for (const [name, owned] of claimed) {
    let { fields } = owned;
    if (name === manager) fields = rules.stripped(fields);
    else {
      const lost = intersection(fields, changed);
      for (const path of pathsOf(lost, compareElements)) conflicts.push({ manager: name, path });
      fields = difference(fields, lost);
      fields = difference(fields, changes.removed);
    }
    if (!isEmptySet(fields)) next.set(name, { ...owned, fields });
  }
  if (conflicts.length > 0 && !force) throw new FieldConflicts(conflicts);
  return { object, managers: next, changed: !(isEmptySet(changed) && isEmptySet(changes.removed)) };
}

function changesOf(rules: Rules, before: unknown, after: unknown): Comparison {
  const { added, removed, modified } = compare(rules.shape, before, after, rules.equal);
  const without = (set: Fields): Fields => rules.stripped(recursiveDifference(set, rules.ignored));
  return { added: without(added), removed: without(removed), modified: without(modified) };
}

/** Takes away what the manager applied last time and no longer does, unless somebody else owns it. */
function pruned(shape: Shape, merged: unknown, managers: Managers, last: Owned | undefined): unknown {
  if (!last || isEmptySet(last.fields)) return merged;
  const named = (set: Fields): Fields => withNamedFields(shape, set);
  const lastNamed = named(last.fields);
  const mergedNamed = named(toFieldSet(shape, merged));
  let rest = removeFields(shape, merged, lastNamed);
  let claimed = EMPTY_FIELDS;
  for (const { fields } of managers.values()) claimed = union(claimed, fields);
  const kept = union(named(toFieldSet(shape, rest ?? {})), named(claimed));
  rest = removeFields(shape, merged, difference(mergedNamed, kept));
  const gone = difference(mergedNamed, named(toFieldSet(shape, rest ?? {})));
  return removeFields(shape, merged, intersection(gone, lastNamed)) ?? {};
}
