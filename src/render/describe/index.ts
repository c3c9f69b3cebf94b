/** `kubectl describe`: the right describer for a kind. Nothing is looked up here; see relatedNeeds. */
import type {
  ConfigMap,
  EndpointSlice,
  Endpoints,
  KubeObject,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  Secret,
  Service,
  StatefulSet,
  StorageClass,
} from '../../core/api/types';
import { describeConfigMap, describeSecret } from './configmap';
import { describeEndpointSlice, describeEndpoints } from './endpoints';
import { describeGeneric } from './generic';
import { describeHorizontalPodAutoscaler } from './horizontal-pod-autoscaler';
import { describeIngress, describeIngressClass } from './ingress';
import { describeJobLike } from './jobs';
import { describeNamespace } from './namespace';
import { describeNetworkPolicy } from './network-policy';
import { describeNode } from './node';
import { describePersistentVolume } from './persistentvolume';
import { describePersistentVolumeClaim } from './persistentvolumeclaim';
import { describePod } from './pod';
import { describePodDisruptionBudget } from './poddisruptionbudget';
import { describeLimitRange, describeResourceQuota } from './quota';
import type { Related } from './related';
import { describeRole } from './role';
import { describeService } from './service';
import { describeServiceAccount } from './serviceaccount';
import { describeSmallKind } from './small-kinds';
import { describeStatefulSet } from './statefulset';
import { describeStorageClass } from './storageclass';
import { describeWorkload } from './workloads';

export { describePodTemplate } from './pod-template';
export { type Related, type RelatedKind, relatedNeeds } from './related';

/**
 * The description, newline at the end. `now` in ms. Between two objects the caller puts an empty line.
 */
export function describe(object: KubeObject, related: Related, now: number): string {
  switch (groupKind(object)) {
    case 'Pod':
      return describePod(object as Pod, related, now);
    case 'StatefulSet.apps':
      return describeStatefulSet(object as StatefulSet, related, now);
    case 'Service':
      return describeService(object as Service, related, now);
    case 'PersistentVolumeClaim':
      return describePersistentVolumeClaim(object as PersistentVolumeClaim, related, now);
    case 'PersistentVolume':
      return describePersistentVolume(object as PersistentVolume, related, now);
    case 'StorageClass.storage.k8s.io':
      return describeStorageClass(object as StorageClass, related, now);
    case 'ConfigMap':
      return describeConfigMap(object as ConfigMap, related, now);
    case 'Secret':
      return describeSecret(object as Secret);
    case 'Namespace':
      return describeNamespace(object as Namespace, related);
    case 'Node':
      return describeNode(object as Node, related, now);
    case 'ServiceAccount':
      return describeServiceAccount(object, related, now);
    case 'PodDisruptionBudget.policy':
      return describePodDisruptionBudget(object as PodDisruptionBudget, related, now);
    case 'Endpoints':
      return describeEndpoints(object as Endpoints, related, now);
    case 'EndpointSlice.discovery.k8s.io':
      return describeEndpointSlice(object as EndpointSlice, related, now);
    case 'ResourceQuota':
      return describeResourceQuota(object);
    case 'LimitRange':
      return describeLimitRange(object);
    case 'Ingress.networking.k8s.io':
      return describeIngress(object, related, now);
    case 'IngressClass.networking.k8s.io':
      return describeIngressClass(object, related, now);
    case 'NetworkPolicy.networking.k8s.io':
      return describeNetworkPolicy(object);
    case 'HorizontalPodAutoscaler.autoscaling':
      return describeHorizontalPodAutoscaler(object, related, now);
    case 'Role.rbac.authorization.k8s.io':
    case 'ClusterRole.rbac.authorization.k8s.io':
      return describeRole(object);
    default:
      return (
        describeSmallKind(groupKind(object), object, related, now) ??
        describeWorkload(object, related, now) ??
        describeJobLike(object, related, now) ??
        describeGeneric(object, related, now)
      );
  }
}

/** `StatefulSet.apps`, `Pod`: kind, and group when there is one. */
function groupKind(object: KubeObject): string {
  const slash = object.apiVersion.indexOf('/');
  return slash < 0 ? object.kind : `${object.kind}.${object.apiVersion.slice(0, slash)}`;
}
