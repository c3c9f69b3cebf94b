/** metav1.Time and MicroTime: RFC 3339 in, UTC out, and Go's words for what is neither. */

export type ParsedTime = { readonly text: string } | { readonly error: string };

const LAYOUT = '2006-01-02T15:04:05Z07:00';
const MICRO_LAYOUT = '2006-01-02T15:04:05.000000Z07:00';

/** Parses as time.Parse(RFC3339) and writes as metav1.Time (whole seconds) or MicroTime (six digits) does. */
export function parseGoTime(value: string, micro: boolean): ParsedTime {
  const layout = micro ? MICRO_LAYOUT : LAYOUT;
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([.,]\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value);
  if (!match) return { error: cannotParse(value, layout) };
  const [, year, month, day, hour, minute, second] = match.map(Number);
  const outOfRange =
    month! < 1 || month! > 12
      ? 'month'
      : day! < 1 || day! > new Date(Date.UTC(year!, month!, 0)).getUTCDate()
        ? 'day'
        : hour! > 23
          ? 'hour'
          : minute! > 59
            ? 'minute'
            : second! > 59
              ? 'second'
              : undefined;
  if (outOfRange) return { error: `parsing time ${JSON.stringify(value)}: ${outOfRange} out of range` };
  const zone = match[8]!;
  const offset = zone === 'Z' ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  const utc = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - offset * 60_000;
  const whole = new Date(utc).toISOString().slice(0, 19);
  const digits = (match[7] ?? '').slice(1).padEnd(6, '0').slice(0, 6);
  return { text: micro ? `${whole}.${digits}Z` : `${whole}Z` };
}

/** The first element of the layout that the text does not follow, in time.ParseError's words. */
function cannotParse(value: string, layout: string): string {
  const elements: readonly (readonly [RegExp, string])[] = [
    [/^\d{4}/, '2006'],
    [/^-/, '-'],
    [/^\d\d/, '01'],
    [/^-/, '-'],
    [/^\d\d/, '02'],
    [/^T/, 'T'],
    [/^\d\d?/, '15'],
    [/^:/, ':'],
    [/^\d\d/, '04'],
    [/^:/, ':'],
    [/^\d\d([.,]\d+)?/, '05'],
    [/^(Z|[+-]\d\d:\d\d)/, 'Z07:00'],
  ];
  let rest = value;
  for (const [pattern, element] of elements) {
    const match = pattern.exec(rest);
    if (!match) {
      return `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${element}"`;
    }
    rest = rest.slice(match[0].length);
  }
  return `parsing time ${JSON.stringify(value)}: extra text: ${JSON.stringify(rest)}`;
}
