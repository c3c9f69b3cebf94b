/**
 * The PersistentVolume controller: binds claims to volumes, provisions volumes, reclaims what was released (as
 * pv_controller.go). The external provisioner of the default class is played here too: its volumes exist at once.
 */

import { claimNames } from '../../api/pod';
import { ApiError } from '../../api/status';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import type { FaultChange } from '../../apiserver/faults';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { AvailableVolumes } from './available';
import { Binder, COMPONENT } from './bind';
import { ConsumerCount } from './consumers';
import { classOf, findVolume, isBoundTo, misfit } from './match';
import { Misfortune } from './misfortune';
import { NO_PROVISIONER, Provisioner, SELECTED_NODE } from './provision';
import { Reclaimer } from './reclaim';
import { Retries } from './retries';

export { PROVISION_TIMER } from './misfortune';

const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';
const CLASSES = 'storageclasses.storage.k8s.io';

const keyOf = (object: KubeObject): string => `${object.metadata.namespace}/${object.metadata.name}`;

export class PersistentVolumeController implements Controller {
  readonly name = 'persistentvolume';
  private readonly claims = new WorkQueue();
  private readonly volumes = new WorkQueue();
  /** Claims without a volume. */
  private readonly pending = new Set<string>();
  private readonly available = new AvailableVolumes();
  private readonly consumers: ConsumerCount;
  private readonly binder: Binder;
  private readonly provisioner: Provisioner;
  private readonly reclaimer: Reclaimer;
  private readonly misfortune: Misfortune;
  private readonly retries: Retries;

  constructor(private readonly context: ControllerContext) {
    this.consumers = new ConsumerCount(context.store);
    this.binder = new Binder(context);
    this.provisioner = new Provisioner(context);
    this.reclaimer = new Reclaimer(context, this.binder);
    this.misfortune = new Misfortune(context);
    this.retries = new Retries(context);
  }

