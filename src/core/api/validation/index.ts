/** Says what is wrong with an object, kind by kind, in the API server's words and order (Kubernetes 1.36). */

import { validateDefinition, validateDefinitionUpdate } from '../custom-resources/definition';
import type { Json } from '../json';
import { asObject } from '../json';
import { resourceForKind } from '../resources';
import type { FieldError } from '../status';
import type { KubeObject } from '../types';
import { validateClaim, validateClaimStatus, validateClaimUpdate } from './claims';
import { validateConfigMap, validateConfigMapUpdate, validateSecret, validateSecretUpdate } from './configuration';
import { nonNegative, unique } from './errors';
import { validateLimitRange } from './limit-ranges';
import {
  pathSegmentName,
  subdomainName,
  validateObjectMeta,
  validateObjectMetaUpdate,
  withAnyFinalizer,
} from './metadata';
import {
  validateBudget,
  validateBudgetStatus,
  validateEndpoints,
  validateEvent,
  validateNamespace,
  validateNamespaceStatus,
  validateNode,
  validateNodeUpdate,
  validateRevision,
  validateRevisionUpdate,
  validateServiceAccount,
  validateSlice,
  validateSliceUpdate,
} from './others';
import { validatePodResize } from './pod-resize';
import { validatePodStatus } from './pod-status';
import { validatePodTemplate, validatePodTemplateUpdate } from './pod-templates';
import { validateEphemeralUpdate, validatePod, validatePodUpdate } from './pods';
import { validateQuota, validateQuotaAmounts, validateQuotaUpdate } from './quotas';
import { validateService, validateServiceStatus, validateServiceUpdate } from './services';
import { validateStatefulSet, validateStatefulSetStatus, validateStatefulSetUpdate } from './stateful-sets';
import { validateStorageClass, validateStorageClassUpdate, validateVolume, validateVolumeUpdate } from './storage';
import { validateWorkload } from './workloads';

export { deprecationOf, writeWarnings } from './warnings';

interface Rules {
  readonly create: (object: Json) => FieldError[];
  /** Without it: the metadata's rules for updates, then the rules for creation. */
  readonly update?: (object: Json, old: Json) => FieldError[];
  /** Without it: the metadata's rules for updates. */
  readonly status?: (object: Json, old: Json) => FieldError[];
}

/** What is wrong with a new object, after defaulting. Empty when nothing is. */
export function validateCreate(object: KubeObject): FieldError[] {
  return unique(rulesOf(object).create(object));
}

/** Parts of objects whose writes have rules of their own. */
export type ValidatedPart = 'status' | 'scale' | 'ephemeralcontainers' | 'resize';

/** What is wrong with replacing `old` by `object`, after defaulting. */
export function validateUpdate(object: KubeObject, old: KubeObject, subresource?: ValidatedPart): FieldError[] {
  if (subresource === 'ephemeralcontainers') return unique(validateEphemeralUpdate(object, old));
  if (subresource === 'resize') return unique(validatePodResize(object, old));
  if (subresource === 'scale') return nonNegative('spec.replicas', asObject(object.spec).replicas);
  const rules = rulesOf(object);
  const meta = (): FieldError[] => {
    const errors = validateObjectMetaUpdate(object.metadata as unknown as Json, old.metadata as unknown as Json);
    return resourceForKind(object.apiVersion, object.kind) ? errors : withAnyFinalizer(errors);
  };
  if (subresource === 'status') return unique([...meta(), ...(rules.status?.(object, old) ?? [])]);
  return unique(rules.update ? rules.update(object, old) : [...meta(), ...rules.create(object)]);
}

function rulesOf(object: KubeObject): Rules {
  return SPECIFIC[`${object.apiVersion} ${object.kind}`] ?? generalRules(object);
}

const SPECIFIC: Readonly<Record<string, Rules | undefined>> = {
  'apps/v1 StatefulSet': {
    create: validateStatefulSet,
    update: validateStatefulSetUpdate,
    status: validateStatefulSetStatus,
  },
  'v1 Pod': { create: validatePod, update: validatePodUpdate, status: validatePodStatus },
  'v1 PodTemplate': { create: validatePodTemplate, update: validatePodTemplateUpdate },
  'v1 Service': { create: validateService, update: validateServiceUpdate, status: validateServiceStatus },
  'v1 PersistentVolumeClaim': { create: validateClaim, update: validateClaimUpdate, status: validateClaimStatus },
  'v1 PersistentVolume': { create: validateVolume, update: validateVolumeUpdate },
  'storage.k8s.io/v1 StorageClass': { create: validateStorageClass, update: validateStorageClassUpdate },
  'v1 ConfigMap': { create: validateConfigMap, update: validateConfigMapUpdate },
  'v1 Secret': { create: validateSecret, update: validateSecretUpdate },
  'v1 Namespace': { create: validateNamespace, status: validateNamespaceStatus },
  'v1 Node': { create: validateNode, update: validateNodeUpdate },
  'v1 Event': { create: validateEvent },
  'v1 ServiceAccount': { create: validateServiceAccount },
  'apps/v1 ControllerRevision': { create: validateRevision, update: validateRevisionUpdate },
  'policy/v1 PodDisruptionBudget': { create: validateBudget, status: validateBudgetStatus },
  'v1 ResourceQuota': { create: validateQuota, update: validateQuotaUpdate, status: validateQuotaAmounts },
  'v1 LimitRange': { create: validateLimitRange },
  'v1 Endpoints': { create: validateEndpoints },
  'apiextensions.k8s.io/v1 CustomResourceDefinition': { create: validateDefinition, update: validateDefinitionUpdate },
  'discovery.k8s.io/v1 EndpointSlice': { create: validateSlice, update: validateSliceUpdate },
};

const WORKLOADS = ['Deployment', 'DaemonSet', 'ReplicaSet', 'Job'];

function generalRules(object: KubeObject): Rules {
  const resource = resourceForKind(object.apiVersion, object.kind);
  // The scope of a custom kind is its definition's business.
  const namespaced = resource ? resource.namespaced : object.metadata.namespace !== undefined;
  const rule = resource?.group === 'rbac.authorization.k8s.io' ? pathSegmentName : subdomainName;
  const meta = (o: Json): FieldError[] => validateObjectMeta(asObject(o.metadata), namespaced, rule);
  if (!resource) {
    return {
      create: (o) => withAnyFinalizer(meta(o)),
      update: (o, old) => withAnyFinalizer(validateObjectMetaUpdate(asObject(o.metadata), asObject(old.metadata))),
      status: () => [],
    };
  }
  if (!WORKLOADS.includes(object.kind)) return { create: meta };
  return { create: (o) => [...meta(o), ...validateWorkload(object.kind, o)] };
}
