/** The marks of a time axis: at round instants where time runs evenly, and wherever it runs on after a quiet stretch. */
import { positionOf, type Scale } from './scale';

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
export function ticksOf(scale: Scale, from: number, { absolute, room }: TickOptions): Tick[] {
  const running = scale.pieces.filter((piece) => !piece.quiet && piece.length > 0);
  const perMs = running.length > 0 ? running[0].length / (running[0].to - running[0].from) : 0;
  const step = STEPS.find((candidate) => candidate * perMs >= room) ?? daysFor(perMs, room);
  const label = (time: number): string => (absolute ? timeOfDay(time) : exactly(time - from));
  const ticks: Tick[] = [];
  const add = (time: number): void => {
    const at = positionOf(scale, time);
    if (ticks.every((tick) => Math.abs(tick.at - at) >= room)) ticks.push({ at, label: label(time) });
  };
  // Where time runs on after a break, one wants to know how late it is: these come before round instants.
  for (const [i, { from: start, quiet }] of scale.pieces.entries()) if (!quiet || i === 0) add(start);
  if (scale.pieces.length === 0) add(from);
  const origin = absolute ? 0 : from;
  for (const { from: start, to } of running)
    for (let time = origin + Math.ceil((start - origin) / step) * step; time <= to; time += step) add(time);
  return ticks.sort((a, b) => a.at - b.at);
}

function daysFor(perMs: number, room: number): number {
  const day = 24 * HOUR;
  return perMs === 0 ? day : day * Math.ceil(room / (perMs * day));
}

/** `2h15s`: days, hours and minutes that are not zero, then seconds with their fraction. */
function exactly(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [name, size] of UNITS.slice(0, -1)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${name}`;
    rest -= count * size;
  }
  return rest > 0 || text === '' ? text + elapsed(rest) : text;
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
export function timeOfDay(ms: number): string {
  const text = new Date(ms).toISOString();
  return ms % SECOND === 0 ? text.slice(11, 19) : text.slice(11, 23);
}

/** `2026-01-01 00:00:05`, in UTC. */
export const instantText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 10)} ${timeOfDay(ms)}`;
