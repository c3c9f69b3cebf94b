/** Pods' lives out of transitions and marks: which phase when, and on which revision. */
import type { TimelineEvent, TimelineMark } from '../../core/reports/timeline';
import type { History, PodPhase } from './types';

/** A phase of a pod's life, with the revision's name. */
export interface LifeSpan {
  readonly phase: PodPhase;
  readonly from: number;
  to: number;
  readonly revision: string;
  readonly first: boolean;
  open: boolean;
}

/** One name in a namespace, and all that was ever called so. */
export interface Identity {
  readonly namespace: string;
  readonly pod: string;
  /** Empty when no pod of this name ever belonged to a set. */
  set: string;
  readonly spans: LifeSpan[];
}

/** What `web-7d5c75db8f` and `web-0` have in common; empty for a pod that the revision's set would not call so. */
export function setOf(pod: string, revision: string): string {
  const set = revision.slice(0, Math.max(0, revision.lastIndexOf('-')));
  return set !== '' && pod.startsWith(`${set}-`) && /^\d+$/.test(pod.slice(set.length + 1)) ? set : '';
}

/** Every identity that ever was, by `namespace/pod`, in the order of appearance. */
export function identities({ transitions, marks, now }: Pick<History, 'transitions' | 'marks' | 'now'>) {
  const found = new Map<string, Identity>();
  const podMarks = marks.filter(({ kind }) => kind === 'pod');
  let next = 0;
  const playMarks = (upTo: number): void => {
    for (; next < podMarks.length && (podMarks[next].after ?? 0) <= upTo; next++) mark(found, podMarks[next]);
  };
  for (const [i, row] of transitions.entries()) {
    playMarks(i);
    transition(found, row);
  }
  playMarks(transitions.length);
  for (const { spans } of found.values()) {
    const last = spans.at(-1);
    if (last?.open) last.to = Math.max(now, last.from);
  }
  return found;
}

function transition(found: Map<string, Identity>, row: TimelineEvent): void {
  const key = `${row.namespace}/${row.pod}`;
  let identity = found.get(key);
  if (!identity) {
    identity = { namespace: row.namespace, pod: row.pod, set: '', spans: [] };
    found.set(key, identity);
  }
  const revision = row.revision ?? '';
  identity.set ||= setOf(row.pod, revision);
  const at = Date.parse(row.time);
  const last = identity.spans.at(-1);
  // A pod that is going may lose its readiness on the way.
  const isGoing = last?.phase === 'terminating' || last?.phase === 'ended';
  if (row.event === 'create') begin(identity, 'creating', at, revision, true);
  if (row.event === 'ready') begin(identity, 'ready', at, revision);
  if (row.event === 'unready' && !isGoing) begin(identity, 'unready', at, revision);
  if (row.event === 'terminate') begin(identity, 'terminating', at, revision);
  if (row.event === 'delete' && last?.open) close(identity, at);
}

function mark(found: Map<string, Identity>, { namespace, name, event, time }: TimelineMark): void {
  const identity = found.get(`${namespace}/${name}`);
  const last = identity?.spans.at(-1);
  if (!identity || !last?.open) return;
  if (event === 'start' && last.phase === 'creating') begin(identity, 'unready', Date.parse(time), last.revision);
  if (event === 'end' && last.phase !== 'terminating') begin(identity, 'ended', Date.parse(time), last.revision);
}

function begin(identity: Identity, phase: PodPhase, from: number, revision: string, first = false): void {
  if (identity.spans.at(-1)?.open) close(identity, from);
  identity.spans.push({ phase, from, to: from, revision, first, open: true });
}

function close(identity: Identity, at: number): void {
  const last = identity.spans[identity.spans.length - 1];
  last.to = at;
  last.open = false;
}
