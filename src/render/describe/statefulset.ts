/** `describe statefulset`. */

import type { ClaimTemplate, Pod, StatefulSet } from '../../core/api/types';
import { formatSelector, fromLabelSelector } from '../../core/meta/labels';
import { claimClass } from './claim';
import { goList } from './json';
import { dateOf, isControlledBy, writeAnnotations, writeEvents, writeLabels } from './parts';
import { writePodTemplate } from './pod-template';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeStatefulSet(set: StatefulSet, related: Related, now: number): string {
  const w = new DetailWriter();
  const { metadata, spec, status } = set;
  w.field(0, 'Name', metadata.name);
  w.field(0, 'Namespace', metadata.namespace ?? '');
  w.field(0, 'CreationTimestamp', dateOf(metadata.creationTimestamp));
  w.field(0, 'Selector', formatSelector(fromLabelSelector(spec.selector)));
  writeLabels(w, 'Labels', metadata.labels);
  writeAnnotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'Replicas', `${spec.replicas} desired | ${status?.replicas ?? 0} total`);
  w.field(0, 'Update Strategy', spec.updateStrategy?.type ?? '');
  const rolling = spec.updateStrategy?.rollingUpdate;
  if (rolling?.partition !== undefined) {
    w.field(1, 'Partition', rolling.partition);
    if (rolling.maxUnavailable !== undefined) w.field(1, 'MaxUnavailable', rolling.maxUnavailable);
  }
  w.field(0, 'Pods Status', podCounts(related.pods, metadata.uid));
  writePodTemplate(w, spec.template, now);
  writeClaimTemplates(w, spec.volumeClaimTemplates ?? []);
  writeEvents(w, related.events, now);
  return w.toString();
}

/** Phases of the pods that the owner controls, on one line (as getPodStatusForController). */
export function podCounts(pods: readonly Pod[] | undefined, ownerUid: string): string {
  const owned = (pods ?? []).filter((pod) => isControlledBy(pod, ownerUid));
  const count = (phase: string): number => owned.filter((pod) => pod.status.phase === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

function writeClaimTemplates(w: DetailWriter, templates: readonly ClaimTemplate[]): void {
  if (templates.length === 0) {
    w.field(0, 'Volume Claims', '<none>');
    return;
  }
  w.line(0, 'Volume Claims:');
  for (const template of templates) {
    const { metadata, spec } = template as Partial<ClaimTemplate>;
    w.field(1, 'Name', metadata?.name ?? '');
    w.field(1, 'StorageClass', claimClass({ ...template }));
    writeLabels(w, 'Labels', metadata?.labels, '  ');
    writeLabels(w, 'Annotations', metadata?.annotations, '  ');
    w.field(1, 'Capacity', spec?.resources?.requests?.storage ?? '<default>');
    w.field(1, 'Access Modes', goList(spec?.accessModes));
  }
}
