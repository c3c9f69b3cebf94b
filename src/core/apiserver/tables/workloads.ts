/** Rows of what owns pods: sets, deployments, jobs, and the revisions of their templates. */

import type { Cell } from '../../api/table';
import type { ControllerRevision, KubeObject, LabelSelector, Labels, StatefulSet } from '../../api/types';
import { humanDuration } from '../../meta/duration';
import { formatLabelSelector, formatLabels } from '../../meta/labels';
import { fromTime } from '../../meta/time';
import {
  AGE,
  ageOf,
  asMap,
  asMaps,
  asNumber,
  asText,
  at,
  integer,
  NAME,
  since,
  type TablePrinter,
  text,
  wide,
} from './printer';

export const statefulSetPrinter = (): TablePrinter<StatefulSet> => ({
  columns: [NAME, text('Ready'), AGE, wide('Containers'), wide('Images')],
  cells: (set, now) => [
    set.metadata.name,
    `${set.status?.readyReplicas ?? 0}/${set.spec.replicas}`,
    ageOf(set, now),
    ...containersOf(at(set.spec, 'template', 'spec')),
  ],
});

/** Names and images, each joined by commas. */
function containersOf(podSpec: unknown): [names: string, images: string] {
  const containers = asMaps(at(podSpec, 'containers'));
  return [containers.map((c) => asText(c.name)).join(','), containers.map((c) => asText(c.image)).join(',')];
}

export const controllerRevisionPrinter = (): TablePrinter<ControllerRevision> => ({
  columns: [NAME, text('Controller'), integer('Revision'), AGE],
  cells: (revision, now) => [
    revision.metadata.name,
    controllerOf(revision),
    revision.revision ?? 0,
    ageOf(revision, now),
  ],
});

/** `statefulset.apps/web`. */
function controllerOf(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (!owner) return '<none>';
  const slash = owner.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

const selectorOf = (object: KubeObject): string =>
  formatLabelSelector(asMap(at(object, 'spec', 'selector')) as LabelSelector | undefined);

const podSpecOf = (object: KubeObject): unknown => at(object, 'spec', 'template', 'spec');
const desired = (object: KubeObject): number => asNumber(at(object, 'spec', 'replicas'));
const count = (object: KubeObject, field: string): number => asNumber(at(object, 'status', field));
const owners = [wide('Containers'), wide('Images'), wide('Selector')];

export const deploymentPrinter = (): TablePrinter => ({
  columns: [NAME, text('Ready'), text('Up-to-date'), text('Available'), AGE, ...owners],
  cells: (object, now) => [
    object.metadata.name,
    `${count(object, 'readyReplicas')}/${desired(object)}`,
    count(object, 'updatedReplicas'),
    count(object, 'availableReplicas'),
    ageOf(object, now),
    ...containersOf(podSpecOf(object)),
    selectorOf(object),
  ],
});

/** ReplicaSets, and ReplicationControllers, whose selector is a plain map. */
export const replicaSetPrinter = (): TablePrinter => ({
  columns: [NAME, integer('Desired'), integer('Current'), integer('Ready'), AGE, ...owners],
  cells: (object, now) => [
    object.metadata.name,
    desired(object),
    count(object, 'replicas'),
    count(object, 'readyReplicas'),
    ageOf(object, now),
    ...containersOf(podSpecOf(object)),
    object.kind === 'ReplicationController'
      ? formatLabels(at(object, 'spec', 'selector') as Labels | undefined)
      : selectorOf(object),
  ],
});

export const daemonSetPrinter = (): TablePrinter => ({
  columns: [
    NAME,
    integer('Desired'),
    integer('Current'),
    integer('Ready'),
    integer('Up-to-date'),
    integer('Available'),
    text('Node Selector'),
    AGE,
    ...owners,
  ],
  cells: (object, now) => [
    object.metadata.name,
    count(object, 'desiredNumberScheduled'),
    count(object, 'currentNumberScheduled'),
    count(object, 'numberReady'),
    count(object, 'updatedNumberScheduled'),
    count(object, 'numberAvailable'),
    formatLabels(at(podSpecOf(object), 'nodeSelector') as Labels | undefined),
    ageOf(object, now),
    ...containersOf(podSpecOf(object)),
    selectorOf(object),
  ],
});

export const jobPrinter = (): TablePrinter => ({
  columns: [NAME, text('Status'), text('Completions'), text('Duration'), AGE, ...owners],
  cells: (object, now) => [
    object.metadata.name,
    jobStatus(object),
    completions(object),
    duration(object, now),
    ageOf(object, now),
    ...containersOf(podSpecOf(object)),
    selectorOf(object),
  ],
});

function jobStatus(job: KubeObject): string {
  const has = (type: string): boolean =>
    asMaps(at(job, 'status', 'conditions')).some((c) => c.type === type && c.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  if (has('Suspended')) return 'Suspended';
  if (has('FailureTarget')) return 'FailureTarget';
  return has('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function completions(job: KubeObject): string {
  const wanted = at(job, 'spec', 'completions');
  const parallelism = asNumber(at(job, 'spec', 'parallelism'));
  if (wanted !== undefined) return `${count(job, 'succeeded')}/${asNumber(wanted)}`;
  return parallelism > 1 ? `${count(job, 'succeeded')}/1 of ${parallelism}` : `${count(job, 'succeeded')}/1`;
}

function duration(job: KubeObject, now: number): string {
  const start = asText(at(job, 'status', 'startTime'));
  if (!start) return '';
  const end = asText(at(job, 'status', 'completionTime'));
  return humanDuration((end ? fromTime(end) : now) - fromTime(start));
}

export const cronJobPrinter = (): TablePrinter => ({
  columns: [
    NAME,
    text('Schedule'),
    text('Timezone'),
    { name: 'Suspend', type: 'boolean', priority: 0 },
    integer('Active'),
    text('Last Schedule'),
    AGE,
    ...owners,
  ],
  cells(object, now): Cell[] {
    const spec = asMap(object.spec) ?? {};
    const last = asText(at(object, 'status', 'lastScheduleTime'));
    const job = at(spec, 'jobTemplate', 'spec');
    return [
      object.metadata.name,
      asText(spec.schedule),
      spec.timeZone === undefined ? '<none>' : asText(spec.timeZone),
      spec.suspend === undefined ? '<unset>' : spec.suspend === true ? 'True' : 'False',
      asMaps(at(object, 'status', 'active')).length,
      last ? since(last, now) : '<none>',
      ageOf(object, now),
      ...containersOf(at(job, 'template', 'spec')),
      formatLabelSelector(asMap(at(job, 'selector')) as LabelSelector | undefined),
    ];
  },
});

export const podTemplatePrinter = (): TablePrinter => ({
  columns: [NAME, text('Containers'), text('Images'), text('Pod Labels')],
  cells: (object) => [
    object.metadata.name,
    ...containersOf(at(object, 'template', 'spec')),
    formatLabels(at(object, 'template', 'metadata', 'labels') as Labels | undefined),
  ],
});

/** What the scale subresource of any kind shows. */
export const scalePrinter = (): TablePrinter => ({
  columns: [NAME, integer('Desired'), integer('Available'), AGE],
  cells: (scale, now) => [
    scale.metadata.name,
    asNumber(at(scale, 'spec', 'replicas')),
    asNumber(at(scale, 'status', 'replicas')),
    ageOf(scale, now),
  ],
});
