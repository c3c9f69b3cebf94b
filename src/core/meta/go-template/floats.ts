/** Floats in decimal, rounded half to even from their exact value, as strconv.FormatFloat. */

/** As %f with a precision. */
export function fixed(value: number, precision: number): string {
  return sign(value) + point(scaled(Math.abs(value), precision).toString(), precision);
}

/** As %e with a precision. */
export function exponential(value: number, precision: number, letter = 'e'): string {
  const size = Math.abs(value);
  let power = size === 0 ? 0 : Number(size.toExponential().split('e')[1]);
  let digits = scaled(size, precision - power).toString();
  if (digits.length > precision + 1) {
    power++;
    digits = scaled(size, precision - power).toString();
  }
  return sign(value) + point(digits.padStart(precision + 1, '0'), precision) + exponent(power, letter);
}

/** As %g with a precision; the shortest form that reads back as the value when there is none. */
export function general(value: number, precision: number | undefined, letter = 'e'): string {
  let digits: string;
  let power: number;
  if (precision === undefined) {
    const [mantissa = '0', exp = '0'] = Math.abs(value).toExponential().split('e');
    digits = mantissa.replace('.', '');
    power = Number(exp);
  } else {
    const text = exponential(Math.abs(value), Math.max(precision, 1) - 1);
    const [mantissa = '0', exp = '0'] = text.split('e');
    digits = mantissa.replace('.', '').replace(/0+$/, '') || '0';
    power = Number(exp);
  }
  let limit = precision === undefined ? 6 : Math.max(precision, 1);
  if (precision !== undefined && limit > digits.length && digits.length >= power + 1) limit = digits.length;
  if (power < -4 || power >= limit) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return sign(value) + digits[0] + tail + exponent(power, letter);
  }
  const decimals = Math.max(digits.length - power - 1, 0);
  const whole = power >= 0 ? digits.padEnd(power + 1, '0') : `${'0'.repeat(-power)}${digits}`;
  return sign(value) + point(whole, decimals);
}

/** As %x: a hexadecimal mantissa and a binary exponent, in the shortest form. */
export function hexadecimal(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return `${sign(value)}0x0p+00`;
  let power = Math.floor(Math.log2(size));
  let mantissa = size / 2 ** power;
  if (mantissa >= 2) {
    mantissa /= 2;
    power++;
  }
  const hex = mantissa.toString(16);
  return `${sign(value)}0x${hex}p${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

const sign = (value: number): string => (value < 0 || Object.is(value, -0) ? '-' : '');

const exponent = (power: number, letter: string): string =>
  `${letter}${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;

function point(digits: string, decimals: number): string {
  if (decimals === 0) return digits;
  const padded = digits.padStart(decimals + 1, '0');
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

/** value × 10^decimals as a whole number. */
function scaled(value: number, decimals: number): bigint {
  const [mantissa, power] = parts(value);
  let over = mantissa * (power > 0 ? 2n ** BigInt(power) : 1n) * (decimals > 0 ? 10n ** BigInt(decimals) : 1n);
  const under = (power < 0 ? 2n ** BigInt(-power) : 1n) * (decimals < 0 ? 10n ** BigInt(-decimals) : 1n);
  const rest = over % under;
  over /= under;
  return rest * 2n > under || (rest * 2n === under && over % 2n === 1n) ? over + 1n : over;
}

/** value = mantissa × 2^power. */
function parts(value: number): [bigint, number] {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const exp = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  return exp === 0 ? [fraction, -1074] : [fraction | (1n << 52n), exp - 1075];
}
