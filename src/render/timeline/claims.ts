/** Claims' lives out of marks and what is there: pending, bound, lost, going, and the volume that is left behind. */
import type { TimelineMark } from '../../core/reports/timeline';
import type { ClaimPhase, History, Span } from './types';

type Draft = { phase: ClaimPhase; from: number; to: number; open?: true };

const PHASES: Readonly<Record<string, ClaimPhase>> = { Bound: 'bound', Lost: 'lost', Pending: 'pending' };

/** By `namespace/name`. A claim that was made again goes on in the same line. */
export function claimSpans({ marks, claims, now }: History): Map<string, Span<ClaimPhase>[]> {
  const found = new Map<string, Draft[]>();
  const noted = new Map<string, TimelineMark[]>();
  const line = (key: string): Draft[] => {
    const spans = found.get(key) ?? [];
    found.set(key, spans);
    return spans;
  };
  for (const mark of marks) {
    if (mark.kind === 'volume' && mark.claim !== undefined) {
      line(`${mark.namespace}/${mark.claim}`).push({
        phase: 'released',
        from: Date.parse(mark.time),
        to: now,
        open: true,
      });
    }
    if (mark.kind !== 'claim') continue;
    const key = `${mark.namespace}/${mark.name}`;
    if (mark.event !== 'delete') {
      noted.set(key, [...(noted.get(key) ?? []), mark]);
      continue;
    }
    const to = Date.parse(mark.time);
    line(key).push(...life(Date.parse(mark.since ?? mark.time), to, mark.phase, mark.terminating, noted.get(key)));
    noted.delete(key);
  }
  for (const claim of claims) {
    const key = `${claim.namespace}/${claim.name}`;
    const spans = life(Date.parse(claim.created), now, claim.phase, claim.terminating, noted.get(key));
    const last = spans.at(-1);
    if (last) last.open = true;
    line(key).push(...spans);
  }
  for (const spans of found.values()) endReleased(spans);
  return found;
}

/** From creation to the end. Without a mark that says otherwise the last phase was there from the beginning. */
function life(
  from: number,
  to: number,
  phase: string | undefined,
  terminating: string | undefined,
  noted: readonly TimelineMark[] = [],
): Draft[] {
  const changes: Draft[] = [{ phase: noted.length > 0 ? 'pending' : (PHASES[phase ?? ''] ?? 'pending'), from, to }];
  for (const { event, time } of noted) {
    if (changes.length === 1 && event !== 'bound') changes[0].phase = 'bound';
    changes.push({ phase: event as ClaimPhase, from: Date.parse(time), to });
  }
  if (terminating !== undefined) changes.push({ phase: 'terminating', from: Date.parse(terminating), to });
  for (const [i, change] of changes.entries()) change.to = changes[i + 1]?.from ?? to;
  return changes.filter((change) => change.to > change.from || change.to === to);
}

/** A volume waits for its old claim until there is a new one of that name. */
function endReleased(spans: Draft[]): void {
  spans.sort((a, b) => a.from - b.from);
  for (const [i, span] of spans.entries()) {
    const next = spans[i + 1];
    if (!next || span.phase !== 'released') continue;
    span.to = next.from;
    delete span.open;
  }
}
