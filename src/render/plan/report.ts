/** A plan as a person reads it: what was asked, what happens, who is down, how it ends. */

import type { PlanAnswer } from '../../core/reports/plan';
import { escapeTerminal } from '../escape';
import { courseText } from './course';
import { PLAIN, type PlanPaint } from './paint';
import { notesText, verdictText } from './verdict';
import { after, commandLine, fitted, indent, LISTS, lasting, nameOf, plural, shortened, table } from './words';

/** What the command says is shown by its beginning and its end where it is longer. */
const SAID = { most: 40, shown: 30, tail: 15 } as const;

/** @param width of the terminal, where there is one: sentences that are longer are broken */
export function planText(view: PlanAnswer, paint: PlanPaint = PLAIN, width?: number): string {
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
  return fitted(parts.filter((part) => part !== '').join('\n'), width);
}

function headText({ command, output, changes, refusal }: PlanAnswer, paint: PlanPaint): string {
  const lines = shortened(output.trimEnd().split('\n'), SAID, (count) => `… ${count} more lines`);
  const said = output === '' ? '' : `${indent(escapeTerminal(lines.join('\n')))}\n`;
  const nothing = changes || refusal ? '' : '  This changes nothing.\n';
  return `${paint('title', 'Plan:')} ${commandLine(command)}\n${said}${nothing}`;
}

/** Pods that were there and go for good: those that are not back yet do not. */
function goneForGood({ transitions = [], availability }: PlanAnswer): number {
  const gone = new Map<string, boolean>();
  const fresh = new Set<string>();
  for (const { event, namespace, pod } of transitions) {
    const key = `${namespace}/${pod}`;
    if (event === 'create' && !gone.has(key)) fresh.add(key);
    gone.set(key, event === 'delete');
  }
  for (const { namespace, pod, to } of availability?.pods ?? [])
    if (to === undefined) gone.delete(`${namespace}/${pod}`);
  return [...gone].filter(([key, isGone]) => isGone && !fresh.has(key)).length;
}

function downtimeText(view: PlanAnswer): string {
  const { availability, start = '', result, changes } = view;
  const gone = goneForGood(view);
  const leaving = gone === 0 ? '' : `; ${gone === 1 ? '1 pod goes' : `${gone} pods go`} for good`;
  if (!availability || availability.pods.length === 0)
    return availability && (result !== 'refused' || changes)
      ? `No pod that stays is down at any time${leaving}.\n`
      : '';
  const { mostUnavailable, mostUnavailableAt, mostUnavailableSeconds, pods } = availability;
  const first = mostUnavailableAt === undefined ? '' : after(mostUnavailableAt, start);
  const isToTheEnd = pods.filter(({ to }) => to === undefined).length === mostUnavailable;
  const when = isToTheEnd
    ? `, first at ${first} and at the end`
    : ` for ${lasting(mostUnavailableSeconds * 1000)} in all, first at ${first}`;
  const several = new Set(pods.map(({ namespace }) => namespace)).size > 1;
  const rows = pods.map(({ namespace, pod, times, seconds, from, before, to }) => [
    `${several ? `${namespace}/` : ''}${pod}`,
    to !== undefined ? lasting(seconds * 1000) : seconds === 0 ? 'from then on' : `${lasting(seconds * 1000)} and on`,
    String(times),
    before ? 'before' : after(from, start),
    to === undefined ? 'not back' : after(to, start),
  ]);
  const missing = (count: number): string[] => [`… ${count} more`, '', '', '', ''];
  return (
    `At most ${plural(mostUnavailable, 'pod')} down at once${when}${leaving}.\n` +
    table([['POD', 'DOWN', 'TIMES', 'FROM', 'TO'], ...shortened(rows, LISTS, missing)])
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
  return `Warnings:\n${table(shortened(lines, LISTS, (count) => ['…', `${count} more`, '', '']))}`;
}

const ABOUT_NODES: ReadonlySet<string | undefined> = new Set(['cordon', 'drain', 'taint', 'uncordon']);

function endText({ endState, result, changes, command }: PlanAnswer, paint: PlanPaint): string {
  if (!endState || (result === 'refused' && !changes)) return '';
  const { statefulSets, pods, claims } = endState;
  if (statefulSets.length + pods.length + claims.length === 0) return '';
  const several = new Set([...statefulSets, ...pods, ...claims].map(({ namespace }) => namespace)).size > 1;
  const within = (namespace: string, name: string): string => (several ? `${namespace}/${name}` : name);
  const missing = (count: number): string[] => [`… ${count} more`, '', '', ''];
  // Where pods are tells something only where they could be elsewhere.
  const nodes = new Set(pods.map(({ node }) => node).filter((node) => node !== ''));
  const withNodes = nodes.size > 1 || ABOUT_NODES.has(command[0]);
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
      ['POD', 'READY', 'STATUS', 'REVISION', ...(withNodes ? ['NODE'] : [])],
      ...shortened(
        pods.map(({ namespace, name, ready, status, revision, node }) => [
          within(namespace, name),
          ready ? 'yes' : 'no',
          status,
          revision,
          ...(withNodes ? [node === '' ? '<none>' : node] : []),
        ]),
        LISTS,
        missing,
      ),
    ]);
  if (claims.length > 0)
    text += table([
      ['CLAIM', 'STATUS', 'VOLUME', ''],
      ...shortened(
        claims.map(({ namespace, name, status, volume }) => [within(namespace, name), status, volume, '']),
        LISTS,
        missing,
      ),
    ]);
  return text;
}
