/** A timeline for the terminal: an axis, and a row of cells for each pod, as wide as it is told to be. */
import { axisLines, breakAt, QUIET } from './axis';
import { columnsOf, fitted, plain } from './plain';
import { endOf, positionOf, type Scale, scaleOf } from './scale';
import { elapsed, instantText } from './ticks';
import type { Group, Model, PodLine, PodPhase } from './types';

/** Colours a text by the place of a revision in its set; -1 for none. `strong` for its letter. */
export type RevisionPaint = (text: string, revision: number, strong: boolean) => string;

export interface TerminalOptions {
  /** Columns of the whole drawing; names get at most a third of them. */
  readonly width: number;
  readonly absolute?: boolean;
  /** Draw every second alike. */
  readonly trueScale?: boolean;
  /** Only characters that every terminal has. */
  readonly ascii?: boolean;
  readonly paint?: RevisionPaint;
  /** Room is for pods: the axis only once, no empty lines, and perhaps no legend. */
  readonly dense?: { readonly legend: boolean };
}

interface Cell {
  readonly text: string;
  readonly revision: number;
  readonly strong: boolean;
}

const PHASES: readonly (readonly [PodPhase, shown: string, ascii: string, words: string])[] = [
  ['creating', '░', '.', 'creating'],
  ['unready', '▒', '-', 'running, not ready'],
  ['ready', '█', '=', 'ready'],
  ['terminating', '×', 'x', 'terminating'],
  ['ended', '_', '_', 'ended'],
];
const LEAST_CELLS = 10;
/** A break takes so many cells at least, so that something of what it interrupts is seen; all of them at most this share. */
const LEAST_BREAK = 3;
const BREAKS_SHARE = 0.4;
/** Below more pods than a screen holds the axis stands once more. */
const SCREEN = 30;

/** Lines with their ends; empty for a model without pods. */
export function drawTimeline(model: Model, options: TerminalOptions): string {
  if (model.groups.length === 0) return '';
  const { paint = (text: string) => text } = options;
  const longest = Math.max(...model.groups.flatMap(({ lines }) => lines.map(({ pod }) => columnsOf(plain(pod)))));
  const names = Math.min(longest, Math.max(6, Math.floor(options.width / 3)));
  const cells = Math.max(LEAST_CELLS, options.width - names - 2);
  const scale = scaleOf(model, !options.trueScale, {
    most: Math.floor((BREAKS_SHARE * cells) / LEAST_BREAK),
    least: LEAST_BREAK / cells,
  });
  const label = (text: string): string => {
    const shown = fitted(plain(text), names);
    return shown + ' '.repeat(names + 2 - columnsOf(shown));
  };
  const short = (text: string): string => fitted(text, options.width);
  const axis = axisLines(scale, model.from, cells, options.absolute ?? false).map((line) => `${label('')}${line}\n`);
  const out = [`${short(range(model))}\n`];
  for (const [place, group] of model.groups.entries()) {
    out.push(`${options.dense ? '' : '\n'}${short(heading(group))}\n`);
    for (const [i, { letter, name, images, cause }] of group.revisions.entries()) {
      const words = [plain(name), ...images.map(plain), ...(cause === undefined ? [] : [`(${plain(cause)})`])].join(
        '  ',
      );
      out.push(`  ${paint(letter, i, true)}  ${fitted(words, Math.max(LEAST_CELLS, options.width - 5))}\n`);
    }
    if (place === 0 || !options.dense) out.push(...axis);
    for (const line of group.lines) {
      const row = cellsOf(line, group, scale, cells, options);
      out.push(`${label(line.pod)}${row.length > 0 ? joined(row, paint) : ''}`.trimEnd(), '\n');
    }
    if (group.lines.length > SCREEN && !options.dense) out.push(...axis);
  }
  if (!options.dense) out.push('\n');
  if (options.dense?.legend !== false) out.push(...legend(model, scale, options));
  return out.join('');
}

function range({ from, to }: Model): string {
  const last = instantText(to);
  const sameDay = last.slice(0, 10) === instantText(from).slice(0, 10);
  return `${instantText(from)} to ${sameDay ? last.slice(11) : last} UTC, ${elapsed(to - from)}`;
}

function heading({ namespace, set, lines }: Group): string {
  const pods = lines.length === 1 ? '1 pod' : `${lines.length} pods`;
  return `${plain(namespace)}/${set === '' ? '(no set)' : plain(set)}  ${pods}`;
}

/** Long phases first, so that short ones stay visible over them. */
function cellsOf(line: PodLine, group: Group, scale: Scale, cells: number, { ascii = false }: TerminalOptions): Cell[] {
  const row: (Cell | undefined)[] = new Array(cells).fill(undefined);
  const placed = line.spans.map((span) => {
    const from = Math.min(cells - 1, Math.round(positionOf(scale, span.from) * cells));
    const to = Math.max(from + 1, Math.round(endOf(scale, span) * cells));
    return { span, from, to };
  });
  for (const { span, from, to } of [...placed].sort((a, b) => b.to - b.from - (a.to - a.from))) {
    const [, shown, plainShown] = PHASES.find(([phase]) => phase === span.phase) ?? PHASES[0];
    const cell = { text: ascii ? plainShown : shown, revision: span.revision, strong: false };
    for (let i = from; i < to; i++) row[i] = cell;
  }
  for (const piece of scale.pieces) {
    if (!piece.quiet) continue;
    const at = breakAt(piece, cells);
    for (let i = at; i < at + QUIET.length; i++) row[i] = { text: '/', revision: -1, strong: false };
  }
  for (const { span, from } of placed) {
    const letter = group.revisions[span.revision]?.letter;
    if (span.first && letter !== undefined) row[from] = { text: letter, revision: span.revision, strong: true };
  }
  return row.map((cell) => cell ?? { text: ' ', revision: -1, strong: false });
}

/** Neighbours of one colour are coloured together. */
function joined(row: readonly Cell[], paint: RevisionPaint): string {
  let text = '';
  for (let i = 0; i < row.length; ) {
    const { revision, strong } = row[i];
    let run = '';
    for (; i < row.length && row[i].revision === revision && row[i].strong === strong; i++) run += row[i].text;
    text += revision < 0 ? run : paint(run, revision, strong);
  }
  return text;
}

/** What each character means, of those that occur. */
function legend({ groups }: Model, scale: Scale, { ascii = false, width }: TerminalOptions): string[] {
  const used = new Set(groups.flatMap(({ lines }) => lines.flatMap(({ spans }) => spans.map(({ phase }) => phase))));
  const words = PHASES.filter(([phase]) => used.has(phase)).map(
    ([, shown, plainShown, words]) => `${ascii ? plainShown : shown} ${words}`,
  );
  const quiet = scale.pieces.filter((piece) => piece.quiet).map(({ from, to }) => elapsed(to - from));
  if (quiet.length > 0)
    words.push(`${QUIET} nothing changed: ${quiet.slice(0, 3).join(', ')}${quiet.length > 3 ? ', …' : ''}`);
  const lines = [''];
  for (const word of words) {
    const last = lines[lines.length - 1];
    const longer = last === '' ? word : `${last}   ${word}`;
    if (columnsOf(longer) <= width) lines[lines.length - 1] = longer;
    else if (last === '') lines[lines.length - 1] = fitted(word, width);
    else lines.push(fitted(word, width));
  }
  return lines.map((line) => `${line}\n`);
}
