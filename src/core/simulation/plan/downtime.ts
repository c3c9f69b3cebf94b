/** Which pods are down, when and how many at once: a pod is its name, whoever bears it. Pods that go for good are not down. */
import { isPodReady, isTerminating } from '../../api/pod';
import type { Pod } from '../../api/types';
import type { Availability, Downtime } from '../../reports/plan';

interface Interval {
  readonly from: number;
  to: number | undefined;
  /** Whether it had begun before anything happened. */
  readonly before?: boolean;
}

interface Identity {
  readonly namespace: string;
  readonly pod: string;
  readonly intervals: Interval[];
  up: boolean;
}

const isUp = (pod: Pod): boolean => isPodReady(pod) && !isTerminating(pod);
const keyOf = ({ metadata }: Pod): string => `${metadata.namespace ?? ''}/${metadata.name}`;

export class DowntimeLog {
  private readonly identities = new Map<string, Identity>();

  /** A pod that is there before anything happens; one that is not ready is down from the start (ms). */
  begin(pod: Pod, start: number): void {
    const identity = this.add(pod);
    identity.up = isUp(pod);
    if (!identity.up) identity.intervals.push({ from: start, to: undefined, before: true });
  }

  /** A pod as it is from this instant on (ms); `gone` when it is there no longer. */
  note(pod: Pod, gone: boolean, now: number): void {
    const known = this.identities.get(keyOf(pod));
    const up = !gone && isUp(pod);
    if (!known) {
      // Whoever has not been ready yet is on its way, not down.
      if (up) this.add(pod);
      return;
    }
    if (known.up === up) return;
    known.up = up;
    const last = known.intervals.at(-1);
    if (!up) known.intervals.push({ from: now, to: undefined });
    else if (last) last.to = now;
  }

  /** `wanted` tells whether a name is to be borne at the end; `end` (ms) is when the last thing happened. */
  summary(wanted: (namespace: string, pod: string) => boolean, end: number): Availability {
    const pods: Downtime[] = [];
    const steps: { at: number; change: 1 | -1 }[] = [];
    for (const { namespace, pod, intervals } of this.identities.values()) {
      const counted = intervals.filter(
        ({ from, to }) => (to === undefined ? wanted(namespace, pod) : to > from) && from <= end,
      );
      if (counted.length === 0) continue;
      let ms = 0;
      for (const { from, to = end } of counted) {
        ms += to - from;
        steps.push({ at: from, change: 1 }, { at: to, change: -1 });
      }
      const to = counted.at(-1)?.to;
      const from = text(counted[0].from);
      const { before } = counted[0];
      pods.push({
        namespace,
        pod,
        times: counted.length,
        seconds: ms / 1000,
        from,
        ...(before && { before }),
        ...(to && { to: text(to) }),
      });
    }
    const open = pods.filter(({ to }) => to === undefined).length;
    return {
      ...most(steps, open, end),
      downtimeSeconds: pods.reduce((sum, { seconds }) => sum + seconds, 0),
      pods: pods.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)),
    };
  }

  private add({ metadata: { namespace = '', name } }: Pod): Identity {
    const identity: Identity = { namespace, pod: name, intervals: [], up: true };
    this.identities.set(`${namespace}/${name}`, identity);
    return identity;
  }
}

const text = (ms: number): string => new Date(ms).toISOString();

/** The highest level, looked at when an instant is over: what comes and goes at one instant is no level. */
function most(
  steps: { at: number; change: 1 | -1 }[],
  openAtEnd: number,
  end: number,
): Pick<Availability, 'mostUnavailable' | 'mostUnavailableAt' | 'mostUnavailableSeconds'> {
  steps.sort((a, b) => a.at - b.at);
  let level = 0;
  let highest = 0;
  let at: number | undefined;
  let ms = 0;
  for (let i = 0; i < steps.length; ) {
    const now = steps[i].at;
    for (; i < steps.length && steps[i].at === now; i++) level += steps[i].change;
    const next = steps[i]?.at ?? now;
    if (level > highest) {
      highest = level;
      at = now;
      ms = 0;
    }
    if (level === highest && level > 0) ms += next - now;
  }
  // Pods that go down with the very last event are down from then on.
  if (openAtEnd > highest) {
    highest = openAtEnd;
    at = end;
    ms = 0;
  }
  return {
    mostUnavailable: highest,
    ...(at !== undefined && { mostUnavailableAt: text(at) }),
    mostUnavailableSeconds: ms / 1000,
  };
}
