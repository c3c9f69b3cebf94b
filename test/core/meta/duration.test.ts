import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, humanDuration, parseDuration } from '../../../src/core/meta/duration';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('Go durations', () => {
  test.each([
    ['0', 0],
    ['+0', 0],
    ['0s', 0],
    ['1s', SECOND],
    ['1m30s', 90 * SECOND],
    ['1.5h', 90 * MINUTE],
    ['-1.5h', -90 * MINUTE],
    ['.5s', 500],
    ['1.s', SECOND],
    ['100ms', 100],
    ['1us', 0.001],
    ['1µs', 0.001],
    ['1μs', 0.001],
    ['1ns', 0.000001],
    ['1h1m1s1ms', HOUR + MINUTE + SECOND + 1],
    ['2562047h47m16.854775807s', 9223372036854.775],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['.', 'time: invalid duration "."'],
    ['.s', 'time: invalid duration ".s"'],
    ['abc', 'time: invalid duration "abc"'],
    ['3', 'time: missing unit in duration "3"'],
    ['1h3', 'time: missing unit in duration "1h3"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1 s', 'time: unknown unit " s" in duration "1 s"'],
    ['2562047h47m16.854775808s', 'time: invalid duration "2562047h47m16.854775808s"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    [`${'9'.repeat(100)}h`, `time: invalid duration "${'9'.repeat(100)}h"`],
  ])('%s is refused', (text, message) => {
    expect(() => parseDuration(text)).toThrow(new Error(message));
  });

  test.each([
    [0, '0s'],
    [1, '1ms'],
    [0.5, '500µs'],
    [0.000001, '1ns'],
    [0.0015, '1.5µs'],
    [1500, '1.5s'],
    [90 * SECOND, '1m30s'],
    [HOUR, '1h0m0s'],
    [-90 * MINUTE, '-1h30m0s'],
    [HOUR + 0.5, '1h0m0.0005s'],
  ])('%d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('a written duration reads back', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(999), (ms, micros) => {
        const exact = ms + micros / 1000;
        expect(parseDuration(formatDuration(exact))).toBeCloseTo(exact, 5);
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

describe('ages', () => {
  test.each([
    [-3 * SECOND, '<invalid>'],
    [-1500, '0s'],
    [-1, '0s'],
    [0, '0s'],
    [999, '0s'],
    [119 * SECOND, '119s'],
    [2 * MINUTE, '2m'],
    [2 * MINUTE + 5 * SECOND, '2m5s'],
    [4 * MINUTE + 56 * SECOND, '4m56s'],
    [10 * MINUTE + 5 * SECOND, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [3 * HOUR + MINUTE, '3h1m'],
    [8 * HOUR + 5 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [48 * HOUR, '2d'],
    [50 * HOUR, '2d2h'],
    [8 * DAY + HOUR, '8d'],
    [729 * DAY, '729d'],
    [730 * DAY, '2y'],
    [765 * DAY, '2y35d'],
    [8 * 365 * DAY + 5 * DAY, '8y'],
  ])('%d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });

  test('never more than two units, and none grows beyond its range', () => {
    fc.assert(
      fc.property(fc.nat(1e12), (ms) => {
        expect(humanDuration(ms)).toMatch(/^(\d+[smhdy]|\dm\d+s|\dh\d+m|\dd\d+h|\dy\d+d)$/);
      }),
    );
  });
});
