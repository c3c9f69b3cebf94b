/** The list of what was not ready: what a picture tells to nobody who can't see it, and what one copies into a report. */
import { phaseWords } from '../details';
import { type Outage, outagesOf } from '../outages';
import { plain, shortened } from '../plain';
import { elapsed, instantText } from '../ticks';
import type { Model } from '../types';

/** More rows are of no use to a reader: the longest stay. */
const MOST = 500;
const LONGEST_MESSAGE = 300;
const MOST_WARNINGS = 4;

/** Fills `section`; `look` is told what to show of the time when somebody asks for a row. How many there are. */
export function fillOutages(section: HTMLElement, model: Model, look: (from: number, to: number) => void): number {
  const all = outagesOf(model);
  const kept = new Set([...all].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, MOST));
  const rows = all.filter((outage) => kept.has(outage)).map((outage) => row(outage, look));
  (section.querySelector('tbody') as HTMLElement).replaceChildren(...rows);
  const left = all.length - rows.length;
  (section.querySelector('p') as HTMLElement).textContent =
    all.length === 0
      ? 'Every pod stayed ready once it had been.'
      : `${all.length === 1 ? 'Once' : `${all.length} times`} a pod was not ready after it had been, or has not come to be. Choose a time to look at it.${
          left > 0 ? ` The ${rows.length} longest are listed.` : ''
        }`;
  (section.querySelector('table') as HTMLElement).hidden = all.length === 0;
  return all.length;
}

function row(outage: Outage, look: (from: number, to: number) => void): HTMLElement {
  const { group, pod, from, to, open, phases, revisions, warnings } = outage;
  const button = element('button', instantText(from));
  button.setAttribute('type', 'button');
  button.addEventListener('click', () => look(from, to));
  const when = element('td');
  when.append(button);
  const why = element('td');
  why.append(...warnings.slice(0, MOST_WARNINGS).map((note) => element('div', warningWords(note))));
  if (warnings.length > MOST_WARNINGS)
    why.append(element('div', `and ${warnings.length - MOST_WARNINGS} more warnings`));
  const cells = [
    element('th', plain(`${group.namespace}/${pod}`)),
    when,
    element('td', `${elapsed(to - from)}${open ? ' so far' : ''}`),
    element('td', phases.map(({ phase, ms }) => `${phaseWords(phase)} ${elapsed(ms)}`).join(' \u2192 ')),
    element('td', revisions.map((revision) => group.revisions[revision]?.letter ?? '').join(' \u2192 ')),
    why,
  ];
  cells[0].setAttribute('scope', 'row');
  const line = document.createElement('tr');
  line.append(...cells);
  return line;
}

const warningWords = ({ reason, message, count }: Outage['warnings'][number]): string =>
  `${plain(reason)}${count > 1 ? ` (${count} times)` : ''}: ${shortened(plain(message), LONGEST_MESSAGE)}`;

function element(tag: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
