/** Why a container ends again and again: by itself, by its liveness or startup probe, or because somebody wanted to see that. */
import type { Container, ContainerStatus, Event, Pod } from '../../api/types';
import { CRASH_TIMER } from '../../kubelet/timers';
import type { Reason } from '../../reports/why';
import { faultsOf } from './faults';
import { allUntil, at, endAlone, endsWith, plural, reason, remedies, subjectOf, timerKeyOf } from './words';
import type { World } from './world';

/** The container is held back before it is started again (CrashLoopBackOff). `since` is when the pod was last ready, ms. */
export function crashLoop(
  world: World,
  pod: Pod,
  container: Container,
  status: ContainerStatus | undefined,
  called: string,
  since: number | undefined,
): Reason {
  const last = status?.lastState?.terminated;
  const faults = faultsOf(world, 'pod', pod, ['crash', 'oom']);
  const probe = killedByProbe(world, pod, container, called);
  const because = [...probe, ...faults];
  const next = world.nextTimer([CRASH_TIMER], timerKeyOf(pod));
  const cause = last ? `, it last ended with exit code ${last.exitCode}${last.reason ? ` (${last.reason})` : ''}` : '';
  const when = next === undefined ? '' : `; it is started again at ${new Date(next).toISOString().slice(11, 19)}`;
  const logs = `logs ${pod.metadata.name}${pod.spec.containers.length > 1 || isInit(pod, container) ? ` -c ${container.name}` : ''} --previous`;
  return reason({
    on: subjectOf(pod),
    rule: 'crash-loop',
    message: `${called} crashes again and again (CrashLoopBackOff): ${plural(status?.restartCount ?? 0, 'restart')} so far${cause}${when}`,
    source: 'kubelet: doBackOff',
    since: firstBackOff(world, pod, container) ?? since,
    until: faults.length > 0 ? allUntil(faults) : undefined,
    endsAlone: faults.length > 0 && probe.length === 0 && endAlone(faults),
    remedy: remedies(faults),
    because,
    ends:
      because.length > 0
        ? endsWith(`${called} stays up`, because)
        : `${called} stays up: what makes it end is in its own output (${logs})`,
  });
}

const isInit = (pod: Pod, { name }: Container): boolean =>
  (pod.spec.initContainers ?? []).some((other) => other.name === name);

/** When it was first held back, ms: between its crashes it may have been ready for a moment. */
function firstBackOff(world: World, pod: Pod, { name }: Container): number | undefined {
  const ofContainer = `restarting failed container ${name} `;
  return at(world.event(pod, ['BackOff'], ({ message = '' }) => message.includes(ofContainer))?.firstTimestamp);
}

const PROBES = ['liveness', 'startup'] as const;

/** The probe that the kubelet killed the container for, as its events say. */
function killedByProbe(world: World, pod: Pod, container: Container, called: string): readonly Reason[] {
  const killing = world.event(pod, ['Killing'], ({ message = '' }) =>
    message.includes(`ontainer ${container.name} failed`),
  );
  const kind = PROBES.find((probe) => killing?.message?.includes(`failed ${probe} probe`));
  if (!killing || !kind) return [];
  const said = world.event(pod, ['Unhealthy'], ({ message = '' }) => message.toLowerCase().startsWith(kind));
  return [
    reason({
      rule: `${kind}-probe`,
      on: subjectOf(pod),
      message: `the kubelet stops ${called} because it fails its ${kind} probe${tell(said)}`,
      source: 'kubelet: prober worker',
      since: at(killing.firstTimestamp),
      endsAlone: false,
      ends: `its ${kind} probe succeeds`,
    }),
  ];
}

const tell = (event: Event | undefined): string => (event?.message ? `: ${event.message.trim()}` : '');
