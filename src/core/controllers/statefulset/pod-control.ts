/**
 * The writes of the StatefulSet controller and the events that tell of them: pods with their claims created, repaired
 * and deleted (as stateful_pod_control.go). A failure is recorded as a Warning and thrown on.
 */
import { isAlreadyExists, isNotFound } from '../../api/status';
import type { KubeObject, Manifest, PersistentVolumeClaim, Pod, PodTemplate, StatefulSet } from '../../api/types';
import type { EventRecorder } from '../../apiserver/event-recorder';
import type { Store } from '../../apiserver/store';
import {
  claimNamesFor,
  hasStaleOwner,
  hasUnexpectedController,
  isClaimOwnerUpToDate,
  newClaim,
  retentionPolicyOf,
  storageMatches,
  withClaimVolumes,
  withRetentionOwners,
} from './claims';
import {
  identityMatches,
  newControllerRef,
  ordinalOf,
  POD_INDEX_LABEL,
  POD_NAME_LABEL,
  podNameFor,
  REVISION_LABEL,
} from './utils';

const COMPONENT = 'statefulset-controller';

type Verb = 'create' | 'update' | 'delete';
const TITLE: Readonly<Record<Verb, string>> = { create: 'Create', update: 'Update', delete: 'Delete' };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The pod of an ordinal from a template: identity, labels, owner, claims as volumes (as newVersionedStatefulSetPod). */
export function newPod(set: StatefulSet, template: PodTemplate, ordinal: number, revision: string): Manifest {
  const name = podNameFor(set, ordinal);
  const volumes = withClaimVolumes(set, ordinal, template.spec.volumes);
  const { volumes: _own, ...spec } = template.spec;
  const finalizers = template.metadata?.finalizers as readonly string[] | undefined;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      labels: {
        ...template.metadata?.labels,
        [POD_NAME_LABEL]: name,
        [POD_INDEX_LABEL]: String(ordinal),
        [REVISION_LABEL]: revision,
      },
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ...(finalizers && finalizers.length > 0 && { finalizers }),
      ownerReferences: [newControllerRef(set)],
    },
    spec: {
      ...spec,
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  };
}

export class PodControl {
  constructor(
    private readonly store: Store,
    private readonly recorder: EventRecorder,
  ) {}

  /** Creates the claims, then the pod, then gives the claims their owners. */
  create(set: StatefulSet, template: PodTemplate, ordinal: number, revision: string): void {
    const name = podNameFor(set, ordinal);
    try {
      this.createClaims(set, ordinal, true);
    } catch (error) {
      this.recordPod('create', set, name, error);
      throw error;
    }
    let pod: Pod;
    try {
      pod = this.store.create<Pod>(newPod(set, template, ordinal, revision));
    } catch (error) {
      if (!isAlreadyExists(error)) this.recordPod('create', set, name, error);
      throw error;
    }
    try {
      this.updateClaimOwners(set, pod);
    } catch (error) {
      this.recordPod('update', set, name, error);
      throw error;
    }
    this.recordPod('create', set, name);
  }

  /** Makes the claims that a pending pod misses. */
  createMissingClaims(set: StatefulSet, pod: Pod): void {
    try {
      this.createClaims(set, ordinalOf(pod), false);
    } catch (error) {
      this.recordPod('update', set, pod.metadata.name, error);
      throw error;
    }
    this.updateClaimOwners(set, pod);
  }

  /** Repairs identity, storage and the claims' owners; nothing to do means no call and no event. */
  update(set: StatefulSet, pod: Pod): void {
    let attempted = false;
    try {
      let next = pod;
      if (!identityMatches(set, next)) next = withIdentity(set, next);
      if (!storageMatches(set, next)) {
        next = {
          ...next,
          spec: { ...next.spec, volumes: withClaimVolumes(set, ordinalOf(next), next.spec.volumes) },
        };
        this.createClaims(set, ordinalOf(next), true);
      }
      this.updateClaimOwners(set, next);
      if (next === pod) return;
      attempted = true;
      this.store.update(next);
    } catch (error) {
      this.recordPod('update', set, pod.metadata.name, error);
      throw error;
    }
    if (attempted) this.recordPod('update', set, pod.metadata.name);
  }

