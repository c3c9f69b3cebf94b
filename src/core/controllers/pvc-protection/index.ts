/**
 * Keeps claims that a pod uses and volumes that are bound: their protection finalizers go only when nobody needs them any
 * more (as pvc_protection_controller.go and pv_protection_controller.go). Admission adds the finalizers.
 */
import { claimNames, isPodTerminal } from '../../api/pod';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types';
import { PV_PROTECTION, PVC_PROTECTION } from '../../apiserver/admission';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { ClaimUsers } from './claim-users';

const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';

const isCandidate = (object: KubeObject, finalizer: string): boolean =>
  object.metadata.deletionTimestamp !== undefined && object.metadata.finalizers?.includes(finalizer) === true;

export class ProtectionController implements Controller {
  readonly name = 'pvc-protection';
  private readonly claims = new WorkQueue();
  private readonly volumes = new WorkQueue();
  private readonly users: ClaimUsers;

  constructor(private readonly context: ControllerContext) {
    this.users = new ClaimUsers(context.store);
  }

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case 'pods':
        this.observePod(event);
        break;
      case CLAIMS:
        if (event.type !== 'DELETED' && isCandidate(event.object, PVC_PROTECTION)) {
          this.claims.add(`${event.object.metadata.namespace}/${event.object.metadata.name}`);
        }
        break;
      case VOLUMES:
        if (event.type !== 'DELETED' && isCandidate(event.object, PV_PROTECTION)) {
          this.volumes.add(event.object.metadata.name);
        }
        break;
    }
  }

  processNext(): boolean {
    const key = this.claims.take();
    if (key !== undefined) {
      const at = key.indexOf('/');
      const claim = this.context.store.get<PersistentVolumeClaim>(CLAIMS, key.slice(0, at), key.slice(at + 1));
      if (claim && isCandidate(claim, PVC_PROTECTION) && !this.isUsed(key)) this.release(claim, PVC_PROTECTION);
      return true;
    }
    const name = this.volumes.take();
    if (name === undefined) return false;
    const volume = this.context.store.get<PersistentVolume>(VOLUMES, '', name);
    if (volume && isCandidate(volume, PV_PROTECTION) && volume.status.phase !== 'Bound')
      this.release(volume, PV_PROTECTION);
    return true;
  }

  private observePod(event: StoreEvent): void {
    const pod = event.object as Pod;
    this.users.observe(event);
    // Only the end of a pod, or one that no node has yet, can set a claim free.
    if (event.type !== 'DELETED' && !isPodTerminal(pod) && pod.spec.nodeName) return;
    for (const name of claimNames(pod)) {
      const claim = this.context.store.get(CLAIMS, pod.metadata.namespace ?? '', name);
      if (claim && isCandidate(claim, PVC_PROTECTION)) this.claims.add(`${pod.metadata.namespace}/${name}`);
    }
  }

  /** A pod uses a claim from its scheduling to its disappearance, also when its containers have ended. */
  private isUsed(key: string): boolean {
    for (const uid of this.users.of(key)) {
      const pod = this.context.store.byUid(uid) as Pod | undefined;
      if (pod?.spec.nodeName) return true;
    }
    return false;
  }

  private release(object: KubeObject, finalizer: string): void {
    const { finalizers, ...metadata } = object.metadata;
    const left = (finalizers ?? []).filter((name) => name !== finalizer);
    this.context.store.update({
      ...object,
      metadata: left.length > 0 ? { ...metadata, finalizers: left } : metadata,
    });
  }
}
