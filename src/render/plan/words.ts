/** The small words of a plan: times from its start, names, blocks of lines. */
import { formatDuration } from '../../core/meta/duration';
import type { Subject } from '../../core/reports/why';
import { escapeTerminal } from '../escape';
import { layOut, TABLE_STOPS } from '../tabwriter';

/** `+1.5s`. Times of objects have whole seconds: what they leave out is taken from the start. */
export function after(time: string, start: string): string {
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

/** The beginning and the end of what is long, with a line between that tells how much is missing. */
export function shortened<T>(items: readonly T[], most: number, missing: (count: number) => T): readonly T[] {
  if (items.length <= most) return items;
  const head = Math.ceil((most * 3) / 4);
  const tail = most - head;
  return [...items.slice(0, head), missing(items.length - most), ...items.slice(items.length - tail)];
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
