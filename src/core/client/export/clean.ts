/**
 * Objects as manifests that apply in another cluster: without what this cluster's server, controllers and scheduler have put
 * into them, and without what means something here only. Pure.
 */
import type { KubeObject, Manifest } from '../../api/types';

type Json = Readonly<Record<string, unknown>>;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Annotations that controllers write. */
const GENERATED =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/.*|pv\.kubernetes\.io\/.*|volume(\.beta)?\.kubernetes\.io\/(storage-provisioner|selected-node|storage-resizer)|control-plane\.alpha\.kubernetes\.io\/leader|autoscaling\.alpha\.kubernetes\.io\/.*|stsctl\.dev\/ready)$/;

/** Labels that controllers write, and in which an object differs from its like. */
const GENERATED_LABELS = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'kubernetes.io/metadata.name',
]);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fields = (value: unknown): Json => (isObject(value) ? value : {});
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(fields) : []);

/** Without the named fields; undefined ones are left out as well. */
function without(object: Json, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([name, value]) => !names.includes(name) && value !== undefined),
  );
}

/** The object as somebody would have written it. */
export function asManifest(object: KubeObject): Manifest {
  const { apiVersion, kind, metadata, status: _, ...content } = object;
  return { apiVersion, kind, metadata: cleanMeta(metadata), ...cleanContent(object, content) };
}

function cleanMeta({ name, namespace, labels, annotations, finalizers }: KubeObject['metadata']): Manifest['metadata'] {
  const keptLabels = Object.entries(labels ?? {}).filter(([key]) => !GENERATED_LABELS.has(key));
  const keptAnnotations = Object.entries(annotations ?? {}).filter(([key]) => !GENERATED.test(key));
  const own = (finalizers ?? []).filter((one) => !/^kubernetes(\.io\/|$)|^(foregroundDeletion|orphan)$/.test(one));
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(keptLabels.length > 0 && { labels: Object.fromEntries(keptLabels) }),
    ...(keptAnnotations.length > 0 && { annotations: Object.fromEntries(keptAnnotations) }),
    ...(own.length > 0 && { finalizers: own }),
  };
}

function cleanContent(object: KubeObject, content: Json): Json {
  const spec = fields(content.spec);
  switch (object.kind) {
    case 'Namespace':
      return without(content, 'spec');
    case 'Pod':
      return { ...content, spec: cleanPodSpec(spec) };
    case 'StatefulSet':
      return { ...content, spec: cleanSet(spec) };
    case 'Service':
      return { ...content, spec: cleanService(spec, written(object)) };
    case 'PersistentVolumeClaim':
      return { ...content, spec: without(spec, 'volumeName') };
    case 'PersistentVolume':
      return { ...content, spec: without(spec, 'claimRef') };
    case 'ServiceAccount':
      return without(content, 'secrets');
    case 'Job':
      return { ...content, spec: cleanJob(spec) };
    default:
      return isObject(spec.template)
        ? { ...content, spec: { ...spec, template: cleanTemplate(spec.template) } }
        : content;
  }
}

function cleanSet(spec: Json): Json {
  const claims = list(spec.volumeClaimTemplates).map((claim) => ({
    ...without(claim, 'status'),
    metadata: without(fields(claim.metadata), 'creationTimestamp'),
  }));
  return {
    ...spec,
    template: cleanTemplate(spec.template),
    ...(claims.length > 0 && { volumeClaimTemplates: claims }),
  };
}

const cleanTemplate = (template: unknown): Json => ({
  ...fields(template),
  metadata: without(fields(fields(template).metadata), 'creationTimestamp'),
});

/** A Job's selector and the labels that it stands for are made by the server. */
function cleanJob(spec: Json): Json {
  if (spec.manualSelector === true) return { ...spec, template: cleanTemplate(spec.template) };
  const template = cleanTemplate(spec.template);
  const metadata = fields(template.metadata);
  const labels = Object.entries(fields(metadata.labels)).filter(
    ([key]) => !/^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/.test(key),
  );
  const own = { ...without(metadata, 'labels'), ...(labels.length > 0 && { labels: Object.fromEntries(labels) }) };
  return { ...without(spec, 'selector'), template: { ...template, metadata: own } };
}

/** Addresses and ports that were allocated; those that somebody asked for stay. */
function cleanService(spec: Json, asked: Json): Json {
  const own = fields(asked.spec);
  const isHeadless = spec.clusterIP === 'None';
  const drop = ['clusterIP', 'clusterIPs', 'healthCheckNodePort'];
  if (spec.ipFamilyPolicy === undefined || spec.ipFamilyPolicy === 'SingleStack') drop.push('ipFamilies');
  const ports = list(spec.ports).map((port) => {
    const before = list(own.ports).find((one) => one.port === port.port && one.name === port.name);
    return before?.nodePort === port.nodePort ? port : without(port, 'nodePort');
  });
  return {
    ...without(spec, ...drop),
    ...(isHeadless && { clusterIP: 'None' }),
    ...(own.healthCheckNodePort !== undefined && { healthCheckNodePort: own.healthCheckNodePort }),
    ...(spec.ports !== undefined && { ports }),
  };
}

/** What `kubectl apply` was given. */
function written({ metadata }: KubeObject): Json {
  try {
    return fields(JSON.parse(metadata.annotations?.[LAST_APPLIED] ?? '{}'));
  } catch {
    return {};
  }
}

/** Tolerations that every pod is given. */
const isGiven = ({ key, effect, operator, tolerationSeconds }: Json): boolean =>
  (key === 'node.kubernetes.io/not-ready' || key === 'node.kubernetes.io/unreachable') &&
  effect === 'NoExecute' &&
  operator === 'Exists' &&
  Number(tolerationSeconds) === 300;

/** Without its node, what its priority came to, and the token of its account. */
function cleanPodSpec(spec: Json): Json {
  const tolerations = list(spec.tolerations).filter((one) => !isGiven(one));
  const volumes = list(spec.volumes).filter(({ name }) => !isToken(name));
  const unmounted = (containers: unknown): readonly Json[] =>
    list(containers).map((container) => {
      const mounts = list(container.volumeMounts).filter(({ name }) => !isToken(name));
      return { ...without(container, 'volumeMounts'), ...(mounts.length > 0 && { volumeMounts: mounts }) };
    });
  return {
    ...without(spec, 'nodeName', 'priority', 'preemptionPolicy', 'tolerations', 'volumes', 'serviceAccount'),
    containers: unmounted(spec.containers),
    ...(spec.initContainers !== undefined && { initContainers: unmounted(spec.initContainers) }),
    ...(tolerations.length > 0 && { tolerations }),
    ...(volumes.length > 0 && { volumes }),
  };
}

const isToken = (name: unknown): boolean => typeof name === 'string' && /^kube-api-access-[a-z0-9]{5}$/.test(name);
