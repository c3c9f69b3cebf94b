import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalQuantity, Quantity, QuantityError } from '../../../src/core/meta/quantity';
import recorded from './fixtures/quantities.json';

describe('quantities as kubectl prints them', () => {
  test.each(recorded.cases)('$text', ({ text, output, error }) => {
    if (output !== undefined) expect(Quantity.parse(text).toString()).toBe(output);
    else expect(() => Quantity.parse(text)).toThrow(new QuantityError(error));
  });
});

/** Numbers with up to three decimals and any suffix, together with what they are worth in billionths. */
const quantity = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    whole: fc.bigInt(0n, 999_999n),
    fraction: fc.constantFrom('', '.5', '.25', '.125', '.001'),
    suffix: fc.constantFrom('', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'E2', 'e-1'),
  })
  .map(({ sign, whole, fraction, suffix }) => `${sign}${whole}${fraction}${suffix}`);

function billionths(text: string): bigint {
  const match = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(.*)$/.exec(text)!;
  const factors: Record<string, [bigint, number]> = {
    '': [1n, 0],
    n: [1n, -9],
    u: [1n, -6],
    m: [1n, -3],
    k: [1n, 3],
    M: [1n, 6],
    G: [1n, 9],
    T: [1n, 12],
    P: [1n, 15],
    Ki: [1024n, 0],
    Mi: [1024n ** 2n, 0],
    Gi: [1024n ** 3n, 0],
    Ti: [1024n ** 4n, 0],
  };
  const [factor, power] = factors[match[4]!] ?? [1n, Number(match[4]!.slice(1))];
  const fraction = match[3] ?? '';
  const exponent = 9 + power - fraction.length;
  const magnitude = BigInt(match[2]! + fraction) * factor;
  const scaled = exponent >= 0 ? magnitude * 10n ** BigInt(exponent) : magnitude / 10n ** BigInt(-exponent);
  return match[1] === '-' ? -scaled : scaled;
}

describe('quantity algebra', () => {
  test('writing and reading again keeps the value, and the written form is stable', () => {
    fc.assert(
      fc.property(quantity, (text) => {
        const written = canonicalQuantity(text);
        expect(billionths(written)).toBe(billionths(text));
        // A binary quantity that 1024 does not divide is written as a plain number, and a plain number is read as decimal.
        const lostItsFamily = /[KMG]i$/.test(text) && /^-?[0-9]+$/.test(written);
        const settled = lostItsFamily ? canonicalQuantity(written) : written;
        expect(billionths(settled)).toBe(billionths(text));
        expect(canonicalQuantity(settled)).toBe(settled);
      }),
      { examples: [['987281.25Ki']] },
    );
  });

  test('compare, add, sub, sign agree with exact arithmetic', () => {
    fc.assert(
      fc.property(quantity, quantity, (a, b) => {
        const [left, right] = [Quantity.parse(a), Quantity.parse(b)];
        const difference = billionths(a) - billionths(b);
        expect(left.compare(right)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
        expect(billionths(left.add(right).toString())).toBe(billionths(a) + billionths(b));
        expect(billionths(left.sub(right).toString())).toBe(difference);
        expect(left.sign() < 0).toBe(billionths(a) < 0n);
        expect(left.isZero()).toBe(billionths(a) === 0n);
      }),
    );
  });

  test('value and milliValue round away from zero', () => {
    fc.assert(
      fc.property(quantity, (text) => {
        const exact = billionths(text);
        const away = (unit: bigint) => (exact % unit === 0n ? exact / unit : exact / unit + (exact > 0n ? 1n : -1n));
        expect(Quantity.parse(text).value()).toBe(away(1_000_000_000n));
        expect(Quantity.parse(text).milliValue()).toBe(away(1_000_000n));
      }),
    );
  });

  test('a sum keeps the suffix family of the first summand that is not zero', () => {
    expect(Quantity.parse('512Mi').add(Quantity.parse('512Mi')).toString()).toBe('1Gi');
    expect(Quantity.parse('0').add(Quantity.parse('1Gi')).toString()).toBe('1Gi');
    expect(Quantity.parse('100m').add(Quantity.parse('1')).toString()).toBe('1100m');
    expect(Quantity.parse('1e3').sub(Quantity.parse('500')).toString()).toBe('500');
  });

  test('numbers of a manifest are taken as written, spaces around a text are not', () => {
    expect(canonicalQuantity(0.5)).toBe('500m');
    expect(canonicalQuantity(1)).toBe('1');
    expect(canonicalQuantity(' 1Gi ')).toBe('1Gi');
    expect(() => Quantity.parse(' 1Gi')).toThrow(QuantityError);
  });

  test('hostile texts are refused at once', () => {
    for (const text of [
      '0'.repeat(1e6),
      `${'0'.repeat(1e6)}x`,
      `${'1'.repeat(1e6)}!`,
      '1e99999999999',
      '1e-99999999',
    ]) {
      expect(() => Quantity.parse(text)).toThrow(QuantityError);
    }
  });
});
