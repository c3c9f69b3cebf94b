/** The marks of a time axis: at round instants where time runs evenly, and wherever it runs on after a quiet stretch. */
import { type Piece, positionOf, type Scale } from './scale';

export interface Tick {
  /** From 0 to 1 on the whole axis. */
  readonly at: number;
  readonly label: string;
}

export interface TickOptions {
  /** Labels of the time of day, not of how long it is since the beginning. */
  readonly absolute: boolean;
  /** How much of the axis a label needs, from 0 to 1. */
  readonly room: number;
  /** The part of the axis that is looked at, from 0 to 1; all of it unless told. What is outside costs nothing. */
  readonly view?: { readonly from: number; readonly to: number };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
];

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 24 * HOUR],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
];

/** @param from the instant that relative labels count from */
export function ticksOf(scale: Scale, from: number, { absolute, room, view }: TickOptions): Tick[] {
  const { from: left, to: right } = view ?? { from: 0, to: 1 };
  const label = labelsOf(scale, from, absolute);
  // Where time runs on after a break, one wants to know how late it is: these come before round instants.
  const firsts: Piece[] = [];
  for (const piece of beginnings(scale))
    if (firsts.length === 0 || piece.start - firsts[firsts.length - 1].start >= room) firsts.push(piece);
  const ticks: Tick[] = [];
  let next = 0;
  const add = (at: number, time: number): void => {
    const before = ticks.at(-1);
    if (!before || at - before.at >= room) ticks.push({ at, label: label(time) });
  };
  const addFirsts = (upTo: number): void => {
    for (; next < firsts.length && firsts[next].start <= upTo; next++)
      if (firsts[next].start >= left && firsts[next].start <= right) add(firsts[next].start, firsts[next].from);
  };
  const origin = absolute ? 0 : from;
  for (const piece of scale.pieces) {
    if (piece.length === 0 || piece.start > right || piece.start + piece.length < left) continue;
    // A quiet stretch has marks of its own once one looks so closely that they find room.
    if (piece.quiet && piece.length < 2 * room) continue;
    const step = stepOf(piece, room);
    const begin = Math.max(piece.from, timeIn(piece, left));
    const end = Math.min(piece.to, timeIn(piece, right));
    for (let time = origin + Math.ceil((begin - origin) / step) * step; time <= end; time += step) {
      const at = positionOf(scale, time);
      addFirsts(at);
      if (next >= firsts.length || firsts[next].start - at >= room) add(at, time);
    }
  }
  addFirsts(right);
  return scale.pieces.length === 0 ? [{ at: 0, label: label(from) }] : ticks;
}

/** Where time begins, and wherever something happened after a quiet stretch. */
export function beginnings({ pieces }: Scale): readonly Piece[] {
  return pieces.filter(({ quiet }, i) => !quiet || i === 0 || pieces[i - 1].quiet);
}

/** How far round instants are apart, ms. */
function stepOf({ from, to, length }: Piece, room: number): number {
  const perMs = length / (to - from);
  return STEPS.find((candidate) => candidate * perMs >= room) ?? 24 * HOUR * Math.ceil(room / (perMs * 24 * HOUR));
}

const timeIn = ({ from, to, start, length }: Piece, at: number): number => from + ((at - start) / length) * (to - from);

/** What the marks of an axis say. With times of day the date is told where there is more than one. */
export function labelsOf({ pieces }: Scale, from: number, absolute: boolean): (time: number) => string {
  if (!absolute) return (time) => exactly(time - from);
  const [first, last] = [from, pieces.at(-1)?.to ?? from].map((time) => instantText(time).slice(0, 10));
  return first === last ? timeOfDay : (time) => `${instantText(time).slice(5, 19)}`;
}

/** `2h0m15s`: from the largest unit that is not zero down to the smallest, the seconds with their fraction. */
export function exactly(ms: number): string {
  let rest = ms;
  let text = '';
  let zeros = '';
  for (const [name, size] of UNITS.slice(0, -1)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${zeros}${count}${name}`;
    zeros = count > 0 || text === '' ? '' : `${zeros}0${name}`;
  }
  return rest > 0 || text === '' ? text + zeros + elapsed(rest) : text;
}

/** `0s`, `1.5s`, `1m30s`, `2h`, `3d4h`: the two largest units. */
export function elapsed(ms: number): string {
  if (ms < 0) return `-${elapsed(-ms)}`;
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(3))}s`;
  const first = UNITS.findIndex(([, size]) => ms >= size);
  const [name, size] = UNITS[first];
  const rest = UNITS[first + 1];
  const second = rest ? Math.floor((ms % size) / rest[1]) : 0;
  return `${Math.floor(ms / size)}${name}${rest && second > 0 ? `${second}${rest[0]}` : ''}`;
}

/** UTC, with the fraction where there is one. */
function timeOfDay(ms: number): string {
  const text = new Date(ms).toISOString();
  return ms % SECOND === 0 ? text.slice(11, 19) : text.slice(11, 23);
}

/** `2026-01-01 00:00:05`, in UTC. */
export const instantText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 10)} ${timeOfDay(ms)}`;
