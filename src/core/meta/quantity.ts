/**
 * Resource quantities ("1500m", "1.5Gi", "12e6"): exact decimal arithmetic on big integers and Go's canonical text
 * (k8s.io/apimachinery/pkg/api/resource). A quantity remembers the family of its suffix and is written with the same.
 */

type Format = 'DecimalSI' | 'DecimalExponent' | 'BinarySI';

/** The text is no quantity; the message is Go's. */
export class QuantityError extends Error {
  override name = 'QuantityError';
}

const DECIMAL_SUFFIXES: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_SUFFIXES: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

const MAX_INT64 = 9223372036854775807n;
/** Exponents beyond this are refused: nobody means them, and computing with them takes minutes. */
const EXPONENT_LIMIT = 10_000;
const LENGTH_LIMIT = 1_000;

export class Quantity {
  /** The value is `digits` times ten to the `exponent`. `text` is what was parsed, when Go would repeat it unchanged. */
  private constructor(
    private readonly digits: bigint,
    private readonly exponent: number,
    private readonly format: Format,
    private readonly text?: string,
  ) {}

  /** The quantity that `text` writes, as ParseQuantity. Throws QuantityError. */
  static parse(text: string | number | bigint): Quantity {
    const source = String(text);
    const { negative, whole, fraction, suffix } = split(source);
    const { base, exponent, format } = interpretSuffix(suffix);
    const shifted = whole + fraction;
    const magnitude = BigInt(shifted);
    const signed = negative ? -magnitude : magnitude;
    if (base === 10) {
      const scale = exponent - fraction.length;
      const fits = whole.length + fraction.length <= 18 && scale >= -9;
      // Go repeats a short number whose exponent suits a suffix as it stands, canonical or not ("1.500", "+5").
      const verbatim = fits && scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
      return Quantity.rounded(signed, scale, format, verbatim ? source : undefined);
    }
    const roomLeft = 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1;
    const verbatim = fraction === '' && roomLeft >= 0 && (magnitude & 7n) !== 0n;
    const binary = signed * 2n ** BigInt(exponent);
    return Quantity.rounded(binary, -fraction.length, format, verbatim ? source : undefined);
  }

  compare(other: Quantity): -1 | 0 | 1 {
    const [left, right] = this.alignedWith(other);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** The sum, in this quantity's format (the other's when this one is zero, as Quantity.Add). */
  add(other: Quantity): Quantity {
    const [left, right, exponent] = this.alignedWith(other);
    return new Quantity(left + right, exponent, this.isZero() ? other.format : this.format);
  }

  /** The difference, in this quantity's format (the other's when this one is zero, as Quantity.Sub). */
  sub(other: Quantity): Quantity {
    const [left, right, exponent] = this.alignedWith(other);
    return new Quantity(left - right, exponent, this.isZero() ? other.format : this.format);
  }

  isZero(): boolean {
    return this.digits === 0n;
  }

  sign(): -1 | 0 | 1 {
    return this.digits < 0n ? -1 : this.digits > 0n ? 1 : 0;
  }

  /** The whole number that is as great or greater, away from zero. */
  value(): bigint {
    return this.scaled(0);
  }

  /** The value in thousandths, rounded away from zero. */
  milliValue(): bigint {
    return this.scaled(-3);
  }

  /** This in the other's family of suffixes; when the families differ, whole (as NewQuantity of Value). */
  inFormatOf(other: Quantity): Quantity {
    return this.format === other.format ? this : Quantity.rounded(this.value(), 0, other.format);
  }

  /** Go's canonical text, as Quantity.String: no fraction, the greatest suffix that loses nothing. */
  toString(): string {
    if (this.text !== undefined) return this.text;
    if (this.isZero()) return '0';
    if (this.format === 'BinarySI') {
      const whole = this.scaled(0);
      const exact = this.compare(new Quantity(whole, 0, 'DecimalSI')) === 0;
      if (exact && (whole <= -1024n || whole >= 1024n)) {
        const [mantissa, times] = withoutFactors(whole, 1024n);
        // Beyond the last suffix Go writes none.
        return `${mantissa}${suffixFor(BINARY_SUFFIXES, times * 10)}`;
      }
    }
    let [mantissa, times] = withoutFactors(this.digits, 10n);
    let exponent = this.exponent + times;
    while (exponent % 3 !== 0) {
      mantissa *= 10n;
      exponent--;
    }
    if (this.format === 'DecimalExponent') return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
    return `${mantissa}${suffixFor(DECIMAL_SUFFIXES, exponent)}`;
  }

