/** What differs between two values, path by path (as TypedValue.Compare). */
import { EMPTY_FIELDS, type Fields, FieldsBuilder, memberOf } from './fields';
import { fieldElement, itemElement, MissingKeyError } from './path';
import { asArray, asMap, childOf, childShape, type JsonMap, type ListShape, type Shape, shapeFor } from './shape';

export interface Comparison {
  readonly added: Fields;
  readonly removed: Fields;
  readonly modified: Fields;
}

interface Found {
  readonly added: FieldsBuilder;
  readonly removed: FieldsBuilder;
  readonly modified: FieldsBuilder;
  readonly equal: (a: unknown, b: unknown) => boolean;
}

/** Both are read as Go would write them: see `zeros`. `equal` compares leaves. */
export function compare(
  shape: Shape,
  before: unknown,
  after: unknown,
  equal: (a: unknown, b: unknown) => boolean,
): Comparison {
  const found: Found = {
    added: new FieldsBuilder(),
    removed: new FieldsBuilder(),
    modified: new FieldsBuilder(),
    equal,
  };
  visit(shape, before, after, [], found);
  return { added: found.added.build(), removed: found.removed.build(), modified: found.modified.build() };
}

/** How deep whole branches are looked at for equality. */
const SHALLOW = 2;

function visit(declared: Shape, before: unknown, after: unknown, path: string[], found: Found): void {
  if (before === after) return;
  // Most of an object is as it was: near the root that is seen faster than walked.
  if (path.length <= SHALLOW && found.equal(before, after)) return;
  if (before === undefined && path.length > 0) {
    found.added.put(path, all(declared, after));
    return;
  }
  const shape = shapeFor(declared, before, after);
  if (shape.kind === 'list' && shape.relation !== 'atomic') {
    const [left, right] = [asArray(before) ?? [], asArray(after) ?? []];
    if (left.length === 0 && right.length === 0) {
      leaf(before, after, path, found);
      return;
    }
    items(shape, left, right, path, found);
  } else {
    const [left, right] = [asMap(before), asMap(after)];
    const names = shape.kind === 'scalar' || shape.kind === 'list' || shape.atomic ? NONE : namesOf(shape, left, right);
    if (shape.kind === 'scalar' || shape.kind === 'list' || names.size === 0) {
      leaf(before, after, path, found);
      return;
    }
    for (const name of names)
      visit(
        childShape(shape, name),
        childOf(shape, left, name),
        childOf(shape, right, name),
        [...path, fieldElement(name)],
        found,
      );
  }
  if (before === undefined) found.added.insert(path);
  else if (after === undefined) found.removed.insert(path);
}

/** A value's own place and all paths below it. */
function all(declared: Shape, value: unknown): Fields {
  const shape = shapeFor(declared, value);
  if (shape.kind === 'scalar') return EMPTY_FIELDS;
  if (shape.kind === 'list') return shape.relation === 'atomic' ? EMPTY_FIELDS : allItems(shape, asArray(value) ?? []);
  const map = asMap(value);
  const names = shape.atomic ? NONE : namesOf(shape, map, undefined);
  const children: [string, Fields][] = [];
  for (const name of names) {
    const child = childOf(shape, map, name);
    if (child !== undefined) children.push([fieldElement(name), all(childShape(shape, name), child)]);
  }
  return memberOf(children);
}

/** The list of each shape that was looked at last: objects of one template have theirs in common. */
const latest = new WeakMap<ListShape, { readonly list: readonly unknown[]; readonly fields: Fields }>();

function allItems(shape: ListShape, list: readonly unknown[]): Fields {
  const known = latest.get(shape);
  if (known?.list === list) return known.fields;
  const children: [string, Fields][] = [];
  for (const [element, item] of indexed(shape, list))
    if (item !== undefined) children.push([element, all(shape.item, item)]);
  const fields = memberOf(children);
  latest.set(shape, { list, fields });
  return fields;
}

const NONE: ReadonlySet<string> = new Set();

function namesOf(shape: Shape, left: JsonMap | undefined, right: JsonMap | undefined): Set<string> {
  const names = new Set<string>();
  for (const side of [left, right]) {
    if (!side) continue;
    for (const [name, value] of Object.entries(side)) if (value !== undefined) names.add(name);
    if (shape.kind === 'struct') for (const name of shape.zeros.keys()) names.add(name);
  }
  return names;
}

function leaf(before: unknown, after: unknown, path: string[], found: Found): void {
  if (before === undefined) found.added.insert(path);
  else if (after === undefined) found.removed.insert(path);
  else if (!found.equal(before, after)) found.modified.insert(path);
}

function items(
  shape: ListShape,
  before: readonly unknown[],
  after: readonly unknown[],
  path: string[],
  found: Found,
): void {
  const [left, right] = [indexed(shape, before), indexed(shape, after)];
  for (const element of new Set([...left.keys(), ...right.keys()]))
    visit(shape.item, left.get(element), right.get(element), [...path, element], found);
}

/** The items by their element; of several with one element the first counts, what has none is passed over. */
export function indexed(shape: ListShape, list: readonly unknown[]): Map<string, unknown> {
  const byElement = new Map<string, unknown>();
  for (const item of list) {
    try {
      const element = itemElement(shape, item);
      if (!byElement.has(element)) byElement.set(element, item);
    } catch (error) {
      if (!(error instanceof MissingKeyError)) throw error;
    }
  }
  return byElement;
}
