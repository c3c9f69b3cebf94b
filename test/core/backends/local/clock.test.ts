import { describe, expect, test } from 'vitest';
import { WallClock } from '../../../../src/core/backends/local/clock';

/** A machine whose clock the test sets. */
const machine = () => ({ now: (): number => box.at });
let box = { at: 0 };

const clockAt = (now: number, local?: unknown): WallClock => {
  box = { at: now };
  return WallClock.restore(machine(), local);
};

describe('the wall clock', () => {
  test('follows the machine', () => {
    const clock = clockAt(1000);
    expect(clock.present(1000)).toBe(1000);
    box.at = 5000;
    expect(clock.present(1000)).toBe(5000);
    expect(clock.msUntil(9000, 5000)).toBe(4000);
    expect(clock.save()).toEqual({ offset: 0 });
  });

  test('goes on from where it was set', () => {
    const clock = clockAt(1000);
    clock.goOnFrom(70_000);
    box.at = 1500;
    expect(clock.present(70_000)).toBe(70_500);
    expect(clock.save()).toEqual({ offset: 69_000 });
  });

  test('passes at its rate, and keeps it', () => {
    const clock = clockAt(1000);
    clock.change(1000, { rate: 10 });
    box.at = 1200;
    expect(clock.present(1000)).toBe(3000);
    expect(clock.msUntil(13_000, 3000)).toBe(1000);
    const saved = clock.save();
    expect(saved).toEqual({ offset: -9000, rate: 10 });
    const again = clockAt(1300, saved);
    expect(again.present(3000)).toBe(4000);
    again.change(4000, { rate: 0.5 });
    box.at = 1303;
    expect(again.present(4000)).toBe(4001);
    again.change(4001, { rate: 1 });
    expect(again.save()).toEqual({ offset: 4001 - 1303 });
  });

  test('stands still while it is paused, and goes on from there', () => {
    const clock = clockAt(1000);
    clock.change(2000, { paused: true });
    box.at = 900_000;
    expect(clock.present(2000)).toBe(2000);
    expect(clock.msUntil(2001, 2000)).toBe(Number.POSITIVE_INFINITY);
    const again = clockAt(950_000, clock.save());
    expect(again.paused).toBe(true);
    again.change(2000, { paused: false });
    box.at = 950_010;
    expect(again.present(2000)).toBe(2010);
  });

  test('never goes back, and goes on when the machine’s clock is set back', () => {
    const clock = clockAt(1_000_000);
    expect(clock.present(1_000_000)).toBe(1_000_000);
    box.at = 400_000;
    expect(clock.present(1_000_000)).toBe(1_000_000);
    expect(clock.corrected).toBe(true);
    box.at = 403_000;
    expect(clock.present(1_000_000)).toBe(1_003_000);
  });

  test('waits where the machine is a moment behind', () => {
    const clock = clockAt(1_000_000);
    box.at = 999_500;
    expect(clock.present(1_000_000)).toBe(1_000_000);
    expect(clock.corrected).toBe(false);
    box.at = 1_000_200;
    expect(clock.present(1_000_000)).toBe(1_000_200);
  });

  test('lets nothing pass while time is played', async () => {
    const clock = clockAt(1000);
    await clock.holding(async () => {
      box.at = 60_000;
      expect(clock.present(1500)).toBe(1500);
      clock.goOnFrom(1500);
    });
    expect(clock.present(1500)).toBe(1500);
  });

  test.each([undefined, null, 'x', {}, { offset: 0, rate: -1 }, { offset: 0, rate: 'fast', paused: 'yes' }])(
    'takes %j for the usual clock',
    (local) => {
      const clock = clockAt(7, local);
      expect([clock.rate, clock.paused, clock.present(0)]).toEqual([1, false, 7]);
    },
  );
});
