/**
 * Makes volumes for claims, as the external provisioner of their class would, at once. With lenient storage every class
 * provisions, also one that belongs to another provisioner or does not exist (but see WISH).
 */
import type { Manifest, Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/types';
import type { ControllerContext } from '../../apiserver/controller';
import { Quantity } from '../../meta/quantity';
import { compareText } from '../../meta/text';
import { COMPONENT } from './bind';
import { classOf, referenceTo } from './match';
import { volumeAffinity } from './topology';

export const PROVISIONER = 'stsctl.dev/hostpath';
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
/** Where a volume would be on the node. */
const VOLUME_ROOT = '/var/lib/stsctl/volumes';
/** The reason of the Warning event of a class that was registered because a claim named it. */
const CLASS_REGISTERED = 'StorageClassRegistered';

const STORAGE_PROVISIONER = [
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
];
/** Classes of static volumes only: nothing is ever provisioned for them. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
/**
 * A name that is a wish rather than a class: `storageClassName: default` where the default class was meant. Registering
 * it would hide the mistake that leaves the claim Pending on a cluster.
 */
const WISH = 'default';
/** Where the first consumer of a claim goes: with several nodes, the scheduler says so before a volume is made for it. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

export class Provisioner {
  constructor(private readonly context: ControllerContext) {}

  /** Creates the claim's volume, reserved for it; the binding follows when the volume is seen. With `failure` it does not. */
  provision(claim: PersistentVolumeClaim, known: StorageClass | undefined, failure?: string): void {
    const storageClass = known ?? this.register(claim);
    if (!storageClass) {
      const message = `storageclass.storage.k8s.io "${classOf(claim)}" not found`;
      this.context.recorder.event(claim, 'Warning', 'ProvisioningFailed', message, COMPONENT);
      return;
    }
    const { provisioner } = storageClass;
    if (provisioner === NO_PROVISIONER) {
      const message = `no volume plugin matched name: ${NO_PROVISIONER}`;
      this.context.recorder.event(claim, 'Warning', 'ProvisioningFailed', message, COMPONENT);
      return;
    }
    const annotated = this.annotate(claim, storageClass);
    this.context.recorder.event(annotated, 'Normal', 'ExternalProvisioning', waitingFor(provisioner), COMPONENT);
    if (failure !== undefined) {
      this.context.recorder.event(annotated, 'Warning', 'ProvisioningFailed', failure, provisioner);
      return;
    }
    if (provisioner !== PROVISIONER && this.context.config.storage === 'strict') return;
    const name = `pvc-${claim.metadata.uid}`;
    if (this.context.store.get('persistentvolumes', '', name)) return;
    const node = annotated.metadata.annotations?.[SELECTED_NODE];
    const affinity = volumeAffinity(
      storageClass,
      node === undefined ? undefined : this.context.store.get<Node>('nodes', '', node),
    );
    this.context.store.create(volumeFor(annotated, storageClass, name, affinity));
  }

  /** Enlarges the volume when the claim asks for more and its class allows it. Returns the volume as it is then. */
  expand(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
    const wanted = claim.spec.resources?.requests?.storage;
    const present = volume.spec.capacity?.storage;
    if (wanted === undefined || present === undefined || wanted === present) return volume;
    const storageClass = this.context.store.get<StorageClass>('storageclasses.storage.k8s.io', '', classOf(claim));
    if (!storageClass?.allowVolumeExpansion) return volume;
    if (Quantity.parse(wanted).compare(Quantity.parse(present)) <= 0) return volume;
    return this.context.store.update<PersistentVolume>({
      ...volume,
      spec: { ...volume.spec, capacity: { ...volume.spec.capacity, storage: wanted } },
    });
  }

  /** The class that a claim named in vain, made like the default one; undefined where that is not to be. */
  private register(claim: PersistentVolumeClaim): StorageClass | undefined {
    const name = classOf(claim);
    if (this.context.config.storage === 'strict' || name === WISH || this.namesStaticVolumes(name)) return undefined;
    const made = this.context.store.create<StorageClass>({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: PROVISIONER,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    });
    const message = `storage class "${name}" does not exist: it was registered with provisioner ${PROVISIONER}`;
    this.context.recorder.event(claim, 'Warning', CLASS_REGISTERED, message, COMPONENT);
    return made;
  }

  /** Volumes that the user made wear this class: it is a label for them, not a source of others. */
  private namesStaticVolumes(name: string): boolean {
    for (const volume of this.context.store.list<PersistentVolume>('persistentvolumes')) {
      if (classOf(volume) === name && volume.metadata.annotations?.[PROVISIONED_BY] === undefined) return true;
    }
    return false;
  }

  private annotate(claim: PersistentVolumeClaim, storageClass: StorageClass): PersistentVolumeClaim {
    const present = claim.metadata.annotations ?? {};
    const wanted: Record<string, string> = {};
    for (const key of STORAGE_PROVISIONER) wanted[key] = storageClass.provisioner;
    const node = storageClass.volumeBindingMode === 'WaitForFirstConsumer' ? this.firstNode() : undefined;
    if (node !== undefined) wanted[SELECTED_NODE] = present[SELECTED_NODE] ?? node;
    if (Object.entries(wanted).every(([key, value]) => present[key] === value)) return claim;
    return this.context.store.update<PersistentVolumeClaim>({
      ...claim,
      metadata: { ...claim.metadata, annotations: { ...present, ...wanted } },
    });
  }

  private firstNode(): string | undefined {
    const names = [...this.context.store.list<Node>('nodes')].map((node) => node.metadata.name);
    return names.sort(compareText)[0];
  }
}

const waitingFor = (provisioner: string): string =>
  `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;

function volumeFor(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  name: string,
  nodeAffinity: object | undefined,
): Manifest {
  const { mountOptions } = storageClass;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [PROVISIONED_BY]: storageClass.provisioner } },
    spec: {
      accessModes: claim.spec.accessModes,
      capacity: { storage: claim.spec.resources?.requests?.storage ?? '0' },
      claimRef: referenceTo(claim),
      hostPath: { path: `${VOLUME_ROOT}/${name}`, type: '' },
      ...(Array.isArray(mountOptions) && { mountOptions }),
      ...(nodeAffinity && { nodeAffinity }),
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
    },
  };
}
