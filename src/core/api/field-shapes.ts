/**
 * The shapes of the API's kinds for field ownership: which lists are keyed, sets or whole, which maps and structs are
 * whole (x-kubernetes-list-type, -list-map-keys, -map-type, by hand), and what Go writes where nothing is set.
 */
import type { FieldShape, Shape, StructShape } from '../meta/fieldpath/shape';
import { DEDUCED, SCALAR } from '../meta/fieldpath/shape';
import { resourceForKind } from './resources';
import { kindType, type SchemaField, type SchemaType, schemaType } from './schema/schema';

/** `Type.field=key,key:default` for keyed lists, `Type.field` for sets. Every other list is owned as a whole. */
const LISTS = `
ObjectMeta.ownerReferences=uid ObjectMeta.finalizers NodeSpec.podCIDRs
PodSpec.volumes=name PodSpec.initContainers=name PodSpec.containers=name PodSpec.ephemeralContainers=name
PodSpec.imagePullSecrets=name PodSpec.hostAliases=ip PodSpec.topologySpreadConstraints=topologyKey,whenUnsatisfiable
PodSpec.schedulingGates=name PodSpec.resourceClaims=name ResourceRequirements.claims=name
Container.ports=containerPort,protocol:TCP Container.env=name Container.volumeMounts=mountPath
Container.volumeDevices=devicePath
EphemeralContainer.ports=containerPort,protocol:TCP EphemeralContainer.env=name
EphemeralContainer.volumeMounts=mountPath EphemeralContainer.volumeDevices=devicePath
PodStatus.conditions=type PodStatus.podIPs=ip PodStatus.resourceClaimStatuses=name
ServiceSpec.ports=port,protocol:TCP ServiceStatus.conditions=type ServiceAccount.secrets=name
NodeStatus.conditions=type NodeStatus.addresses=type NamespaceStatus.conditions=type
PersistentVolumeClaimStatus.conditions=type ReplicationControllerStatus.conditions=type
ReplicaSetStatus.conditions=type DaemonSetStatus.conditions=type DeploymentStatus.conditions=type
StatefulSetStatus.conditions=type PodDisruptionBudgetStatus.conditions=type
HorizontalPodAutoscalerStatus.conditions=type CustomResourceDefinitionStatus.conditions=type
APIServiceStatus.conditions=type CertificateSigningRequestStatus.conditions=type FlowSchemaStatus.conditions=type
PriorityLevelConfigurationStatus.conditions=type ResourceClaimStatus.reservedFor=uid
ValidatingWebhookConfiguration.webhooks=name MutatingWebhookConfiguration.webhooks=name
ValidatingWebhook.matchConditions=name MutatingWebhook.matchConditions=name CSINodeSpec.drivers=name
ValidatingAdmissionPolicySpec.matchConditions=name ValidatingAdmissionPolicySpec.variables=name`;

/** Structs and maps that are owned as a whole. */
const WHOLE = `
LabelSelector LocalObjectReference ObjectReference TypedLocalObjectReference SecretReference OwnerReference
ConfigMapKeySelector SecretKeySelector FileKeySelector ObjectFieldSelector ResourceFieldSelector
NodeSelector NodeSelectorTerm TopologySelectorTerm ScopeSelector EndpointAddress CrossVersionObjectReference
RoleRef Subject ServiceBackendPort ParamRef ParamKind MatchResources NamedRuleWithOperations
PodSpec.nodeSelector ServiceSpec.selector ReplicationControllerSpec.selector Scheduling.nodeSelector`;

/** Structs that are no pointers in Go, beside metadata, spec and status: they are there even when they hold nothing. */
const VALUES = `
StatefulSetSpec.updateStrategy DaemonSetSpec.updateStrategy DeploymentSpec.strategy Container.resources
EphemeralContainer.resources PersistentVolumeClaimSpec.resources ServiceStatus.loadBalancer
IngressStatus.loadBalancer NodeStatus.nodeInfo NodeStatus.daemonEndpoints Event.source`;

interface ListRule {
  readonly keys: readonly { readonly name: string; readonly fallback?: unknown }[];
}

