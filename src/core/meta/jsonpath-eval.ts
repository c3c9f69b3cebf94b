/** Walking a value along a parsed JSONPath template. */

import { goType, goValue } from './gofmt';
import { isInteger, isNumber } from './json';
import type { Action, Step } from './jsonpath-parser';
import { get, has, isObject } from './objects';
import { compareText, sortedKeys } from './text';

/** Where the evaluation stands between `{range}` and `{end}`. */
export interface Iteration {
  /** How many loops are open. */
  inRange: number;
  /** The index of the action that ended the innermost loop. */
  endNode: number | undefined;
  readonly allowMissingKeys: boolean;
  /** How many actions were walked so far. */
  steps: number;
}

/** Loops that are never ended double the work with each of them. This is more than a template over 100,000 objects needs. */
const MOST_STEPS = 2_000_000;

/** A loop was opened or closed by the action that was just walked. */
interface Marks {
  range: boolean;
  end: boolean;
}

/** The results of the actions from `start` on, up to the end of the loop that they are in. */
export function evaluate(actions: readonly Action[], start: number, value: unknown, state: Iteration): unknown[][] {
  const all: unknown[][] = [];
  for (let index = start; index < actions.length; index++) {
    if (++state.steps > MOST_STEPS) throw new Error(`the template takes more than ${MOST_STEPS} steps`);
    const marks: Marks = { range: false, end: false };
    const results = new Walker(state, marks).action(actions[index]!, [value]);
    if (marks.end) {
      state.endNode = index;
      return all;
    }
    if (!marks.range) {
      all.push(results);
      continue;
    }
    state.inRange++;
    state.endNode = undefined;
    // An empty loop's body is walked all the same, to find where the loop ends.
    if (results.length === 0) evaluate(actions, index + 1, undefined, state);
    // Go's reflection makes no value at all of a null that a loop hands on.
    for (const item of results) all.push(...evaluate(actions, index + 1, item ?? undefined, state));
    state.inRange--;
    const end: number | undefined = state.endNode;
    if (end !== undefined && end > index) index = end;
  }
  return all;
}

class Walker {
  constructor(
    private readonly state: Iteration,
    private readonly marks: Marks,
  ) {}

  action(steps: Action, input: readonly unknown[]): unknown[] {
    let values = [...input];
    for (const step of steps) values = this.step(step, values);
    return values;
  }

  private step(step: Step, input: unknown[]): unknown[] {
    switch (step.type) {
      case 'text':
        return [step.value];
      case 'literal':
        return input.map(() => step.value);
      case 'field':
        return this.field(step.name, input);
      case 'wildcard':
        return input.flatMap(children);
      case 'recursive':
        return input.flatMap(descendants);
      case 'identifier':
        return this.identifier(step.name, input);
      case 'slice':
        return this.slices(step, input);
      case 'union':
        return step.members.flatMap((member) => this.action(member, input));
      case 'filter':
        return input.flatMap((value) => this.filter(step, value));
    }
  }

  private field(name: string, input: unknown[]): unknown[] {
    if (input.length === 0) return [];
    const found = input.flatMap((value) => (isObject(value) && has(value, name) ? [get(value, name)] : []));
    if (found.length === 0 && !this.state.allowMissingKeys) throw new Error(`${name} is not found`);
    return found;
  }

  private identifier(name: string, input: unknown[]): unknown[] {
    if (name === 'range') {
      this.marks.range = true;
      return input;
    }
    if (name !== 'end') throw new Error(`unrecognized identifier ${name}`);
    if (this.state.inRange === 0) throw new Error('not in range, nothing to end');
    this.marks.end = true;
    return [];
  }

  private filter(step: Extract<Step, { type: 'filter' }>, value: unknown): unknown[] {
    if (!Array.isArray(value)) {
      // The body of an empty loop is walked with nothing at all, which Go's reflection tells from null.
      const shown = value === undefined ? '<invalid reflect.Value>' : goValue(value);
      throw new Error(`${shown} is not array or slice and cannot be filtered`);
    }
    return value.filter((item) => {
      if (step.operator === 'exists') return this.exists(step.left, item);
      const lefts = this.operand(step.left, item);
      const rights = lefts.length === 0 ? [] : this.operand(step.right, item);
      if (lefts.length === 0 || rights.length === 0) return false;
      const kinds = [kindOf(lefts[0], step.left), kindOf(rights[0], step.right)];
      return compare(lefts[0], step.operator, rights[0], kinds);
    });
  }

