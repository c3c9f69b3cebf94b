/** eq, ne, lt, le, gt and ge, as text/template compares. They throw Error with Go's words. */
import { compareText } from '../text';
import { formatAs } from './printf';
import { GoComplex, isMap, numberOf, typeName, unwrap } from './values';

type Kind = 'bool' | 'complex' | 'int' | 'uint' | 'float' | 'string' | 'other';

function kindOf(value: unknown): Kind {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (value instanceof GoComplex) return 'complex';
  const number = numberOf(value);
  if (!number) return 'other';
  return number.type === 'float64' ? 'float' : number.type === 'uint8' ? 'uint' : 'int';
}

const isInteger = (kind: Kind): boolean => kind === 'int' || kind === 'uint';

/** Whether the first equals any of the others. */
export function equal(first: unknown, others: readonly unknown[]): boolean {
  const left = unwrap(first);
  if (others.length === 0) throw new Error('missing argument for comparison');
  return others.some((other) => equalTo(left, unwrap(other)));
}

function equalTo(left: unknown, right: unknown): boolean {
  const kinds = [kindOf(left), kindOf(right)] as const;
  if (kinds[0] !== kinds[1]) {
    if (isInteger(kinds[0]) && isInteger(kinds[1])) return numberOf(left)!.value === numberOf(right)!.value;
    if (left !== undefined && right !== undefined) throw incompatible(left, right);
    return false;
  }
  if (left instanceof GoComplex && right instanceof GoComplex) return left.re === right.re && left.im === right.im;
  if (kinds[0] !== 'other') return (numberOf(left)?.value ?? left) === (numberOf(right)?.value ?? right);
  if (left === undefined || right === undefined) return left === right;
  if (isMap(left) !== isMap(right))
    throw new Error(
      `non-comparable types ${formatAs(left, 's')}: ${typeName(left)}, ${typeName(right)}: ${formatAs(right, 'v')}`,
    );
  throw new Error(`non-comparable type ${formatAs(right, 's')}: ${typeName(right)}`);
}

export function less(first: unknown, second: unknown): boolean {
  const [left, right] = [unwrap(first), unwrap(second)];
  const kinds = [kindOf(left), kindOf(right)] as const;
  if (kinds.includes('other')) throw new Error('invalid type for comparison');
  if (kinds[0] !== kinds[1] && !(isInteger(kinds[0]) && isInteger(kinds[1]))) throw incompatible(left, right);
  if (kinds[0] === 'bool' || kinds[0] === 'complex') throw new Error('invalid type for comparison');
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right) < 0;
  return numberOf(left)!.value < numberOf(right)!.value;
}

export const lessOrEqual = (first: unknown, second: unknown): boolean => less(first, second) || equal(first, [second]);

const incompatible = (left: unknown, right: unknown): Error =>
  new Error(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`);
