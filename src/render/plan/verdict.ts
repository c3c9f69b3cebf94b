/** How a plan ends, and why: settled, stuck with the rule and the way out, unfinished, or refused with its recipe. */

import type { PlanAnswer, PlannedReason, Stuck } from '../../core/reports/plan';
import { escapeTerminal } from '../escape';
import { PLAIN, type PlanPaint } from './paint';
import { after, indent, LISTS, lasting, nameOf, roughlyAfter, shortened } from './words';

export function verdictText(view: PlanAnswer, paint: PlanPaint = PLAIN): string {
  const took = lasting((view.durationSeconds ?? 0) * 1000);
  switch (view.result) {
    case 'settled':
      return `${paint('good', 'Settles')}${view.durationSeconds ? ` after ${took}` : ' at once: no pod changes'}.\n`;
    case 'unfinished':
      return `Not finished after ${took}, where the plan was told to end.\n${blocks(view)}`;
    case 'stuck':
      return `${paint('bad', 'Gets stuck')} after ${took}:\n${blocks(view)}`;
    case 'refused':
      return `${paint('bad', 'Refused')}${view.changes ? ', at least in part' : ': nothing would change'}.\n${recipes(view)}${restText(view, took)}`;
  }
}

/** How that ends which is done though something else is refused. */
function restText(view: PlanAnswer, took: string): string {
  switch (view.refusal?.rest) {
    case 'settled':
      return `The rest settles${view.durationSeconds ? ` after ${took}` : ' at once: no pod changes'}.\n`;
    case 'stuck':
      return `The rest gets stuck after ${took}:\n${blocks(view)}`;
    case 'unfinished':
      return `The rest is not finished after ${took}, where the plan was told to end.\n${blocks(view)}`;
    case undefined:
      return '';
  }
}

export const notesText = ({ notes = [] }: PlanAnswer): string =>
  notes.length === 0
    ? ''
    : `Notes:\n${notes.map(({ subject, summary }) => `  ${nameOf(subject)}: ${escapeTerminal(summary)}\n`).join('')}`;

/** What is stuck, by which rule, and the way out. */
export const blocks = ({ stuck = [], start = '' }: PlanAnswer): string =>
  stuck.map((each) => block(each, start)).join('');

function block({ subject, summary, reasons }: Stuck, start: string): string {
  const head = `  ${nameOf(subject)}: ${escapeTerminal(summary)}\n`;
  return head + reasons.map((reason) => indent(reasonText(reason, start), 4)).join('');
}

function reasonText(reason: PlannedReason, start: string): string {
  const { ends, until } = reason;
  const remedy = remedyOf(reason);
  let text = `${causeText(reason, start)}  ends: ${escapeTerminal(ends)}${until === undefined ? '' : ` (${after(until, start)})`}\n`;
  if (remedy.length > 0)
    text += `  to get out:\n${remedy.map((command) => `    stsctl ${escapeTerminal(command)}\n`).join('')}`;
  return text;
}

/** What is so and by which rule, with what lies behind it: that ends with it, and is not told for itself. */
function causeText({ rule, message, source, since, because = [] }: PlannedReason, start: string): string {
  const from = since === undefined ? '' : `, since ${sinceText(since, start)}`;
  const head = `${escapeTerminal(message)}\n  rule: ${rule}${from} (${escapeTerminal(source)})\n`;
  // Two pods may be down for one and the same cause.
  const causes = new Set(because.map((each) => indent(`because ${causeText(each, start)}`)));
  return head + [...causes].join('');
}

/** The way out of a reason, or where it names none out of what lies behind it. */
const remedyOf = ({ remedy, because = [] }: PlannedReason): readonly string[] =>
  remedy && remedy.length > 0 ? remedy : (because.map(remedyOf).find((each) => each.length > 0) ?? []);

/** Times of objects have whole seconds: the second in which the plan begins may be meant. */
const sinceText = (since: string, start: string): string =>
  Date.parse(since) >= Math.floor(Date.parse(start) / 1000) * 1000 ? roughlyAfter(since, start) : 'before';

function recipes({ refusal }: PlanAnswer): string {
  let text = '';
  for (const { object, immutableFields, recipe, remarks = [] } of refusal?.writes ?? []) {
    if (!object || !immutableFields) continue;
    const which = immutableFields.join(', ');
    if (!recipe) text += `  ${nameOf(object)} keeps ${which} for life.\n`;
    else {
      text += `  ${nameOf(object)} keeps ${which} for life. To change it, leave the pods to themselves and make the set anew:\n`;
      const missing = (count: number): string => `    … ${count} more`;
      const lines = recipe.map((command) => `    stsctl ${escapeTerminal(command)}`);
      text += shortened(lines, LISTS, missing)
        .map((line) => `${line}\n`)
        .join('');
    }
    text += remarks.map((remark) => `  ${escapeTerminal(remark)}\n`).join('');
  }
  return text;
}