  /** Deletes the pod; one that is gone already counts as deleted. */
  delete(set: StatefulSet, pod: Pod): void {
    try {
      this.store.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, {
        preconditions: { uid: pod.metadata.uid },
      });
    } catch (error) {
      if (isNotFound(error)) return;
      this.recordPod('delete', set, pod.metadata.name, error);
      throw error;
    }
    this.recordPod('delete', set, pod.metadata.name);
  }

  /** A claim of an earlier pod of this name is still about to be collected (as PodClaimIsStale). */
  staleClaim(set: StatefulSet, ordinal: number): string | undefined {
    if (retentionPolicyOf(set).whenScaled === 'Retain') return undefined;
    const podName = podNameFor(set, ordinal);
    return claimNamesFor(set, ordinal).find((name) => {
      const claim = this.claim(set, name);
      return claim !== undefined && hasStaleOwner(claim, podName, undefined);
    });
  }

  claimsMatchRetentionPolicy(set: StatefulSet, pod: Pod): boolean {
    return claimNamesFor(set, ordinalOf(pod)).every((name) => {
      const claim = this.claim(set, name);
      return !claim || isClaimOwnerUpToDate(claim, set, pod);
    });
  }

  /** Gives the claims the owners that the retention policy asks for; missing claims are tolerated. */
  updateClaimOwners(set: StatefulSet, pod: Pod): void {
    for (const name of claimNamesFor(set, ordinalOf(pod))) {
      const claim = this.claim(set, name);
      if (!claim) continue;
      if (hasUnexpectedController(claim, set, pod)) {
        this.recorder.event(
          set,
          'Warning',
          'ConflictingController',
          `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a managing controller, the retention policy is ignored for this claim`,
          COMPONENT,
        );
        continue;
      }
      if (!isClaimOwnerUpToDate(claim, set, pod)) this.store.update(withRetentionOwners(claim, set, pod));
    }
  }

  /**
   * Makes the claims that are not there, each whatever became of those before it. `refuseDeleted`: a claim that is going away
   * is an error, not a claim. Throws ClaimError with all that went wrong (as createPersistentVolumeClaims).
   */
  private createClaims(set: StatefulSet, ordinal: number, refuseDeleted: boolean): void {
    const errors: ClaimError[] = [];
    for (const template of set.spec.volumeClaimTemplates ?? []) {
      const manifest = newClaim(template, set, ordinal);
      const name = manifest.metadata.name as string;
      const existing = this.claim(set, name);
      if (existing) {
        if (refuseDeleted && existing.metadata.deletionTimestamp !== undefined) {
          errors.push(new ClaimError(`pvc ${name} is being deleted`));
        }
        continue;
      }
      try {
        this.store.create(manifest);
      } catch (error) {
        if (!isAlreadyExists(error)) this.recordClaim(set, ordinal, name, error);
        errors.push(new ClaimError(`failed to create PVC ${name}: ${messageOf(error)}`, { cause: error }));
        continue;
      }
      this.recordClaim(set, ordinal, name);
    }
    const [first] = errors;
    if (!first) return;
    if (errors.length === 1) throw first;
    throw new ClaimError(`[${errors.map(messageOf).join(', ')}]`, { cause: first.cause });
  }

  private claim(set: StatefulSet, name: string): PersistentVolumeClaim | undefined {
    return this.store.get('persistentvolumeclaims', set.metadata.namespace ?? '', name);
  }

  private recordPod(verb: Verb, set: KubeObject, pod: string, error?: unknown): void {
    const title = TITLE[verb];
    const name = set.metadata.name;
    if (error === undefined) {
      this.recorder.event(
        set,
        'Normal',
        `Successful${title}`,
        `${title} Pod ${pod} in StatefulSet ${name} successful`,
        COMPONENT,
      );
    } else {
      const message = `${title} Pod ${pod} in StatefulSet ${name} failed error: ${messageOf(error)}`;
      this.recorder.event(set, 'Warning', `Failed${title}`, message, COMPONENT);
    }
  }

  private recordClaim(set: StatefulSet, ordinal: number, claim: string, error?: unknown): void {
    const pod = podNameFor(set, ordinal);
    const name = set.metadata.name;
    if (error === undefined) {
      const message = `Create Claim ${claim} Pod ${pod} in StatefulSet ${name} success`;
      this.recorder.event(set, 'Normal', 'SuccessfulCreate', message, COMPONENT);
    } else {
      const message = `Create Claim ${claim} for Pod ${pod} in StatefulSet ${name} failed error: ${messageOf(error)}`;
      this.recorder.event(set, 'Warning', 'FailedCreate', message, COMPONENT);
    }
  }
}

/** A claim could not be had; the sync is tried again. */
export class ClaimError extends Error {}

function withIdentity(set: StatefulSet, pod: Pod): Pod {
  const ordinal = ordinalOf(pod);
  const name = podNameFor(set, ordinal);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: { ...pod.metadata.labels, [POD_NAME_LABEL]: name, [POD_INDEX_LABEL]: String(ordinal) },
    },
  };
}
