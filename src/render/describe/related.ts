/** What a description shows besides its object. Whoever asks for one looks these up; nothing here does. */
import type { EndpointSlice, Event, KubeObject, Pod } from '../../core/api/types';

export interface Related {
  /** Events about the object; undefined leaves the section out (`--show-events=false`). */
  readonly events?: readonly Event[];
  /**
   * Pods that may belong to the object: of its namespace for sets and claims, of the node for a node. Those that do not
   * belong are passed over.
   */
  readonly pods?: readonly Pod[];
  /** Slices labelled with the Service's name; all of the namespace for an Ingress. */
  readonly endpointSlices?: readonly EndpointSlice[];
  /** Services of an Ingress's namespace. */
  readonly services?: readonly KubeObject[];
  /** The Lease of a node in kube-node-lease. */
  readonly lease?: KubeObject;
  /** ResourceQuotas of a namespace. */
  readonly quotas?: readonly KubeObject[];
  /** LimitRanges of a namespace. */
  readonly limitRanges?: readonly KubeObject[];
}

export type RelatedKind = keyof Related;

/** What the description of this kind needs looked up. */
export function relatedNeeds(kind: string): readonly RelatedKind[] {
  switch (kind) {
    case 'StatefulSet':
    case 'PersistentVolumeClaim':
    case 'ReplicaSet':
    case 'DaemonSet':
    case 'ReplicationController':
      return ['events', 'pods'];
    case 'Service':
      return ['events', 'endpointSlices'];
    case 'Ingress':
      return ['events', 'endpointSlices', 'services'];
    case 'Node':
      return ['events', 'pods', 'lease'];
    case 'Namespace':
      return ['quotas', 'limitRanges'];
    case 'Secret':
    case 'ResourceQuota':
    case 'LimitRange':
    case 'NetworkPolicy':
    case 'Role':
    case 'ClusterRole':
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return [];
    default:
      return ['events'];
  }
}
