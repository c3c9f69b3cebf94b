/** The writes that tie a claim and a volume together, or part them. Each is left out where nothing would change. */
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types';
import type { ControllerContext } from '../../apiserver/controller';
import { deepEqual } from '../../meta/equal';
import { toTime } from '../../meta/time';
import { isBoundTo, referenceTo } from './match';

export const COMPONENT = 'persistentvolume-controller';
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';

type VolumePhase = NonNullable<PersistentVolume['status']['phase']>;

export class Binder {
  constructor(private readonly context: ControllerContext) {}

  /** Whether the claim was bound before: if so, its volume can only be lost, never exchanged. */
  wasBound(claim: PersistentVolumeClaim): boolean {
    return claim.metadata.annotations?.[BIND_COMPLETED] !== undefined;
  }

  bind(volume: PersistentVolume, claim: PersistentVolumeClaim): void {
    const bound = this.setVolumePhase(this.bindVolume(volume, claim), 'Bound');
    this.setClaimStatus(this.bindClaim(claim, bound), {
      phase: 'Bound',
      ...(bound.spec.accessModes && { accessModes: bound.spec.accessModes }),
      ...(bound.spec.capacity && { capacity: bound.spec.capacity }),
    });
  }

  /** A claim whose volume is gone keeps its spec and is Lost for good. */
  lose(claim: PersistentVolumeClaim, reason: string, message: string): void {
    if (claim.status.phase === 'Lost') return;
    const lost = this.setClaimStatus(claim, { phase: 'Lost' });
    this.context.recorder.event(lost, 'Warning', reason, message, COMPONENT);
  }

  setVolumePhase(volume: PersistentVolume, phase: VolumePhase, message?: string): PersistentVolume {
    if (volume.status?.phase === phase) return volume;
    return this.context.store.updateStatus(volume, {
      phase,
      ...(message !== undefined && { message }),
      lastPhaseTransitionTime: toTime(this.context.now()),
    });
  }

  /** Takes the claim off the volume; a reservation that the user made stays one (as unbindVolume). */
  unbind(volume: PersistentVolume): PersistentVolume {
    const { claimRef, ...spec } = volume.spec;
    const { [BOUND_BY_CONTROLLER]: byController, ...others } = volume.metadata.annotations ?? {};
    const { annotations: _annotations, ...metadata } = volume.metadata;
    const freed = this.context.store.update<PersistentVolume>(
      byController === undefined
        ? { ...volume, spec: { ...spec, claimRef: { ...claimRef, uid: undefined } } }
        : {
            ...volume,
            metadata: Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata,
            spec,
          },
    );
    return this.setVolumePhase(freed, 'Available');
  }

  private bindVolume(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
    if (volume.spec.claimRef?.uid === claim.metadata.uid && isBoundTo(volume, claim)) return volume;
    const reserved = isBoundTo(volume, claim);
    return this.context.store.update<PersistentVolume>({
      ...volume,
      metadata: reserved
        ? volume.metadata
        : { ...volume.metadata, annotations: { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' } },
      spec: { ...volume.spec, claimRef: referenceTo(claim) },
    });
  }

  private bindClaim(claim: PersistentVolumeClaim, volume: PersistentVolume): PersistentVolumeClaim {
    const chosenHere = claim.spec.volumeName !== volume.metadata.name;
    if (!chosenHere && this.wasBound(claim)) return claim;
    return this.context.store.update<PersistentVolumeClaim>({
      ...claim,
      metadata: {
        ...claim.metadata,
        annotations: {
          ...claim.metadata.annotations,
          [BIND_COMPLETED]: 'yes',
          ...(chosenHere && { [BOUND_BY_CONTROLLER]: 'yes' }),
        },
      },
      spec: { ...claim.spec, volumeName: volume.metadata.name },
    });
  }

  private setClaimStatus(claim: PersistentVolumeClaim, status: PersistentVolumeClaim['status']): PersistentVolumeClaim {
    if (deepEqual(claim.status, status)) return claim;
    return this.context.store.updateStatus(claim, status);
  }
}
