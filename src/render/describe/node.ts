/** `describe node`. */

import type { KubeObject, Node } from '../../core/api/types';
import { compareText } from '../../core/meta/text';
import { asMaps, asStringMap, asStrings, asText, at } from './json';
import { writeNodeResources } from './node-resources';
import { dateOf, taintText, writeAnnotations, writeBlock, writeEvents, writeLabels } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeNode(node: Node, related: Related, now: number): string {
  const w = new DetailWriter();
  const { metadata, spec, status } = node;
  w.field(0, 'Name', metadata.name);
  w.field(0, 'Roles', rolesOf(node).join(',') || '<none>');
  writeLabels(w, 'Labels', metadata.labels);
  writeAnnotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'CreationTimestamp', dateOf(metadata.creationTimestamp));
  const taints = asMaps(spec?.taints).toSorted((a, b) =>
    compareText(`${asText(a.effect)},${asText(a.key)}`, `${asText(b.effect)},${asText(b.key)}`),
  );
  writeBlock(w, 'Taints', taints.map(taintText));
  w.field(0, 'Unschedulable', spec?.unschedulable === true);
  writeLease(w, related.lease, metadata.name);
  writeConditions(w, node);
  w.line(0, 'Addresses:');
  for (const { type, address } of status?.addresses ?? []) w.field(1, type, address);
  writeQuantities(w, 'Capacity', status?.capacity);
  writeQuantities(w, 'Allocatable', status?.allocatable);
  writeSystem(w, asStringMap(status?.nodeInfo));
  if (spec?.podCIDR) w.field(0, 'PodCIDR', spec.podCIDR);
  const cidrs = asStrings(at(spec, 'podCIDRs'));
  if (cidrs.length > 0) w.field(0, 'PodCIDRs', cidrs.join(','));
  const provider = asText(at(spec, 'providerID'));
  if (provider) w.field(0, 'ProviderID', provider);
  const pods = (related.pods ?? []).filter(
    (pod) => pod.spec.nodeName === metadata.name && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed',
  );
  writeNodeResources(w, pods, status?.allocatable ?? status?.capacity ?? {}, now);
  writeEvents(w, related.events, now);
  return w.toString();
}

/** Roles that labels give a node, sorted (as findNodeRoles). */
function rolesOf(node: Node): string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith('node-role.kubernetes.io/')) roles.add(key.slice('node-role.kubernetes.io/'.length));
    else if (key === 'kubernetes.io/role') roles.add(value);
  }
  roles.delete('');
  return [...roles].sort(compareText);
}

function writeLease(w: DetailWriter, lease: KubeObject | undefined, name: string): void {
  if (!lease) {
    w.field(0, 'Lease', `Failed to get lease: leases.coordination.k8s.io "${name}" not found`);
    return;
  }
  w.line(0, 'Lease:');
  const time = (value: unknown): string => (value ? dateOf(value) : '<unset>');
  w.field(1, 'HolderIdentity', asText(at(lease, 'spec', 'holderIdentity') ?? '<unset>'));
  w.field(1, 'AcquireTime', time(at(lease, 'spec', 'acquireTime')));
  w.field(1, 'RenewTime', time(at(lease, 'spec', 'renewTime')));
}

function writeConditions(w: DetailWriter, node: Node): void {
  const conditions = asMaps(node.status?.conditions);
  if (conditions.length === 0) return;
  w.line(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
  w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const c of conditions) {
    const times = `${dateOf(c.lastHeartbeatTime)} \t${dateOf(c.lastTransitionTime)}`;
    w.line(1, `${asText(c.type)} \t${asText(c.status)} \t${times} \t${asText(c.reason)} \t${asText(c.message)}`);
  }
}

function writeQuantities(w: DetailWriter, title: string, list: Readonly<Record<string, string>> | undefined): void {
  const names = Object.keys(list ?? {}).sort(compareText);
  if (names.length > 0) w.line(0, `${title}:`);
  for (const name of names) w.field(1, name, list?.[name] ?? '');
}

const SYSTEM_FIELDS: readonly (readonly [title: string, field: string])[] = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
];

function writeSystem(w: DetailWriter, info: Readonly<Record<string, string>>): void {
  w.line(0, 'System Info:');
  for (const [title, field] of SYSTEM_FIELDS) w.field(1, title, info[field] ?? '');
}
