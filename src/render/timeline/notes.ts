/** Event objects as notes on a timeline. */
import { shortened } from './plain';
import type { EventRow, Note } from './types';

/** What anybody reads of a message; some are stack traces. */
const LONGEST = 2000;

export function noteOf(event: EventRow): Note {
  const at = Date.parse(event.first || event.last) || 0;
  return {
    at,
    last: Math.max(at, Date.parse(event.last) || 0),
    warning: event.type === 'Warning',
    reason: event.reason,
    message: shortened(event.message, LONGEST),
    count: event.count,
    source: event.source,
  };
}
