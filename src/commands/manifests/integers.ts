/**
 * Integers that a JavaScript number would change. kubectl keeps 64 bits of them; here such a one is carried as a bigint
 * while its document is parsed, and refused (as InexactInteger) if it is still there when the document becomes JSON.
 */
import { CommandError } from '../../core/client/errors';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** Fewer characters than these never need a second look: 2^53 has sixteen digits. */
export const LONG = 16;

/** Whether a Go int64 or uint64 holds it; what neither holds is a float to kubectl. */
export const fitsInteger = (value: bigint): boolean => value >= MIN_INT64 && value <= MAX_UINT64;

/** A number where that says the same as kubectl's, and a bigint where it would print as another integer. */
export function exactInteger(value: bigint): number | bigint {
  const rounded = Number(value);
  // Beyond int64 kubectl rounds to a float just the same.
  const kept = value < MIN_INT64 || value > MAX_INT64 || String(rounded) === String(value);
  return kept ? rounded : value;
}

/** An integer that would be stored as a different number. */
export class InexactInteger extends CommandError {
  constructor(path: string, value: bigint) {
    super(
      `${path}: ${value} is beyond ±2^53 and would become ${Number(value)}: stsctl cannot keep this integer exactly`,
    );
  }
}

type Path = (string | number)[];

/** @throws InexactInteger for the first bigint that plain JSON holds. */
export function refuseInexact(value: unknown, path: Path = []): void {
  if (typeof value === 'bigint') throw new InexactInteger(shownPath(path), value);
  if (typeof value !== 'object' || value === null) return;
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [step, item] of entries) {
    path.push(step);
    refuseInexact(item, path);
    path.pop();
  }
}

/** As `spec.containers[0].ports`; a key that is no plain word stands in brackets and quotes. */
function shownPath(path: Path): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.join('').replace(/^\./, '') || 'the value itself';
}
