/** What the API server says of what it refuses. */
import { ApiError } from '../../src/core/api/status';

/** The reason and message of the refusal, or `accepted`. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return `${error.reason}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}
