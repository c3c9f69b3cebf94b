/** How a plan ends, and why: settled, stuck with the rule and the way out, unfinished, or refused with its recipe. */

import type { PlanAnswer, PlannedReason, Stuck } from '../../core/reports/plan';
import { escapeTerminal } from '../escape';
import { PLAIN, type PlanPaint } from './paint';
import { after, indent, lasting, nameOf } from './words';

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
      return `${paint('bad', 'Refused')}${view.changes ? ', at least in part' : ': nothing would change'}.\n${recipes(view)}`;
  }
}

export const notesText = ({ notes = [] }: PlanAnswer): string =>
  notes.length === 0
    ? ''
    : `Notes:\n${notes.map(({ subject, summary }) => `  ${nameOf(subject)}: ${escapeTerminal(summary)}\n`).join('')}`;

const blocks = ({ stuck = [], start = '' }: PlanAnswer): string => stuck.map((each) => block(each, start)).join('');

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
  return head + because.map((each) => indent(`because ${causeText(each, start)}`)).join('');
}

/** The way out of a reason, or where it names none out of what lies behind it. */
const remedyOf = ({ remedy, because = [] }: PlannedReason): readonly string[] =>
  remedy && remedy.length > 0 ? remedy : (because.map(remedyOf).find((each) => each.length > 0) ?? []);

/** Times of objects have whole seconds: the second in which the plan begins may be meant. */
const sinceText = (since: string, start: string): string =>
  Date.parse(since) >= Math.floor(Date.parse(start) / 1000) * 1000 ? after(since, start) : 'before';

function recipes({ refusal }: PlanAnswer): string {
  let text = '';
  for (const { object, immutableFields, recipe } of refusal?.writes ?? []) {
    if (!object || !immutableFields || !recipe) continue;
    const which = immutableFields.join(', ');
    text += `  ${nameOf(object)} keeps ${which} for life. To change it, leave the pods to themselves and make the set anew:\n`;
    text += recipe.map((command) => `    stsctl ${escapeTerminal(command)}\n`).join('');
  }
  return text;
}
