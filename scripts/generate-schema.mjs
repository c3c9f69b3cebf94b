// Writes src/core/api/schema/generated.ts: the fields of every built-in kind, as one string that is parsed on first use.
// The field names and formats come from the generated models of the development dependency `kubernetes-models`; what a
// model does not tell (quantities, pointers, named string types) is listed below by hand from the API's Go types.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const models = join(root, 'node_modules/kubernetes-models/dist/gen/models');
const target = join(root, 'src/core/api/schema/generated.ts');

/** Fields of type resource.Quantity, or maps of them. */
const QUANTITIES = words(`
  ResourceRequirements.limits ResourceRequirements.requests VolumeResourceRequirements.limits
  VolumeResourceRequirements.requests NodeStatus.capacity NodeStatus.allocatable PersistentVolumeSpec.capacity
  PersistentVolumeClaimStatus.capacity PersistentVolumeClaimStatus.allocatedResources ContainerStatus.allocatedResources
  PodStatus.allocatedResources PodSpec.overhead LimitRangeItem.default LimitRangeItem.defaultRequest LimitRangeItem.max LimitRangeItem.min
  LimitRangeItem.maxLimitRequestRatio ResourceQuotaSpec.hard ResourceQuotaStatus.hard ResourceQuotaStatus.used
  EmptyDirVolumeSource.sizeLimit ResourceFieldSelector.divisor Overhead.podFixed CSIStorageCapacity.capacity
  CSIStorageCapacity.maximumVolumeSize MetricTarget.averageValue MetricTarget.value MetricValueStatus.averageValue
  MetricValueStatus.value HPAScalingRules.tolerance DeviceCapacity.value Counter.value CapacityRequirements.requests
  CapacityRequestPolicy.default CapacityRequestPolicy.validValues CapacityRequestPolicyRange.min
  CapacityRequestPolicyRange.max CapacityRequestPolicyRange.step DeviceRequestAllocationResult.consumedCapacity
  NodeAllocatableResourceClaimStatus.resources NodeAllocatableResourceMapping.allocationMultiplier`);

/** Optional scalars that Go holds as pointers: a zero value there is written out, elsewhere it is left out. */
const POINTERS = words(`
  *.optional *.immutable *.automountServiceAccountToken *.runAsUser *.runAsGroup *.runAsNonRoot *.defaultMode *.mode
  *.tolerationSeconds *.terminationGracePeriodSeconds *.activeDeadlineSeconds *.expirationSeconds *.revisionHistoryLimit
  *.replicas *.volumeMode *.storageClassName *.volumeAttributesClassName *.preemptionPolicy *.collisionCount
  *.progressDeadlineSeconds *.appProtocol *.runtimeClassName *.apiGroup *.deletionGracePeriodSeconds *.partition
  *.ttlSecondsAfterFinished *.backoffLimit *.backoffLimitPerIndex *.maxFailedIndexes *.parallelism *.completions *.suspend
  *.completionMode *.manualSelector *.startingDeadlineSeconds *.successfulJobsHistoryLimit *.failedJobsHistoryLimit
  *.ingressClassName *.minReplicas *.averageUtilization *.stabilizationWindowSeconds *.selectPolicy
  PodSpec.enableServiceLinks PodSpec.shareProcessNamespace PodSpec.setHostnameAsFQDN PodSpec.hostUsers
  PodSpec.priority PodSpec.hostnameOverride Container.restartPolicy EphemeralContainer.restartPolicy
  PodSecurityContext.fsGroup PodSecurityContext.fsGroupChangePolicy PodSecurityContext.supplementalGroupsPolicy
  PodSecurityContext.seLinuxChangePolicy SecurityContext.privileged SecurityContext.readOnlyRootFilesystem
  SecurityContext.allowPrivilegeEscalation SecurityContext.procMount WindowsSecurityContextOptions.hostProcess
  WindowsSecurityContextOptions.gmsaCredentialSpecName WindowsSecurityContextOptions.gmsaCredentialSpec
  WindowsSecurityContextOptions.runAsUserName SeccompProfile.localhostProfile AppArmorProfile.localhostProfile
  VolumeMount.mountPropagation VolumeMount.recursiveReadOnly HostPathVolumeSource.type GRPCAction.service
  Lifecycle.stopSignal PodDNSConfigOption.value TopologySpreadConstraint.minDomains
  TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy OwnerReference.controller
  OwnerReference.blockOwnerDeletion ServiceSpec.internalTrafficPolicy ServiceSpec.ipFamilyPolicy
  ServiceSpec.allocateLoadBalancerNodePorts ServiceSpec.loadBalancerClass ServiceSpec.trafficDistribution
  ClientIPConfig.timeoutSeconds CSIVolumeSource.readOnly CSIVolumeSource.fsType EndpointAddress.nodeName
  StorageClass.reclaimPolicy StorageClass.volumeBindingMode StorageClass.allowVolumeExpansion
  EndpointConditions.ready EndpointConditions.serving EndpointConditions.terminating Endpoint.hostname Endpoint.nodeName
  Endpoint.zone EndpointPort#discovery.name EndpointPort#discovery.port EndpointPort#discovery.protocol
  ContainerStatus.started ContainerUser.linux LoadBalancerIngress.ipMode PodResourceClaim.resourceClaimName
  PodResourceClaim.resourceClaimTemplateName FCVolumeSource.lun AzureDiskVolumeSource.cachingMode
  AzureDiskVolumeSource.fsType AzureDiskVolumeSource.readOnly AzureDiskVolumeSource.kind ISCSIVolumeSource.initiatorName
  LeaseSpec.holderIdentity LeaseSpec.leaseDurationSeconds LeaseSpec.leaseTransitions TypedObjectReference.namespace
  PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy PersistentVolumeClaimStatus.currentVolumeAttributesClassName
  ClusterTrustBundleProjection.name ClusterTrustBundleProjection.signerName NetworkPolicyPort.protocol
  NetworkPolicyPort.endPort HTTPIngressPath.pathType IngressClassParametersReference.scope CSIDriverSpec.attachRequired
  CSIDriverSpec.podInfoOnMount CSIDriverSpec.storageCapacity CSIDriverSpec.fsGroupPolicy CSIDriverSpec.requiresRepublish
  CSIDriverSpec.seLinuxMount ServiceReference.port ServiceReference.path
  ValidatingWebhook.failurePolicy ValidatingWebhook.matchPolicy ValidatingWebhook.sideEffects
  ValidatingWebhook.timeoutSeconds MutatingWebhook.failurePolicy MutatingWebhook.matchPolicy MutatingWebhook.sideEffects
  MutatingWebhook.timeoutSeconds MutatingWebhook.reinvocationPolicy WebhookClientConfig.url Rule.scope
  RuleWithOperations.scope`);
