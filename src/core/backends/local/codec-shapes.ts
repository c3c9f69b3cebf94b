/**
 * Finds the shapes of a list: objects with the same keys and array lengths share a base, and what differs between them
 * becomes columns. A column that always contains another one between the same two texts is derived and not stored.
 */

import type { JsonObject } from './codec';
import { encodeJson } from './codec-json';
import type { Memo } from './codec-memory';

/** One value of the base. Leaves that differ in some object of the shape are holes. */
interface Template {
  readonly base: unknown;
  /** Absent for leaves and empty containers. */
  readonly children?: readonly Template[];
  readonly keys?: readonly string[];
  readonly pointer: string;
  hole: boolean;
  /** Some value that is known to fit: shared parts of later objects need no second look. */
  fits: unknown;
}

interface Shape {
  readonly template: Template;
  readonly items: JsonObject[];
}

/** Derived column: `prefix + column + suffix`. */
export type Derived = readonly [column: number, prefix: string, suffix: string];

export interface WrittenShape {
  readonly base: unknown;
  /** JSON pointers to what differs, in the order of a row's values. */
  readonly columns: readonly string[];
  readonly derived: Readonly<Record<string, Derived>>;
}

/** More shapes than this in one group are no shapes: further objects are written in full. */
const MAX_SHAPES = 32;

/**
 * `lines` are JSON texts in the order of `items`: `[shape, value, …]`, or the object itself. Items that something is `known`
 * of, in the same order, keep their words. With `memos`, the words of every other row are noted there.
 */
export function chooseShapes(
  items: readonly JsonObject[],
  known?: readonly (Memo | undefined)[],
  memos?: Map<JsonObject, Memo>,
): { shapes: WrittenShape[]; lines: string[] } {
  const groups = new Map<string, Shape[]>();
  const chosen = items.map((item, i) => (known?.[i] ? undefined : chooseShape(item, groups)));
  const shapes: WrittenShape[] = [];
  const numbers = new Map<WrittenShape, number>();
  const rows = new Map<Shape, RowWriter>();
  const row = (memo: Memo): string => {
    let number = numbers.get(memo.shape);
    if (number === undefined) {
      number = shapes.push(memo.shape) - 1;
      numbers.set(memo.shape, number);
    }
    return `[${number}${memo.tail}`;
  };
  const lines = items.map((item, i) => {
    const old = known?.[i];
    if (old) return row(old);
    const shape = chosen[i];
    if (shape === undefined || shape.items.length < 2) return encodeJson(item);
    let writer = rows.get(shape);
    if (writer === undefined) {
      writer = writeShape(shape);
      rows.set(shape, writer);
    }
    const memo = { shape: writer.shape, tail: writer.next() };
    memos?.set(item, memo);
    return row(memo);
  });
  return { shapes, lines };
}

function chooseShape(item: JsonObject, groups: Map<string, Shape[]>): Shape | undefined {
  const key = groupKey(item);
  let group = groups.get(key);
  if (group === undefined) {
    group = [];
    groups.set(key, group);
  }
  for (let i = 0; i < group.length; i++) {
    const shape = group[i];
    const holes: Template[] = [];
    if (!fit(shape.template, item, holes)) continue;
    for (const hole of holes) hole.hole = true;
    shape.items.push(item);
    // Neighbours tend to be alike: the shape that fitted is tried first next time.
    if (i > 0) [group[0], group[i]] = [shape, group[0]];
    return shape;
  }
  if (group.length >= MAX_SHAPES) return undefined;
  const shape = { template: template(item, ''), items: [item] };
  group.unshift(shape);
  return shape;
}

