/** Limits and requests as `set resources` reads them (as HandleResourceRequirementsV1). */
import type { Container } from '../api/types';
import { canonicalQuantity, QuantityError } from '../meta/quantity';
import { CommandError } from './errors';

type Amounts = Readonly<Record<string, string>>;

/** Reads `cpu=200m,memory=512Mi`; nothing for nothing. @throws CommandError */
export function parseAmounts(text: string): Amounts {
  const amounts: Record<string, string> = {};
  for (const statement of text === '' ? [] : text.split(',')) {
    const [name, value, ...more] = statement.split('=');
    if (value === undefined || more.length > 0)
      throw new CommandError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
    try {
      amounts[name] = canonicalQuantity(value);
    } catch (e) {
      throw e instanceof QuantityError ? new CommandError(e.message) : e;
    }
  }
  return amounts;
}

/** The container with these limits and requests; others that it has stay. */
export function withResources(container: Container, limits: Amounts, requests: Amounts): Container {
  const before = container.resources;
  const merged = (old: object | undefined, amounts: Amounts) =>
    Object.keys(amounts).length === 0 ? old : { ...old, ...amounts };
  const all = { limits: merged(before?.limits, limits), requests: merged(before?.requests, requests) };
  return {
    ...container,
    resources: {
      ...before,
      ...(all.limits && { limits: all.limits }),
      ...(all.requests && { requests: all.requests }),
    } as NonNullable<Container['resources']>,
  };
}