/** Same-named fields that are no pointers. */
const VALUES = words(`PersistentVolumeSpec.storageClassName PersistentVolumeStatus.phase ReplicaSetStatus.replicas
  StatefulSetStatus.replicas DeploymentStatus.replicas ReplicationControllerStatus.replicas ScaleSpec.replicas
  ScaleStatus.replicas RoleRef.apiGroup Subject.apiGroup PriorityClass.value ObjectReference.apiGroup`);

/** String fields whose Go type has a name of its own: it shows in type errors. */
const NAMED = pairs(`
  PodSpec.restartPolicy=RestartPolicy PodSpec.dnsPolicy=DNSPolicy PodSpec.preemptionPolicy=PreemptionPolicy
  Container.imagePullPolicy=PullPolicy Container.terminationMessagePolicy=TerminationMessagePolicy
  Container.restartPolicy=ContainerRestartPolicy ContainerPort.protocol=Protocol ServicePort.protocol=Protocol
  EndpointPort.protocol=Protocol HTTPGetAction.scheme=URIScheme Toleration.operator=TolerationOperator
  Toleration.effect=TaintEffect Taint.effect=TaintEffect StatefulSetSpec.podManagementPolicy=PodManagementPolicyType
  StatefulSetUpdateStrategy.type=StatefulSetUpdateStrategyType
  StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted=PersistentVolumeClaimRetentionPolicyType
  StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled=PersistentVolumeClaimRetentionPolicyType
  ServiceSpec.type=ServiceType ServiceSpec.sessionAffinity=ServiceAffinity
  ServiceSpec.externalTrafficPolicy=ServiceExternalTrafficPolicy
  ServiceSpec.internalTrafficPolicy=ServiceInternalTrafficPolicy ServiceSpec.ipFamilyPolicy=IPFamilyPolicy
  ServiceSpec.ipFamilies=IPFamily PersistentVolumeClaimSpec.accessModes=PersistentVolumeAccessMode
  PersistentVolumeSpec.accessModes=PersistentVolumeAccessMode
  PersistentVolumeClaimSpec.volumeMode=PersistentVolumeMode PersistentVolumeSpec.volumeMode=PersistentVolumeMode
  PersistentVolumeSpec.persistentVolumeReclaimPolicy=PersistentVolumeReclaimPolicy
  StorageClass.reclaimPolicy=PersistentVolumeReclaimPolicy StorageClass.volumeBindingMode=VolumeBindingMode
  HostPathVolumeSource.type=HostPathType EmptyDirVolumeSource.medium=StorageMedium Secret.type=SecretType
  LabelSelectorRequirement.operator=LabelSelectorOperator NodeSelectorRequirement.operator=NodeSelectorOperator
  TopologySpreadConstraint.whenUnsatisfiable=UnsatisfiableConstraintAction Capabilities.add=Capability
  Capabilities.drop=Capability VolumeMount.mountPropagation=MountPropagationMode PodOS.name=OSName
  ObjectMeta.uid=types.UID OwnerReference.uid=types.UID ObjectReference.uid=types.UID DeploymentStrategy.type=DeploymentStrategyType`);

