/** A set whose controller has something to do, and does it at its next try: it failed before and holds back. */
import { BACK_OFF_TIMER, RETRY_TIMER } from '../../controllers/statefulset';
import type { Waiting } from '../../controllers/statefulset/control';
import type { Reason } from '../../reports/why';
import type { SetView } from './set';
import { reason } from './words';
import type { World } from './world';

/** What a sync did itself: it waits for nobody. */
export const RETRY_KINDS: ReadonlySet<Waiting['rule']> = new Set(['pod-created', 'scale-down', 'update']);

/** When the controller tries again after a failure, ms. */
export const nextTry = (world: World, view: SetView): number | undefined =>
  world.nextTimer([RETRY_TIMER, BACK_OFF_TIMER], `${view.namespace}/${view.name}`);

export function retryReason(world: World, view: SetView, { rule, pod = '' }: Waiting): Reason {
  const what = rule === 'pod-created' ? 'creates' : 'deletes';
  const event = world.event(view.set, ['FailedCreate', 'FailedDelete', 'FailedUpdate']);
  return reason({
    rule: 'retry',
    on: { kind: 'Pod', namespace: view.namespace, name: pod },
    message: `the controller ${what} ${pod} at its next try${event ? `; the last one failed: ${event.message}` : ''}`,
    source: 'StatefulSet controller: rate-limited queue',
    since: event?.lastTimestamp ? Date.parse(event.lastTimestamp) : undefined,
    until: nextTry(world, view),
    endsAlone: true,
    ends: 'the controller tries again',
  });
}
