/** `describe networkpolicy`. */
import type { KubeObject } from '../../core/api/types';
import { formatLabelSelector } from '../../core/meta/labels';
import { asMap, asMaps, asStrings, asText, at, type Json } from './json';
import { writeAnnotations, writeLabels } from './parts';
import { DetailWriter } from './writer';

interface Direction {
  readonly type: string;
  readonly word: string;
  readonly field: 'from' | 'to';
  readonly end: string;
}

const INGRESS: Direction = { type: 'Ingress', word: 'ingress', field: 'from', end: 'source' };
const EGRESS: Direction = { type: 'Egress', word: 'egress', field: 'to', end: 'destination' };

export function describeNetworkPolicy(policy: KubeObject): string {
  const w = new DetailWriter();
  const spec = asMap(policy.spec) ?? {};
  const { name, namespace, creationTimestamp, labels, annotations } = policy.metadata;
  w.field(0, 'Name', name);
  w.field(0, 'Namespace', namespace ?? '');
  w.field(0, 'Created on', asText(creationTimestamp).replace('T', ' ').replace('Z', ' +0000 UTC'));
  writeLabels(w, 'Labels', labels);
  writeAnnotations(w, 'Annotations', annotations);
  w.line(0, 'Spec:');
  const pods = asMap(spec.podSelector) ?? {};
  const every = Object.keys(asMap(pods.matchLabels) ?? {}).length + asMaps(pods.matchExpressions).length === 0;
  const selected = every
    ? '<none> (Allowing the specific traffic to all pods in this namespace)'
    : formatLabelSelector(pods);
  w.line(1, `PodSelector:     ${selected}`);
  const types = asStrings(spec.policyTypes);
  for (const direction of [INGRESS, EGRESS]) {
    if (types.includes(direction.type)) {
      w.line(1, `Allowing ${direction.word} traffic:`);
      writeRules(w, asMaps(spec[direction.word]), direction);
    } else w.line(1, `Not affecting ${direction.word} traffic`);
  }
  w.line(1, `Policy Types: ${types.join(', ') || '<none>'}`);
  return w.toString();
}

const INDENT = '    ';

function writeRules(w: DetailWriter, rules: readonly Json[], direction: Direction): void {
  if (rules.length === 0) w.line(0, `${INDENT}<none> (Selected pods are isolated for ${direction.word} connectivity)`);
  rules.forEach((rule, i) => {
    const ports = asMaps(rule.ports);
    if (ports.length === 0) w.line(0, `${INDENT}To Port: <any> (traffic allowed to all ports)`);
    for (const port of ports) w.line(0, `${INDENT}${portText(port)}`);
    writePeers(w, asMaps(rule[direction.field]), direction);
    if (i < rules.length - 1) w.line(0, `${INDENT}----------`);
  });
}

function portText(port: Json): string {
  const first = asText(port.port ?? '<nil>');
  const protocol = asText(port.protocol ?? 'TCP');
  return port.endPort === undefined
    ? `To Port: ${first}/${protocol}`
    : `To Port Range: ${first}-${asText(port.endPort)}/${protocol}`;
}

function writePeers(w: DetailWriter, peers: readonly Json[], { field, end }: Direction): void {
  const title = field === 'from' ? 'From' : 'To';
  if (peers.length === 0) w.line(0, `${INDENT}${title}: <any> (traffic not restricted by ${end})`);
  for (const peer of peers) {
    w.line(0, `${INDENT}${title}:`);
    const pods = asMap(peer.podSelector);
    const namespaces = asMap(peer.namespaceSelector);
    if (namespaces) w.line(1, `${INDENT}NamespaceSelector: ${formatLabelSelector(namespaces)}`);
    if (pods) w.line(1, `${INDENT}PodSelector: ${formatLabelSelector(pods)}`);
    if (pods || namespaces || !asMap(peer.ipBlock)) continue;
    w.line(1, `${INDENT}IPBlock:`);
    w.line(2, `${INDENT}CIDR: ${asText(at(peer, 'ipBlock', 'cidr'))}`);
    w.line(2, `${INDENT}Except: ${asStrings(at(peer, 'ipBlock', 'except')).join(', ')}`);
  }
}
