/**
 * Instants as the API writes them: metav1.Time has whole seconds, MicroTime microseconds, both in UTC. Inside the engine an
 * instant is a number of milliseconds since 1970.
 */

/** RFC 3339 with whole seconds ("2026-11-21T08:18:15Z"); fractions are cut off, as metav1.Time does. */
export function toTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== latest.second) latest = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  return latest.text;
}

/** The second written last: much of what a cluster writes falls into the same one. */
let latest = { second: Number.NaN, text: '' };

/** Go's RFC1123Z in UTC ("Sat, 21 Nov 2026 08:18:15 +0000") of an RFC 3339 instant, as kubectl describe prints times. */
export function httpDate(text: string): string {
  return new Date(fromTime(text)).toUTCString().replace(/GMT$/, '+0000');
}

/**
 * Milliseconds of an RFC 3339 instant. Throws Error with the words of Go's time.Parse, which is strict about digits and
 * separators but accepts a fraction that the layout does not ask for.
 */
export function fromTime(text: string): number {
  if (text !== read.text || Number.isNaN(read.ms)) read = { text, ms: parseTime(text) };
  return read.ms;
}

/** The instant read last: objects of one cluster tend to say the same one again and again. */
let read = { text: '', ms: Number.NaN };

function parseTime(text: string): number {
  const reader = new Reader(text);
  const year = reader.digits(4, 4, '2006');
  reader.literal('-');
  const month = reader.digits(2, 2, '01');
  if (month < 1 || month > 12) reader.outOfRange('month');
  reader.literal('-');
  const day = reader.digits(2, 2, '02');
  reader.literal('T');
  const hour = reader.digits(1, 2, '15');
  if (hour > 23) reader.outOfRange('hour');
  reader.literal(':');
  const minute = reader.digits(2, 2, '04');
  if (minute > 59) reader.outOfRange('minute');
  reader.literal(':');
  const second = reader.digits(2, 2, '05');
  if (second > 59) reader.outOfRange('second');
  const fraction = reader.fraction();
  const offsetMinutes = reader.zone();
  reader.end();
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (day < 1 || date.getUTCMonth() !== month - 1) reader.outOfRange('day');
  return date.getTime() + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + fraction;
}

const LAYOUT = '2006-01-02T15:04:05Z07:00';

/** Reads one text from left to right and complains as Go's ParseError. */
class Reader {
  private position = 0;

  constructor(private readonly text: string) {}

  digits(least: number, most: number, element: string): number {
    let length = 0;
    while (length < most && isDigit(this.text[this.position + length])) length++;
    if (length < least) this.fail(element);
    const value = Number(this.text.slice(this.position, this.position + length));
    this.position += length;
    return value;
  }

  literal(separator: string): void {
    if (this.text[this.position] !== separator) this.fail(separator);
    this.position++;
  }

  /** Milliseconds of an optional fraction; finer digits are dropped. */
  fraction(): number {
    const mark = this.text[this.position];
    if ((mark !== '.' && mark !== ',') || !isDigit(this.text[this.position + 1])) return 0;
    const start = ++this.position;
    while (isDigit(this.text[this.position])) this.position++;
    return Number(this.text.slice(start, Math.min(start + 3, this.position)).padEnd(3, '0'));
  }

  /** Minutes east of Greenwich. */
  zone(): number {
    if (this.text[this.position] === 'Z') {
      this.position++;
      return 0;
    }
    const match = /^([+-])([0-9]{2}):([0-9]{2})/.exec(this.text.slice(this.position, this.position + 6));
    if (match === null) this.fail('Z07:00');
    const hours = Number(match[2]);
    const minutes = Number(match[3]);
    if (hours > 24) this.outOfRange('time zone offset hour');
    if (minutes > 60) this.outOfRange('time zone offset minute');
    this.position += 6;
    return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
  }

  end(): void {
    const rest = this.text.slice(this.position);
    if (rest !== '') throw new Error(`parsing time ${JSON.stringify(this.text)}: extra text: ${JSON.stringify(rest)}`);
  }

  outOfRange(part: string): never {
    throw new Error(`parsing time ${JSON.stringify(this.text)}: ${part} out of range`);
  }

  private fail(element: string): never {
    const rest = JSON.stringify(this.text.slice(this.position));
    throw new Error(
      `parsing time ${JSON.stringify(this.text)} as "${LAYOUT}": cannot parse ${rest} as ${JSON.stringify(element)}`,
    );
  }
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
