/** Go's sort: any input comes out sorted, nothing is lost, and equal elements end where Go's algorithm leaves them. */
import { describe, expect, it } from 'vitest';
import { goSort } from '../../../src/core/meta/go-sort';

/** The same numbers each time. */
function numbers(count: number, different: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * different);
  });
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const byNumber = (a: number, b: number): boolean => a < b;

describe('sorting', () => {
  it('puts every input in order', () => {
    for (const count of [0, 1, 2, 12, 13, 49, 50, 51, 200, 3000])
      for (const different of [1, 3, 50, 1e6])
        for (const seed of [1, 2, 3]) {
          const values = numbers(count, different, seed);
          expect(goSort([...values], byNumber)).toEqual(sorted(values));
        }
  });

  it('puts patterns in order: rising, falling, organ pipes, saws, one out of place', () => {
    for (const count of [13, 60, 500]) {
      const rising = Array.from({ length: count }, (_, i) => i);
      const patterns = [
        rising,
        [...rising].reverse(),
        rising.map((i) => Math.min(i, count - i)),
        rising.map((i) => i % 7),
        rising.map((i) => (i === 5 ? count : i)),
      ];
      for (const pattern of patterns) expect(goSort([...pattern], byNumber)).toEqual(sorted(pattern));
    }
  });

  it('keeps equal elements in their order up to twelve, and where they are in order already', () => {
    const pairs = (count: number) => Array.from({ length: count }, (_, i) => ({ key: i % 2, at: i }));
    const few = goSort(pairs(12), (a, b) => a.key < b.key);
    expect(few.map(({ at }) => at)).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]);
    const same = goSort(pairs(40), () => false);
    expect(same.map(({ at }) => at)).toEqual(pairs(40).map(({ at }) => at));
  });

  it('does not keep the order of equal elements beyond that', () => {
    const pairs = Array.from({ length: 30 }, (_, i) => ({ key: i % 3, at: i }));
    const order = goSort(pairs, (a, b) => a.key < b.key).map(({ at }) => at);
    const stable = [0, 1, 2].flatMap((key) => Array.from({ length: 10 }, (_, i) => key + 3 * i));
    expect(sorted(order)).toEqual(sorted(stable));
    expect(order).not.toEqual(stable);
  });
});
