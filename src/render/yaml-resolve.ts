/** Whether a plain string would be read back as something else, and so needs quotes (as go-yaml's resolve). */

export function resolvesToOtherType(text: string): boolean {
  if (text === '') return true;
  const code = text.charCodeAt(0);
  // Letters that can start a word with a meaning: y Y n N t T f F o O, and the tilde.
  if (code > 57) return text.length <= 5 && 'yYnNtTfFoO~'.includes(text[0]) && WORDS.has(text);
  if (code >= 48 || code === 43 || code === 45) return looksLikeNumber(text) || isTimestamp(text) || isBase60(text);
  if (code === 46) return SPECIAL_FLOATS.has(text) || isGoFloat(text);
  return false;
}

const WORDS: ReadonlySet<string> = new Set(
  'y Y yes Yes YES n N no No NO true True TRUE false False FALSE on On ON off Off OFF ~ null Null NULL'.split(' '),
);

const SPECIAL_FLOATS: ReadonlySet<string> = new Set(
  '.nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'.split(' '),
);

function looksLikeNumber(text: string): boolean {
  if (SPECIAL_FLOATS.has(text)) return true;
  const plain = text.replaceAll('_', '');
  return isGoInteger(plain) || isGoFloat(plain);
}

/** strconv.ParseInt and ParseUint with base 0: decimal, 0x, 0o, 0b and the leading zero of octal, up to 64 bits. */
function isGoInteger(plain: string): boolean {
  const match = /^[-+]?(0|[1-9][0-9]*|0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+)$/.exec(plain);
  if (!match) return false;
  if (plain.length < 18) return true;
  const digits = /^0[0-7]/.test(match[1]) ? `0o${match[1].slice(1)}` : match[1];
  const value = BigInt(digits);
  if (plain[0] === '-') return value <= 2n ** 63n;
  return value < (plain[0] === '+' ? 2n ** 63n : 2n ** 64n);
}

/** What strconv.ParseFloat takes without an overflow. */
const isGoFloat = (text: string): boolean =>
  /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text) && Number.isFinite(Number(text));

function isTimestamp(text: string): boolean {
  if (!/^[0-9]{4}-/.test(text)) return false;
  const match =
    /^\d{4}-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?))?$/.exec(
      text,
    );
  if (!match) return false;
  const [, month, day, h1, m1, s1, h2, m2, s2] = match;
  const inDay = Number(h1 ?? h2 ?? 0) < 24 && Number(m1 ?? m2 ?? 0) < 60 && Number(s1 ?? s2 ?? 0) < 60;
  const days = new Date(Date.UTC(Number(text.slice(0, 4)), Number(month), 0)).getUTCDate();
  return inDay && Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
}

/** `1:30` was a number once; it is still quoted for readers that think so. */
const isBase60 = (text: string): boolean => /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
