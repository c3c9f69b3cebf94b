/**
 * What commands draw at random (`$RANDOM`, awk's `rand()`, bytes of /dev/urandom) comes from a seed: the same run draws the same.
 * The shell's library asks Math.random, which answers so inside runs; everybody else gets what Node draws.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** From 0 to below 1. */
export type Draw = () => number;

let runs: AsyncLocalStorage<Draw> | undefined;

/** Does something in which Math.random draws from `draw`, whatever else goes on meanwhile. */
export function drawingFrom<T>(draw: Draw, action: () => Promise<T>): Promise<T> {
  runs ??= listen();
  return runs.run(draw, action);
}

function listen(): AsyncLocalStorage<Draw> {
  const storage = new AsyncLocalStorage<Draw>();
  const { random } = Math;
  Math.random = () => (storage.getStore() ?? random)();
  return storage;
}

/** Draws that a text decides (mulberry32); it is asked for with the first of them. */
export function drawsOf(seed: () => string): Draw {
  let state: number | undefined;
  return () => {
    state = ((state ?? hash(seed())) + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum;
}
