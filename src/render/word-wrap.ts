/** Wraps text at blanks, as kubectl's help and explain do: line breaks stay, and a word longer than the line is kept whole. */

/** Lines of at most `width` characters. Blanks at a break are dropped, all others kept. */
export function wordWrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  let out = '';
  let used = 0;
  for (const [, blanks, word] of line.matchAll(/([^\S\u00a0]*)((?:\S|\u00a0)*)/g)) {
    const blank = blanks ?? '';
    const length = [...(word ?? '')].length;
    if (length === 0) {
      if (used + blank.length <= width) out += blank;
      break;
    }
    if (breaksBefore(used, blank.length, length, width)) {
      out += `\n${word}`;
      used = length;
    } else {
      out += blank + word;
      used += blank.length + length;
    }
  }
  return out;
}

/** A word moves to the next line once a part of it shorter than the line no longer fits. */
function breaksBefore(used: number, blanks: number, length: number, width: number): boolean {
  return used + blanks + Math.min(length, width - 1) > width;
}
