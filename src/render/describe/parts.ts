/** What several descriptions share: labels, annotations, ages, owners, events, tolerations. */

import type { Event, KubeObject, Toleration } from '../../core/api/types';
import { humanDuration } from '../../core/meta/duration';
import { compareText, utf8Length } from '../../core/meta/text';
import { fromTime, httpDate } from '../../core/meta/time';
import { asMap, asNumber, asText, type Json } from './json';
import type { DetailWriter } from './writer';

/** The annotation that apply keeps its own record in; descriptions never show it. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Beyond this many characters an annotation's value gets lines of its own, cut to this length. */
const LONGEST_ANNOTATION = 140;

/** `key=value` lines under one title, sorted; `<none>` without any (as printLabelsMultiline). */
export function writeLabels(
  w: DetailWriter,
  title: string,
  labels: Readonly<Record<string, string>> | undefined,
  indent = '',
): void {
  const keys = Object.keys(labels ?? {}).sort(compareText);
  writeBlock(
    w,
    title,
    keys.map((key) => `${key}=${labels?.[key] ?? ''}`),
    indent,
  );
}

/** Lines under one title, the first beside it, `<none>` without any. */
export function writeBlock(w: DetailWriter, title: string, lines: readonly string[], indent = ''): void {
  w.write(0, `${indent}${title}:\t`);
  if (lines.length === 0) w.line(0, '<none>');
  lines.forEach((line, i) => {
    if (i > 0) w.write(0, `${indent}\t`);
    w.line(0, line);
  });
}

/** Annotations, apply's own one left out (as printAnnotationsMultiline). */
export function writeAnnotations(
  w: DetailWriter,
  title: string,
  annotations: Readonly<Record<string, string>> | undefined,
): void {
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== LAST_APPLIED)
    .sort(compareText);
  w.write(0, `${title}:\t`);
  if (keys.length === 0) w.line(0, '<none>');
  keys.forEach((key, i) => {
    if (i > 0) w.write(0, '\t');
    const value = (annotations?.[key] ?? '').replace(/\n$/, '');
    if (utf8Length(value) + utf8Length(key) + 2 > LONGEST_ANNOTATION || value.includes('\n')) {
      w.line(0, `${key}:`);
      for (const text of value.split('\n')) w.line(0, `\t  ${shorten(text, LONGEST_ANNOTATION - 2)}`);
    } else {
      w.line(0, `${key}: ${value}`);
    }
  });
}

export const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}...` : text;

/** Name, Namespace, Labels, Annotations: how most descriptions begin. */
export function writeHeader(w: DetailWriter, object: KubeObject): void {
  w.field(0, 'Name', object.metadata.name);
  w.field(0, 'Namespace', object.metadata.namespace ?? '');
  writeLabels(w, 'Labels', object.metadata.labels);
  writeAnnotations(w, 'Annotations', object.metadata.annotations);
}

/** How long ago, as AGE columns say it; `now` in ms. */
export const ageOf = (time: string | null | undefined, now: number): string =>
  time ? humanDuration(now - fromTime(time)) : '<unknown>';

/** A time as descriptions write it: `Sat, 21 Nov 2026 08:18:15 +0000`; Go's zero time when absent. */
export const dateOf = (time: unknown): string =>
  typeof time === 'string' && time ? httpDate(time) : 'Mon, 01 Jan 0001 00:00:00 +0000';

/** `StatefulSet/web`, or nothing. */
export function controllerOf(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
  return owner ? `${owner.kind}/${owner.name}` : '';
}

export const isControlledBy = (object: KubeObject, uid: string): boolean =>
  object.metadata.ownerReferences?.some((reference) => reference.controller === true && reference.uid === uid) ?? false;

export const boolText = (value: unknown): string => (value ? 'True' : 'False');

/** Events of the object, oldest first, aligned by themselves; no section at all for undefined (as DescribeEvents). */
export function writeEvents(w: DetailWriter, events: readonly Event[] | undefined, now: number): void {
  if (!events) return;
  if (events.length === 0) {
    w.field(0, 'Events', '<none>');
    return;
  }
  w.flush();
  w.line(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage');
  w.line(1, '----\t------\t----\t----\t-------');
  const seen = (event: Event): number => (event.lastTimestamp ? fromTime(event.lastTimestamp) : -Infinity);
  for (const event of [...events].sort((a, b) => compareTimes(seen(a), seen(b)))) {
    const source = event.source?.component || event.reportingComponent || '';
    const part = asText(asMap(event.involvedObject)?.fieldPath);
    const message = `${part && `${part}: `}${(event.message ?? '').trim()}`;
    w.line(1, [event.type, event.reason, eventAge(event, now), source, message].join('\t'));
  }
}

const compareTimes = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function eventAge(event: Event, now: number): string {
  const first = ageOf(event.eventTime || event.firstTimestamp, now);
  const series = asMap(event.series);
  if (series) return `${ageOf(asText(series.lastObservedTime), now)} (x${asNumber(series.count)} over ${first})`;
  const count = event.count ?? 0;
  return count > 1 ? `${ageOf(event.lastTimestamp, now)} (x${count} over ${first})` : first;
}

/** Tolerations by key (as printTolerationsMultilineWithIndent). */
export function writeTolerations(w: DetailWriter, title: string, tolerations: readonly Toleration[] | undefined): void {
  const sorted = [...(tolerations ?? [])].sort((a, b) => compareText(a.key ?? '', b.key ?? ''));
  writeBlock(w, title, sorted.map(tolerationText));
}

function tolerationText(toleration: Toleration): string {
  let text = toleration.key ?? '';
  if (toleration.value) text += `=${toleration.value}`;
  if (toleration.effect) text += `:${toleration.effect}`;
  if (toleration.operator === 'Exists' && !toleration.value) text += text ? ' op=Exists' : 'op=Exists';
  if (toleration.tolerationSeconds !== undefined) text += ` for ${toleration.tolerationSeconds}s`;
  return text;
}

/** `key=value:Effect`, as a taint is written on a command line. */
export function taintText(taint: Json): string {
  const key = asText(taint.key);
  const value = asText(taint.value);
  const effect = asText(taint.effect);
  if (!effect) return value ? `${key}=${value}:` : key;
  return value ? `${key}=${value}:${effect}` : `${key}:${effect}`;
}
