/** What becomes of a volume whose claim is gone, or bound to another volume (as reclaimVolume). */
import type { PersistentVolume } from '../../api/types';
import type { ControllerContext } from '../../apiserver/controller';
import { type Binder, COMPONENT } from './bind';
import { PROVISIONED_BY } from './provision';

export class Reclaimer {
  constructor(
    private readonly context: ControllerContext,
    private readonly binder: Binder,
  ) {}

  /** Its claim is gone. */
  reclaim(volume: PersistentVolume): void {
    const { phase } = volume.status;
    const released =
      phase === 'Released' || phase === 'Failed' ? volume : this.binder.setVolumePhase(volume, 'Released');
    switch (volume.spec.persistentVolumeReclaimPolicy) {
      case 'Delete':
        this.remove(released);
        break;
      case 'Recycle':
        this.recycle(released);
        break;
    }
  }

  /** Its claim lives, but is bound to another volume. */
  releaseFromOther(volume: PersistentVolume): void {
    const provisioned = volume.metadata.annotations?.[PROVISIONED_BY] !== undefined;
    if (provisioned && volume.spec.persistentVolumeReclaimPolicy === 'Delete') this.reclaim(volume);
    else this.binder.unbind(volume);
  }

  private remove(volume: PersistentVolume): void {
    if (volume.metadata.deletionTimestamp !== undefined) return;
    const trouble = deletionTrouble(volume);
    if (trouble === undefined) {
      this.context.store.delete('persistentvolumes', '', volume.metadata.name);
    } else if (volume.status.phase !== 'Failed') {
      const failed = this.binder.setVolumePhase(volume, 'Failed', trouble);
      this.context.recorder.event(failed, 'Warning', 'VolumeFailedDelete', trouble, COMPONENT);
    }
  }

  /** Scrubbed at once: the simulated recycler needs no pod. */
  private recycle(volume: PersistentVolume): void {
    this.context.recorder.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled', COMPONENT);
    this.binder.unbind(volume);
  }
}

/** Volumes that nobody provisioned can only be deleted by a plug-in of their kind. */
function deletionTrouble(volume: PersistentVolume): string | undefined {
  if (volume.metadata.annotations?.[PROVISIONED_BY] !== undefined) return undefined;
  const { hostPath } = volume.spec;
  const path =
    typeof hostPath === 'object' && hostPath !== null && 'path' in hostPath ? String(hostPath.path) : undefined;
  if (path === undefined)
    return (
      'error getting deleter volume plugin for volume "' +
      `${volume.metadata.name}": no deletable volume plugin matched`
    );
  return /^\/tmp\/.+/.test(path) ? undefined : `host_path deleter only supports /tmp/.+ but received provided ${path}`;
}
