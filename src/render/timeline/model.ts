/** The model of a timeline: sets, their revisions by letter, a line for each pod. Every drawing starts from it. */
import { claimSpans } from './claims';
import { noteOf } from './notes';
import { type Identity, identities } from './pods';
import { revisionsOf } from './revisions';
import type { ClaimLine, ClaimPhase, Group, History, Model, ModelOptions, Note, PodLine, PodSpan, Span } from './types';

/** Claims and events of a namespace, by the object's kind and name. */
interface Surroundings {
  readonly claims: ReadonlyMap<string, readonly Span<ClaimPhase>[]>;
  readonly claimsOfPod: ReadonlyMap<string, readonly string[]>;
  readonly notes: ReadonlyMap<string, readonly Note[]>;
}

interface Drawable {
  readonly from: number;
  readonly to: number;
  readonly open?: boolean;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** What of a history is to be drawn. Without transitions in range the model has no groups. */
export function timelineModel(history: History, options: ModelOptions = {}): Model {
  const known = identities(history);
  const to = options.until ?? history.now;
  const since = options.since ?? Number.NEGATIVE_INFINITY;
  const shown = [...known.values()].filter(
    ({ namespace, set, pod, spans }) =>
      (options.selects?.(namespace, set, pod) ?? true) && spans.some((span) => isWithin(span, { from: since, to })),
  );
  const first = shown.reduce((least, { spans }) => Math.min(least, spans[0].from), Number.POSITIVE_INFINITY);
  const from = Math.max(since, Math.min(first, to));
  const around = surroundings(history, known);
  const bySet = new Map<string, Identity[]>();
  for (const identity of shown) {
    const key = `${identity.namespace}/${identity.set}`;
    const members = bySet.get(key);
    if (members) members.push(identity);
    else bySet.set(key, [identity]);
  }
  const groups = [...bySet.values()].map((members) => group(members, history, around, { from, to }));
  groups.sort(byNamespaceAndName);
  return { from: groups.length > 0 ? from : to, to, now: history.now, groups };
}

function group(members: Identity[], history: History, around: Surroundings, range: Range): Group {
  const { namespace, set } = members[0];
  const revisions = set === '' ? [] : revisionsOf(namespace, set, members, history);
  const letters = new Map(revisions.map(({ name }, i) => [name, i]));
  const ordinal = (pod: string): number => (set === '' ? 0 : Number(pod.slice(set.length + 1)));
  members.sort((a, b) => ordinal(a.pod) - ordinal(b.pod) || (a.pod < b.pod ? -1 : 1));
  return {
    namespace,
    set,
    revisions,
    lines: members.map((identity) => podLine(identity, letters, around, range)),
    notes: set === '' ? [] : within(around.notes.get(`StatefulSet ${namespace}/${set}`), range),
  };
}

function podLine(
  { namespace, pod, spans }: Identity,
  letters: ReadonlyMap<string, number>,
  around: Surroundings,
  range: Range,
): PodLine {
  const seen: PodSpan[] = [];
  let first = true;
  let wasReady = false;
  for (const span of spans) {
    first ||= span.first;
    if (!isWithin(span, range)) continue;
    // What lasted no time can't be seen; a pod's last phase can.
    if (span.from === span.to && !span.open) {
      wasReady ||= span.phase === 'ready';
      continue;
    }
    const { phase, revision } = span;
    seen.push({
      ...cut(span, range),
      phase,
      revision: letters.get(revision) ?? -1,
      ...(first && { first: true }),
      ...(wasReady && { afterReady: true }),
    });
    first = false;
    wasReady = false;
  }
  const claims = (around.claimsOfPod.get(`${namespace}/${pod}`) ?? []).map((name): ClaimLine => {
    const lives = around.claims.get(`${namespace}/${name}`) ?? [];
    return {
      name,
      spans: lives.filter((span) => isWithin(span, range)).map((span) => ({ phase: span.phase, ...cut(span, range) })),
      notes: within(around.notes.get(`PersistentVolumeClaim ${namespace}/${name}`), range),
    };
  });
  return { pod, spans: seen, claims, notes: within(around.notes.get(`Pod ${namespace}/${pod}`), range) };
}

/** Claims of templates are called `TEMPLATE-POD`. */
function surroundings(history: History, known: ReadonlyMap<string, Identity>): Surroundings {
  const claims = claimSpans(history);
  const claimsOfPod = new Map<string, string[]>();
  for (const key of [...claims.keys()].sort()) {
    const [namespace, name] = key.split('/');
    for (let dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
      const pod = `${namespace}/${name.slice(dash + 1)}`;
      if (!known.has(pod)) continue;
      claimsOfPod.set(pod, [...(claimsOfPod.get(pod) ?? []), name]);
      break;
    }
  }
  const notes = new Map<string, Note[]>();
  for (const event of history.events) {
    const key = `${event.kind} ${event.namespace}/${event.name}`;
    const list = notes.get(key) ?? [];
    list.push(noteOf(event));
    notes.set(key, list);
  }
  for (const list of notes.values()) list.sort((a, b) => a.at - b.at);
  return { claims, claimsOfPod, notes };
}

const isWithin = (span: Drawable, { from, to }: Range): boolean =>
  span.from <= to && (span.to > from || span.from >= from || (span.open === true && span.to >= from));

function cut(span: Drawable, range: Range): { from: number; to: number; open?: true } {
  const to = Math.min(span.to, range.to);
  return { from: Math.max(span.from, range.from), to, ...(span.open && { open: true as const }) };
}

const within = (notes: readonly Note[] | undefined, { from, to }: Range): Note[] =>
  (notes ?? []).filter(({ at, last }) => at <= to && last >= Math.floor(from / 1000) * 1000);

function byNamespaceAndName(a: Group, b: Group): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if ((a.set === '') !== (b.set === '')) return a.set === '' ? 1 : -1;
  return a.set < b.set ? -1 : 1;
}
