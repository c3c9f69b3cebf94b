/** Events as `events -o json` prints them: unlike other verbs it prints typed objects, whose fields stand in the type's order. */
import type { KubeObject } from '../../core/api/types';

const ORDER =
  'kind apiVersion metadata involvedObject reason message source firstTimestamp lastTimestamp count type eventTime series action ' +
  'related reportingComponent reportingInstance';
const REFERENCE = 'kind namespace name uid apiVersion resourceVersion fieldPath';
const METADATA =
  'name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp ' +
  'deletionGracePeriodSeconds labels annotations ownerReferences finalizers managedFields';

/** The same event with its fields in order; what the type does not have comes last. */
export function orderedEvent(event: KubeObject): object {
  const inner: Readonly<Record<string, string>> = { metadata: METADATA, involvedObject: REFERENCE, related: REFERENCE };
  const fields = Object.entries(ordered(event, ORDER)).map(([name, value]): [string, unknown] => [
    name,
    inner[name] !== undefined && typeof value === 'object' && value !== null ? ordered(value, inner[name]) : value,
  ]);
  return Object.fromEntries(fields);
}

function ordered(value: object, order: string): object {
  const ranks = new Map(order.split(' ').map((name, i) => [name, i]));
  const rank = ([name]: readonly [string, unknown]): number => ranks.get(name) ?? ranks.size;
  return Object.fromEntries(Object.entries(value).sort((a, b) => rank(a) - rank(b)));
}