  start(): void {
    for (const claim of this.context.store.list<PersistentVolumeClaim>(CLAIMS)) {
      if (isPending(claim)) this.pending.add(keyOf(claim));
    }
    for (const volume of this.context.store.list<PersistentVolume>(VOLUMES)) this.available.note(volume);
  }

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case CLAIMS:
        this.observeClaim(event);
        break;
      case VOLUMES:
        this.observeVolume(event);
        break;
      case CLASSES:
        if (event.type !== 'DELETED') this.retryPending();
        break;
      case 'pods':
        this.observePod(event);
        break;
    }
  }

  onTimer(_kind: string, key: string): void {
    this.enqueue(key);
  }

  onFault({ target, namespace, name, ended }: FaultChange): void {
    if (target === 'api' && ended) for (const key of this.retries.keys()) this.enqueue(key);
    if (target !== 'claim') return;
    const claim = this.context.store.get<PersistentVolumeClaim>(CLAIMS, namespace ?? '', name);
    if (!claim) return;
    if (ended) this.misfortune.ended(claim, ended === 'used');
    this.claims.add(keyOf(claim));
  }

  /** Claims have a namespace, volumes have none. */
  private enqueue(key: string): void {
    (key.includes('/') ? this.claims : this.volumes).add(key);
  }

  /** Volumes come first: a claim can only take a volume that is known to be available. */
  processNext(): boolean {
    const name = this.volumes.take();
    if (name !== undefined) {
      const volume = this.context.store.get<PersistentVolume>(VOLUMES, '', name);
      if (volume) this.quietly(name, () => this.syncVolume(volume));
      return true;
    }
    const key = this.claims.take();
    if (key === undefined) return false;
    const at = key.indexOf('/');
    const claim = this.context.store.get<PersistentVolumeClaim>(CLAIMS, key.slice(0, at), key.slice(at + 1));
    if (claim) this.quietly(key, () => this.syncClaim(claim));
    return true;
  }

  /** A refusal of the API server leaves things as they are, until the next change of one of the objects. */
  private quietly(key: string, sync: () => void): void {
    try {
      sync();
      this.retries.succeeded(key);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const blow = this.context.faults.refusalOf(error);
      if (blow) this.retries.failed(key, blow);
    }
  }

  private observeClaim(event: StoreEvent): void {
    const claim = event.object as PersistentVolumeClaim;
    if (event.type === 'DELETED') {
      this.pending.delete(keyOf(claim));
      this.misfortune.forget(claim);
      if (claim.spec.volumeName) this.volumes.add(claim.spec.volumeName);
      return;
    }
    this.noteClaim(claim);
    this.claims.add(keyOf(claim));
  }

  private observeVolume(event: StoreEvent): void {
    const volume = event.object as PersistentVolume;
    const claimRef = volume.spec.claimRef;
    if (claimRef) this.claims.add(`${claimRef.namespace}/${claimRef.name}`);
    if (event.type === 'DELETED') {
      this.available.forget(volume);
      return;
    }
    if (event.old) this.available.forget(event.old as PersistentVolume);
    this.available.note(volume);
    this.volumes.add(volume.metadata.name);
    // Any claim may take a volume that is available for the first time, or differently.
    if (volume.status?.phase === 'Available' && !claimRef?.uid) this.retryPending();
  }

  private observePod(event: StoreEvent): void {
    if (event.type === 'MODIFIED') return;
    this.consumers.observe(event);
    if (event.type !== 'ADDED' || this.pending.size === 0) return;
    const pod = event.object as Pod;
    for (const name of claimNames(pod)) {
      const key = `${pod.metadata.namespace}/${name}`;
      if (this.pending.has(key)) this.claims.add(key);
    }
  }

  private noteClaim(claim: PersistentVolumeClaim): void {
    if (isPending(claim)) this.pending.add(keyOf(claim));
    else this.pending.delete(keyOf(claim));
  }

  private retryPending(): void {
    for (const key of this.pending) this.claims.add(key);
  }

  private syncVolume(volume: PersistentVolume): void {
    const { claimRef } = volume.spec;
    if (!claimRef?.uid) {
      this.binder.setVolumePhase(volume, 'Available');
      return;
    }
    const claim = this.context.store.get<PersistentVolumeClaim>(CLAIMS, claimRef.namespace ?? '', claimRef.name ?? '');
    if (!claim || claim.metadata.uid !== claimRef.uid) this.reclaimer.reclaim(volume);
    else if (!claim.spec.volumeName) this.claims.add(keyOf(claim));
    else if (claim.spec.volumeName === volume.metadata.name) this.binder.setVolumePhase(volume, 'Bound');
    else this.reclaimer.releaseFromOther(volume);
  }

  private syncClaim(claim: PersistentVolumeClaim): void {
    if (this.binder.wasBound(claim)) this.syncBoundClaim(claim);
    else if (claim.spec.volumeName) this.syncClaimForVolume(claim, claim.spec.volumeName);
    else this.syncUnboundClaim(claim);
  }

  private syncUnboundClaim(claim: PersistentVolumeClaim): void {
    const storageClass = this.context.store.get<StorageClass>(CLASSES, '', classOf(claim));
    const bindsLater = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
    // Among several nodes it is for the scheduler to say where the volume has to be.
    const isScheduled = bindsLater && this.hasSeveralNodes();
    const waits = bindsLater && !this.consumers.has(keyOf(claim));
    const trouble =
      waits || claim.metadata.deletionTimestamp !== undefined ? undefined : this.misfortune.holdsBack(claim);
    if (trouble !== undefined) {
      if (trouble !== '') this.failToBind(claim, storageClass, trouble);
      return;
    }
    const volume = findVolume(claim, this.volumesFor(claim), waits || isScheduled);
    if (volume) this.binder.bind(volume, claim);
    else if (claim.metadata.deletionTimestamp !== undefined) return;
    else if (waits) {
      const message = 'waiting for first consumer to be created before binding';
      this.context.recorder.event(claim, 'Normal', 'WaitForFirstConsumer', message, COMPONENT);
    } else if (
      bindsLater &&
      (storageClass.provisioner === NO_PROVISIONER ||
        (isScheduled && claim.metadata.annotations?.[SELECTED_NODE] === undefined))
    ) {
      this.context.recorder.event(claim, 'Normal', 'WaitForPodScheduled', this.waitingForPods(claim), COMPONENT);
    } else if (classOf(claim) !== '') this.provisioner.provision(claim, storageClass);
    else {
      const message = 'no persistent volumes available for this claim and no storage class is set';
      this.context.recorder.event(claim, 'Normal', 'FailedBinding', message, COMPONENT);
    }
  }

  private hasSeveralNodes(): boolean {
    let nodes = 0;
    for (const _ of this.context.store.list('nodes')) if (++nodes > 1) return true;
    return false;
  }

  private failToBind(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined, trouble: string): void {
    if (classOf(claim) !== '') this.provisioner.provision(claim, storageClass, trouble);
    else this.context.recorder.event(claim, 'Normal', 'FailedBinding', trouble, COMPONENT);
  }

  /** The scheduler finds no volume for the pods of the claim, and nothing makes one. */
  private waitingForPods(claim: PersistentVolumeClaim): string {
    const { namespace, name } = claim.metadata;
    const pods = [...this.context.store.list<Pod>('pods', namespace)].filter(
      (pod) => !pod.spec.nodeName && claimNames(pod).includes(name),
    );
    const names = pods.map((pod) => pod.metadata.name).join(',');
    return `waiting for ${pods.length > 1 ? 'pods' : 'pod'} ${names} to be scheduled`;
  }

  /** The user asked for a volume by name. */
  private syncClaimForVolume(claim: PersistentVolumeClaim, name: string): void {
    const volume = this.context.store.get<PersistentVolume>(VOLUMES, '', name);
    if (!volume) return;
    const { claimRef } = volume.spec;
    if (!claimRef) {
      const trouble = misfit(volume, claim);
      if (trouble === undefined) this.binder.bind(volume, claim);
      else {
        const message = `Cannot bind to requested volume "${name}": ${trouble}`;
        this.context.recorder.event(claim, 'Warning', 'VolumeMismatch', message, COMPONENT);
      }
    } else if (isBoundTo(volume, claim)) this.binder.bind(volume, claim);
    else {
      const message = `volume "${name}" already bound to a different claim.`;
      this.context.recorder.event(claim, 'Warning', 'FailedBinding', message, COMPONENT);
    }
  }

  private syncBoundClaim(claim: PersistentVolumeClaim): void {
    const name = claim.spec.volumeName;
    const volume = name ? this.context.store.get<PersistentVolume>(VOLUMES, '', name) : undefined;
    if (!name) {
      this.binder.lose(
        claim,
        'ClaimLost',
        'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!',
      );
    } else if (!volume || this.misfortune.takesVolume(claim, volume)) {
      this.binder.lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
    } else if (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) {
      this.binder.bind(this.provisioner.expand(volume, claim), claim);
    } else {
      this.binder.lose(
        claim,
        'ClaimMisbound',
        'Two claims are bound to the same volume, this one is bound incorrectly',
      );
    }
  }

  private *volumesFor(claim: PersistentVolumeClaim): Iterable<PersistentVolume> {
    for (const name of this.available.for(claim)) {
      const volume = this.context.store.get<PersistentVolume>(VOLUMES, '', name);
      if (volume) yield volume;
    }
  }
}

const isPending = (claim: PersistentVolumeClaim): boolean =>
  claim.status?.phase !== 'Bound' && claim.status?.phase !== 'Lost';
