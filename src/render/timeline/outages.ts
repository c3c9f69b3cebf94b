/** When which pod was not ready after it had been, or never came to be: what is asked first after an incident. */
import type { Group, Model, Note, PodLine, PodPhase, PodSpan } from './types';

/** One stretch. Instants in ms since 1970. */
export interface Outage {
  readonly group: Group;
  readonly pod: string;
  readonly from: number;
  readonly to: number;
  /** It goes on. */
  readonly open: boolean;
  /** What the pod went through, in order; `absent` while there was none. */
  readonly phases: readonly { readonly phase: PodPhase | 'absent'; readonly ms: number }[];
  /** The revisions that it wore from the ready pod before to the one after, by their places in the group. */
  readonly revisions: readonly number[];
  /** Warnings of that time, about the pod or its claims. */
  readonly warnings: readonly Note[];
}

/** In the order of time. A pod that was taken away for good is no outage; neither is the time that its first one took to start. */
export function outagesOf({ groups }: Model): Outage[] {
  return groups
    .flatMap((group) => group.lines.flatMap((line) => outagesOfLine(group, line)))
    .sort((a, b) => a.from - b.from || a.pod.length - b.pod.length || (a.pod < b.pod ? -1 : 1));
}

function outagesOfLine(group: Group, line: PodLine): Outage[] {
  const found: Outage[] = [];
  let wasReady: PodSpan | undefined;
  let since: PodSpan[] = [];
  for (const span of line.spans) {
    if (span.afterReady && !wasReady) {
      wasReady = { ...span, phase: 'ready', to: span.from };
      since = [];
    }
    if (span.phase !== 'ready') {
      since.push(span);
      continue;
    }
    if (wasReady && since.length > 0) found.push(outage(group, line, [wasReady, ...since, span]));
    wasReady = span;
    since = [];
  }
  const last = since.at(-1);
  // Completed pods and those that are on their way out are not missed.
  if (last?.open && last.phase !== 'ended' && (wasReady || last.to > last.from))
    found.push(outage(group, line, wasReady ? [wasReady, ...since] : since));
  return found;
}

/** @param spans from the ready one before, where there was one, to the ready one after */
function outage(group: Group, { pod, claims, notes }: PodLine, spans: readonly PodSpan[]): Outage {
  const before = spans[0].phase === 'ready' ? spans[0] : undefined;
  const last = spans[spans.length - 1];
  const after = last.phase === 'ready' && last !== before ? last : undefined;
  const between = spans.filter((span) => span !== before && span !== after);
  const from = before ? before.to : between[0].from;
  const to = after ? after.from : last.to;
  const phases: { phase: PodPhase | 'absent'; ms: number }[] = [];
  let at = from;
  for (const span of between) {
    if (span.from > at) phases.push({ phase: 'absent', ms: span.from - at });
    if (span.to > span.from) phases.push({ phase: span.phase, ms: span.to - span.from });
    at = span.to;
  }
  if (to > at) phases.push({ phase: 'absent', ms: to - at });
  return {
    ...{ group, pod, from, to, phases },
    open: after === undefined && last.open === true,
    revisions: spans.map(({ revision }) => revision).filter((one, i, all) => one >= 0 && one !== all[i - 1]),
    warnings: [...notes, ...claims.flatMap((claim) => claim.notes)].filter(
      ({ warning, at, last }) => warning && at <= to && last >= Math.floor(from / 1000) * 1000,
    ),
  };
}
