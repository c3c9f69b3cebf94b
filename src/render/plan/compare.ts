/** Variants of one plan side by side: a row each, and below them what keeps some from settling. */
import type { PlanAnswer } from '../../core/reports/plan';
import { escapeTerminal } from '../escape';
import { blocks } from './verdict';
import { commandLine, fitted, indent, lasting, table } from './words';

export interface ComparedView {
  readonly label: string;
  readonly plan: PlanAnswer;
}

/** How many changes of the order are shown. */
const MOST_PODS = 12;

const HEAD = ['VARIANT', 'RESULT', 'DURATION', 'MOST DOWN', 'DOWNTIME', 'BUDGETS BROKEN'] as const;

/** How many columns have room on a narrow terminal; the others stand below. */
const BESIDE = 5;

/** @param width of the terminal, where there is one */
export function compareText(command: readonly string[], variants: readonly ComparedView[], width?: number): string {
  const rows = variants.map(({ label, plan }) => [...figuresOf(label, plan), orderOf(plan)]);
  const order = 'PODS CREATED IN ORDER';
  let text = table([[...HEAD, order], ...rows]);
  if (width !== undefined && text.split('\n').some((line) => line.length > width)) {
    const both = [[...HEAD, order], ...rows];
    text = table(both.map((row) => row.slice(0, BESIDE)));
    text += `\n${table(both.map((row) => [row[0], ...row.slice(BESIDE)]))}`;
  }
  const parts = [`Plan: ${commandLine(command)}\n`, text, troublesText(variants)];
  return fitted(parts.filter((part) => part !== '').join('\n'), width);
}

function figuresOf(label: string, { result, availability, durationSeconds = 0, budgets = [] }: PlanAnswer): string[] {
  if (result === 'refused') return [label, result, '-', '-', '-', '-'];
  return [
    label,
    result,
    lasting(durationSeconds * 1000),
    String(availability?.mostUnavailable ?? 0),
    lasting((availability?.downtimeSeconds ?? 0) * 1000),
    String(budgets.length),
  ];
}

/** What variants are stuck on or refused for; those of one trouble together. */
function troublesText(variants: readonly ComparedView[]): string {
  const troubles = new Map<string, { readonly result: string; readonly labels: string[] }>();
  for (const { label, plan } of variants) {
    const { result, refusal } = plan;
    if (result !== 'stuck' && result !== 'refused') continue;
    const text = result === 'stuck' ? blocks(plan) : refusedText(refusal);
    const known = troubles.get(text) ?? { result, labels: [] };
    troubles.set(text, known);
    known.labels.push(label);
  }
  return [...troubles]
    .map(([text, { result, labels }]) => `${labels.join(', ')} ${VERBS[result]?.[labels.length > 1 ? 1 : 0]}:\n${text}`)
    .join('\n');
}

function refusedText(refusal: PlanAnswer['refusal']): string {
  const messages = (refusal?.writes ?? []).map(({ message }) => message);
  const text = messages.length > 0 ? messages.join('\n') : (refusal?.message ?? '');
  return `${indent(escapeTerminal(text))}\n`;
}

const VERBS: Readonly<Record<string, readonly [string, string]>> = {
  stuck: ['gets stuck', 'get stuck'],
  refused: ['is refused', 'are refused'],
};

/** The pods in the order in which they are created; those of one instant together. */
function orderOf({ result, transitions = [] }: PlanAnswer): string {
  if (result === 'refused') return '-';
  const created = transitions.filter(({ event }) => event === 'create');
  const groups: string[][] = [];
  let last = '';
  for (const { time, pod } of created.slice(0, MOST_PODS)) {
    if (time === last) groups.at(-1)?.push(pod);
    else groups.push([pod]);
    last = time;
  }
  const more = created.length > MOST_PODS ? ` … ${created.length - MOST_PODS} more` : '';
  return groups.length === 0 ? 'none' : groups.map((group) => group.join('+')).join(' ') + more;
}
