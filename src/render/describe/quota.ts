/** `describe resourcequota` and `describe limitrange`, and the lines that a namespace shows of them. */
import type { KubeObject } from '../../core/api/types';
import { Quantity } from '../../core/meta/quantity';
import { compareText } from '../../core/meta/text';
import { asMap, asMaps, asStringMap, asStrings, asText, at } from './json';
import { DetailWriter } from './writer';

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

/** `level` and `bullet` differ between a quota by itself and in a namespace, and so does the rule under the headings. */
export interface QuotaLines {
  readonly level: number;
  readonly bullet: string;
  readonly rule: string;
  /** What is used is written with the suffixes of what may be used. */
  readonly alike: boolean;
}

/** The scopes of a quota, and what of it is used. */
export function writeQuota(w: DetailWriter, quota: KubeObject, { level, bullet, rule, alike }: QuotaLines): void {
  const scopes = asStrings(at(quota, 'spec', 'scopes')).toSorted(compareText);
  if (scopes.length > 0) w.field(level, 'Scopes', scopes.join(', '));
  for (const scope of scopes) if (SCOPES[scope]) w.line(level, `${bullet}${SCOPES[scope]}`);
  w.line(level, 'Resource\tUsed\tHard');
  w.line(level, `--------\t${rule}\t${rule}`);
  const hard = asStringMap(at(quota, 'status', 'hard'));
  const used = asStringMap(at(quota, 'status', 'used'));
  for (const name of Object.keys(hard).sort(compareText)) {
    const amount = Quantity.parse(used[name] || '0');
    const shown = alike ? amount.inFormatOf(Quantity.parse(hard[name] || '0')) : amount;
    w.line(level, `${name}\t${shown}\t${hard[name]}`);
  }
}

export function describeResourceQuota(quota: KubeObject): string {
  const w = new DetailWriter();
  w.field(0, 'Name', quota.metadata.name);
  w.field(0, 'Namespace', quota.metadata.namespace ?? '');
  writeQuota(w, quota, { level: 0, bullet: ' * ', rule: '----', alike: true });
  return w.toString();
}

/** The headings of limits and a line for each resource that any of them names; kubectl's order is a map's, ours by name. */
export function writeLimits(w: DetailWriter, limitRanges: readonly KubeObject[], indent: string): void {
  w.line(0, `${indent}Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio`);
  w.line(0, `${indent}----\t--------\t---\t---\t---------------\t-------------\t-----------------------`);
  const fields = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'];
  for (const item of limitRanges.flatMap((range) => asMaps(at(range, 'spec', 'limits')))) {
    const names = new Set(fields.flatMap((field) => Object.keys(asMap(item[field]) ?? {})));
    for (const name of [...names].sort(compareText)) {
      const cells = [asText(item.type), name, ...fields.map((field) => asText(at(item, field, name)) || '-')];
      w.line(0, `${indent}${cells.join('\t')}`);
    }
  }
}

export function describeLimitRange(limitRange: KubeObject): string {
  const w = new DetailWriter();
  w.field(0, 'Name', limitRange.metadata.name);
  w.field(0, 'Namespace', limitRange.metadata.namespace ?? '');
  writeLimits(w, [limitRange], '');
  return w.toString();
}
