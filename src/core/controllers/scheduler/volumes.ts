/**
 * What a pod's claims say about where it may run (as the VolumeBinding and VolumeRestrictions plug-ins). A claim whose class
 * waits for its first consumer gets its volume where the pod goes: a volume that is there is reserved for it, or the claim
 * is told the node for which one is to be made.
 */

import { matchesNode, type NodeSelector } from '../../api/node-selection';
import { claimNames, ephemeralTrouble } from '../../api/pod';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api/types';
import type { ControllerContext } from '../../apiserver/controller';
import { claimReference, findVolume } from '../../apiserver/volume-match';
import { isPlaced } from './counts';
import { final, passing, type Refusal } from './types';

const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

const UNBOUND = 'pod has unbound immediate PersistentVolumeClaims. not found';
const NO_VOLUME = final("node(s) didn't find available persistent volumes to bind");
const ELSEWHERE = final("node(s) didn't match PersistentVolume's node affinity");
const IN_USE = passing('node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode');

interface Unbound {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
}

/** What the claims of one pod ask of its node. */
export interface VolumeNeeds {
  readonly bound: readonly PersistentVolume[];
  readonly unbound: readonly Unbound[];
  /** A claim that only one pod may use, and another pod uses it. */
  readonly isTaken: boolean;
}

const NOTHING: VolumeNeeds = { bound: [], unbound: [], isTaken: false };

const isMade = ({ storageClass }: Unbound): boolean => storageClass.provisioner !== NO_PROVISIONER;
export const selectedNode = ({ claim }: Unbound): string | undefined => claim.metadata.annotations?.[SELECTED_NODE];

export class Volumes {
  /** Volumes that no claim has. */
  private readonly free = new Set<string>();
  /** `namespace/name` of a claim -> a volume that is kept for it. */
  private readonly kept = new Map<string, string>();
  /** `namespace/name` of a claim -> placed pods that use it. */
  private readonly users = new Map<string, number>();

  constructor(private readonly context: ControllerContext) {}

  note(volume: PersistentVolume, isGone: boolean): void {
    const { name } = volume.metadata;
    const { claimRef } = volume.spec;
    if (isGone || claimRef) this.free.delete(name);
    else this.free.add(name);
    if (!claimRef) return;
    const key = `${claimRef.namespace}/${claimRef.name}`;
    if (!isGone && volume.status?.phase !== 'Bound') this.kept.set(key, name);
    else if (this.kept.get(key) === name) this.kept.delete(key);
  }

  change(old: Pod | undefined, pod: Pod | undefined): void {
    if (old) this.count(old, -1);
    if (pod) this.count(pod, 1);
  }

