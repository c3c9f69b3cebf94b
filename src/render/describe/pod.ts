/** `describe pod`. */
import { qosClass } from '../../core/api/qos';
import type { Container, ContainerStatus, Pod } from '../../core/api/types';
import { writeContainers, writeResources, writeSeccomp } from './containers';
import { asMap, asMaps, asText, type Json } from './json';
import { ageOf, controllerOf, dateOf, writeAnnotations, writeEvents, writeLabels, writeTolerations } from './parts';
import { writeSchedulingGroup, writeSpread } from './pod-template';
import type { Related } from './related';
import { writeVolumes } from './volumes';
import { DetailWriter } from './writer';

export function describePod(pod: Pod, related: Related, now: number): string {
  const w = new DetailWriter();
  const { spec, status } = pod;
  writeIdentity(w, pod, now);
  w.field(0, 'IP', status.podIP ?? '');
  const ips = status.podIPs ?? [];
  if (ips.length === 0) w.field(0, 'IPs', '<none>');
  else w.line(0, 'IPs:');
  for (const { ip } of ips) w.field(1, 'IP', ip);
  const controller = controllerOf(pod);
  if (controller) w.field(0, 'Controlled By', controller);
  const nominated = asText((status as Json).nominatedNodeName);
  if (nominated) w.field(0, 'NominatedNodeName', nominated);
  if (asMap(spec.resources)) {
    w.line(0, 'Resources:');
    writeResources(w, spec.resources, 1);
  }
  writeAllContainers(w, pod);
  writeConditions(w, pod);
  writeVolumes(w, asMaps(spec.volumes), '', now);
  w.field(0, 'QoS Class', status.qosClass ?? qosClass(spec));
  writeLabels(w, 'Node-Selectors', spec.nodeSelector);
  writeTolerations(w, 'Tolerations', spec.tolerations);
  writeSpread(w, asMaps(spec.topologySpreadConstraints), '');
  writeSchedulingGroup(w, spec.schedulingGroup, '');
  writeEvents(w, related.events, now);
  return w.toString();
}

function writeIdentity(w: DetailWriter, pod: Pod, now: number): void {
  const { metadata, spec, status } = pod;
  w.field(0, 'Name', metadata.name);
  w.field(0, 'Namespace', metadata.namespace ?? '');
  if (spec.priority !== undefined) w.field(0, 'Priority', spec.priority);
  if (spec.priorityClassName) w.field(0, 'Priority Class Name', asText(spec.priorityClassName));
  if (spec.runtimeClassName) w.field(0, 'Runtime Class Name', asText(spec.runtimeClassName));
  if (spec.serviceAccountName) w.field(0, 'Service Account', asText(spec.serviceAccountName));
  w.field(0, 'Node', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>');
  if (status.startTime) w.field(0, 'Start Time', dateOf(status.startTime));
  writeLabels(w, 'Labels', metadata.labels);
  writeAnnotations(w, 'Annotations', metadata.annotations);
  const ended = status.phase === 'Failed' || status.phase === 'Succeeded';
  if (metadata.deletionTimestamp && !ended) {
    w.field(0, 'Status', `Terminating (lasts ${ageOf(metadata.deletionTimestamp, now)})`);
    w.field(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else {
    w.field(0, 'Status', status.phase ?? '');
  }
  if (status.reason) w.field(0, 'Reason', status.reason);
  if (status.message) w.field(0, 'Message', status.message);
  writeSeccomp(w, asMap(spec.securityContext)?.seccompProfile, 0);
}

function writeAllContainers(w: DetailWriter, pod: Pod): void {
  const { spec, status } = pod;
  if (spec.initContainers?.length) {
    writeContainers(w, spec.initContainers, {
      label: 'Init Containers',
      statuses: status.initContainerStatuses,
      space: '',
      pod,
    });
  }
  writeContainers(w, spec.containers, { label: 'Containers', statuses: status.containerStatuses, space: '', pod });
  const ephemeral = asMaps(spec.ephemeralContainers) as readonly unknown[] as readonly Container[];
  if (ephemeral.length > 0) {
    const statuses = asMaps((status as Json).ephemeralContainerStatuses) as readonly unknown[];
    writeContainers(w, ephemeral, {
      label: 'Ephemeral Containers',
      statuses: statuses as readonly ContainerStatus[],
      space: '',
      pod,
    });
  }
}

function writeConditions(w: DetailWriter, pod: Pod): void {
  const conditions = pod.status.conditions ?? [];
  const gates = asMaps(pod.spec.readinessGates);
  if (gates.length > 0) {
    w.line(0, 'Readiness Gates:\n  Type\tStatus');
    for (const gate of gates) {
      const condition = conditions.find((c) => c.type === gate.conditionType);
      w.line(1, `${asText(gate.conditionType)} \t${condition?.status ?? '<none>'} `);
    }
  }
  if (conditions.length === 0) return;
  w.line(0, 'Conditions:\n  Type\tStatus');
  for (const condition of conditions) w.line(1, `${condition.type} \t${condition.status} `);
}
