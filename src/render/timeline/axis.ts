/** The axis of a drawing of characters: a line, or as many as it takes to say where time runs on after each break. */
import type { Piece, Scale } from './scale';
import { beginnings, elapsed, labelsOf, ticksOf } from './ticks';

/** Drawn where a stretch is shorter than it was. */
export const QUIET = '//';
/** Lines of labels at most. */
const MOST_LINES = 3;

/** `|0s        |10s    //|1h2m0s`, without spaces at the ends; labels that fit nowhere are left out. */
export function axisLines(scale: Scale, from: number, cells: number, absolute: boolean): string[] {
  const lines: string[][] = [];
  const line = (i: number): string[] => {
    lines[i] ??= new Array(cells).fill(' ');
    return lines[i];
  };
  const label = labelsOf(scale, from, absolute);
  const column = (at: number): number => Math.min(cells - 1, Math.round(at * cells));
  const place = (at: number, text: string, most: number): boolean => {
    for (let i = 0; i < most; i++)
      if (fits(line(i), column(at), text)) {
        put(line(i), column(at), text);
        return true;
      }
    return false;
  };
  let before = '';
  for (const { start, from: exact } of beginnings(scale)) {
    // After a minute nobody counts fractions.
    const time = exact - from < 60_000 ? exact : exact - ((absolute ? exact : exact - from) % 1000);
    const short = elapsed(time - from);
    // Rounded only where the exact time has no room, and never twice the same.
    const text = [label(time), ...(absolute || short === before ? [] : [short])].find((words) =>
      place(start, `|${words}`, MOST_LINES),
    );
    before = text === undefined ? before : short;
  }
  const room = Math.min(1, (label(from).length + (absolute ? 3 : 6)) / cells);
  for (const { at, label: text } of ticksOf(scale, from, { absolute, room })) place(at, `|${text}`, 1);
  for (const piece of scale.pieces)
    if (piece.quiet && fits(line(0), breakAt(piece, cells), QUIET)) put(line(0), breakAt(piece, cells), QUIET);
  return lines.map((row) => row.join('').trimEnd()).filter((row, i) => i === 0 || row !== '');
}

/** In the middle of a short-drawn stretch. */
export const breakAt = ({ start, length }: Piece, cells: number): number =>
  Math.max(0, Math.min(cells - QUIET.length, Math.round((start + length / 2) * cells) - 1));

function fits(row: readonly string[], column: number, text: string): boolean {
  const end = column + text.length;
  if (end > row.length) return false;
  for (let i = Math.max(0, column - 1); i < Math.min(row.length, end + 1); i++) if (row[i] !== ' ') return false;
  return true;
}

function put(row: string[], column: number, text: string): void {
  for (let i = 0; i < text.length; i++) row[column + i] = text[i];
}
