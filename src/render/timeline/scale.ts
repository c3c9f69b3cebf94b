/**
 * Time on an axis of length 1. Stretches in which nothing happens for long are drawn short, and known as such; what goes
 * on at the end has a little room behind the last instant.
 */
import type { Model } from './types';

export interface Piece {
  readonly from: number;
  readonly to: number;
  /** Where it begins and how long it is on the axis. */
  readonly start: number;
  readonly length: number;
  /** Nothing happens in it, and it is drawn shorter than it is. */
  readonly quiet: boolean;
}

export interface Scale {
  readonly pieces: readonly Piece[];
  /** Where the last instant is; behind it is room for what goes on. */
  readonly end: number;
}

/** A stretch is long when it is this much longer than three quarters of all others, and at least LONG_MS. */
const LONG = 8;
const LONG_MS = 30_000;
/** A short-drawn stretch gets this share of the axis, all of them together at most the second. */
const QUIET_SHARE = 0.06;
const QUIET_SHARES = 0.4;
const TAIL = 0.03;
/** Where few are to be drawn short, each of them is this much longer than any that is drawn long. */
const CLEARLY = 1.5;

export interface ScaleOptions {
  /** At most so many stretches are drawn short. */
  readonly most?: number;
  /** A short-drawn stretch gets at least this share of the axis. */
  readonly least?: number;
}

/** @param compress false to draw every second alike */
export function scaleOf(model: Model, compress = true, { most = 16, least = 0 }: ScaleOptions = {}): Scale {
  const { from, to } = model;
  const times = instants(model);
  const gaps = times.slice(1).map((time, i) => ({ from: times[i], to: time, length: time - times[i] }));
  const limit = compress
    ? quietFrom(
        gaps.map(({ length }) => length).sort((a, b) => a - b),
        most,
      )
    : Number.POSITIVE_INFINITY;
  const isQuiet = ({ length }: { length: number }): boolean => length >= limit;
  const quiet = gaps.filter(isQuiet).length;
  const share = quiet === 0 ? 0 : Math.max(least, Math.min(QUIET_SHARE, QUIET_SHARES / quiet));
  const end = hasTail(model) ? (from === to ? 0 : 1 - TAIL) : 1;
  const busy = gaps.reduce((sum, gap) => sum + (isQuiet(gap) ? 0 : gap.length), 0);
  const perMs = busy === 0 ? 0 : (end * (1 - share * quiet)) / busy;
  const pieces: Piece[] = [];
  let start = 0;
  for (const gap of gaps) {
    const long = isQuiet(gap);
    const length = long ? share * end : gap.length * perMs;
    const last = pieces.at(-1);
    // Neighbours of one speed are one piece.
    if (last && !last.quiet && !long) pieces[pieces.length - 1] = { ...last, to: gap.to, length: last.length + length };
    else pieces.push({ from: gap.from, to: gap.to, start, length, quiet: long });
    start += length;
  }
  return { pieces, end };
}

/**
 * How long a stretch must be to be drawn short, ms. Where too many would be, only those that are clearly longer than the others:
 * of stretches that are alike all are drawn short, or none.
 *
 * @param lengths sorted
 */
function quietFrom(lengths: readonly number[], most: number): number {
  const usual = lengths[Math.floor(0.75 * (lengths.length - 1))] ?? 0;
  const all = lengths.filter((length) => length > Math.max(LONG_MS, LONG * usual)).length;
  if (all <= most) return all === 0 ? Number.POSITIVE_INFINITY : lengths[lengths.length - all];
  for (let count = most; count > 0; count--) {
    const shortest = lengths[lengths.length - count];
    if (shortest >= CLEARLY * lengths[lengths.length - count - 1]) return shortest;
  }
  return Number.POSITIVE_INFINITY;
}

/** Where an instant is, from 0 to the end of the last piece. */
export function positionOf(scale: Scale, time: number): number {
  const { pieces } = scale;
  if (pieces.length === 0 || time <= pieces[0].from) return 0;
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle].to < time) low = middle + 1;
    else high = middle;
  }
  const piece = pieces[low];
  if (time >= piece.to) return piece.start + piece.length;
  return piece.start + (piece.length * (time - piece.from)) / (piece.to - piece.from);
}

/** Where a span ends; one that goes on goes to the edge. */
export const endOf = (scale: Scale, span: { readonly to: number; readonly open?: true }): number =>
  span.open ? 1 : positionOf(scale, span.to);

const hasTail = (model: Model): boolean => model.to >= model.now;

/** When something happened, in order, with both ends. */
function instants({ groups, from, to }: Model): number[] {
  const times = new Set([from, to]);
  const add = (time: number): void => {
    if (time > from && time < to) times.add(time);
  };
  for (const { lines, notes, revisions } of groups) {
    for (const { made } of revisions) add(made);
    for (const { at } of notes) add(at);
    for (const line of lines) {
      for (const note of line.notes) add(note.at);
      for (const span of [...line.spans, ...line.claims.flatMap((claim) => claim.spans)]) {
        add(span.from);
        add(span.to);
      }
    }
  }
  return [...times].sort((a, b) => a - b);
}
