/** What the API server warns about without refusing it (as the strategies' WarningsOnCreate and WarningsOnUpdate). */
import { isDns1123Label } from '../../meta/names';
import { hasRules } from '../custom-resources/schema';
import { asList, asObject, isSet, type Json } from '../json';
import { type ResourceInfo, resourceForKind } from '../resources';
import type { KubeObject } from '../types';
import { claimSpecWarnings, fractionWarnings } from './claim-warnings';
import { validateFinalizerKind } from './metadata';
import { podWarnings } from './pod-warnings';
import { serviceWarnings } from './service-warnings';

/** The warning that comes with every request for the kind; undefined for kinds that are not deprecated. */
export function deprecationOf(resource: Pick<ResourceInfo, 'group' | 'kind'>): string | undefined {
  if (resource.group !== '') return undefined;
  if (resource.kind === 'Endpoints')
    return 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';
  return resource.kind === 'ComponentStatus' ? 'v1 ComponentStatus is deprecated in v1.19+' : undefined;
}

/** Warnings about the content of a write, without the word `Warning:`. `old` for updates. */
export function writeWarnings(object: KubeObject, old?: KubeObject): string[] {
  const spec = asObject(object.spec);
  switch (object.kind) {
    case 'StatefulSet':
      return [...templateWarnings(object, old, 'spec.template'), ...setWarnings(spec, old !== undefined)];
    case 'Pod':
      return old ? [] : [...hostnameWarnings(object.metadata.name), ...podWarnings(object, '')];
    case 'PodTemplate':
      return templateWarnings(object, old, 'template');
    case 'CronJob':
      return templateWarnings(object, old, 'spec.jobTemplate.spec.template');
    case 'Deployment':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'Job':
      return templateWarnings(object, old, 'spec.template');
    case 'Service':
      return serviceWarnings(object);
    case 'PersistentVolumeClaim':
      return claimSpecWarnings(spec, 'spec');
    case 'PersistentVolume':
      return [...annotationWarnings(object.metadata.annotations), ...volumeWarnings(spec)];
    case 'Ingress':
      return old ? [] : ingressWarnings(object);
    case 'CustomResourceDefinition':
      return object.spec !== old?.spec && hasRules(spec)
        ? [`the ${RULES} of ${object.metadata.name} are not evaluated`]
        : [];
    default:
      return resourceForKind(object.apiVersion, object.kind) ? [] : finalizerWarnings(object, old);
  }
}

const INGRESS_CLASS = 'kubernetes.io/ingress.class';

const ingressWarnings = ({ metadata }: KubeObject): string[] =>
  isSet(metadata.annotations?.[INGRESS_CLASS])
    ? [`annotation "${INGRESS_CLASS}" is deprecated, please use 'spec.ingressClassName' instead`]
    : [];

/** Custom resources may have finalizers of any name, but had better not. */
function finalizerWarnings(object: KubeObject, old: KubeObject | undefined): string[] {
  const before = old?.metadata.finalizers ?? [];
  return [...new Set(object.metadata.finalizers)]
    .filter((finalizer) => !before.includes(finalizer) && validateFinalizerKind(finalizer, '').length > 0)
    .sort()
    .map((finalizer) => {
      const why = 'prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts';
      return `metadata.finalizers: ${JSON.stringify(finalizer)}: ${why} with other finalizer writers`;
    });
}

const RULES = 'x-kubernetes-validations';

/** A template is looked at again whenever the spec around it changes, by scaling too. */
function templateWarnings(object: KubeObject, old: KubeObject | undefined, path: string): string[] {
  if (old && old.metadata.generation === object.metadata.generation) return [];
  const template = path.split('.').reduce<Json>((holder, field) => asObject(holder[field]), object);
  return podWarnings(template, path);
}

/** The paths of claim templates are upstream's: they leave out the spec at first and write it with a capital later. */
function setWarnings(spec: Json, isUpdate: boolean): string[] {
  const warnings = asList(spec.volumeClaimTemplates).flatMap((claim, i) =>
    claimSpecWarnings(asObject(claim.spec), `spec.volumeClaimTemplates[${i}]${isUpdate ? '.Spec' : ''}`),
  );
  if (Number(spec.revisionHistoryLimit ?? 0) < 0) {
    const why = 'a negative value retains all historical revisions; a value >= 0 is recommended';
    warnings.push(`spec.revisionHistoryLimit: ${why}`);
  }
  return warnings;
}

function hostnameWarnings(name: string): string[] {
  const messages = isDns1123Label(name);
  if (messages.length === 0) return [];
  const why = "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
  return [`metadata.name: ${why}: [${messages.join(' ')}]`];
}

const VOLUME_ANNOTATIONS: readonly (readonly [name: string, text: string])[] = [
  ['volume.beta.kubernetes.io/storage-class', 'deprecated since v1.8; use "storageClassName" attribute instead'],
  ['volume.beta.kubernetes.io/mount-options', 'deprecated since v1.31; use "mountOptions" attribute instead'],
];

const annotationWarnings = (annotations: unknown): string[] =>
  VOLUME_ANNOTATIONS.filter(([name]) => isSet(asObject(annotations)[name])).map(
    ([name, text]) => `metadata.annotations[${name}]: ${text}`,
  );

function volumeWarnings(spec: Json): string[] {
  const warnings: string[] = [];
  if (spec.persistentVolumeReclaimPolicy === 'Recycle') {
    const why =
      'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
    warnings.push(`spec.persistentVolumeReclaimPolicy: ${why}`);
  }
  return [...warnings, ...fractionWarnings(spec.capacity, 'storage', 'spec.capacity')];
}
