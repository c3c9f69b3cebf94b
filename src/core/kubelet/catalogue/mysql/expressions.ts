/** What an expression is worth for a row. */
import { matchesParts, type WildcardPart } from '../../../meta/wildcard';
import { SqlError } from './errors';
import type { Expression } from './reader';

export type Value = string | number | null;

export interface Scope {
  /** The columns of the row; none outside of a table. */
  readonly columns: readonly string[];
  readonly row: readonly Value[];
  /** All rows that were chosen, where functions over all of them may be asked for. */
  readonly group?: readonly (readonly Value[])[];
  variable(name: string): Value;
  call(name: string, args: readonly Value[]): Value;
}

const AGGREGATES: readonly string[] = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX'];

/** Whether it is about all rows together. */
export function isAggregate(expression: Expression): boolean {
  switch (expression.kind) {
    case 'call':
      return AGGREGATES.includes(expression.name) || expression.args.some(isAggregate);
    case 'binary':
      return isAggregate(expression.left) || isAggregate(expression.right);
    case 'not':
    case 'minus':
    case 'null?':
      return isAggregate(expression.operand);
    default:
      return false;
  }
}

export function evaluate(expression: Expression, scope: Scope, where = 'field list'): Value {
  const value = (inner: Expression): Value => evaluate(inner, scope, where);
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'variable':
      return scope.variable(expression.name);
    case 'all':
      return '*';
    case 'column':
      return column(expression.name, scope, where);
    case 'not': {
      const inner = value(expression.operand);
      return inner === null ? null : truth(!isTrue(inner));
    }
    case 'minus':
      return -numberOf(value(expression.operand));
    case 'null?':
      return truth((value(expression.operand) === null) !== expression.negated);
    case 'in': {
      const operand = value(expression.operand);
      if (operand === null) return null;
      const isIn = expression.list.some((item) => compare(operand, value(item)) === 0);
      return truth(isIn !== expression.negated);
    }
    case 'call':
      return AGGREGATES.includes(expression.name)
        ? aggregate(expression.name, expression.args, scope)
        : scope.call(expression.name, expression.args.map(value));
    case 'binary':
      return binary(expression.operator, value(expression.left), value(expression.right));
  }
}

function column(name: string, { columns, row }: Scope, where: string): Value {
  const at = columns.findIndex((each) => each.toLowerCase() === name.toLowerCase());
  if (at < 0) throw new SqlError(1054, '42S22', `Unknown column '${name}' in '${where}'`);
  return row[at] ?? null;
}

function aggregate(name: string, args: readonly Expression[], scope: Scope): Value {
  const [argument] = args;
  if (!argument || !scope.group) throw new SqlError(1111, 'HY000', 'Invalid use of group function');
  if (argument.kind === 'all') return scope.group.length;
  const values = scope.group
    .map((row) => evaluate(argument, { ...scope, row }))
    .filter((value): value is string | number => value !== null);
  if (name === 'COUNT') return values.length;
  if (values.length === 0) return null;
  const sum = () => values.reduce<number>((total, value) => total + numberOf(value), 0);
  if (name === 'SUM') return sum();
  if (name === 'AVG') return (sum() / values.length).toFixed(4);
  const sorted = [...values].sort(compare);
  return (name === 'MIN' ? sorted[0] : sorted.at(-1)) ?? null;
}

const truth = (is: boolean): number => (is ? 1 : 0);
export const isTrue = (value: Value): boolean => value !== null && numberOf(value) !== 0;

export function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  return value === null ? 0 : Number.parseFloat(value) || 0;
}

/** Numbers as numbers, text without regard to capitals, as the server's usual collation. */
export function compare(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'number' || typeof b === 'number') return numberOf(a) - numberOf(b);
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}

function binary(operator: string, a: Value, b: Value): Value {
  switch (operator) {
    case 'AND':
    case '&&':
      return truth(isTrue(a) && isTrue(b));
    case 'OR':
    case '||':
      return truth(isTrue(a) || isTrue(b));
    case 'XOR':
      return truth(isTrue(a) !== isTrue(b));
    case '<=>':
      return truth(compare(a, b) === 0);
  }
  if (a === null || b === null) return null;
  switch (operator) {
    case '=':
      return truth(compare(a, b) === 0);
    case '!=':
    case '<>':
      return truth(compare(a, b) !== 0);
    case '<':
      return truth(compare(a, b) < 0);
    case '>':
      return truth(compare(a, b) > 0);
    case '<=':
      return truth(compare(a, b) <= 0);
    case '>=':
      return truth(compare(a, b) >= 0);
    case 'LIKE':
      return truth(like(String(b))(String(a)));
    case '+':
      return numberOf(a) + numberOf(b);
    case '-':
      return numberOf(a) - numberOf(b);
    case '*':
      return numberOf(a) * numberOf(b);
    case '/':
      return numberOf(b) === 0 ? null : (numberOf(a) / numberOf(b)).toFixed(4);
    case '%':
      return numberOf(b) === 0 ? null : numberOf(a) % numberOf(b);
    default:
      throw new SqlError(1235, '42000', `The simulated server doesn't support '${operator}'`);
  }
}

/** `%` and `_` of a LIKE pattern. */
export function like(pattern: string): (text: string) => boolean {
  const parts: WildcardPart[] = (pattern.toLowerCase().match(/\\[\s\S]|[\s\S]/g) ?? []).map((part) => {
    if (part === '%') return '*';
    if (part === '_') return () => true;
    const literal = part.replace(/^\\(?=[%_\\])/, '');
    return (character) => character === literal;
  });
  return (text) => matchesParts(parts, text.toLowerCase());
}
