/** The pod behind TYPE/NAME: the one that a user most likely means (as kubectl's GetFirstPod and SelectorsForObject). */
import { isPodReady, readySince } from '../api/pod';
import type { KubeObject, Pod } from '../api/types';
import { formatLabels, formatSelector, fromLabelSelector, type LabelSelectorLike } from '../meta/labels';
import type { Backend } from './backend';
import { type Info, mapResource } from './builder';
import { CommandError } from './errors';

/** Kinds whose spec.selector is a LabelSelector, and those whose selector is a map. */
const SELECTING = ['ReplicaSet', 'Deployment', 'DaemonSet', 'StatefulSet', 'Job'];
const MAPPING = ['ReplicationController', 'Service'];

export interface PodsOptions {
  /** How long to wait for a first pod, ms. */
  readonly timeoutMs: number;
  /** What could not be done, for an object that has no pods: `cannot attach to`. */
  readonly action: string;
  beforeWait?(): Promise<void>;
}

/**
 * The pod itself, or the pods that an object selects, best first: assigned, running, ready, ready for longest.
 * @throws CommandError where the kind selects none, or none came in time
 */
export async function podsOf(backend: Backend, { resource, object }: Info, options: PodsOptions): Promise<Pod[]> {
  const found = object as KubeObject;
  if (resource.group === '' && resource.kind === 'Pod') return [found as Pod];
  const labelSelector = selectorOf(found, `*${resource.version}.${resource.kind}`, options.action);
  const { namespace } = found.metadata;
  const pods = await mapResource(backend, 'pods');
  const { items, resourceVersion } = await backend.list(pods, namespace, { labelSelector });
  if (items.length > 0) return (items as Pod[]).toSorted(byPreference);
  await options.beforeWait?.();
  const { timeoutMs } = options;
  for await (const event of backend.watch(pods, namespace, { labelSelector, resourceVersion, timeoutMs })) {
    if (event.type !== 'DELETED') return [event.object as Pod];
  }
  throw new CommandError('timed out waiting for the condition');
}

function selectorOf({ kind, metadata, spec }: KubeObject, type: string, action: string): string {
  const selector =
    typeof spec === 'object' && spec !== null && 'selector' in spec
      ? (spec.selector as LabelSelectorLike & Readonly<Record<string, string>>)
      : undefined;
  if (SELECTING.includes(kind)) return formatSelector(fromLabelSelector(selector));
  if (!MAPPING.includes(kind)) throw new CommandError(`${action} ${type}: selector for ${type} not implemented`);
  if (!selector || Object.keys(selector).length === 0)
    throw new CommandError(
      `${action} ${type}: invalid service '${metadata.name}': Service is defined without a selector`,
    );
  return formatLabels(selector);
}

const PHASES: Readonly<Record<string, number>> = { Running: 0, Unknown: 1, Pending: 2 };

function byPreference(a: Pod, b: Pod): number {
  const order = (pod: Pod): readonly number[] => [
    pod.spec.nodeName ? 0 : 1,
    PHASES[pod.status.phase ?? ''] ?? 3,
    isPodReady(pod) ? 0 : 1,
    Date.parse(readySince(pod) ?? '') || Number.MAX_SAFE_INTEGER,
    Date.parse(pod.metadata.creationTimestamp ?? '') || Number.MAX_SAFE_INTEGER,
  ];
  const [left, right] = [order(a), order(b)];
  const at = left.findIndex((value, i) => value !== right[i]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
