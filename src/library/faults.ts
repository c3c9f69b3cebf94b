/** Faults as callers write them: checked, and in the cluster's namespace unless they name one. */
import { CALLERS, CODES, COUNTED, FAULTS, type NewFault, type Target } from '../core/simulation/faults';
import { milliseconds } from './time';
import type { Duration } from './types';

/** What is to be broken. Which `what` a target has is in the help of `stsctl sim fail`. */
export interface FaultOptions extends Omit<NewFault, 'target' | 'what' | 'forMs' | 'slowMs' | 'left'> {
  /** How long it lasts. */
  readonly for?: Duration;
  /** How long a slow pull takes. */
  readonly slow?: Duration;
  /** How often it strikes. */
  readonly times?: number;
}

/** @throws RangeError naming what can't be taken */
export function readFault(target: Target, what: string, options: FaultOptions, namespace: string): NewFault {
  if (!Object.hasOwn(FAULTS, target)) refuse('target', target, Object.keys(FAULTS));
  if (!(FAULTS[target] as readonly string[]).includes(what)) refuse(`fault of ${target}`, what, FAULTS[target]);
  const { for: lasts, slow, times, ...spec } = options;
  const { probability, code, caller, name, selector, set } = spec;
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) throw new RangeError('times must be at least 1');
  if (times !== undefined && !COUNTED.includes(what)) throw new RangeError(`${what} lasts: it has no times`);
  if (spec.untilHealed && (times !== undefined || lasts !== undefined))
    throw new RangeError("untilHealed can't be used with times or for");
  if (probability !== undefined && !(probability > 0 && probability <= 1))
    throw new RangeError('probability must be above 0 and at most 1');
  if (code !== undefined && !CODES.includes(code)) refuse('code', code, CODES);
  if (caller !== undefined && !CALLERS.includes(caller)) refuse('caller', caller, CALLERS);
  if (target !== 'api' && name === undefined && selector === undefined && set === undefined)
    throw new RangeError(`the name of the ${target} is missing: "*" stands for any`);
  if (what === 'slow' && slow === undefined) throw new RangeError('slow is missing: how long the pull takes');
  return {
    ...spec,
    target,
    what,
    ...((target === 'pod' || target === 'claim') && { namespace: spec.namespace ?? namespace }),
    ...(lasts !== undefined && { forMs: milliseconds(lasts) }),
    ...(slow !== undefined && { slowMs: milliseconds(slow) }),
    ...(times !== undefined && { left: times }),
    ...(target === 'api' && { resource: spec.resource ?? '*' }),
  };
}

function refuse(field: string, value: unknown, allowed: readonly unknown[]): never {
  throw new RangeError(`unknown ${field} ${JSON.stringify(value)}: must be one of ${allowed.join(', ')}`);
}
