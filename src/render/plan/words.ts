/** The small words of a plan: times from its start, names, blocks of lines. */
import { formatDuration } from '../../core/meta/duration';
import type { Subject } from '../../core/reports/why';
import { escapeTerminal } from '../escape';
import { layOut, TABLE_STOPS } from '../tabwriter';

/** `+1.5s` */
export const after = (time: string, start: string): string =>
  `+${lasting(Math.max(0, Date.parse(time) - Date.parse(start)))}`;

/** The same of a time that an object holds, in whole seconds: what it leaves out is taken from the start. */
export function roughlyAfter(time: string, start: string): string {
  const [at, from] = [Date.parse(time), Date.parse(start)];
  return `+${lasting(Math.max(0, at - from + (at % 1000 === 0 ? from % 1000 : 0)))}`;
}

/** `1m30s`, of ms. */
export const lasting = (ms: number): string => formatDuration(ms);

/** `statefulset/web`, with `-n` where it is not the default namespace. */
export function nameOf({ kind, namespace, name }: Subject): string {
  const where = namespace !== undefined && namespace !== 'default' ? ` in ${namespace}` : '';
  return escapeTerminal(`${kind.toLowerCase()}/${name}${where}`);
}

/** A command line as a shell takes it. */
export const commandLine = (words: readonly string[]): string => escapeTerminal(words.map(quoted).join(' '));

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Rows in columns, each line with two blanks in front. */
export function table(rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const text = rows
    .map((cells) => cells.map((cell) => escapeTerminal(cell.trim().replaceAll(/\s+/g, ' '))).join('\t'))
    .join('\n');
  return `${indent(layOut(text, TABLE_STOPS))}\n`;
}

/** Every line with `by` blanks in front; no blanks at the ends of lines. */
export const indent = (text: string, by = 2): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `${' '.repeat(by)}${line}`.trimEnd()))
    .join('\n');

/** Of what is longer than `most`: its beginning and its end, `shown` of it, and a line between that tells how much is missing. */
export function shortened<T>(
  items: readonly T[],
  {
    most,
    shown,
    tail = Math.floor(shown / 4),
  }: { readonly most: number; readonly shown: number; readonly tail?: number },
  missing: (count: number) => T,
): readonly T[] {
  if (items.length <= most) return items;
  const head = shown - tail;
  return [...items.slice(0, head), missing(items.length - shown), ...items.slice(items.length - tail)];
}

/** Lists of pods, claims and warnings. */
export const LISTS = { most: 30, shown: 16 } as const;

/**
 * The text for a terminal that is so wide: longer lines go on below, under the last column of a table or a step further in.
 * Commands stay in one piece, to be copied.
 */
export function fitted(text: string, width: number | undefined): string {
  if (width === undefined || width < 40) return text;
  return text
    .split('\n')
    .map((line) => (visible(line) <= width || /^ *stsctl /.test(line) ? line : broken(line, width)))
    .join('\n');
}

/** How many characters of a line are seen: colours are not. */
const visible = (line: string): number =>
  line.split('\u001b[').reduce((sum, part, i) => sum + part.length - (i === 0 ? 0 : part.indexOf('m') + 1), 0);

function broken(line: string, width: number): string {
  const column = line.lastIndexOf('   ', width / 2) + 3;
  const indented = line.length - line.trimStart().length;
  const hanging = ' '.repeat(column > indented + 3 ? column : indented + 2);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width);
    if (at <= hanging.length) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = hanging + rest.slice(at + 1);
  }
  return [...lines, rest].join('\n');
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