interface Tables {
  readonly lists: ReadonlyMap<string, ListRule>;
  readonly whole: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

let tables: Tables | undefined;

function read(): Tables {
  const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
  tables ??= {
    lists: new Map(
      words(LISTS).map((word) => {
        const [name, keys] = word.split('=');
        const rule = (keys?.split(',') ?? []).map((key) => {
          const [field, fallback] = key.split(':');
          return { name: field!, ...(fallback !== undefined && { fallback }) };
        });
        return [name!, { keys: rule }];
      }),
    ),
    whole: new Set(words(WHOLE)),
    values: new Set(words(VALUES)),
  };
  return tables;
}

/** The shape of a kind's objects. A kind without schema has metadata of its own, and is otherwise as its objects are. */
export function shapeOfKind(apiVersion: string, kind: string): StructShape {
  const type = resourceForKind(apiVersion, kind) && kindType(apiVersion, kind);
  return type ? structOf(type) : custom();
}

let customShape: StructShape | undefined;

function custom(): StructShape {
  const metadata: FieldShape = { shape: structOf(schemaType('V1ObjectMeta')!) };
  customShape ??= {
    kind: 'struct',
    atomic: false,
    field: (name) => (name === 'metadata' ? metadata : { shape: DEDUCED }),
    zeros: new Map(),
  };
  return customShape;
}

const structs = new Map<SchemaType, StructShape>();

function structOf(type: SchemaType): StructShape {
  const known = structs.get(type);
  if (known) return known;
  const fields = new Map<string, FieldShape | undefined>();
  let zeros: Map<string, unknown> | undefined;
  const shape: StructShape = {
    kind: 'struct',
    atomic: read().whole.has(type.goName),
    field(name) {
      if (!fields.has(name)) {
        const field = type.field(name);
        fields.set(name, field && { shape: shapeOf(`${type.goName}.${name}`, field) });
      }
      return fields.get(name);
    },
    get zeros() {
      zeros ??= zerosOf(type);
      return zeros;
    },
  };
  structs.set(type, shape);
  return shape;
}

function shapeOf(name: string, field: SchemaField): Shape {
  const inner = field.struct ? schemaType(field.struct) : undefined;
  let shape: Shape = inner ? structOf(inner) : SCALAR;
  for (const wrap of [...field.wraps].reverse()) {
    if (wrap === 'map') {
      shape = { kind: 'map', atomic: read().whole.has(name), item: shape };
      continue;
    }
    const rule = read().lists.get(name);
    const relation = rule ? (rule.keys.length > 0 ? 'map' : 'set') : 'atomic';
    shape = { kind: 'list', relation, keys: rule?.keys ?? [], item: shape };
  }
  return shape;
}

const EMPTY = {};

/** Times of an event are no pointers: they are null where there is none. */
const NULL_TIMES: ReadonlySet<string> = new Set(['time', 'microtime']);

/** What Go writes for fields that hold nothing: structs that are values, and whatever is not omitted when empty. */
function zerosOf(type: SchemaType): Map<string, unknown> {
  const zeros = new Map<string, unknown>();
  for (const [name, field] of type.fields) {
    const zero = zeroOf(type, field);
    if (zero !== undefined) zeros.set(name, zero);
  }
  return zeros;
}

function zeroOf(type: SchemaType, field: SchemaField): unknown {
  if (field.wraps.length > 0) return field.required ? null : undefined;
  if (field.struct) {
    const inner = schemaType(field.struct);
    if (isValue(type, field, inner)) return EMPTY;
    if (!field.required) return undefined;
    return inner?.goName === 'LabelSelector' ? null : EMPTY;
  }
  if (!field.required) return type.goName === 'Event' && NULL_TIMES.has(field.base) ? null : undefined;
  switch (field.base) {
    case 'string':
      return '';
    case 'quantity':
      return '0';
    case 'int32':
    case 'int64':
    case 'float64':
    case 'intstr':
      return 0;
    case 'bool':
      return false;
    default:
      return null;
  }
}

const isValue = (type: SchemaType, { name }: SchemaField, inner: SchemaType | undefined): boolean =>
  (name === 'metadata' && inner?.goName === 'ObjectMeta') ||
  ((name === 'spec' || name === 'status') &&
    inner?.goName ===
      `${type.goName.replace(/^PodTemplate$/, 'Pod').replace(/TemplateSpec$|Template$/, '')}${name === 'spec' ? 'Spec' : 'Status'}`) ||
  read().values.has(`${type.goName}.${name}`);
