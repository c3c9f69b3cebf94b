/** Builds the objects of a list back from shapes and rows. Whatever a shape's objects have in common is shared. */
import type { JsonObject } from './codec';

type Build = (row: readonly unknown[]) => unknown;
type BuildObject = (row: readonly unknown[]) => JsonObject;

/** Where the values of a shape go: a leaf builds one, a branch lists what differs below it. */
interface Branch {
  readonly children: Map<string, Branch>;
  leaf?: Build;
}

interface CompiledShape {
  readonly build: BuildObject;
  readonly length: number;
}

/** Throws Error naming the line of `list` that is wrong (counted from 1). */
export function buildRows(shapes: readonly unknown[], lines: readonly unknown[], list: string): JsonObject[] {
  const compiled = shapes.map((shape, i) => compileShape(shape, `shape ${i} of "${list}"`));
  return lines.map((line, i) => {
    if (!Array.isArray(line)) {
      if (typeof line !== 'object' || line === null) throw new Error(`line ${i + 1} of "${list}" is no object`);
      return line as JsonObject;
    }
    const shape = compiled[line[0]];
    if (shape === undefined) throw new Error(`line ${i + 1} of "${list}" names shape ${line[0]}, which does not exist`);
    if (line.length !== shape.length) {
      throw new Error(
        `line ${i + 1} of "${list}" has ${line.length - 1} values, its shape ${shape.length - 1} columns`,
      );
    }
    return shape.build(line);
  });
}

function compileShape(shape: unknown, where: string): CompiledShape {
  if (!isObject(shape) || !isObject(shape.base) || !Array.isArray(shape.columns) || !isObject(shape.derived)) {
    throw new Error(`${where} has no base, columns and derived`);
  }
  const root: Branch = { children: new Map() };
  for (const [i, pointer] of shape.columns.entries()) place(root, pointer, where, (row) => row[i + 1]);
  for (const [pointer, rule] of Object.entries(shape.derived)) place(root, pointer, where, derivation(rule, where));
  return { build: compile(root, shape.base, where) as BuildObject, length: shape.columns.length + 1 };
}

function derivation(rule: unknown, where: string): Build {
  if (!Array.isArray(rule)) throw new Error(`${where} has a bad derived column`);
  const [column, prefix, suffix] = rule;
  if (prefix === '' && suffix === '') return (row) => row[column + 1];
  return (row) => `${prefix}${row[column + 1]}${suffix}`;
}

function place(root: Branch, pointer: unknown, where: string, leaf: Build): void {
  if (typeof pointer !== 'string') throw new Error(`${where} has a bad column`);
  let branch = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    let next = branch.children.get(key);
    if (next === undefined) {
      next = { children: new Map() };
      branch.children.set(key, next);
    }
    branch = next;
  }
  branch.leaf = leaf;
}

function compile(branch: Branch, base: unknown, where: string): Build {
  if (branch.leaf) return branch.leaf;
  if (branch.children.size === 0) return () => base;
  if (typeof base !== 'object' || base === null) throw new Error(`${where} has a column that its base has not`);
  const parts = [...branch.children].map(([key, child]) => {
    if (!Object.hasOwn(base, key)) throw new Error(`${where} has a column that its base has not`);
    return { key, build: compile(child, (base as Record<string, unknown>)[key], where) };
  });
  if (Array.isArray(base)) {
    return (row) => {
      const copy = base.slice();
      for (const { key, build } of parts) copy[Number(key)] = build(row);
      return copy;
    };
  }
  if (branch.children.has('__proto__')) return withOddKey(base as JsonObject, parts);
  return (row) => {
    const copy: Record<string, unknown> = { ...base };
    for (const { key, build } of parts) copy[key] = build(row);
    return copy;
  };
}

/** An own field called `__proto__` must be defined: assigning it would change the prototype. */
function withOddKey(base: JsonObject, parts: readonly { key: string; build: Build }[]): Build {
  return (row) => {
    const copy = { ...base };
    for (const { key, build } of parts) {
      Object.defineProperty(copy, key, { value: build(row), enumerable: true, configurable: true, writable: true });
    }
    return copy;
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
