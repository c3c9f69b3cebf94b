/** Lengths of time and instants as callers write them. */
import { parseDuration } from '../core/meta/duration';
import type { Duration } from './types';

/** When a cluster begins of which nothing else is said. */
const START = Date.UTC(2026, 0, 1);

/** Milliseconds. @throws RangeError for what is no length of time */
export function milliseconds(duration: Duration): number {
  const ms = typeof duration === 'number' ? duration : parsed(duration);
  if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`${JSON.stringify(duration)} is no length of time`);
  return ms;
}

/** ms since 1970, of whole milliseconds. @throws RangeError for what is no instant */
export function instant(given: Date | string | number = START): number {
  const ms = Math.floor(new Date(given).getTime());
  if (Number.isNaN(ms)) throw new RangeError(`${JSON.stringify(given)} is no instant`);
  return ms;
}

function parsed(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
