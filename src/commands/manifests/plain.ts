/** What JSON text may hold that JavaScript or a later reader can't hold safely, and is refused therefore. */
import { CommandError } from '../../core/client/errors';

/** Nesting beyond this is refused: everything that walks an object later may then recurse. */
export const MAX_DEPTH = 1000;

/** The value itself. @throws CommandError in the words that stand behind `error parsing FILE: `. */
export function toPlain(value: unknown): unknown {
  check(value, 0);
  return value;
}

function check(value: unknown, depth: number): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new CommandError(`json: unsupported value: ${value > 0 ? '+' : '-'}Inf`);
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) throw new CommandError('exceeded max depth');
  // As a property this name would reach every object's prototype.
  if (Object.hasOwn(value, '__proto__')) throw new CommandError('the key "__proto__" is not allowed');
  for (const item of Object.values(value)) check(item, depth + 1);
}
