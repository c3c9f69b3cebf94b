/** How explanations name things, and the commands in their advice. */
import type { KubeObject, Pod } from '../../api/types';
import { fromTime } from '../../meta/time';
import type { Reason, Subject } from '../../reports/why';

export const subjectOf = (object: KubeObject): Subject => ({
  kind: object.kind,
  ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
  name: object.metadata.name,
});

/** A command on an object's namespace: `-n` is left out for `default`. */
export const command = (namespace: string | undefined, words: string): string =>
  namespace === undefined || namespace === 'default' ? words : `${words} -n ${namespace}`;

/** ms of an RFC 3339 instant that may be absent. */
export const at = (time: string | null | undefined): number | undefined =>
  time === undefined || time === null ? undefined : fromTime(time);

/** `a, b and c`; what is beyond `limit` is counted: `a, b and 7 more`. */
export function listed(names: readonly string[], limit = 5): string {
  const shown = names.length > limit ? [...names.slice(0, limit), `${names.length - limit} more`] : [...names];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A word as a shell takes it as it is. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Whether all of these end without anybody doing something. */
export const endAlone = (reasons: readonly Reason[]): boolean => reasons.every((reason) => reason.endsAlone);

/** When all of these will have ended, where that is known of each. */
export function allUntil(reasons: readonly Reason[]): number | undefined {
  let latest: number | undefined;
  for (const { until } of reasons) {
    if (until === undefined) return undefined;
    if (latest === undefined || until > latest) latest = until;
  }
  return latest;
}

/** What would end these, as the reasons at the ends of their chains say it. What a fault makes tells of the fault itself. */
export function leafEnds(reasons: readonly Reason[]): readonly string[] {
  const ends = reasons.flatMap((one) => {
    // It says itself which of what lies behind it must end, and which is one way of several.
    if (one.rule === 'unschedulable') return [one.ends];
    const deeper = (one.because ?? []).filter(({ rule }) => rule !== 'fault');
    return deeper.length > 0 ? leafEnds(deeper) : [one.ends];
  });
  return [...new Set(ends)];
}

/** `web-1 is ready`, with what would bring that about. */
export function endsWith(what: string, because: readonly Reason[]): string {
  const deeper = leafEnds(because).filter((ends) => ends !== what);
  return deeper.length > 0 ? `${what}, that is when ${listed(deeper)}` : what;
}

/** The advice of these, one after the other, each command once. */
export function remedies(reasons: readonly Reason[]): readonly string[] | undefined {
  const commands = [...new Set(reasons.flatMap((reason) => reason.remedy ?? []))];
  return commands.length > 0 ? commands : undefined;
}

type Loose = Pick<Reason, 'rule' | 'message' | 'source' | 'endsAlone' | 'ends'> & {
  readonly [K in 'on' | 'since' | 'until' | 'remedy' | 'because']?: Reason[K] | undefined;
};

/** Leaves out what is undefined or empty. */
export function reason(parts: Loose): Reason {
  const { rule, on, message, source, since, until, endsAlone, ends, remedy, because } = parts;
  return {
    rule,
    ...(on && { on }),
    message,
    source,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    endsAlone,
    ends,
    ...(remedy && remedy.length > 0 && { remedy }),
    ...(because && because.length > 0 && { because }),
  };
}

/** `app=nginx,tier=db` */
export const labelList = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** The key of a pod's timers in the kubelet. */
export const timerKeyOf = ({ metadata: { namespace, name, uid } }: Pod): string => `${namespace}/${name}/${uid}`;
