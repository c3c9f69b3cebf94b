// Writes dist/explain.json: type, required mark, values and description of every field of every built-in type. It comes from
// the generated models of the development dependency `kubernetes-models`; `stsctl explain` alone reads it.
//
// {"texts": […], "types": {"V1Pod": [text, "apiVersion", "string", text, …]}}: a type's own text, then name, code and text of
// each field. A text is an index, -1 for none. A code is `[]` and `{}` for lists and maps, then the API's name of the type or
// `$` and a key of "types"; `!` marks a required field, `=a|b` the values it may have.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isQuantity, readModel, unwrap } from './generate-schema.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const models = join(root, 'node_modules/kubernetes-models/dist/gen/models');

/** What the models call `any`. */
const OPEN = {
  'ControllerRevision.data': 'RawExtension',
  'ManagedFieldsEntry.fieldsV1': 'FieldsV1',
  'JSONSchemaProps.items': 'JSONSchemaPropsOrArray',
  'JSONSchemaProps.additionalItems': 'JSONSchemaPropsOrBool',
  'JSONSchemaProps.additionalProperties': 'JSONSchemaPropsOrBool',
  'JSONSchemaProps.default': 'JSON',
  'JSONSchemaProps.example': 'JSON',
  'JSONSchemaProps.enum': 'JSON',
};

/** The values of string fields that may hold only some: `Type.field`, or `*.field` wherever it has no line of its own. */
const VALUES = Object.fromEntries(
  `PodSpec.dnsPolicy=ClusterFirst|ClusterFirstWithHostNet|Default|None
PodSpec.preemptionPolicy=Never|PreemptLowerPriority
PriorityClass.preemptionPolicy=Never|PreemptLowerPriority
PodSpec.restartPolicy=Always|Never|OnFailure
Container.imagePullPolicy=Always|IfNotPresent|Never
EphemeralContainer.imagePullPolicy=Always|IfNotPresent|Never
ContainerImageVolume.pullPolicy=Always|IfNotPresent|Never
ImageVolumeSource.pullPolicy=Always|IfNotPresent|Never
Container.terminationMessagePolicy=FallbackToLogsOnError|File
EphemeralContainer.terminationMessagePolicy=FallbackToLogsOnError|File
ContainerPort.protocol=SCTP|TCP|UDP
ServicePort.protocol=SCTP|TCP|UDP
PortStatus.protocol=SCTP|TCP|UDP
CoreV1EndpointPort.protocol=SCTP|TCP|UDP
DiscoveryV1EndpointPort.protocol=SCTP|TCP|UDP
NetworkPolicyPort.protocol=SCTP|TCP|UDP
HTTPGetAction.scheme=HTTP|HTTPS
Toleration.operator=Equal|Exists|Gt|Lt
Toleration.effect=NoExecute|NoSchedule|PreferNoSchedule
Taint.effect=NoExecute|NoSchedule|PreferNoSchedule
NodeSelectorRequirement.operator=DoesNotExist|Exists|Gt|In|Lt|NotIn
TopologySpreadConstraint.whenUnsatisfiable=DoNotSchedule|ScheduleAnyway
TopologySpreadConstraint.nodeAffinityPolicy=Honor|Ignore
TopologySpreadConstraint.nodeTaintsPolicy=Honor|Ignore
PodSecurityContext.fsGroupChangePolicy=Always|OnRootMismatch
PodSecurityContext.supplementalGroupsPolicy=Merge|Strict
SecurityContext.procMount=Default|Unmasked
SeccompProfile.type=Localhost|RuntimeDefault|Unconfined
AppArmorProfile.type=Localhost|RuntimeDefault|Unconfined
VolumeMount.mountPropagation=Bidirectional|HostToContainer|None
HostPathVolumeSource.type=""|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket
AzureDiskVolumeSource.cachingMode=None|ReadOnly|ReadWrite
AzureDiskVolumeSource.kind=Dedicated|Managed|Shared
StatefulSetSpec.podManagementPolicy=OrderedReady|Parallel
StatefulSetUpdateStrategy.type=OnDelete|RollingUpdate
DeploymentStrategy.type=Recreate|RollingUpdate
DaemonSetUpdateStrategy.type=OnDelete|RollingUpdate
ServiceSpec.type=ClusterIP|ExternalName|LoadBalancer|NodePort
ServiceSpec.sessionAffinity=ClientIP|None
ServiceSpec.externalTrafficPolicy=Cluster|Local
ServiceSpec.internalTrafficPolicy=Cluster|Local
ServiceSpec.ipFamilyPolicy=PreferDualStack|RequireDualStack|SingleStack
PersistentVolumeClaimSpec.volumeMode=Block|Filesystem
PersistentVolumeSpec.volumeMode=Block|Filesystem
PersistentVolumeSpec.persistentVolumeReclaimPolicy=Delete|Recycle|Retain
PersistentVolumeClaimStatus.phase=Bound|Lost|Pending
PersistentVolumeStatus.phase=Available|Bound|Failed|Pending|Released
StorageClass.reclaimPolicy=Delete|Recycle|Retain
StorageClass.volumeBindingMode=Immediate|WaitForFirstConsumer
PodStatus.phase=Failed|Pending|Running|Succeeded|Unknown
PodStatus.qosClass=BestEffort|Burstable|Guaranteed
NamespaceStatus.phase=Active|Terminating
NodeStatus.phase=Pending|Running|Terminated
CronJobSpec.concurrencyPolicy=Allow|Forbid|Replace
JobSpec.completionMode=Indexed|NonIndexed
JobSpec.podReplacementPolicy=Failed|TerminatingOrFailed
PodFailurePolicyRule.action=Count|FailIndex|FailJob|Ignore
PodFailurePolicyOnExitCodesRequirement.operator=In|NotIn
HPAScalingRules.selectPolicy=Disabled|Max|Min
EndpointSlice.addressType=FQDN|IPv4|IPv6
HTTPIngressPath.pathType=Exact|ImplementationSpecific|Prefix
PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy=AlwaysAllow|IfHealthyBudget`
    .split('\n')
    .map((line) => line.split('=')),
);

