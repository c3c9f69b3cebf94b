/** What is doubtful about a claim's size (as GetWarningsForPersistentVolumeClaimSpec). */
import { goQuote } from '../../meta/gofmt';
import { Quantity } from '../../meta/quantity';
import { asObject, type Json } from '../json';
import { key } from './errors';

export function claimSpecWarnings(spec: Json, path: string): string[] {
  const { requests, limits } = asObject(spec.resources);
  return [
    ...fractionWarnings(requests, 'storage', `${path}.resources.requests`),
    ...fractionWarnings(limits, 'storage', `${path}.resources.limits`),
  ];
}

/** A quantity of bytes that is no whole number. */
export function fractionWarnings(list: unknown, name: string, path: string): string[] {
  const quantity = asObject(list)[name];
  if (typeof quantity !== 'string' || Quantity.parse(quantity).milliValue() % 1000n === 0n) return [];
  return [`${key(path, name)}: fractional byte value ${goQuote(quantity)} is invalid, must be an integer`];
}
