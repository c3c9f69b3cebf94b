/** Which pods of a node are to go when it is drained, and which forbid it (as the filters of kubectl's drain package). */
import type { ResourceInfo } from '../api/resources';
import { isNotFound } from '../api/status';
import type { Pod } from '../api/types';
import type { Backend } from './backend';
import { CommandError, isExpected } from './errors';

export interface DrainRules {
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDirData: boolean;
  /** Pods that should have gone so many seconds ago are left alone; 0 for none. */
  readonly skipWaitSeconds: number;
}

export interface Drainable {
  readonly pods: readonly Pod[];
  /** What the user should know, in one line; empty for nothing. */
  readonly warnings: string;
  /** Why the node can't be drained. */
  readonly errors: readonly Error[];
}

type Verdict = { readonly goes: boolean; readonly warning?: string; readonly error?: string };

const GOES: Verdict = { goes: true };
const STAYS: Verdict = { goes: false };
const MIRROR = 'kubernetes.io/config.mirror';

export async function drainable(
  backend: Backend,
  pods: readonly Pod[],
  rules: DrainRules,
  daemonSets: ResourceInfo | undefined,
): Promise<Drainable> {
  const now = await backend.now();
  const going: Pod[] = [];
  const warnings = new Map<string, string[]>();
  const errors = new Map<string, string[]>();
  for (const pod of pods) {
    const verdict = await judge(backend, pod, rules, daemonSets, now);
    if (verdict.goes) going.push(pod);
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    if (verdict.warning !== undefined) add(warnings, verdict.warning, name);
    if (verdict.error !== undefined) add(errors, verdict.error, name);
  }
  const lines = (found: ReadonlyMap<string, string[]>): string[] =>
    [...found].map(([text, names]) => `${text}: ${names.join(', ')}`);
  return {
    pods: going,
    warnings: lines(warnings).join('; '),
    errors: lines(errors).map(
      (line) => new CommandError(line.toLowerCase().startsWith('cannot delete') ? line : `cannot delete ${line}`),
    ),
  };
}

function add(found: Map<string, string[]>, text: string, name: string): void {
  found.set(text, [...(found.get(text) ?? []), name]);
}

/** Each rule in turn. */
async function judge(
  backend: Backend,
  pod: Pod,
  rules: DrainRules,
  daemonSets: ResourceInfo | undefined,
  now: number,
): Promise<Verdict> {
  if (isOverdue(pod, rules.skipWaitSeconds, now)) return STAYS;
  const isOver = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
  const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller);
  if (owner?.kind === 'DaemonSet' && !isOver) {
    const verdict = await ofDaemonSet(backend, pod, owner.name, rules, daemonSets);
    if (!verdict.goes) return verdict;
  }
  if (pod.metadata.annotations?.[MIRROR] !== undefined) return STAYS;
  if (isOver) return GOES;
  // That local data goes with it is not said: the rule that follows has the last word.
  if (pod.spec.volumes?.some((volume) => volume.emptyDir) && !rules.deleteEmptyDirData)
    return { goes: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' };
  if (owner) return GOES;
  return rules.force
    ? { goes: true, warning: 'deleting Pods that declare no controller' }
    : { goes: false, error: 'cannot delete Pods that declare no controller (use --force to override)' };
}

async function ofDaemonSet(
  backend: Backend,
  pod: Pod,
  name: string,
  rules: DrainRules,
  daemonSets: ResourceInfo | undefined,
): Promise<Verdict> {
  try {
    if (daemonSets) await backend.get(daemonSets, pod.metadata.namespace, name);
  } catch (e) {
    if (!isExpected(e)) throw e;
    return isNotFound(e) && rules.force ? { goes: true, warning: e.message } : { goes: false, error: e.message };
  }
  if (!rules.ignoreDaemonSets)
    return { goes: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
  return { goes: false, warning: 'ignoring DaemonSet-managed Pods' };
}

/** Whether the pod should have been gone for longer than that. */
export function isOverdue({ metadata }: Pod, seconds: number, now: number): boolean {
  const { deletionTimestamp } = metadata;
  if (seconds <= 0 || deletionTimestamp === undefined) return false;
  return Math.trunc((now - Date.parse(deletionTimestamp)) / 1000) > seconds;
}
