import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromTime, httpDate, toTime } from '../../../src/core/meta/time';

const INSTANT = Date.UTC(2026, 10, 21, 8, 18, 15);

test('instants are written with whole seconds', () => {
  expect(toTime(INSTANT + 999)).toBe('2026-11-21T08:18:15Z');
  expect(httpDate('2026-11-21T08:18:15Z')).toBe('Sat, 21 Nov 2026 08:18:15 +0000');
  expect(httpDate('2026-11-21T10:18:15+02:00')).toBe('Sat, 21 Nov 2026 08:18:15 +0000');
});

describe('reading', () => {
  test.each([
    ['2026-11-21T08:18:15Z', INSTANT],
    ['2026-11-21T08:18:15.25Z', INSTANT + 250],
    ['2026-11-21T10:18:15+02:00', INSTANT],
    ['2026-11-21T08:18:15,5Z', INSTANT + 500],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['0001-01-01T00:00:00Z', -62135596800000],
  ])('%s', (text, ms) => {
    expect(fromTime(text)).toBe(ms);
  });

  const layout = '2006-01-02T15:04:05Z07:00';
  test.each([
    ['yesterday', `parsing time "yesterday" as "${layout}": cannot parse "yesterday" as "2006"`],
    ['', `parsing time "" as "${layout}": cannot parse "" as "2006"`],
    ['2026-11-21', `parsing time "2026-11-21" as "${layout}": cannot parse "" as "T"`],
    ['2026/11/21', `parsing time "2026/11/21" as "${layout}": cannot parse "/11/21" as "-"`],
    ['2026-11-21T08:18:15', `parsing time "2026-11-21T08:18:15" as "${layout}": cannot parse "" as "Z07:00"`],
    ['2026-13-21T08:18:15Z', 'parsing time "2026-13-21T08:18:15Z": month out of range'],
    ['2026-02-30T08:18:15Z', 'parsing time "2026-02-30T08:18:15Z": day out of range'],
    ['2026-11-21T24:18:15Z', 'parsing time "2026-11-21T24:18:15Z": hour out of range'],
    ['2026-11-21T08:18:15Zx', 'parsing time "2026-11-21T08:18:15Zx": extra text: "x"'],
  ])('%s is refused', (text, message) => {
    expect(() => fromTime(text)).toThrow(new Error(message));
  });

  test('what was written reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (seconds) => {
        expect(fromTime(toTime(seconds * 1000))).toBe(seconds * 1000);
        expect(fromTime(new Date(seconds * 1000 + 7).toISOString())).toBe(seconds * 1000 + 7);
      }),
    );
  });
});
