/** The order of keys in YAML output: natural, digits by value, punctuation before letters (as go-yaml's keyList). */

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function isLetter(code: number): boolean {
  if (code < 128) return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return /\p{L}/u.test(String.fromCodePoint(code));
}

export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  // A pair of surrogates is one character.
  if (i > 0 && isLowSurrogate(a.charCodeAt(i)) && isLowSurrogate(b.charCodeAt(i))) i--;
  const x = a.codePointAt(i) ?? 0;
  const y = b.codePointAt(i) ?? 0;
  const xl = isLetter(x);
  const yl = isLetter(y);
  if (xl && yl) return x - y;
  if (xl || yl) return yl ? -1 : 1;
  return compareFrom(a, b, i) || x - y;
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Two keys that part at `i`, where neither has a letter: the numbers there decide, then their lengths. */
function compareFrom(a: string, b: string, i: number): number {
  let start = 0n;
  if (a[i] === '0' || b[i] === '0') {
    for (let j = i - 1; j >= 0 && isDigit(a.charCodeAt(j)); j--) {
      if (a[j] !== '0') {
        start = 1n;
        break;
      }
    }
  }
  const [x, endX] = readNumber(a, i, start);
  const [y, endY] = readNumber(b, i, start);
  if (x !== y) return x < y ? -1 : 1;
  return endX - endY;
}

function readNumber(text: string, from: number, start: bigint): [bigint, number] {
  let value = start;
  let at = from;
  for (; at < text.length && isDigit(text.charCodeAt(at)); at++) value = value * 10n + BigInt(text[at]);
  return [BigInt.asIntN(64, value), at];
}
