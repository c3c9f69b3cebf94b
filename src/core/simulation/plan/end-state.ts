/** How the objects of a plan stand at its end. */
import { claimNames, isPodReady } from '../../api/pod';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types';
import type { Store } from '../../apiserver/store';
import { isMemberOf, ordinalOf, revisionOf } from '../../controllers/statefulset/utils';
import type { EndState } from '../../reports/plan';
import type { TimelineEvent } from '../../reports/timeline';

/** The words of the tables, which other rooms know. */
export interface EndTables {
  /** The STATUS of each pod. */
  podStatuses(pods: readonly Pod[]): readonly string[];
  claimStatuses(claims: readonly PersistentVolumeClaim[]): readonly string[];
}

/** What a plan is about. */
export interface Concerned {
  readonly sets: readonly StatefulSet[];
  /** By the uid of their set. */
  readonly podsOf: ReadonlyMap<string, readonly Pod[]>;
  readonly transitions: readonly TimelineEvent[];
  /** Claims that had a part in it. */
  readonly claims: readonly PersistentVolumeClaim[];
}

/** The sets, their pods and others that came or changed, and the claims of all these. */
export function endState(store: Store, concerned: Concerned, tables: EndTables): EndState {
  const { sets } = concerned;
  const pods = podsAtEnd(store, concerned);
  const claims = claimsAtEnd(store, concerned, pods);
  const statuses = tables.podStatuses(pods);
  const claimStatuses = tables.claimStatuses(claims);
  return {
    statefulSets: sets.map(({ metadata: { namespace = '', name }, spec, status }) => ({
      namespace,
      name,
      replicas: spec.replicas,
      ready: status.readyReplicas ?? 0,
      updated: status.updatedReplicas ?? 0,
      currentRevision: status.currentRevision ?? '',
      updateRevision: status.updateRevision ?? '',
    })),
    pods: pods.map((pod, i) => ({
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name,
      ready: isPodReady(pod),
      status: statuses[i],
      revision: revisionOf(pod),
      node: pod.spec.nodeName ?? '',
    })),
    claims: claims.map(({ metadata: { namespace = '', name }, spec }, i) => ({
      namespace,
      name,
      status: claimStatuses[i],
      volume: spec.volumeName ?? '',
    })),
  };
}

function podsAtEnd(store: Store, { sets, podsOf, transitions }: Concerned): Pod[] {
  const found = new Map<string, Pod>();
  for (const set of sets)
    for (const pod of [...(podsOf.get(set.metadata.uid) ?? [])].sort((a, b) => ordinalOf(a) - ordinalOf(b)))
      found.set(pod.metadata.uid, pod);
  for (const { namespace, pod: name } of transitions) {
    const pod = store.get<Pod>('pods', namespace, name);
    if (pod) found.set(pod.metadata.uid, pod);
  }
  return [...found.values()];
}

/** Claims that the pods use, and those of earlier pods of the sets, which carry the names of their templates. */
function claimsAtEnd(store: Store, { sets, claims }: Concerned, pods: readonly Pod[]): PersistentVolumeClaim[] {
  const found = new Map(claims.map((claim) => [claim.metadata.uid, claim]));
  for (const pod of pods)
    for (const name of claimNames(pod)) {
      const claim = store.get<PersistentVolumeClaim>('persistentvolumeclaims', pod.metadata.namespace ?? '', name);
      if (claim) found.set(claim.metadata.uid, claim);
    }
  const templates = sets.flatMap((set) =>
    (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({ set, prefix: `${metadata.name}-` })),
  );
  const namespaces = new Set(sets.map(({ metadata }) => metadata.namespace ?? ''));
  for (const namespace of namespaces)
    for (const claim of store.list<PersistentVolumeClaim>('persistentvolumeclaims', namespace)) {
      const { name } = claim.metadata;
      const belongs = templates.some(
        ({ set, prefix }) =>
          set.metadata.namespace === namespace && name.startsWith(prefix) && isBorne(set, name.slice(prefix.length)),
      );
      if (belongs) found.set(claim.metadata.uid, claim);
    }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return [...found.values()].sort((a, b) => compare(nameOf(a), nameOf(b)));
}

const nameOf = ({ metadata }: PersistentVolumeClaim): string => `${metadata.namespace}/${metadata.name}`;

const isBorne = (set: StatefulSet, podName: string): boolean => isMemberOf(set, { metadata: { name: podName } } as Pod);
