/** What events.k8s.io/v1 asks of Events beyond what core/v1 does, on objects as they are stored. */
import { asNumber, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { invalid, required } from './errors';
import { validateEvent } from './others';

/** As ValidateEventCreate for events.k8s.io/v1. */
export function validateNewEvent(event: Json): FieldError[] {
  const errors = [...validateEvent(event), ...validateSeries(event)];
  const type = asString(event.type);
  if (!isSet(event.eventTime)) errors.push(required('eventTime'));
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${type}`));
  const { component, host } = asObject(event.source);
  const old: Json = {
    firstTimestamp: event.firstTimestamp,
    lastTimestamp: event.lastTimestamp,
    count: event.count,
    source: component || host,
  };
  for (const [field, value] of Object.entries(old)) if (value) errors.push(invalid(field, '', 'needs to be unset'));
  return errors;
}

const FIXED = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
];

/** As ValidateEventUpdate for events.k8s.io/v1: only the series may go on. */
export function validateNewEventUpdate(event: Json, old: Json): FieldError[] {
  const same = (field: string): boolean => JSON.stringify(event[field] ?? null) === JSON.stringify(old[field] ?? null);
  const errors = [...validateEvent(event), ...(same('series') ? [] : validateSeries(event))];
  for (const field of FIXED) {
    const path = field === 'reportingComponent' ? 'reportingController' : field;
    if (!same(field)) errors.push(invalid(path, event[field] ?? null, 'field is immutable'));
  }
  return errors;
}

function validateSeries({ series }: Json): FieldError[] {
  if (!isSet(series)) return [];
  const { count, lastObservedTime } = asObject(series);
  return [
    ...(asNumber(count) < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(isSet(lastObservedTime) ? [] : [required('series.lastObservedTime')]),
  ];
}
