/**
 * What every reader of foreign input is held to: it answers or refuses in words for the user, ends, leaves its input and the
 * built-in prototypes as they were. STSCTL_TEST_LONG plays fifty times as many inputs.
 */

import type fc from 'fast-check';
import { vi } from 'vitest';
import { ApiError } from '../../../src/core/api/status';
import { CommandError } from '../../../src/core/client/errors';
import { LONG } from '../../support/seed';

export { LONG } from '../../support/seed';

/** How many inputs: so many in CI. */
export const runs = <T>(count: number): fc.Parameters<T> => ({
  numRuns: LONG ? count * 50 : count,
  endOnFailure: true,
});

const BUILT_IN: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  RegExp.prototype,
  Map.prototype,
];

const membersOf = (): string =>
  BUILT_IN.map((prototype) => Reflect.ownKeys(prototype).map(String).sort().join(' ')).join('\n');

const ORIGINAL = membersOf();

/** Throws where something was hung onto a prototype that all objects share. */
export function checkPrototypes(): void {
  if (membersOf() === ORIGINAL) return;
  for (const key of Reflect.ownKeys(Object.prototype))
    if (!ORIGINAL.split('\n')[0]!.split(' ').includes(String(key))) Reflect.deleteProperty(Object.prototype, key);
  throw new Error('a built-in prototype was changed');
}

/** Errors that only a mistake in the program throws, the stack's end among them. */
const BUGS = [TypeError, RangeError, ReferenceError, EvalError, URIError];

/** A refusal by a library in meta: words to be put into a sentence by whoever knows where the text came from. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && error.message !== '' && !BUGS.some((type) => error instanceof type);

/** What is printed without a stack. */
export const isForUser = (error: unknown): boolean =>
  error instanceof Error &&
  error.message !== '' &&
  (error instanceof ApiError ||
    error instanceof CommandError ||
    ('userFacing' in error && (error as { userFacing?: unknown }).userFacing === true));

/** The answer, or `refused` with the words. Anything else that is thrown is thrown on. */
export function attempt<T>(
  read: () => T,
  isFine: (error: unknown) => boolean = isRefusal,
): { readonly value?: T; readonly refused?: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (!isFine(error)) throw error;
    return { refused: (error as Error).message };
  } finally {
    checkPrototypes();
  }
}

/** As attempt, for what is read asynchronously. */
export async function attemptLater<T>(
  read: () => Promise<T>,
  isFine: (error: unknown) => boolean = isForUser,
): Promise<{ readonly value?: T; readonly refused?: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!isFine(error)) throw error;
    return { refused: (error as Error).message };
  } finally {
    checkPrototypes();
  }
}

/** The value with everything in it frozen: who changes it fails. */
export function frozen<T>(value: T): T {
  const rest: unknown[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next !== 'object' || next === null || Object.isFrozen(next) || ArrayBuffer.isView(next)) continue;
    Object.freeze(next);
    for (const inner of Object.values(next)) if (inner !== undefined) rest.push(inner);
  }
  return value;
}

/** An input that hangs a reader ends here: nothing else is timed, ms. To be called by each file. */
export const guardAgainstHanging = (): void => {
  vi.setConfig({ testTimeout: LONG ? 3_600_000 : 120_000 });
};
