/**
 * Lengths of time: Go's duration syntax ("1m30s") and the short form of the AGE columns. Everything is in milliseconds,
 * possibly fractional: Go counts nanoseconds.
 */

const MAX_NANOSECONDS = 9223372036854775807n;

/** Milliseconds of a text in Go's time.ParseDuration syntax. Throws Error with Go's words. */
export function parseDuration(text: string): number {
  const fail = (): never => {
    throw new Error(`time: invalid duration ${quote(text)}`);
  };
  let position = 0;
  const negative = text.startsWith('-');
  if (negative || text.startsWith('+')) position++;
  if (text.slice(position) === '0') return 0;
  if (position >= text.length) return fail();
  let nanoseconds = 0n;
  while (position < text.length) {
    const number = /[0-9]*(?:\.[0-9]*)?/y;
    number.lastIndex = position;
    const digits = number.exec(text)?.[0] ?? '';
    if (digits === '' || digits === '.') return fail();
    position += digits.length;
    const start = position;
    while (position < text.length && !isNumeric(text[position]!)) position++;
    const unit = text.slice(start, position);
    if (unit === '') throw new Error(`time: missing unit in duration ${quote(text)}`);
    const size = unitSize(unit);
    if (size === undefined) throw new Error(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    const [whole = '', fraction = ''] = digits.split('.');
    // Digits beyond a nanosecond's reach are cut off, so that long input costs nothing.
    const kept = fraction.slice(0, 18);
    if (whole.length > 40 && /[1-9]/.test(whole.slice(0, -20))) return fail();
    nanoseconds += BigInt(whole.slice(-20) || '0') * size + (BigInt(kept || '0') * size) / 10n ** BigInt(kept.length);
    if (nanoseconds > MAX_NANOSECONDS + (negative ? 1n : 0n)) return fail();
  }
  const ms = Number(nanoseconds) / 1e6;
  return negative && ms !== 0 ? -ms : ms;
}

/** Go's Duration.String ("1m30s", "500ms", "1.5s", "0s"). */
export function formatDuration(ms: number): string {
  const total = BigInt(Math.round(Math.abs(ms) * 1e6));
  if (total === 0n) return '0s';
  const sign = ms < 0 ? '-' : '';
  if (total < 1_000n) return `${sign}${total}ns`;
  if (total < 1_000_000n) return `${sign}${decimal(total, 1_000n)}µs`;
  if (total < 1_000_000_000n) return `${sign}${decimal(total, 1_000_000n)}ms`;
  const minutes = total / 60_000_000_000n;
  const seconds = `${decimal(total % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return sign + seconds;
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** Two or three significant figures for a reader ("4m56s", "3d4h", "2y35d"), as duration.HumanDuration. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  // A clock that is a second behind is no reason to complain.
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return twoParts(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return twoParts(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 24 * 8) return twoParts(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (hours < 24 * 365 * 8) return twoParts(years, 'y', days % 365, 'd');
  return `${years}y`;
}

function twoParts(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first}${firstUnit}` : `${first}${firstUnit}${second}${secondUnit}`;
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = (value % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${value / unit}` : `${value / unit}.${fraction}`;
}

/** Nanoseconds in a unit. Both micro signs that Unicode has are accepted. */
function unitSize(unit: string): bigint | undefined {
  switch (unit) {
    case 'ns':
      return 1n;
    case 'us':
    case '\u00b5s':
    case '\u03bcs':
      return 1_000n;
    case 'ms':
      return 1_000_000n;
    case 's':
      return 1_000_000_000n;
    case 'm':
      return 60_000_000_000n;
    case 'h':
      return 3_600_000_000_000n;
    default:
      return undefined;
  }
}

function isNumeric(character: string): boolean {
  return character === '.' || (character >= '0' && character <= '9');
}

function quote(text: string): string {
  return JSON.stringify(text);
}
