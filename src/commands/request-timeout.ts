/** `--request-timeout`: how long one request may take. */
import { CommandError } from '../core/client/errors';
import { parseDuration } from '../core/meta/duration';
import type { Flags } from './flags/spec';

/** In ms; undefined for no limit. A bare number is seconds. @throws CommandError */
export function requestTimeout(flags: Flags): number | undefined {
  const text = flags.string('request-timeout');
  if (/^-?\d+$/.test(text)) return Number(text) > 0 ? Number(text) * 1000 : undefined;
  try {
    return parseDuration(text) || undefined;
  } catch {
    throw new CommandError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding ' +
        'time unit (e.g. 1s | 2m | 3h)',
    );
  }
}
