/** A pod template: inside the descriptions of what owns pods, and by itself in rollout history and undo. */

import type { PodTemplate } from '../../core/api/types';
import { formatLabelSelector } from '../../core/meta/labels';
import { compareText } from '../../core/meta/text';
import { writeContainers } from './containers';
import { asMap, asMaps, asNumber, asText, type Json } from './json';
import { writeAnnotations, writeLabels, writeTolerations } from './parts';
import { writeVolumes } from './volumes';
import { DetailWriter } from './writer';

/** `Pod Template:` and what is in it (as DescribePodTemplate). */
export function writePodTemplate(w: DetailWriter, template: PodTemplate, now: number): void {
  const spec = template.spec;
  w.line(0, 'Pod Template:');
  writeLabels(w, '  Labels', template.metadata?.labels);
  const annotations = template.metadata?.annotations;
  if (annotations && Object.keys(annotations).length > 0) writeAnnotations(w, '  Annotations', annotations);
  if (spec.serviceAccountName) w.field(1, 'Service Account', asText(spec.serviceAccountName));
  if (spec.initContainers?.length) {
    writeContainers(w, spec.initContainers, { label: 'Init Containers', space: '  ' });
  }
  writeContainers(w, spec.containers, { label: 'Containers', space: '  ' });
  writeVolumes(w, asMaps(spec.volumes), '  ', now);
  writeSpread(w, asMaps(spec.topologySpreadConstraints), '  ');
  if (spec.priorityClassName) w.field(1, 'Priority Class Name', asText(spec.priorityClassName));
  writeLabels(w, '  Node-Selectors', spec.nodeSelector);
  writeTolerations(w, '  Tolerations', spec.tolerations);
  writeSchedulingGroup(w, spec.schedulingGroup, '  ');
}

/** The group that the pod is scheduled with, if any (as describeSchedulingGroup). */
export function writeSchedulingGroup(w: DetailWriter, value: unknown, space: string): void {
  const group = asMap(value);
  if (!group) return;
  w.line(0, `${space}SchedulingGroup:`);
  w.field(1, 'PodGroupName', asText(group.podGroupName));
}

/** The template as `rollout history --revision` and `rollout undo --dry-run=client` show it: tabs stay tabs. */
export function describePodTemplate(template: PodTemplate): string {
  const w = new DetailWriter();
  writePodTemplate(w, template, 0);
  return w.raw();
}

/** Topology spread constraints by key, when there are any. */
export function writeSpread(w: DetailWriter, constraints: readonly Json[], space: string): void {
  if (constraints.length === 0) return;
  const sorted = [...constraints].sort((a, b) => compareText(asText(a.topologyKey), asText(b.topologyKey)));
  w.write(0, `${space}Topology Spread Constraints:\t`);
  sorted.forEach((constraint, i) => {
    if (i > 0) w.write(0, `${space}\t`);
    const selector = asMap(constraint.labelSelector);
    const pods = selector ? ` for selector ${formatLabelSelector(selector)}` : '';
    w.line(
      0,
      `${asText(constraint.topologyKey)}:${asText(constraint.whenUnsatisfiable)} when max skew ${asNumber(constraint.maxSkew)} is exceeded${pods}`,
    );
  });
}