/** @param target where to write; the folder exists */
export function generateExplain(target) {
  const names = readdirSync(models)
    .filter((f) => f.endsWith('.js') && /^([A-Z][a-z]+)?V[12][A-Z]/.test(f))
    .map((f) => f.slice(0, -3));
  const known = new Set(names);
  const texts = new Map();
  const indexOf = (text) => {
    if (text === undefined) return -1;
    if (!texts.has(text)) texts.set(text, texts.size);
    return texts.get(text);
  };
  const types = {};
  for (const model of names.sort()) {
    const declared = readFileSync(join(models, `${model}.d.ts`), 'utf8');
    const own = /\/\*\*\n((?:\* .*\n)+)\*\/\nexport declare class/.exec(declared)?.[1];
    const notes = new Map(
      [...declared.matchAll(/ {4}\/\*\*\n((?: {4}\* .*\n)+) {4}\*\/\n {4}'([^']+)'/g)].map((m) => [m[2], m[1]]),
    );
    const row = [indexOf(own && plain(own))];
    for (const field of readModel(model)) {
      const note = notes.get(field.name);
      row.push(field.baseName, codeOf(model, field, known), indexOf(note && plain(note)));
    }
    types[model] = row;
  }
  if (Object.keys(types).length < 400) throw new Error('kubernetes-models does not look as expected');
  writeFileSync(target, JSON.stringify({ texts: [...texts.keys()], types }));
}

/** A comment as the API's own text. The models put every text on one line: two blanks are where a paragraph ended, three
 * before a dash where a list goes on. */
function plain(comment) {
  return comment
    .replace(/^ *\* /gm, '')
    .trim()
    .replace(/\\(['"\\])/g, '$1')
    .replace(/ {3}(?=- )/g, '\n  ')
    .replace(/([.:)]) {2}(?=[A-Z`"-])/g, '$1\n\n');
}

function codeOf(model, field, known) {
  const { prefix, inner } = unwrap(field.type);
  const type = model.replace(/^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?/, '');
  const full = `${type}.${field.baseName}`;
  const values = VALUES[full] ?? VALUES[`${model}.${field.baseName}`];
  let leaf =
    { any: OPEN[full] ?? 'Object', Date: 'string', V1MicroTime: 'string', IntOrString: 'IntOrString' }[inner] ?? inner;
  if (isQuantity(full)) leaf = 'Quantity';
  else if (inner === 'number' && field.format.startsWith('int')) leaf = 'integer';
  else if (known.has(inner) && inner !== 'V1MicroTime') leaf = `$${inner}`;
  return `${prefix}${leaf}${field.required ? '!' : ''}${values ? `=${values}` : ''}`;
}
