/** Which pods and which time `sim timeline` is to show: `sts/NAME`, `pod/NAME`, `-l`, `--since`, `--until`. */

import { findResources, type ResourceInfo } from '../../core/api/resources';
import type { KubeObject, Pod, StatefulSet } from '../../core/api/types';
import { CommandError } from '../../core/client/errors';
import { parseDuration } from '../../core/meta/duration';
import { matches, parseSelector, type Selector } from '../../core/meta/labels';
import { fromTime } from '../../core/meta/time';
import type { TimelineEvent } from '../../core/reports/timeline';
import { setOf } from '../../render/timeline/pods';
import { mapKind } from '../kinds';
import { usageError } from '../targets';
import type { Context } from '../verb';

export interface Selection {
  /** Undefined for all of them. */
  readonly namespace: string | undefined;
  selects(namespace: string, set: string, pod: string): boolean;
  /** The selection's arguments that no pod of the rows fits, as they were written. */
  missing(rows: readonly TimelineEvent[]): readonly string[];
}

interface Wanted {
  readonly kind: 'set' | 'pod';
  readonly name: string;
  readonly written: string;
}

/** Without `-n` and arguments, every namespace. @throws CommandError, PlainError for an unknown kind */
export async function readSelection(context: Context): Promise<Selection> {
  const { flags } = context;
  const wanted = await readArguments(context);
  const everywhere = flags.bool('all-namespaces') || (!context.explicitNamespace && wanted.length === 0);
  const namespace = everywhere ? undefined : context.namespace;
  const fits = (want: Wanted, set: string, pod: string): boolean =>
    want.kind === 'pod' ? want.name === pod : want.name === '' ? set !== '' : want.name === set;
  const hasLabels = await readLabels(context, namespace);
  return {
    namespace,
    selects: (of, set, pod) =>
      (namespace === undefined || of === namespace) &&
      hasLabels(of, set, pod) &&
      (wanted.length === 0 || wanted.some((want) => fits(want, set, pod))),
    missing: (rows) =>
      wanted
        .filter((want) => !rows.some(({ pod, revision = '' }) => fits(want, setOf(pod, revision), pod)))
        .map(({ written }) => written),
  };
}

/**
 * `-l`: by the labels of pods that are there, and for those that are gone by the template of their set. What labels a pod of old
 * had is not remembered.
 */
async function readLabels(context: Context, namespace: string | undefined): Promise<Selection['selects']> {
  const text = context.flags.string('selector');
  if (text === '') return () => true;
  const selector = selectorOf(text);
  const backend = await context.backend();
  const list = async (type: string): Promise<readonly KubeObject[]> =>
    (await backend.list(findResources(type) as ResourceInfo, namespace)).items;
  const [pods, sets] = [(await list('pods')) as readonly Pod[], (await list('statefulsets')) as readonly StatefulSet[]];
  const key = (of: string | undefined, name: string): string => `${of}/${name}`;
  const labels = new Map(pods.map(({ metadata }) => [key(metadata.namespace, metadata.name), metadata.labels]));
  const templates = new Map(
    sets.map(({ metadata, spec }) => [key(metadata.namespace, metadata.name), spec.template.metadata?.labels]),
  );
  return (of, set, pod) => {
    const living = key(of, pod);
    if (labels.has(living)) return matches(selector, labels.get(living));
    return set !== '' && templates.has(key(of, set)) && matches(selector, templates.get(key(of, set)));
  };
}

function selectorOf(text: string): Selector {
  try {
    return parseSelector(text);
  } catch (e) {
    throw e instanceof Error ? new CommandError(e.message) : e;
  }
}

/** `sts/web pod/db-0`, or `sts web db`. A kind alone is all of the kind. */
async function readArguments(context: Context): Promise<Wanted[]> {
  const { args } = context;
  const slashes = args.filter((word) => word.includes('/')).length;
  if (slashes > 0 && slashes < args.length)
    throw usageError(
      context,
      `expected TYPE/NAME for each argument, got ${args.map((w) => JSON.stringify(w)).join(' ')}`,
    );
  const pairs =
    slashes > 0
      ? args.map((word) => [word, ...word.split('/')])
      : args.slice(1, Math.max(1, args.length)).map((name) => [`${args[0]}/${name}`, args[0], name]);
  if (slashes === 0 && args.length === 1) pairs.push([args[0], args[0]]);
  const wanted: Wanted[] = [];
  for (const [written, type, name, ...more] of pairs) {
    if (more.length > 0 || type === '' || name === '')
      throw usageError(context, `arguments in resource/name form must have a single resource and name`);
    const { kind } = await mapKind(context, type);
    if (kind !== 'Pod' && kind !== 'StatefulSet')
      throw new CommandError(`a timeline shows pods and StatefulSets, not ${JSON.stringify(written)}`);
    // A kind alone is no limit for pods.
    if (kind === 'Pod' && name === undefined) return [];
    wanted.push({ kind: kind === 'Pod' ? 'pod' : 'set', name: name ?? '', written });
  }
  return wanted;
}

/** `--since` and `--until` in ms since 1970: an instant, or a duration before `now`. @throws CommandError */
export function readRange(context: Context, now: number): { readonly since?: number; readonly until?: number } {
  const since = readInstant(context, 'since', now);
  const until = readInstant(context, 'until', now);
  if (since !== undefined && until !== undefined && since > until)
    throw new CommandError('--since must not be later than --until');
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until: Math.min(until, now) }) };
}

function readInstant({ flags }: Context, name: string, now: number): number | undefined {
  const text = flags.string(name);
  if (text === '') return undefined;
  try {
    return /^\d{4}-/.test(text) ? fromTime(text) : now - parseDuration(text);
  } catch {
    throw new CommandError(
      `invalid --${name} ${JSON.stringify(text)}: must be a duration such as 10m, or an instant such as 2026-01-01T00:00:00Z`,
    );
  }
}
