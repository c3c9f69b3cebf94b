/** One string in YAML: plain, quoted, or a literal block, chosen and folded as go-yaml's emitter does. */
import { resolvesToOtherType } from './yaml-resolve';

/** Spaces beyond this column are where long strings may be folded. */
const BEST_WIDTH = 80;

export interface ScalarPlace {
  /** Where the pen stands, in characters from the line's start. */
  readonly column: number;
  /** What a continuation line is indented by. */
  readonly indent: number;
  /** Keys stay on one line. */
  readonly key: boolean;
}

/** True when `text` may be a key on one line: no line breaks and at most `bytes` bytes. */
export function scalarFits(text: string, bytes: number): boolean {
  if (/[\n\r\u0085\u2028\u2029]/.test(text)) return false;
  return text.length <= bytes / 3 || Buffer.byteLength(text) <= bytes;
}

/** The commonest strings need no look at each character: words that start with a letter and hold nothing odd. */
const SIMPLE = /^[A-Za-z][\w./-]{0,60}$/;

export function renderScalar(text: string, place: ScalarPlace): string {
  if (SIMPLE.test(text) && !resolvesToOtherType(text)) return text;
  const allowed = analyse(text);
  if (text.includes('\n')) {
    return allowed.block && !place.key ? literal(text, place) : doubleQuoted(text, place);
  }
  if (resolvesToOtherType(text)) return doubleQuoted(text, place);
  if (allowed.plain) return folded(text, place);
  return allowed.single ? singleQuoted(text, place) : doubleQuoted(text, place);
}

interface Allowed {
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

/** Which styles can hold the text in block context (as yaml_emitter_analyze_scalar). */
function analyse(text: string): Allowed {
  let indicators = text.startsWith('---') || text.startsWith('...');
  let breaks = false;
  let special = false;
  let spaceBreak = false;
  let breakSpace = false;
  let afterSpace = false;
  let afterBreak = false;
  let afterBlank = true;
  const last = text.length - 1;
  for (let i = 0; i <= last; i++) {
    const code = text.charCodeAt(i);
    const beforeBlank = i === last || isBlank(text.charCodeAt(i + 1));
    if (i === 0) indicators ||= startsIndicator(code, beforeBlank);
    else if (code === 58) indicators ||= beforeBlank;
    else if (code === 35) indicators ||= afterBlank;
    if (!isPrintable(code)) special = true;
    if (code === 32) {
      if (afterBreak) breakSpace = true;
      afterSpace = true;
      afterBreak = false;
    } else if (isBreak(code)) {
      breaks = true;
      if (afterSpace) spaceBreak = true;
      afterSpace = false;
      afterBreak = true;
    } else {
      afterSpace = false;
      afterBreak = false;
    }
    afterBlank = isBlank(code) || isBreak(code);
  }
  const first = text.charCodeAt(0);
  const final = text.charCodeAt(last);
  const edges = first === 32 || final === 32 || isBreak(first) || isBreak(final);
  const impossible = spaceBreak || special;
  return {
    plain: !(indicators || breaks || edges || impossible),
    single: !(impossible || breakSpace || breaks),
    block: !(impossible || final === 32),
  };
}

function startsIndicator(code: number, beforeBlank: boolean): boolean {
  if (code === 63 || code === 58 || code === 45) return beforeBlank;
  return '#,[]{}&*!|>\'"%@`'.includes(String.fromCharCode(code));
}

const isBlank = (code: number): boolean => code === 32 || code === 9;

const isBreak = (code: number): boolean =>
  code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;

/** go-yaml calls nothing beyond the basic plane printable: emoji are escaped. */
function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 32 || code === 10;
  return code >= 0xa0 && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfeff && code < 0xfffe;
}

/** Plain text, folded at single spaces past the best width. */
function folded(text: string, place: ScalarPlace): string {
  if (place.key || place.column + text.length <= BEST_WIDTH) return text;
  return fold(text, place, (i) => text[i + 1] !== ' ', false);
}

function singleQuoted(text: string, place: ScalarPlace): string {
  const inner = { ...place, column: place.column + 1 };
  const last = text.length - 1;
  if (place.key || place.column + text.length <= BEST_WIDTH) return `'${text.replaceAll("'", "''")}'`;
  return `'${fold(text, inner, (i) => i > 0 && i < last && text[i + 1] !== ' ', true)}'`;
}

function fold(text: string, place: ScalarPlace, mayBreak: (at: number) => boolean, doubleQuotes: boolean): string {
  const pad = `\n${' '.repeat(place.indent)}`;
  let out = '';
  let column = place.column;
  let afterSpace = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === ' ') {
      if (!afterSpace && column > BEST_WIDTH && mayBreak(i)) {
        out += pad;
        column = place.indent;
      } else {
        out += char;
        column++;
      }
      afterSpace = true;
      continue;
    }
    if (doubleQuotes && char === "'") {
      out += "'";
      column++;
    }
    out += char;
    column++;
    afterSpace = false;
  }
  return out;
}

function doubleQuoted(text: string, place: ScalarPlace): string {
  const pad = `\n${' '.repeat(place.indent)}`;
  let out = '"';
  let column = place.column + 1;
  let afterSpace = false;
  const last = text.length - 1;
  for (let i = 0; i <= last; i++) {
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    if (code > 0xffff || !isPrintable(code) || isBreak(code) || code === 34 || code === 92) {
      const escaped = escapeCode(code);
      out += escaped;
      column += escaped.length;
      afterSpace = false;
    } else if (code === 32) {
      if (!place.key && !afterSpace && column > BEST_WIDTH && i > 0 && i < last) {
        out += pad;
        column = place.indent;
        if (text[i + 1] === ' ') {
          out += '\\';
          column++;
        }
      } else {
        out += ' ';
        column++;
      }
      afterSpace = true;
    } else {
      out += text[i];
      column++;
      afterSpace = false;
    }
  }
  return `${out}"`;
}

function escapeCode(code: number): string {
  const named = SHORT_ESCAPES[code];
  if (named) return `\\${named}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

const SHORT_ESCAPES: Readonly<Record<number, string>> = {
  0: '0',
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  27: 'e',
  34: '"',
  92: '\\',
  133: 'N',
  160: '_',
  8232: 'L',
  8233: 'P',
};

/** A `|` block: an indentation hint when the text starts with white space, a chomping hint for its end. */
function literal(text: string, place: ScalarPlace): string {
  const pad = ' '.repeat(place.indent);
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = text.split('\n').map((line) => (line === '' ? '' : pad + line));
  return `|${hint}${chomp}\n${lines.join('\n')}`;
}
