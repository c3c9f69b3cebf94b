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

/** Between shapes, and between lines. */
export const SEPARATOR = ',\n';

/** So many lines are put together at once: what is left of each is then gone before it costs anything to keep. */
const TOGETHER = 256;

/**
 * `lines` are the JSON texts of the items in their order, separated by commas and ends of lines: `[shape, value, …]`, or the
 * object itself. Items that something is `known` of, in the same order, keep their words; `memos` are the words of every
 * other row, in the same order.
 */
export function chooseShapes(
  items: readonly JsonObject[],
  known?: readonly (Memo | undefined)[],
): { shapes: WrittenShape[]; lines: string; memos: (Memo | undefined)[] } {
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
    return memo.values === '' ? `[${number}]` : `[${number},${memo.values}]`;
  };
  const memos: (Memo | undefined)[] = [];
  const line = (item: JsonObject, i: number): string => {
    const old = known?.[i];
    if (old) return row(old);
    const shape = chosen[i];
    if (shape === undefined || shape.items.length < 2) return encodeJson(item);
    let writer = rows.get(shape);
    if (writer === undefined) {
      writer = writeShape(shape);
      rows.set(shape, writer);
    }
    const memo = { shape: writer.shape, values: writer.next() };
    memos[i] = memo;
    return row(memo);
  };
  let lines = '';
  for (let at = 0; at < items.length; at += TOGETHER) {
    const some = items.slice(at, at + TOGETHER);
    // Adding copies nothing yet.
    lines += (at > 0 ? SEPARATOR : '') + some.map((item, i) => line(item, at + i)).join(SEPARATOR);
  }
  return { shapes, lines, memos };
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
  /** The texts of the values of the next item's row. */
  next(): string;
}

function writeShape(shape: Shape): RowWriter {
  const holes: Template[] = [];
  const values: unknown[][] = [];
  const read = reader(shape.template, shape.items.length, holes, values);
  if (read) for (const [i, item] of shape.items.entries()) read(item, i);
  const { stored, derived } = derive(values);
  const position = new Map(stored.map((column, i) => [column, i]));
  const columns = stored.map((column) => values[column]);
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
      const texts = columns.map((column) => textOf(column[at]));
      at++;
      return texts.join(',');
    },
  };
}

/** Strings of which JSON escapes nothing. */
const PLAIN = /^[ !#-[\]-\ud7ff]*$/;

/** Most values of rows are short plain strings: these are not worth a call out of the language. */
const textOf = (value: unknown): string =>
  typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : encodeJson(value);

type Reader = (value: unknown, row: number) => void;

/** Collects the holes below a node and returns what puts a value into the column of each, or undefined where there are none. */
function reader(node: Template, rows: number, holes: Template[], columns: unknown[][]): Reader | undefined {
  if (node.hole) {
    const column = new Array<unknown>(rows);
    holes.push(node);
    columns.push(column);
    return (value, row) => {
      column[row] = value;
    };
  }
  const parts = (node.children ?? []).flatMap((child, i) => {
    const read = reader(child, rows, holes, columns);
    return read ? [{ key: node.keys?.[i] ?? i, read }] : [];
  });
  if (parts.length === 0) return undefined;
  return (value, row) => {
    for (const { key, read } of parts) read((value as Record<string | number, unknown>)[key], row);
  };
}

/** Splits the columns into those that must be stored and those that follow from a stored one in every row. */
function derive(columns: readonly (readonly unknown[])[]) {
  const size = (column: number) => String(columns[column][0]).length;
  // Shorter texts first: only they can be contained in longer ones.
  const order = Array.from(columns.keys()).sort((a, b) => size(a) - size(b) || a - b);
  const stored: number[] = [];
  const derived = new Map<number, Derived>();
  for (const column of order) {
    const found = stored
      .map((from) => relation(columns[from], columns[column], from))
      .find((relation) => relation !== undefined);
    if (found) derived.set(column, found);
    else stored.push(column);
  }
  return { stored: stored.sort((a, b) => a - b), derived };
}

/** How every value of `targets` follows from that of `sources`, the column `from`; undefined where it does not. */
function relation(sources: readonly unknown[], targets: readonly unknown[], from: number): Derived | undefined {
  const [source] = sources;
  const [target] = targets;
  if (typeof source !== 'string' || typeof target !== 'string') {
    return targets.every((value, i) => value === sources[i]) ? [from, '', ''] : undefined;
  }
  const at = target.indexOf(source);
  if (source === '' || at < 0) return undefined;
  const prefix = target.slice(0, at);
  const suffix = target.slice(at + source.length);
  const rest = prefix.length + suffix.length;
  for (let i = 0; i < sources.length; i++) {
    const a = sources[i];
    const b = targets[i];
    if (typeof a !== 'string' || typeof b !== 'string' || b.length !== a.length + rest) return undefined;
    if (!b.endsWith(suffix) || !b.startsWith(prefix) || !b.startsWith(a, prefix.length)) return undefined;
  }
  return [from, prefix, suffix];
}
