/**
 * Strings as Go sees them: lengths and order in UTF-8 bytes. JavaScript counts UTF-16 units and sorts by them, which differs
 * from Go as soon as a character outside the basic plane appears.
 */

/** Length of `text` in UTF-8 bytes, as Go's len(). A lone surrogate counts as the three bytes of U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))) {
      bytes += 4;
      index++;
    } else bytes += 3;
  }
  return bytes;
}

/** Order of two strings by their UTF-8 bytes (equally: by code points), as Go's `<`; usable with Array.sort. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      // Surrogates stand for code points above every other UTF-16 unit.
      const leftHigh = left >= 0xd800 && left <= 0xdfff;
      const rightHigh = right >= 0xd800 && right <= 0xdfff;
      return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1;
    }
  }
  return a.length - b.length;
}

/** The keys of an object in Go's map-printing order. */
export function sortedKeys(object: object): string[] {
  return Object.keys(object).sort(compareText);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
