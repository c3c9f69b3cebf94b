/**
 * Elastic tab stops, as Go's text/tabwriter lays them out: a column is a run of consecutive lines that have a
 * tab-terminated cell at that place, and every run has its own width. The last cell of a line is never padded.
 */

export interface TabStops {
  /** The least width of a column, padding included. */
  readonly minWidth: number;
  /** Spaces between the longest cell of a column and the next column. */
  readonly padding: number;
}

/** kubectl describe's and rollout history's. */
export const DETAIL_STOPS: TabStops = { minWidth: 0, padding: 2 };
/** kubectl get's and custom-columns'. */
export const TABLE_STOPS: TabStops = { minWidth: 6, padding: 3 };

/** Lays out `text`, whose cells end with tabs. A text without a final newline keeps none. */
export function layOut(text: string, stops: TabStops): string {
  if (!text.includes('\t')) return text;
  const lines = text.split('\n').map((line) => line.split('\t'));
  const out: string[] = new Array(lines.length);
  formatBlock(lines, 0, lines.length, [], stops, out);
  return out.join('\n');
}

/** Characters as Go counts them: code points. */
export function textWidth(text: string): number {
  let width = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) width--;
  }
  return width;
}

function formatBlock(
  lines: readonly string[][],
  from: number,
  to: number,
  widths: readonly number[],
  stops: TabStops,
  out: string[],
): void {
  const column = widths.length;
  let pending = from;
  let at = from;
  while (at < to) {
    if (column >= lines[at].length - 1) {
      at++;
      continue;
    }
    writeLines(lines, pending, at, widths, out);
    pending = at;
    let width = stops.minWidth;
    for (; at < to && column < lines[at].length - 1; at++) {
      width = Math.max(width, textWidth(lines[at][column]) + stops.padding);
    }
    formatBlock(lines, pending, at, [...widths, width], stops, out);
    pending = at;
  }
  writeLines(lines, pending, to, widths, out);
}

function writeLines(
  lines: readonly string[][],
  from: number,
  to: number,
  widths: readonly number[],
  out: string[],
): void {
  for (let i = from; i < to; i++) {
    const cells = lines[i];
    let text = '';
    for (let j = 0; j < cells.length; j++) {
      text += j < widths.length ? cells[j] + ' '.repeat(widths[j] - textWidth(cells[j])) : cells[j];
    }
    out[i] = text;
  }
}
