/** `describe namespace`: its phase, its quotas and its limits. */

import type { KubeObject, Namespace } from '../../core/api/types';
import { compareText } from '../../core/meta/text';
import { asMap, asMaps, asStringMap, asStrings, asText, at, type Json } from './json';
import { dateOf, writeAnnotations, writeLabels } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeNamespace(namespace: Namespace, related: Related): string {
  const w = new DetailWriter();
  w.field(0, 'Name', namespace.metadata.name);
  writeLabels(w, 'Labels', namespace.metadata.labels);
  writeAnnotations(w, 'Annotations', namespace.metadata.annotations);
  w.field(0, 'Status', namespace.status?.phase ?? '');
  const conditions = asMaps(at(namespace, 'status', 'conditions'));
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t------------------\t------\t-------');
    for (const c of conditions) {
      const cells = [
        asText(c.type),
        asText(c.status),
        dateOf(c.lastTransitionTime),
        asText(c.reason),
        asText(c.message),
      ];
      w.line(1, cells.join('\t'));
    }
  }
  writeQuotas(w, related.quotas ?? []);
  writeLimits(w, related.limitRanges ?? []);
  return w.toString();
}

const byName = (a: KubeObject, b: KubeObject): number => compareText(a.metadata.name, b.metadata.name);

function writeQuotas(w: DetailWriter, quotas: readonly KubeObject[]): void {
  w.line(0, '');
  if (quotas.length === 0) {
    w.line(0, 'No resource quota.');
    return;
  }
  w.line(0, 'Resource Quotas');
  for (const quota of [...quotas].sort(byName)) {
    w.field(1, 'Name', quota.metadata.name);
    const scopes = asStrings(at(quota, 'spec', 'scopes')).toSorted(compareText);
    if (scopes.length > 0) w.field(1, 'Scopes', scopes.join(', '));
    for (const scope of scopes) if (SCOPES[scope]) w.line(1, `* ${SCOPES[scope]}`);
    w.line(1, 'Resource\tUsed\tHard');
    w.line(1, '--------\t---\t---');
    const hard = asStringMap(at(quota, 'status', 'hard'));
    const used = asStringMap(at(quota, 'status', 'used'));
    for (const name of Object.keys(hard).sort(compareText)) w.line(1, `${name}\t${used[name] ?? '0'}\t${hard[name]}`);
  }
}

/** What a quota's scope means, in kubectl's words. */
const SCOPES: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

function writeLimits(w: DetailWriter, limitRanges: readonly KubeObject[]): void {
  w.line(0, '');
  if (limitRanges.length === 0) {
    w.line(0, 'No LimitRange resource.');
    return;
  }
  w.line(0, 'Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio');
  w.line(0, ' ----\t--------\t---\t---\t---------------\t-------------\t-----------------------');
  for (const range of limitRanges) for (const item of asMaps(at(range, 'spec', 'limits'))) writeLimit(w, item);
}

function writeLimit(w: DetailWriter, item: Json): void {
  const fields = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'];
  const names = new Set(fields.flatMap((field) => Object.keys(asMap(item[field]) ?? {})));
  for (const name of [...names].sort(compareText)) {
    w.line(0, ` ${[asText(item.type), name, ...fields.map((f) => asText(at(item, f, name)) || '-')].join('\t')}`);
  }
}
