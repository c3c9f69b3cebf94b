/** Amounts of resources by name, and their algebra (as k8s.io/apiserver/pkg/quota/v1/resources.go). */
import { isNumber } from '../meta/json';
import { Quantity } from '../meta/quantity';
import { compareText } from '../meta/text';
import { asObject } from './json';

export type ResourceList = ReadonlyMap<string, Quantity>;

/** The list in a stored object; what is no list is an empty one. Throws QuantityError for what is no quantity. */
export function resourceList(value: unknown): Map<string, Quantity> {
  const list = new Map<string, Quantity>();
  for (const [name, amount] of Object.entries(asObject(value)))
    if (typeof amount === 'string' || isNumber(amount)) list.set(name, Quantity.parse(amount));
  return list;
}

/** The list as it is stored, by name. */
export function writtenList(list: ResourceList): Record<string, string> {
  return Object.fromEntries(
    [...list].sort(([a], [b]) => compareText(a, b)).map(([name, amount]) => [name, amount.toString()]),
  );
}

/** `cpu=1,pods=2`, by name (as prettyPrint). */
export const printedList = (list: ResourceList): string =>
  Object.entries(writtenList(list))
    .map(([name, amount]) => `${name}=${amount}`)
    .join(',');

/** Adds what `more` holds, in place. */
export function addTo(list: Map<string, Quantity>, more: ResourceList): void {
  for (const [name, amount] of more) {
    const known = list.get(name);
    list.set(name, known ? known.add(amount) : amount);
  }
}

/** Raises each amount to that of `other`, in place. */
export function raiseTo(list: Map<string, Quantity>, other: ResourceList): void {
  for (const [name, amount] of other) {
    const known = list.get(name);
    if (!known || amount.compare(known) > 0) list.set(name, amount);
  }
}

/** `a` less `b`, nothing below zero (as SubtractWithNonNegativeResult). */
export function withoutList(a: ResourceList, b: ResourceList): Map<string, Quantity> {
  const zero = Quantity.parse('0');
  const rest = new Map<string, Quantity>();
  for (const [name, amount] of a) {
    const taken = b.get(name);
    const left = taken ? amount.sub(taken) : amount;
    rest.set(name, left.sign() > 0 ? left : zero);
  }
  for (const name of b.keys()) if (!rest.has(name)) rest.set(name, zero);
  return rest;
}

/** Only what `isWanted` says of the name and the amount. */
export const pickFrom = (
  list: ResourceList,
  isWanted: (name: string, amount: Quantity) => boolean,
): Map<string, Quantity> => new Map([...list].filter(([name, amount]) => isWanted(name, amount)));

/** The same names with equal amounts, however they are written. */
export const equalLists = (a: ResourceList, b: ResourceList): boolean =>
  a.size === b.size && [...a].every(([name, amount]) => b.get(name)?.compare(amount) === 0);
