import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../../src/core/api/types';
import { OrdinalSet } from '../../../../src/core/controllers/statefulset/ordinals';
import { availableAt, parentAndOrdinal } from '../../../../src/core/controllers/statefulset/utils';

describe('parentAndOrdinal', () => {
  it.each([
    ['web-0', 'web', 0],
    ['a-b-10', 'a-b', 10],
    ['web', '', -1],
    ['web-', '', -1],
    ['-3', '', 3],
    ['web-x', '', -1],
    ['web-2147483647', 'web', 2147483647],
    ['web-2147483648', 'web', -1],
    ['7', '', -1],
  ])('%s', (name, parent, ordinal) => {
    expect(parentAndOrdinal(name)).toEqual({ parent, ordinal });
  });
});

describe('availableAt', () => {
  const pod = (phase: string, ready: string): Pod =>
    ({
      metadata: { name: 'web-0' },
      status: { phase, conditions: [{ type: 'Ready', status: ready, lastTransitionTime: '2026-01-01T00:00:10Z' }] },
    }) as never;

  it('needs both the phase and the condition', () => {
    expect(availableAt(pod('Running', 'False'), 5)).toBeUndefined();
    expect(availableAt(pod('Pending', 'True'), 5)).toBeUndefined();
    expect(availableAt(pod('Running', 'True'), 5)).toBe(Date.UTC(2026, 0, 1, 0, 0, 15));
    expect(availableAt(pod('Running', 'True'), 0)).toBe(0);
  });
});

describe('OrdinalSet', () => {
  it('agrees with a plain set', () => {
    const operation = fc.record({ add: fc.boolean(), ordinal: fc.nat(20), ask: fc.integer({ min: -1, max: 21 }) });
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const set = new OrdinalSet();
        const model = new Set<number>();
        for (const { add, ordinal, ask } of operations) {
          if (add) model.add(ordinal);
          else model.delete(ordinal);
          set.set(ordinal, add);
          const sorted = [...model].sort((a, b) => a - b);
          expect(set.values()).toEqual(sorted);
          expect(set.size).toBe(sorted.length);
          expect(set.lowest()).toBe(sorted[0]);
          expect(set.highest()).toBe(sorted.at(-1));
          expect(set.has(ask)).toBe(model.has(ask));
          expect(set.atLeast(ask)).toBe(sorted.find((n) => n >= ask));
          expect(set.atMost(ask)).toBe(sorted.filter((n) => n <= ask).at(-1));
        }
      }),
    );
  });
});
