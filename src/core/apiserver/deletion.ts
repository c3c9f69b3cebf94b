/**
 * What a delete call makes of an object: gone at once, terminating with a grace period (pods), or waiting for its
 * finalizers (as rest.BeforeDelete and the registry store's deletion finalizers).
 */
import type { ResourceInfo } from '../api/resources';
import { forbidden } from '../api/status';
import type { KubeObject, ObjectMeta, Pod } from '../api/types';
import { fromTime, toTime } from '../meta/time';
import type { ResourceKey } from './storage';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  /** Without it, the finalizers that the object already has decide. */
  readonly propagationPolicy?: Propagation;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

const DEFAULT_GRACE_SECONDS = 30;
const PROTECTED_NAMESPACES = ['default', 'kube-system', 'kube-public'];

/** The object as it is after the call; undefined when it is to be removed; the same reference when nothing changes. */
export function planDeletion(
  key: ResourceKey,
  resource: ResourceInfo,
  old: KubeObject,
  options: DeleteOptions,
  now: number,
): KubeObject | undefined {
  if (key === 'namespaces') return terminateNamespace(resource, old, now);
  const finalizers = deletionFinalizers(old.metadata.finalizers ?? [], options.propagationPolicy);
  const grace = key === 'pods' ? gracePeriod(old as Pod, options.gracePeriodSeconds) : 0;
  if (old.metadata.deletionTimestamp !== undefined) return shorten(old, finalizers, grace, options, now);
  if (grace === 0 && finalizers.length === 0) return undefined;
  return terminating(old, finalizers, grace, now);
}

/** Foreground and orphan deletion are finalizers that the garbage collector works off. */
function deletionFinalizers(current: readonly string[], policy: Propagation | undefined): readonly string[] {
  if (policy === undefined) return current;
  const others = current.filter((f) => f !== FOREGROUND && f !== ORPHAN);
  if (policy === 'Background') return others;
  return [...others, policy === 'Foreground' ? FOREGROUND : ORPHAN];
}

/** As the pod strategy's CheckGracefulDelete: a pod without a node or with nothing running needs no grace. */
function gracePeriod(pod: Pod, asked: number | undefined): number | bigint {
  if (!pod.spec.nodeName) return 0;
  if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') return 0;
  const period = asked ?? pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  return period < 0 ? 1 : period;
}

function terminating(old: KubeObject, finalizers: readonly string[], grace: number | bigint, now: number): KubeObject {
  return {
    ...old,
    metadata: withFinalizers(
      {
        ...old.metadata,
        ...(old.metadata.generation !== undefined && { generation: old.metadata.generation + 1 }),
        deletionTimestamp: toTime(now + milliseconds(grace)),
        deletionGracePeriodSeconds: grace,
      },
      finalizers,
    ),
  };
}

/** Of a time.Duration, which counts nanoseconds in 64 bits: more than 292 years of grace begin anew in the past. */
const milliseconds = (seconds: number | bigint): number =>
  Number(BigInt.asIntN(64, BigInt(seconds) * 1_000_000_000n)) / 1e6;

/** A second delete can only shorten the grace period, or turn into the end. */
function shorten(
  old: KubeObject,
  finalizers: readonly string[],
  grace: number | bigint,
  options: DeleteOptions,
  now: number,
): KubeObject | undefined {
  const current = old.metadata.deletionGracePeriodSeconds ?? 0;
  const shortened = grace < current && (options.gracePeriodSeconds !== undefined || grace === 0);
  if (finalizers.length === 0 && (shortened ? grace : current) === 0) return undefined;
  const sameFinalizers =
    finalizers === old.metadata.finalizers || finalizers.join() === (old.metadata.finalizers ?? []).join();
  if (!shortened) return sameFinalizers ? old : { ...old, metadata: withFinalizers(old.metadata, finalizers) };
  const asked = Math.max(0, fromTime(old.metadata.deletionTimestamp as string) - milliseconds(current));
  return {
    ...old,
    metadata: withFinalizers(
      {
        ...old.metadata,
        deletionTimestamp: toTime(Math.max(now, asked + milliseconds(grace))),
        deletionGracePeriodSeconds: grace,
      },
      finalizers,
    ),
  };
}

function withFinalizers(meta: ObjectMeta, finalizers: readonly string[]): ObjectMeta {
  if (finalizers.length > 0) return { ...meta, finalizers };
  const { finalizers: _none, ...rest } = meta;
  return rest;
}

function terminateNamespace(resource: ResourceInfo, old: KubeObject, now: number): KubeObject {
  if (PROTECTED_NAMESPACES.includes(old.metadata.name)) {
    throw forbidden(resource, old.metadata.name, 'this namespace may not be deleted');
  }
  if (old.metadata.deletionTimestamp !== undefined) return old;
  return {
    ...old,
    metadata: { ...old.metadata, deletionTimestamp: toTime(now) },
    status: { phase: 'Terminating' },
  };
}
