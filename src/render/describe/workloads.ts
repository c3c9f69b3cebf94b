/** Descriptions of the other controllers of pods, whose templates read like a StatefulSet's. */

import type { KubeObject, LabelSelector, PodTemplate } from '../../core/api/types';
import { formatLabelSelector, formatLabels, formatSelector, fromLabelSelector } from '../../core/meta/labels';
import { asMap, asMaps, asNumber, asStringMap, asText, at } from './json';
import { controllerOf, dateOf, writeAnnotations, writeEvents, writeLabels } from './parts';
import { writePodTemplate } from './pod-template';
import type { Related } from './related';
import { podCounts } from './statefulset';
import { DetailWriter } from './writer';

/** The description, or undefined for a kind that is none of these. */
export function describeWorkload(object: KubeObject, related: Related, now: number): string | undefined {
  const kind = `${object.apiVersion.split('/')[0]} ${object.kind}`;
  switch (kind) {
    case 'apps Deployment':
      return describeDeployment(object, related, now);
    case 'apps ReplicaSet':
    case 'v1 ReplicationController':
      return describeReplicaSet(object, related, now);
    case 'apps DaemonSet':
      return describeDaemonSet(object, related, now);
    default:
      return undefined;
  }
}

const templateOf = (object: KubeObject): PodTemplate => at(object, 'spec', 'template') as PodTemplate;

const selectorText = (object: KubeObject): string =>
  formatSelector(fromLabelSelector(asMap(at(object, 'spec', 'selector')) as LabelSelector | undefined));

const statusNumber = (object: KubeObject, field: string): number => asNumber(at(object, 'status', field));

function describeDeployment(object: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  const meta = object.metadata;
  w.field(0, 'Name', meta.name);
  w.field(0, 'Namespace', meta.namespace ?? '');
  w.field(0, 'CreationTimestamp', dateOf(meta.creationTimestamp));
  writeLabels(w, 'Labels', meta.labels);
  writeAnnotations(w, 'Annotations', meta.annotations);
  w.field(0, 'Selector', selectorText(object));
  const count = (field: string): number => statusNumber(object, field);
  w.field(
    0,
    'Replicas',
    `${asNumber(at(object, 'spec', 'replicas'))} desired | ${count('updatedReplicas')} updated | ${count('replicas')} total | ${count('availableReplicas')} available | ${count('unavailableReplicas')} unavailable`,
  );
  w.field(0, 'StrategyType', asText(at(object, 'spec', 'strategy', 'type')));
  w.field(0, 'MinReadySeconds', asNumber(at(object, 'spec', 'minReadySeconds')));
  const rolling = asMap(at(object, 'spec', 'strategy', 'rollingUpdate'));
  if (rolling) {
    const unavailable = asText(rolling.maxUnavailable);
    w.field(0, 'RollingUpdateStrategy', `${unavailable} max unavailable, ${asText(rolling.maxSurge)} max surge`);
  }
  writePodTemplate(w, templateOf(object), now);
  writeConditions(w, object);
  writeEvents(w, related.events, now);
  return w.toString();
}

function describeReplicaSet(object: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  const meta = object.metadata;
  const selector = at(object, 'spec', 'selector');
  w.field(0, 'Name', meta.name);
  w.field(0, 'Namespace', meta.namespace ?? '');
  const old = object.kind === 'ReplicationController';
  w.field(
    0,
    'Selector',
    old ? formatLabels(asStringMap(selector)) : formatLabelSelector(asMap(selector) as LabelSelector | undefined),
  );
  writeLabels(w, 'Labels', meta.labels);
  writeAnnotations(w, 'Annotations', meta.annotations);
  const controller = controllerOf(object);
  if (controller && !old) w.field(0, 'Controlled By', controller);
  const desired = asNumber(at(object, 'spec', 'replicas'));
  w.field(0, 'Replicas', `${statusNumber(object, 'replicas')} current / ${desired} desired`);
  w.field(0, 'Pods Status', podCounts(related.pods, meta.uid));
  writePodTemplate(w, templateOf(object), now);
  writeConditions(w, object);
  writeEvents(w, related.events, now);
  return w.toString();
}

function describeDaemonSet(object: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  const meta = object.metadata;
  w.field(0, 'Name', meta.name);
  w.field(0, 'Namespace', meta.namespace ?? '');
  w.field(0, 'Selector', selectorText(object));
  w.field(0, 'Node-Selector', formatLabels(templateOf(object).spec.nodeSelector));
  writeLabels(w, 'Labels', meta.labels);
  writeAnnotations(w, 'Annotations', meta.annotations);
  const count = (title: string, field: string): void => w.line(0, `${title}: ${statusNumber(object, field)}`);
  count('Desired Number of Nodes Scheduled', 'desiredNumberScheduled');
  count('Current Number of Nodes Scheduled', 'currentNumberScheduled');
  count('Number of Nodes Scheduled with Up-to-date Pods', 'updatedNumberScheduled');
  count('Number of Nodes Scheduled with Available Pods', 'numberAvailable');
  count('Number of Nodes Misscheduled', 'numberMisscheduled');
  w.field(0, 'Pods Status', podCounts(related.pods, meta.uid));
  writePodTemplate(w, templateOf(object), now);
  writeEvents(w, related.events, now);
  return w.toString();
}

function writeConditions(w: DetailWriter, object: KubeObject): void {
  const conditions = asMaps(at(object, 'status', 'conditions'));
  if (conditions.length === 0) return;
  w.line(0, 'Conditions:\n  Type\tStatus\tReason');
  w.line(1, '----\t------\t------');
  for (const c of conditions) w.line(1, `${asText(c.type)} \t${asText(c.status)}\t${asText(c.reason)}`);
}
