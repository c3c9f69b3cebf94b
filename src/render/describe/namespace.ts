/** `describe namespace`: its phase, its quotas and its limits. */

import type { KubeObject, Namespace } from '../../core/api/types';
import { compareText } from '../../core/meta/text';
import { asMaps, asText, at } from './json';
import { dateOf, writeAnnotations, writeLabels } from './parts';
import { writeLimits, writeQuota } from './quota';
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
  writeLimitRanges(w, related.limitRanges ?? []);
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
    writeQuota(w, quota, { level: 1, bullet: '* ', rule: '---', alike: false });
  }
}

function writeLimitRanges(w: DetailWriter, limitRanges: readonly KubeObject[]): void {
  w.line(0, '');
  if (limitRanges.length === 0) {
    w.line(0, 'No LimitRange resource.');
    return;
  }
  w.line(0, 'Resource Limits');
  writeLimits(w, limitRanges, ' ');
}
