/** What the API server warns about without refusing it (as pkg/api/pod/warnings.go and the strategies' warnings). */
import { Quantity } from '../../meta/quantity';
import { asList, asObject, asString, asStrings, entriesOf, isSet, type Json } from '../json';
import type { ResourceInfo } from '../resources';
import type { KubeObject } from '../types';

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
      return [
        ...(old && old.metadata.generation === object.metadata.generation && old.spec === object.spec
          ? []
          : templateWarnings(asObject(spec.template), asObject(asObject(old?.spec).template), 'spec.template')),
        ...claimTemplateWarnings(asList(spec.volumeClaimTemplates)),
        ...(Number(spec.revisionHistoryLimit ?? 0) < 0
          ? [
              'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
            ]
          : []),
      ];
    case 'Pod':
      return old ? [] : podWarnings(spec, 'spec');
    case 'Deployment':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'Job':
      return templateWarnings(asObject(spec.template), asObject(asObject(old?.spec).template), 'spec.template');
    case 'Service':
      return serviceWarnings(spec);
    case 'PersistentVolumeClaim':
      return storageWarnings(spec, 'spec');
    case 'PersistentVolume':
      return volumeWarnings(spec);
    default:
      return [];
  }
}

function templateWarnings(template: Json, old: Json, path: string): string[] {
  return template === old ? [] : podWarnings(asObject(template.spec), `${path}.spec`);
}

const DEPRECATED_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

function podWarnings(spec: Json, path: string): string[] {
  const warnings: string[] = [];
  for (const [label] of entriesOf(spec.nodeSelector)) {
    if (Object.hasOwn(DEPRECATED_LABELS, label)) {
      warnings.push(`${path}.nodeSelector[${label}]: ${DEPRECATED_LABELS[label]}`);
    }
  }
  const hosts = new Set<string>();
  for (const [i, alias] of asList(spec.hostAliases).entries()) {
    const ip = asString(alias.ip);
    if (hosts.has(ip)) warnings.push(`${path}.hostAliases[${i}].ip: another entry with the same ip already exists`);
    hosts.add(ip);
  }
  for (const [i, volume] of asList(spec.volumes).entries()) {
    if (isSet(volume.gitRepo)) warnings.push(`${path}.volumes[${i}].gitRepo: deprecated in v1.11`);
    if (isSet(volume.glusterfs))
      warnings.push(
        `${path}.volumes[${i}].glusterfs: deprecated in v1.25, this feature will be removed completely after v1.31`,
      );
  }
  for (const [i, secret] of asList(spec.imagePullSecrets).entries()) {
    if (!asString(secret.name)) warnings.push(`${path}.imagePullSecrets[${i}].name: invalid empty name ""`);
  }
  for (const list of ['initContainers', 'containers']) {
    for (const [i, container] of asList(spec[list]).entries()) {
      warnings.push(...containerWarnings(container, `${path}.${list}[${i}]`));
    }
  }
  warnings.push(...portWarnings(asList(spec.containers), `${path}.containers`));
  const overhead = entriesOf(spec.overhead);
  warnings.push(...fractionWarnings(overhead, `${path}.overhead`));
  if (Number(spec.terminationGracePeriodSeconds ?? 0) < 0) {
    warnings.push(
      `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  }
  return warnings;
}

function containerWarnings(container: Json, path: string): string[] {
  const resources = asObject(container.resources);
  const warnings = ['limits', 'requests'].flatMap((field) =>
    fractionWarnings(entriesOf(resources[field]), `${path}.resources.${field}`),
  );
  const names = new Set<string>();
  for (const [i, variable] of asList(container.env).entries()) {
    const name = asString(variable.name);
    if (names.has(name)) {
      const quoted = JSON.stringify(name);
      warnings.push(`${path}.env[${i}]: hides previous definition of ${quoted}, which may be dropped when using apply`);
    }
    names.add(name);
  }
  return warnings;
}

function fractionWarnings(quantities: readonly [string, string][], path: string): string[] {
  return quantities.flatMap(([name, quantity]) => {
    if (name !== 'memory' && name !== 'ephemeral-storage' && name !== 'storage') return [];
    const fraction = Quantity.parse(quantity).milliValue() % 1000n !== 0n;
    const text = `fractional byte value ${JSON.stringify(quantity)} is invalid, must be an integer`;
    return fraction ? [`${path}[${name}]: ${text}`] : [];
  });
}

function portWarnings(containers: readonly Json[], path: string): string[] {
  const warnings: string[] = [];
  for (const [i, container] of containers.entries()) {
    const ports = asList(container.ports);
    const same = (a: Json, b: Json): boolean =>
      a.containerPort === b.containerPort &&
      a.protocol === b.protocol &&
      (a.hostPort ?? 0) === (b.hostPort ?? 0) &&
      asString(a.hostIP) === asString(b.hostIP);
    for (const [j, port] of ports.entries()) {
      const first = ports.findIndex((other) => same(port, other));
      if (first >= j) continue;
      const at = `${path}[${i}].ports`;
      warnings.push(`${at}[${j}]: duplicate port definition with ${at}[${first}]`);
    }
  }
  return warnings;
}

const claimTemplateWarnings = (claims: readonly Json[]): string[] =>
  claims.flatMap((claim, i) => storageWarnings(asObject(claim.spec), `spec.volumeClaimTemplates[${i}].spec`));

const storageWarnings = (spec: Json, path: string): string[] =>
  fractionWarnings(
    entriesOf(asObject(spec.resources).requests).filter(([name]) => name === 'storage'),
    `${path}.resources.requests`,
  );

function volumeWarnings(spec: Json): string[] {
  const warnings: string[] = [];
  if (spec.persistentVolumeReclaimPolicy === 'Recycle') {
    const why =
      'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
    warnings.push(`spec.persistentVolumeReclaimPolicy: ${why}`);
  }
  return [...warnings, ...fractionWarnings(entriesOf(spec.capacity), 'spec.capacity')];
}

function serviceWarnings(spec: Json): string[] {
  const headless = spec.clusterIP === 'None' || asStrings(spec.clusterIPs)[0] === 'None';
  const warnings: string[] = [];
  if (headless && spec.sessionAffinity && spec.sessionAffinity !== 'None') {
    warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  if (headless && asString(spec.loadBalancerIP)) warnings.push('spec.loadBalancerIP is ignored for headless services');
  if (headless && asStrings(spec.externalIPs).length > 0) {
    warnings.push('spec.externalIPs is ignored for headless services');
  }
  if (spec.type === 'ExternalName' && asStrings(spec.externalIPs).length > 0) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (spec.type !== 'ExternalName' && asString(spec.externalName)) {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  return warnings;
}
