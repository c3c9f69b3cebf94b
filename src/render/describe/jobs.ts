/** Descriptions of jobs, of what makes them, and of who may do what: kinds that are stored but not simulated. */

import type { KubeObject, LabelSelector, PodTemplate } from '../../core/api/types';
import { humanDuration } from '../../core/meta/duration';
import { formatSelector, fromLabelSelector } from '../../core/meta/labels';
import { fromTime } from '../../core/meta/time';
import { asMap, asMaps, asNumber, asText, at } from './json';
import { boolText, controllerOf, dateOf, writeAnnotations, writeEvents, writeHeader, writeLabels } from './parts';
import { writePodTemplate } from './pod-template';
import type { Related } from './related';
import { DetailWriter } from './writer';

/** The description, or undefined for a kind that is none of these. */
export function describeJobLike(object: KubeObject, related: Related, now: number): string | undefined {
  switch (`${object.apiVersion.split('/')[0]} ${object.kind}`) {
    case 'batch Job':
      return describeJob(object, related, now);
    case 'batch CronJob':
      return describeCronJob(object, related, now);
    case 'rbac.authorization.k8s.io RoleBinding':
    case 'rbac.authorization.k8s.io ClusterRoleBinding':
      return describeBinding(object);
    default:
      return undefined;
  }
}

const selectorText = (selector: unknown): string =>
  formatSelector(fromLabelSelector(asMap(selector) as LabelSelector | undefined));

function describeJob(job: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  const { metadata } = job;
  const spec = asMap(job.spec) ?? {};
  const status = asMap(job.status) ?? {};
  w.field(0, 'Name', metadata.name);
  w.field(0, 'Namespace', metadata.namespace ?? '');
  w.field(0, 'Selector', selectorText(spec.selector));
  writeLabels(w, 'Labels', metadata.labels);
  writeAnnotations(w, 'Annotations', metadata.annotations);
  const controller = controllerOf(job);
  if (controller) w.field(0, 'Controlled By', controller);
  const optional = (title: string, value: unknown, unit = ''): void => {
    if (value !== undefined) w.field(0, title, `${asText(value)}${unit}`);
  };
  optional('Parallelism', spec.parallelism);
  w.field(0, 'Completions', asText(spec.completions ?? '<unset>'));
  optional('Completion Mode', spec.completionMode);
  optional('Suspend', spec.suspend);
  optional('Backoff Limit', spec.backoffLimit);
  optional('TTL Seconds After Finished', spec.ttlSecondsAfterFinished);
  const start = asText(status.startTime);
  const end = asText(status.completionTime);
  if (start) w.field(0, 'Start Time', dateOf(start));
  if (end) w.field(0, 'Completed At', dateOf(end));
  if (start && end) w.field(0, 'Duration', humanDuration(fromTime(end) - fromTime(start)));
  optional('Active Deadline Seconds', spec.activeDeadlineSeconds, 's');
  const ready = status.ready === undefined ? '' : ` (${asNumber(status.ready)} Ready)`;
  const counts = `${asNumber(status.succeeded)} Succeeded / ${asNumber(status.failed)} Failed`;
  w.field(0, 'Pods Statuses', `${asNumber(status.active)} Active${ready} / ${counts}`);
  if (spec.completionMode === 'Indexed') {
    w.field(0, 'Completed Indexes', cutIndexes(asText(status.completedIndexes)) || '<none>');
  }
  writePodTemplate(w, spec.template as PodTemplate, now);
  writeEvents(w, related.events, now);
  return w.toString();
}

/** A list of indexes, cut at the first comma beyond the fiftieth character. */
function cutIndexes(indexes: string): string {
  const comma = indexes.indexOf(',', 50);
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}

function describeCronJob(cronJob: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  const spec = asMap(cronJob.spec) ?? {};
  const job = asMap(at(spec, 'jobTemplate', 'spec')) ?? {};
  writeHeader(w, cronJob);
  w.field(0, 'Schedule', asText(spec.schedule));
  w.field(0, 'Concurrency Policy', asText(spec.concurrencyPolicy));
  w.field(0, 'Suspend', spec.suspend === undefined ? '<unset>' : boolText(spec.suspend));
  w.field(0, 'Time Zone', asText(spec.timeZone ?? '<unset>'));
  w.field(0, 'Successful Job History Limit', asText(spec.successfulJobsHistoryLimit ?? '<unset>'));
  w.field(0, 'Failed Job History Limit', asText(spec.failedJobsHistoryLimit ?? '<unset>'));
  const deadline = spec.startingDeadlineSeconds;
  w.field(0, 'Starting Deadline Seconds', deadline === undefined ? '<unset>' : `${asNumber(deadline)}s`);
  w.field(0, 'Selector', job.selector === undefined ? '<unset>' : selectorText(job.selector));
  w.field(0, 'Parallelism', asText(job.parallelism ?? '<unset>'));
  w.field(0, 'Completions', asText(job.completions ?? '<unset>'));
  if (job.activeDeadlineSeconds !== undefined) {
    w.field(0, 'Active Deadline Seconds', `${asText(job.activeDeadlineSeconds)}s`);
  }
  writePodTemplate(w, job.template as PodTemplate, now);
  const last = at(cronJob, 'status', 'lastScheduleTime');
  w.field(0, 'Last Schedule Time', last === undefined ? '<unset>' : dateOf(last));
  const active = asMaps(at(cronJob, 'status', 'active')).map((reference) => asText(reference.name));
  w.field(0, 'Active Jobs', active.join(', ') || '<none>');
  writeEvents(w, related.events, now);
  return w.toString();
}

function describeBinding(binding: KubeObject): string {
  const w = new DetailWriter();
  w.field(0, 'Name', binding.metadata.name);
  writeLabels(w, 'Labels', binding.metadata.labels);
  writeAnnotations(w, 'Annotations', binding.metadata.annotations);
  w.line(0, 'Role:');
  w.field(1, 'Kind', asText(at(binding, 'roleRef', 'kind')));
  w.field(1, 'Name', asText(at(binding, 'roleRef', 'name')));
  w.line(0, 'Subjects:');
  w.line(1, 'Kind\tName\tNamespace');
  w.line(1, '----\t----\t---------');
  for (const subject of asMaps(binding.subjects)) {
    w.line(1, `${asText(subject.kind)}\t${asText(subject.name)}\t${asText(subject.namespace)}`);
  }
  return w.toString();
}