  private scaled(exponent: number): bigint {
    const shift = this.exponent - exponent;
    return shift >= 0 ? this.digits * 10n ** BigInt(shift) : divideAwayFromZero(this.digits, 10n ** BigInt(-shift));
  }

  /** Both values as multiples of the smaller power of ten, and that power. */
  private alignedWith(other: Quantity): [bigint, bigint, number] {
    const exponent = Math.min(this.exponent, other.exponent);
    const scale = (quantity: Quantity) => quantity.digits * 10n ** BigInt(quantity.exponent - exponent);
    return [scale(this), scale(other), exponent];
  }

  /** Nothing finer than a billionth (rounded away from zero), and binary quantities no greater than an int64. */
  private static rounded(digits: bigint, exponent: number, format: Format, text?: string): Quantity {
    if (exponent < -9) {
      const coarser = divideAwayFromZero(digits, 10n ** BigInt(-9 - exponent));
      return Quantity.rounded(coarser, -9, format, text);
    }
    if (format === 'BinarySI') {
      const one = 10n ** BigInt(-exponent);
      if (digits > MAX_INT64 * one) return new Quantity(MAX_INT64, 0, format);
      if (digits < -MAX_INT64 * one) return new Quantity(-MAX_INT64, 0, format);
      // Below one the decimal family is taken for good: "0.5Ki" would otherwise round to nothing useful.
      if (digits !== 0n && digits < one && digits > -one) return new Quantity(digits, exponent, 'DecimalSI', text);
    }
    return new Quantity(digits, exponent, format, text);
  }
}

/** The text that an API server stores for a quantity given as text or as a number, spaces around it dropped. */
export function canonicalQuantity(text: string | number): string {
  return Quantity.parse(typeof text === 'string' ? text.trim() : text).toString();
}

/** The parts of a quantity's text, leading zeros dropped. Each piece is scanned once: no input makes this slow. */
function split(source: string): { negative: boolean; whole: string; fraction: string; suffix: string } {
  let position = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = position;
    const found = pattern.exec(source)?.[0] ?? '';
    position += found.length;
    return found;
  };
  const sign = take(/[+-]/y);
  take(/0+/y);
  const whole = take(/[0-9]+/y);
  const fraction = take(/\.[0-9]*/y).slice(1);
  const suffix = take(/[eEinumkKMGTP]*/y) + take(/[+-]/y) + take(/[0-9]+/y);
  if (source === '' || position < source.length) {
    throw new QuantityError(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  if (source.length > LENGTH_LIMIT) throw new QuantityError('unable to parse numeric part of quantity');
  return { negative: sign === '-', whole: whole === '' ? '0' : whole, fraction, suffix };
}

function interpretSuffix(suffix: string): { base: 2 | 10; exponent: number; format: Format } {
  if (Object.hasOwn(DECIMAL_SUFFIXES, suffix)) {
    return { base: 10, exponent: DECIMAL_SUFFIXES[suffix]!, format: 'DecimalSI' };
  }
  if (Object.hasOwn(BINARY_SUFFIXES, suffix)) {
    return { base: 2, exponent: BINARY_SUFFIXES[suffix]!, format: 'BinarySI' };
  }
  if (/^[eE][+-]?[0-9]+$/.test(suffix)) {
    const exponent = Number(suffix.slice(1));
    if (Math.abs(exponent) <= EXPONENT_LIMIT) return { base: 10, exponent, format: 'DecimalExponent' };
  }
  throw new QuantityError("unable to parse quantity's suffix");
}

function suffixFor(table: Readonly<Record<string, number>>, exponent: number): string {
  return Object.keys(table).find((suffix) => table[suffix] === exponent) ?? '';
}

function withoutFactors(value: bigint, base: bigint): [bigint, number] {
  let times = 0;
  let rest = value;
  while (rest !== 0n && rest % base === 0n) {
    rest /= base;
    times++;
  }
  return [rest, times];
}

function divideAwayFromZero(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  const remainder = value % divisor;
  return remainder === 0n ? quotient : remainder > 0n ? quotient + 1n : quotient - 1n;
}
