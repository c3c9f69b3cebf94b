/** A plan as a person reads it: what was asked, what happens, who is down, how it ends. */

import type { PlanAnswer } from '../../core/reports/plan';
import { escapeTerminal } from '../escape';
import { courseText } from './course';
import { PLAIN, type PlanPaint } from './paint';
import { notesText, verdictText } from './verdict';
import { after, indent, lasting, nameOf, plural, shortened, table } from './words';

/** Longer lists are shown by their beginning and their end. */
const MOST_PODS = 30;

export function planText(view: PlanAnswer, paint: PlanPaint = PLAIN): string {
  const parts = [
    headText(view, paint),
    courseText(view, paint),
    downtimeText(view),
    budgetsText(view, paint),
    warningsText(view),
    endText(view, paint),
    notesText(view),
    verdictText(view, paint),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function headText({ command, output, changes, refusal }: PlanAnswer, paint: PlanPaint): string {
  const said = output === '' ? '' : `${indent(escapeTerminal(output.trimEnd()))}\n`;
  const nothing = changes || refusal ? '' : '  This changes nothing.\n';
  return `${paint('title', 'Plan:')} ${escapeTerminal(command.map(quoted).join(' '))}\n${said}${nothing}`;
}

/** A word as a shell takes it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

function downtimeText({ availability, start = '', result }: PlanAnswer): string {
  if (!availability || availability.pods.length === 0)
    return availability && result !== 'refused' ? 'No pod that stays is down at any time.\n' : '';
  const { mostUnavailable, mostUnavailableAt, mostUnavailableSeconds, pods } = availability;
  const first = mostUnavailableAt === undefined ? '' : after(mostUnavailableAt, start);
  const isToTheEnd = pods.filter(({ to }) => to === undefined).length === mostUnavailable;
  const when = isToTheEnd
    ? `, first at ${first} and at the end`
    : ` for ${lasting(mostUnavailableSeconds * 1000)} in all, first at ${first}`;
  const several = new Set(pods.map(({ namespace }) => namespace)).size > 1;
  const rows = pods.map(({ namespace, pod, times, seconds, from, to }) => [
    `${several ? `${namespace}/` : ''}${pod}`,
    to !== undefined ? lasting(seconds * 1000) : seconds === 0 ? 'from then on' : `${lasting(seconds * 1000)} and on`,
    String(times),
    after(from, start),
    to === undefined ? 'not back' : after(to, start),
  ]);
  const missing = (count: number): string[] => [`… ${count} more`, '', '', '', ''];
  return (
    `At most ${plural(mostUnavailable, 'pod')} down at once${when}.\n` +
    table([['POD', 'DOWN', 'TIMES', 'FROM', 'TO'], ...shortened(rows, MOST_PODS, missing)])
  );
}

function budgetsText({ budgets = [], start = '' }: PlanAnswer, paint: PlanPaint): string {
  if (budgets.length === 0) return '';
  const lines = budgets.map(({ namespace, budget, from, to, healthy, desired }) => {
    const until = to === undefined ? 'on' : `to ${after(to, start)}`;
    const name = nameOf({ kind: 'poddisruptionbudget', namespace, name: budget });
    return `  ${name}: from ${after(from, start)} ${until}, ${healthy} healthy of ${desired} wanted\n`;
  });
  return `${paint('bad', 'Disruption budgets that it breaks:')}\n${lines.join('')}`;
}

function warningsText({ warnings = [], start = '' }: PlanAnswer): string {
  if (warnings.length === 0) return '';
  const lines = warnings.map(({ time, object, reason, message, count }) => [
    after(time, start),
    nameOf(object),
    reason + (count > 1 ? ` (x${count})` : ''),
    message,
  ]);
  return `Warnings:\n${table(shortened(lines, MOST_PODS, (count) => ['…', `${count} more`, '', '']))}`;
}

function endText({ endState, result, changes }: PlanAnswer, paint: PlanPaint): string {
  if (!endState || (result === 'refused' && !changes)) return '';
  const { statefulSets, pods, claims } = endState;
  if (statefulSets.length + pods.length + claims.length === 0) return '';
  const several = new Set([...statefulSets, ...pods, ...claims].map(({ namespace }) => namespace)).size > 1;
  const within = (namespace: string, name: string): string => (several ? `${namespace}/${name}` : name);
  const missing = (count: number): string[] => [`… ${count} more`, '', '', ''];
  let text = `${paint('title', 'In the end:')}\n`;
  if (statefulSets.length > 0)
    text += table([
      ['STATEFULSET', 'READY', 'UPDATED', 'REVISION'],
      ...statefulSets.map((set) => [
        within(set.namespace, set.name),
        `${set.ready}/${set.replicas}`,
        String(set.updated),
        set.currentRevision === set.updateRevision
          ? set.updateRevision
          : `${set.currentRevision} -> ${set.updateRevision}`,
      ]),
    ]);
  if (pods.length > 0)
    text += table([
      ['POD', 'READY', 'STATUS', 'REVISION'],
      ...shortened(
        pods.map(({ namespace, name, ready, status, revision }) => [
          within(namespace, name),
          ready ? 'yes' : 'no',
          status,
          revision,
        ]),
        MOST_PODS,
        missing,
      ),
    ]);
  if (claims.length > 0)
    text += table([
      ['CLAIM', 'STATUS', 'VOLUME', ''],
      ...shortened(
        claims.map(({ namespace, name, status, volume }) => [within(namespace, name), status, volume, '']),
        MOST_PODS,
        missing,
      ),
    ]);
  return text;
}
