/** What the strategies of single kinds do to an object: each rule knows one kind, and no store. */
import { asList, asObject, type Json } from '../api/json';
import { withMatchLabelKeys } from '../api/match-label-keys';
import { qosClass } from '../api/qos';
import type { KubeObject, Labels, PersistentVolumeClaim, Pod, PodCondition, Secret, StatefulSet } from '../api/types';

/** A pod on its way in: its own labels in its selectors, and the status that it begins with. */
export function newPod(pod: Pod): KubeObject {
  const spec = withMatchLabelKeys(pod.spec as unknown as Json, asObject(pod.metadata.labels)) as unknown as Pod['spec'];
  const object = spec === pod.spec ? pod : { ...pod, spec };
  const status = { phase: 'Pending', qosClass: qosClass(spec) };
  const isGated = asList(spec.schedulingGates).length > 0;
  return { ...object, status: isGated ? { conditions: [gated(pod)], ...status } : status };
}

/** As applySchedulingGatedCondition. */
const gated = (pod: Pod): PodCondition => ({
  lastProbeTime: null,
  lastTransitionTime: pod.metadata.creationTimestamp,
  message: 'Scheduling is blocked due to non-empty scheduling gates',
  reason: 'SchedulingGated',
  status: 'False',
  type: 'PodScheduled',
});

/** The old object's metadata with what a write to a subresource of its spec may say: the version that is meant, and field owners. */
export const metadataOfSubresource = (
  { resourceVersion, managedFields }: KubeObject['metadata'],
  old: KubeObject,
): KubeObject['metadata'] => ({ ...old.metadata, resourceVersion, ...(managedFields && { managedFields }) });

/** Nothing of the pod but its ephemeral containers (as dropNonEphemeralContainerUpdates). */
export const withEphemeral = ({ metadata, spec }: Pod, old: Pod): KubeObject => ({
  ...old,
  metadata: metadataOfSubresource(metadata, old),
  spec: {
    ...old.spec,
    ...(spec?.ephemeralContainers && { ephemeralContainers: spec.ephemeralContainers }),
    ...(!spec?.ephemeralContainers && old.spec.ephemeralContainers && { ephemeralContainers: [] }),
  },
});

/**
 * maxUnavailable is a field only behind its gate: dropped without it unless the set already had it, 1 by default with it
 * (as dropStatefulSetDisabledFields and SetDefaults_StatefulSet).
 */
export function withMaxUnavailable(
  set: StatefulSet,
  old: StatefulSet | undefined,
  context: { gate(name: string): boolean },
): StatefulSet {
  const { rollingUpdate } = set.spec.updateStrategy ?? {};
  if (!rollingUpdate) return set;
  const isOn = context.gate('MaxUnavailableStatefulSet');
  const { maxUnavailable, ...rest } = rollingUpdate;
  let next = rollingUpdate;
  if (isOn && maxUnavailable === undefined) next = { ...rest, maxUnavailable: 1 };
  else if (!isOn && maxUnavailable !== undefined) {
    if (old?.spec.updateStrategy.rollingUpdate?.maxUnavailable === undefined) next = rest;
  }
  if (next === rollingUpdate) return set;
  return { ...set, spec: { ...set.spec, updateStrategy: { ...set.spec.updateStrategy, rollingUpdate: next } } };
}

/** `stringData` is write-only: its values join `data` in base64 (as Secret's conversion does). */
export function foldStringData(secret: Secret): KubeObject {
  if (!secret.stringData) return secret;
  const { stringData, ...rest } = secret;
  const data: Record<string, string> = { ...secret.data };
  for (const [key, value] of Object.entries(stringData)) data[key] = toBase64(value);
  return { ...rest, data } as KubeObject;
}

function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** A Job selects its pods by its own uid, unless its selector is kept by hand (as generateSelector). */
export function withJobSelector(job: KubeObject): KubeObject {
  const spec = job.spec as JobSpec | undefined;
  if (!spec?.template || spec.manualSelector === true) return job;
  const { name, uid } = job.metadata;
  const own = { 'batch.kubernetes.io/controller-uid': uid };
  const labels = {
    ...spec.template.metadata?.labels,
    ...own,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
  const selector = { ...spec.selector, matchLabels: { ...spec.selector?.matchLabels, ...own } };
  return { ...job, spec: { ...spec, selector, template } };
}

interface JobSpec {
  readonly manualSelector?: boolean;
  readonly selector?: { readonly matchLabels?: Labels };
  readonly template?: { readonly metadata?: { readonly labels?: Labels } };
}

/** A client that sends a claim back without its class or volume does not take them away. */
export function keepClaimClass(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): KubeObject {
  const storageClassName = claim.spec.storageClassName ?? old.spec.storageClassName;
  const volumeName = claim.spec.volumeName ?? old.spec.volumeName;
  if (storageClassName === claim.spec.storageClassName && volumeName === claim.spec.volumeName) return claim;
  return {
    ...claim,
    spec: {
      ...claim.spec,
      ...(storageClassName !== undefined && { storageClassName }),
      ...(volumeName && { volumeName }),
    },
  };
}
