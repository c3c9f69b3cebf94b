/** Which lists of the API's types are merged by key in a strategic patch (patchMergeKey and patchStrategy, by hand). */
import type { PatchField, PatchSchema } from '../meta/patch/schema';
import { resourceForKind } from './resources';
import { kindType, type SchemaField, type SchemaType, schemaType } from './schema/schema';

/**
 * The patch metadata of a built-in kind; undefined for custom kinds, which know no strategic patch. Fields without
 * metadata of their own still lead to the metadata below them.
 */
export function patchSchemaFor(resource: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): PatchSchema | undefined {
  const apiVersion = resource.group ? `${resource.group}/${resource.version}` : resource.version;
  if (!resourceForKind(apiVersion, resource.kind)) return undefined;
  const type = kindType(apiVersion, resource.kind);
  return type && schemaOf(type);
}

/** `Type.field=key` for lists merged on a key, `Type.field` for merged lists of plain values, `!` for retainKeys. */
const MERGED = `
ObjectMeta.ownerReferences=uid ObjectMeta.finalizers
PodSpec.volumes=name! PodSpec.initContainers=name PodSpec.containers=name PodSpec.ephemeralContainers=name
PodSpec.imagePullSecrets=name PodSpec.hostAliases=ip PodSpec.topologySpreadConstraints=topologyKey
PodSpec.schedulingGates=name PodSpec.resourceClaims=name!
Container.ports=containerPort Container.env=name Container.volumeMounts=mountPath Container.volumeDevices=devicePath
EphemeralContainer.ports=containerPort EphemeralContainer.env=name EphemeralContainer.volumeMounts=mountPath
EphemeralContainer.volumeDevices=devicePath
PodStatus.conditions=type PodStatus.podIPs=ip PodStatus.hostIPs=ip PodStatus.resourceClaimStatuses=name!
ContainerStatus.allocatedResourcesStatus=name ContainerStatus.volumeMounts=mountPath
ServiceSpec.ports=port ServiceStatus.conditions=type
ServiceAccount.secrets=name
NodeSpec.podCIDRs NodeStatus.conditions=type NodeStatus.addresses=type NamespaceStatus.conditions=type
PersistentVolumeClaimStatus.conditions=type
ReplicationControllerStatus.conditions=type ReplicaSetStatus.conditions=type DaemonSetStatus.conditions=type
DeploymentStatus.conditions=type StatefulSetStatus.conditions=type JobStatus.conditions=type
DeploymentSpec.strategy!
PodDisruptionBudgetStatus.conditions=type
PodDisruptionBudgetSpec.selector~
HorizontalPodAutoscalerStatus.conditions=type
FlowSchemaStatus.conditions=type PriorityLevelConfigurationStatus.conditions=type ServiceCIDRStatus.conditions=type
ValidatingWebhookConfiguration.webhooks=name MutatingWebhookConfiguration.webhooks=name
ValidatingWebhook.matchConditions=name MutatingWebhook.matchConditions=name
ValidatingAdmissionPolicySpec.matchConditions=name ValidatingAdmissionPolicySpec.variables=name
MutatingAdmissionPolicySpec.matchConditions=name
CSINodeSpec.drivers=name`;

interface Rule {
  readonly mergeKey?: string;
  readonly strategies: PatchField['strategies'];
}

let rules: ReadonlyMap<string, Rule> | undefined;

function ruleOf(field: string): Rule | undefined {
  rules ??= new Map(
    MERGED.split(/\s+/)
      .filter(Boolean)
      .map((word): [string, Rule] => {
        if (word.endsWith('~')) return [word.slice(0, -1), { strategies: ['replace'] }];
        const retain = word.endsWith('!');
        const [name, mergeKey] = (retain ? word.slice(0, -1) : word).split('=');
        if (retain && !mergeKey) return [name!, { strategies: ['retainKeys'] }];
        const strategies: PatchField['strategies'] = retain ? ['merge', 'retainKeys'] : ['merge'];
        return [name!, mergeKey ? { mergeKey, strategies } : { strategies }];
      }),
  );
  return rules.get(field);
}

/** The patch metadata of one field, by Go's name of its type: `PodSpec`, `containers`. */
export const patchRuleOf = (type: string, field: string): Rule | undefined => ruleOf(`${type}.${field}`);

const schemas = new Map<SchemaType, PatchSchema>();

function schemaOf(type: SchemaType): PatchSchema {
  const known = schemas.get(type);
  if (known) return known;
  const fields = new Map<string, PatchField | undefined>();
  const schema: PatchSchema = {
    type,
    field(name) {
      if (!fields.has(name)) fields.set(name, fieldOf(type, type.field(name)));
      return fields.get(name);
    },
  };
  schemas.set(type, schema);
  return schema;
}

function fieldOf(type: SchemaType, field: SchemaField | undefined): PatchField | undefined {
  if (!field) return undefined;
  const rule = ruleOf(`${type.goName}.${field.name}`);
  const list = field.wraps[0] === 'list';
  const inner = field.struct ? schemaType(field.struct) : undefined;
  if (!rule && !inner) return undefined;
  const base = { strategies: rule?.strategies ?? [], list, ...(rule?.mergeKey && { mergeKey: rule.mergeKey }) };
  if (!inner) return base;
  const item = schemaOf(inner);
  // A map of structs is patched by its keys: each of them leads to the struct.
  if (field.wraps[0] !== 'map') return { ...base, item };
  return { ...base, item: { field: () => ({ strategies: [], list: false, item }) } };
}