/** Objects that are likely to have most values in common, not only keys. */
function groupKey(item: JsonObject): string {
  const { kind, metadata } = item;
  if (typeof kind !== 'string' || !isRecord(metadata)) return '';
  if (kind === 'Event') {
    const involved = isRecord(item.involvedObject) ? item.involvedObject.kind : '';
    return `Event ${involved} ${item.reason} ${item.reportingComponent}`;
  }
  const name = metadata.generateName ?? String(metadata.name).replace(/[0-9a-f]{8}-[0-9a-f-]+$|\d+$/, '');
  const labels = isRecord(metadata.labels) ? metadata.labels : {};
  return `${kind} ${metadata.namespace} ${name} ${labels['controller-revision-hash']}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function template(value: unknown, pointer: string): Template {
  if (typeof value !== 'object' || value === null) return { base: value, pointer, hole: false, fits: value };
  if (Array.isArray(value)) {
    const children = value.map((item, i) => template(item ?? null, `${pointer}/${i}`));
    return { base: value, children, pointer, hole: false, fits: value };
  }
  const keys: string[] = [];
  const children: Template[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    keys.push(key);
    children.push(template(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  }
  return { base: value, children, keys, pointer, hole: false, fits: value };
}

/** Whether the value has the template's structure; collects the leaves in which it differs. */
function fit(node: Template, value: unknown, holes: Template[]): boolean {
  if (value === node.fits) return true;
  const { children, keys } = node;
  if (typeof value !== 'object' || value === null) {
    if (children !== undefined) return false;
    if (!node.hole && value !== node.base) holes.push(node);
    return true;
  }
  if (children === undefined) return false;
  if (keys === undefined) {
    if (!Array.isArray(value) || value.length !== children.length) return false;
    for (let i = 0; i < children.length; i++) if (!fit(children[i], value[i] ?? null, holes)) return false;
  } else {
    if (Array.isArray(value)) return false;
    if (!fitKeys(keys, children, value as JsonObject, holes)) return false;
  }
  node.fits = value;
  return true;
}

function fitKeys(
  keys: readonly string[],
  children: readonly Template[],
  value: JsonObject,
  holes: Template[],
): boolean {
  let found = 0;
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    const at = keys[found] === key ? found : keys.indexOf(key);
    if (at < 0 || !fit(children[at], item, holes)) return false;
    found++;
  }
  return found === keys.length;
}

interface RowWriter {
  readonly shape: WrittenShape;
  /** The text of the next item's row after its shape's number. */
  next(): string;
}

function writeShape(shape: Shape): RowWriter {
  const holes: Template[] = [];
  const read = reader(shape.template, holes);
  const values = shape.items.map((item) => {
    const row: unknown[] = [];
    read?.(item, row);
    return row;
  });
  const { stored, derived } = derive(values, holes.length);
  const position = new Map(stored.map((column, i) => [column, i]));
  let at = 0;
  return {
    shape: {
      base: shape.template.base,
      columns: stored.map((column) => holes[column].pointer),
      derived: Object.fromEntries(
        [...derived].map(([column, [from, prefix, suffix]]) => [
          holes[column].pointer,
          [position.get(from)!, prefix, suffix],
        ]),
      ),
    },
    next: () => {
      const row = values[at++];
      return stored.length === 0 ? ']' : `,${encodeJson(stored.map((column) => row[column])).slice(1)}`;
    },
  };
}

/** Collects the holes below a node and returns what reads their values, or undefined where there are none. */
function reader(node: Template, holes: Template[]): ((value: unknown, row: unknown[]) => void) | undefined {
  if (node.hole) {
    holes.push(node);
    return (value, row) => row.push(value);
  }
  const parts = (node.children ?? []).flatMap((child, i) => {
    const read = reader(child, holes);
    return read ? [{ key: node.keys?.[i] ?? i, read }] : [];
  });
  if (parts.length === 0) return undefined;
  return (value, row) => {
    for (const { key, read } of parts) read((value as Record<string | number, unknown>)[key], row);
  };
}

/** Splits the columns into those that must be stored and those that follow from a stored one in every row. */
function derive(rows: readonly (readonly unknown[])[], count: number) {
  const first = rows[0];
  const size = (column: number) => String(first[column]).length;
  // Shorter texts first: only they can be contained in longer ones.
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => size(a) - size(b) || a - b);
  const stored: number[] = [];
  const derived = new Map<number, Derived>();
  for (const column of order) {
    const found = stored.map((from) => relation(rows, from, column)).find((relation) => relation !== undefined);
    if (found) derived.set(column, found);
    else stored.push(column);
  }
  return { stored: stored.sort((a, b) => a - b), derived };
}

function relation(rows: readonly (readonly unknown[])[], from: number, column: number): Derived | undefined {
  const source = rows[0][from];
  const target = rows[0][column];
  if (typeof source !== 'string' || typeof target !== 'string') {
    return rows.every((row) => row[column] === row[from]) ? [from, '', ''] : undefined;
  }
  const at = target.indexOf(source);
  if (source === '' || at < 0) return undefined;
  const prefix = target.slice(0, at);
  const suffix = target.slice(at + source.length);
  const rest = prefix.length + suffix.length;
  for (const row of rows) {
    const a = row[from];
    const b = row[column];
    if (typeof a !== 'string' || typeof b !== 'string' || b.length !== a.length + rest) return undefined;
    if (!b.endsWith(suffix) || !b.startsWith(prefix) || !b.startsWith(a, prefix.length)) return undefined;
  }
  return [from, prefix, suffix];
}