  /** Why the pod's claims keep it from any node (as the VolumeBinding plug-in's PreFilter). */
  trouble(pod: Pod): string | undefined {
    for (const volume of pod.spec.volumes ?? []) {
      const { ephemeral } = volume;
      const name = ephemeral ? `${pod.metadata.name}-${volume.name}` : volume.persistentVolumeClaim?.claimName;
      if (name === undefined) continue;
      const claim = this.claim(pod, name);
      if (!claim && ephemeral)
        return `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}". not found`;
      if (!claim) return `persistentvolumeclaim "${name}" not found. not found`;
      const foreign = ephemeral && ephemeralTrouble(pod, claim);
      if (claim.metadata.deletionTimestamp !== undefined)
        return `persistentvolumeclaim "${name}" is being deleted. not found`;
      if (claim.status.phase === 'Lost')
        return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}". not found`;
      if (foreign) return `${foreign}. not found`;
      if (claim.status.phase !== 'Bound' && !this.classThatWaits(claim)) return UNBOUND;
    }
    return undefined;
  }

  needs(pod: Pod): VolumeNeeds {
    const names = claimNames(pod);
    if (names.length === 0) return NOTHING;
    const bound: PersistentVolume[] = [];
    const unbound: Unbound[] = [];
    let isTaken = false;
    for (const name of names) {
      const claim = this.claim(pod, name);
      if (!claim) continue;
      const users = this.users.get(`${pod.metadata.namespace}/${name}`) ?? 0;
      if (users > 0 && claim.spec.accessModes?.includes('ReadWriteOncePod')) isTaken = true;
      const storageClass = claim.status.phase === 'Bound' ? undefined : this.classThatWaits(claim);
      if (storageClass) unbound.push({ claim, storageClass });
      const { volumeName } = claim.spec;
      const volume =
        claim.status.phase === 'Bound' && volumeName
          ? this.context.store.get<PersistentVolume>(VOLUMES, '', volumeName)
          : undefined;
      if (volume) bound.push(volume);
    }
    return { bound, unbound, isTaken };
  }

  /** The node for which one of the pod's claims asked its volume to be made. */
  madeFor(pod: Pod): string | undefined {
    for (const name of claimNames(pod)) {
      const node = this.claim(pod, name)?.metadata.annotations?.[SELECTED_NODE];
      if (node !== undefined) return node;
    }
    return undefined;
  }

  /** Whether each volume that is missing is on its way. Where there is one node, it is made before anybody asks for a node. */
  isComing({ unbound }: VolumeNeeds, nodes: ReadonlyMap<string, Node>): boolean {
    if (unbound.length === 0) return false;
    if (nodes.size <= 1) return unbound.some(isMade);
    return unbound.every((one) => {
      if (this.keptFor(one.claim)?.spec.claimRef?.uid === one.claim.metadata.uid) return true;
      return isMade(one) && nodes.has(selectedNode(one) ?? '');
    });
  }

  /** Whether the volumes that are there can be reached from the node, and those that are not can be had there. */
  refusal({ bound, unbound, isTaken }: VolumeNeeds, node: Node): Refusal | undefined {
    if (isTaken) return IN_USE;
    if (bound.some((volume) => !isReachable(volume, node))) return ELSEWHERE;
    return unbound.length > 0 && !this.match(unbound, node) ? NO_VOLUME : undefined;
  }

  /** Sees to it that the claims get their volumes where the pod is to go. */
  reserve({ unbound }: VolumeNeeds, node: Node): void {
    const { store } = this.context;
    const matched = this.match(unbound, node);
    for (const { claim } of unbound) {
      const volume = matched?.get(claim.metadata.name);
      if (volume) {
        if (volume.spec.claimRef?.uid === claim.metadata.uid) continue;
        store.update<PersistentVolume>({
          ...volume,
          metadata: volume.spec.claimRef
            ? volume.metadata
            : { ...volume.metadata, annotations: { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' } },
          spec: { ...volume.spec, claimRef: claimReference(claim) },
        });
      } else if (claim.metadata.annotations?.[SELECTED_NODE] !== node.metadata.name) {
        const annotations = { ...claim.metadata.annotations, [SELECTED_NODE]: node.metadata.name };
        store.update<PersistentVolumeClaim>({ ...claim, metadata: { ...claim.metadata, annotations } });
      }
    }
  }

  /** A volume on the node for each claim that can have one; undefined when a claim can't, and none can be made for it. */
  private match(unbound: readonly Unbound[], node: Node): ReadonlyMap<string, PersistentVolume> | undefined {
    const { store } = this.context;
    const found = new Map<string, PersistentVolume>();
    const taken = new Set<PersistentVolume>();
    const candidates: PersistentVolume[] = [];
    for (const name of this.free) {
      const volume = store.get<PersistentVolume>(VOLUMES, '', name);
      if (volume && isReachable(volume, node)) candidates.push(volume);
    }
    for (const one of unbound) {
      const kept = this.keptFor(one.claim);
      const others = candidates.filter((candidate) => !taken.has(candidate));
      const volume = findVolume(one.claim, kept && isReachable(kept, node) ? [kept, ...others] : others);
      if (volume) {
        found.set(one.claim.metadata.name, volume);
        taken.add(volume);
      } else if (!isMade(one) || !isAllowed(one.storageClass, node)) return undefined;
    }
    return found;
  }

  private count(pod: Pod, by: 1 | -1): void {
    if (!pod.spec.volumes || !isPlaced(pod)) return;
    for (const name of claimNames(pod)) {
      const key = `${pod.metadata.namespace}/${name}`;
      const users = (this.users.get(key) ?? 0) + by;
      if (users > 0) this.users.set(key, users);
      else this.users.delete(key);
    }
  }

  private keptFor({ metadata }: PersistentVolumeClaim): PersistentVolume | undefined {
    const name = this.kept.get(`${metadata.namespace}/${metadata.name}`);
    return name === undefined ? undefined : this.context.store.get<PersistentVolume>(VOLUMES, '', name);
  }

  private claim(pod: Pod, name: string): PersistentVolumeClaim | undefined {
    return this.context.store.get<PersistentVolumeClaim>(CLAIMS, pod.metadata.namespace ?? '', name);
  }

  private classThatWaits(claim: PersistentVolumeClaim): StorageClass | undefined {
    const name = claim.spec.storageClassName;
    if (!name) return undefined;
    const storageClass = this.context.store.get<StorageClass>('storageclasses.storage.k8s.io', '', name);
    return storageClass?.volumeBindingMode === 'WaitForFirstConsumer' ? storageClass : undefined;
  }
}

function isReachable(volume: PersistentVolume, node: Node): boolean {
  const { nodeAffinity } = volume.spec as { readonly nodeAffinity?: { readonly required?: NodeSelector } };
  return nodeAffinity?.required === undefined || matchesNode(nodeAffinity.required, node);
}

interface TopologyTerm {
  readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** Whether the class makes volumes where the node is. */
function isAllowed(storageClass: StorageClass, node: Node): boolean {
  const terms = (storageClass.allowedTopologies ?? []) as readonly TopologyTerm[];
  if (terms.length === 0) return true;
  return terms.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? '')),
  );
}
