/** What a pod refers to and is not there: the kubelet can't make its containers, or mount its volumes, until it is. */
import type { Pod, PodSpec } from '../api/types';
import type { Store } from '../apiserver/store';
import { containersOf, describeContainer } from './container';
import { MountError } from './volumes';

export interface Missing {
  /** `config` stops the container alone, `mount` the whole pod. */
  readonly kind: 'config' | 'mount';
  readonly message: string;
}

const known = new WeakMap<PodSpec, boolean>();

/** Whether the pod reads anything from ConfigMaps or Secrets. */
export function readsConfiguration(pod: Pod): boolean {
  let reads = known.get(pod.spec);
  if (reads === undefined) {
    reads =
      (pod.spec.volumes ?? []).some((volume) => volume.configMap || volume.secret || volume.projected) ||
      containersOf(pod).some(({ env, envFrom }) => envFrom !== undefined || (Array.isArray(env) && env.some(refers)));
    known.set(pod.spec, reads);
  }
  return reads;
}

const refers = (variable: unknown): boolean =>
  typeof variable === 'object' && variable !== null && 'valueFrom' in variable && variable.valueFrom !== undefined;

export function missingFor(store: Store, pod: Pod, container: string): Missing | undefined {
  if (!readsConfiguration(pod)) return undefined;
  let missing: Missing | undefined;
  describeContainer(store, pod, container, 0, (problem) => {
    missing ??= { kind: problem instanceof MountError ? 'mount' : 'config', message: problem.message };
  });
  return missing;
}

/** The first volume that can't be mounted. */
export function missingMount(store: Store, pod: Pod): string | undefined {
  for (const { name } of containersOf(pod)) {
    const missing = missingFor(store, pod, name);
    if (missing?.kind === 'mount') return missing.message;
  }
  return undefined;
}