  private operand(path: Action, item: unknown): unknown[] {
    const values = this.action(path, [item]);
    if (values.length > 1) throw new Error('can only compare one element at a time');
    return values;
  }

  /** Upstream asks only whether anything came back, which is what went into a step that failed. */
  private exists(path: Action, item: unknown): boolean {
    let values: unknown[] = [item];
    for (const step of path) {
      try {
        values = this.step(step, values);
      } catch {
        return step.type !== 'field' && values.length > 0;
      }
    }
    return values.length > 0;
  }

  /** The parts of each list; asking for no element of one is the end of it. */
  private slices(step: SliceStep, input: unknown[]): unknown[] {
    const found: unknown[] = [];
    for (const value of input) {
      if (value === null || value === undefined) continue;
      const part = slice(value, step);
      if (part === undefined) break;
      found.push(...part);
    }
    return found;
  }
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value)) return sortedKeys(value).map((key) => get(value, key));
  return typeof value === 'string' ? [...new TextEncoder().encode(value)] : [];
}

/** The value and everything below it that has children of its own. */
function descendants(root: unknown): unknown[] {
  const found: unknown[] = [];
  const visit = (value: unknown): void => {
    // Upstream steps into texts byte by byte; their bytes have no children.
    const inner = typeof value === 'string' ? [] : children(value);
    if (inner.length === 0 && (typeof value !== 'string' || value === '')) return;
    found.push(value);
    for (const child of inner) visit(child);
  };
  visit(root);
  return found;
}

type SliceStep = Extract<Step, { type: 'slice' }>;

/** The part of the list; undefined when the bounds leave none. */
function slice(value: unknown, step: SliceStep): unknown[] | undefined {
  if (!Array.isArray(value)) throw new Error(`${goType(value)} is not array or slice`);
  const length = value.length;
  let from = step.from ?? 0;
  let to = step.to ?? length;
  if (from < 0) from += length;
  if (to < 0 || (to === 0 && step.derived)) to += length;
  if (from === to) return undefined;
  const outside = (index: number) => new Error(`array index out of bounds: index ${index}, length ${length}`);
  if (from >= length || from < 0) throw outside(from);
  if (to > length || to < 0) throw outside(to - 1);
  if (from > to) throw new Error(`starting index ${from} is greater than ending index ${to}`);
  if (step.step !== undefined && step.step <= 0) throw new Error('step must be > 0');
  const stride = step.step ?? 1;
  return value.slice(from, to).filter((_, index) => index % stride === 0);
}

function compare(left: unknown, operator: string, right: unknown, kinds: readonly string[]): boolean {
  switch (operator) {
    case '==':
      return order(left, right, kinds, true) === 0;
    case '!=':
      return order(left, right, kinds, true) !== 0;
    case '<':
      return order(left, right, kinds, false) < 0;
    case '<=':
      return order(left, right, kinds, false) <= 0;
    case '>':
      return order(left, right, kinds, false) > 0;
    case '>=':
      return order(left, right, kinds, false) >= 0;
    default:
      throw new Error(`unrecognized filter operator ${operator}`);
  }
}

/** Texts and numbers have an order; booleans only equality; anything else is refused, as Go's templates do. */
function order(left: unknown, right: unknown, kinds: readonly string[], equality: boolean): number {
  if (kinds.includes('')) throw new Error('invalid type for comparison');
  if (kinds[0] !== kinds[1]) throw new Error('incompatible types for comparison');
  if (!equality && kinds.includes('bool')) throw new Error('invalid type for comparison');
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  const [a, b] = [left, right] as [number, number];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Go keeps whole and other numbers apart: `2.0` in a template is never equal to 2. */
function kindOf(value: unknown, path: Action): string {
  const last = path.at(-1);
  if (last?.type === 'literal' && last.float) return 'float';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (isNumber(value)) return isInteger(value) ? 'int' : 'float';
  return '';
}