function words(text) {
  return new Set(text.split(/\s+/).filter(Boolean));
}
function pairs(text) {
  return new Map([...words(text)].map((pair) => pair.split('=')));
}

/** The Go name: `CoreV1EndpointPort` is `EndpointPort` of package `v1`. */
function goName(model) {
  const [, , version, name] = /^([A-Z][a-z]+)?V(\d+(?:(?:alpha|beta)\d+)?)(.+)$/.exec(model) ?? [];
  return name ? { name, version: `v${version}` } : undefined;
}

export const isQuantity = (field) => QUANTITIES.has(field);

export function readModel(model) {
  const text = readFileSync(join(models, `${model}.js`), 'utf8');
  const map = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(text);
  const types = readFileSync(join(models, `${model}.d.ts`), 'utf8');
  const required = new Set([...types.matchAll(/^ {4}'([^']+)': /gm)].map((m) => m[1]));
  return (map ? JSON.parse(map[1]) : []).map((field) => ({ ...field, required: required.has(field.name) }));
}

function isPointer(model, type, field) {
  const full = `${type}.${field}`;
  if (VALUES.has(full)) return false;
  if (type === 'EndpointPort' && model.startsWith('Discovery')) return true;
  if (type === 'EndpointPort') return field === 'appProtocol';
  return POINTERS.has(full) || POINTERS.has(`*.${field}`);
}

/** A type without its lists and maps, and `[]` and `{}` for each of them from the outside in. */
export function unwrap(type) {
  let prefix = '';
  let inner = type;
  for (;;) {
    const list = /^Array<(.*)>$/.exec(inner);
    const map = /^\{ \[key: string\]: (.*); \}$/.exec(inner);
    if (!list && !map) return { prefix, inner };
    prefix += list ? '[]' : '{}';
    inner = (list ?? map)[1];
  }
}

/** One letter for a scalar, `[]` and `{}` before it for lists and maps, the model's name for a struct. */
function code(type, field) {
  const full = `${type}.${field.baseName}`;
  const { prefix, inner } = unwrap(field.type);
  if (QUANTITIES.has(full)) return `${prefix}q`;
  const named = NAMED.get(full);
  if (inner === 'string' && field.format === 'byte') return `${prefix}y`;
  if (inner === 'string') return `${prefix}s${named ? `=${named}` : ''}`;
  if (inner === 'number') return prefix + (field.format === 'int32' ? 'i' : field.format === 'int64' ? 'l' : 'f');
  if (inner === 'boolean') return `${prefix}b`;
  if (inner === 'Date') return `${prefix}t`;
  if (inner === 'V1MicroTime') return `${prefix}m`;
  if (inner === 'IntOrString') return `${prefix}x`;
  if (inner === 'any' || type === 'JSONSchemaProps') return `${prefix}*`;
  return prefix + inner;
}

export function generateSchema() {
  const names = new Set(
    readdirSync(models)
      .filter((f) => f.endsWith('.js'))
      .map((f) => f.slice(0, -3)),
  );
  const queue = [...names].filter((model) => {
    if (!/^(Core|Events)?V[12][A-Z]/.test(model) || /(List|Options|Eviction|Status)$/.test(model)) return false;
    const fields = readModel(model).map((field) => field.baseName);
    return fields.includes('apiVersion') && fields.includes('kind') && fields.includes('metadata');
  });
  const types = {};
  for (const model of queue) {
    if (Object.hasOwn(types, model) || !names.has(model)) continue;
    const { name } = goName(model) ?? { name: model };
    const fields = [];
    for (const field of readModel(model)) {
      const type = code(name, field);
      const flag = field.required ? '!' : isPointer(model, name, field.baseName) ? '?' : '';
      if (field.name.startsWith('_') && field.name === field.baseName) continue;
      fields.push(`${field.baseName}:${type}${flag}`);
      const struct = /^(?:\[\]|\{\})*([A-Z].*)$/.exec(type)?.[1];
      if (struct) queue.push(struct);
    }
    types[model] = [...new Set(fields)].join(' ');
  }
  const missing = Object.keys(types).length < 200;
  if (missing) throw new Error('kubernetes-models does not look as expected: fewer than 200 types were found');
  const sorted = Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify(JSON.stringify(sorted)).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'");
  writeFileSync(
    target,
    `/** Generated by scripts/generate-schema.mjs from the API models of Kubernetes 1.36. Not to be edited. */\n// biome-ignore format: generated\nexport const SCHEMA =\n  '${text}';\n`,
  );
  return { types: Object.keys(sorted).length, bytes: text.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { types, bytes } = generateSchema();
  console.log(`${types} types, ${bytes} bytes`);
}
