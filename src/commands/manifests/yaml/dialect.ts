/** Where YAML 1.1, as libyaml reads it, means something else than js-yaml's YAML 1.2: refused rather than misread. */
import { SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { parseError, scanError, type YamlError } from './errors';

const CONTROL = /[^\t\n\r -~\u0085\u00a0-\ufffd]/;

/** @throws YamlError for characters that YAML has not, and for the line breaks that only YAML 1.1 has */
export function checkText(text: string): void {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (CONTROL.test(body)) throw scanError(0, 'control characters are not allowed');
  const separator = /[\u2028\u2029]/.exec(text);
  if (separator) {
    const code = separator[0].charCodeAt(0).toString(16).toUpperCase();
    throw scanError(lineOf(text, separator.index), `found the separator U+${code}, which must be written as an escape`);
  }
}

/** @throws YamlError; `around` is the closing bracket of the collection that the scalar stands in, if it has brackets */
export function checkScalar(source: string, event: ScalarEvent, around: ']' | '}' | ''): void {
  const { style, fast, valueStart, valueEnd } = event;
  if (style === SCALAR_STYLE.PLAIN && around !== '' && valueStart >= 0) checkFlowPlain(source, event, around);
  if (style === SCALAR_STYLE.DOUBLE_QUOTED && !fast) checkEscapes(source, valueStart, valueEnd);
}

/** Between brackets a question mark ends a plain scalar, and a colon does so only in front of white space. */
function checkFlowPlain(source: string, { valueStart, valueEnd }: ScalarEvent, bracket: ']' | '}'): void {
  const text = source.slice(valueStart, valueEnd);
  const mark = text.indexOf('?');
  COLON_AND_BRACKET.lastIndex = valueEnd;
  if (text.startsWith(':') || mark === 0)
    throw parseError(lineOf(source, valueStart), 'did not find expected node content');
  if (mark > 0) throw parseError(lineOf(source, valueStart + mark), `did not find expected ',' or '${bracket}'`);
  if (COLON_AND_BRACKET.test(source))
    throw scanError(
      lineOf(source, valueEnd),
      "found ':' in front of ',' or a bracket, which must be in quotes or have a space behind it",
    );
}

const COLON_AND_BRACKET = /\s*:[,[\]{}]/y;

/** What YAML 1.1 has not: `\/`, halves of characters and what is beyond the last one, blank lines behind an escaped break. */
function checkEscapes(source: string, start: number, end: number): void {
  for (const { 0: sequence, index, groups } of source.slice(start, end).matchAll(ESCAPE)) {
    const refuse = (problem: string): YamlError => scanError(lineOf(source, start + index), problem);
    if (sequence === '\\/') throw refuse('found unknown escape character');
    if (groups?.blank !== undefined) throw refuse('found a blank line behind an escaped line break');
    const code = Number.parseInt(groups?.hex ?? groups?.hex8 ?? '0', 16);
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
      throw refuse('found invalid Unicode character escape code');
  }
}

const ESCAPE = /\\(?:u(?<hex>[\da-fA-F]{4})|U(?<hex8>[\da-fA-F]{8})|(?<blank>\n[ \t]*(?=\n))|[\s\S])/g;

/** A map that begins on the line of its key is none in YAML 1.1, anchors and tags in front of it or not. @throws YamlError */
export function checkNestedMap(source: string, keyEnd: number, start: number): void {
  if (!source.slice(keyEnd, start).includes('\n'))
    throw scanError(lineOf(source, start), 'mapping values are not allowed in this context');
}

/** js-yaml takes what follows a closing quote for the next key of the map around. @throws YamlError */
export function checkKeyBegins(source: string, key: ScalarEvent): void {
  const starts = [key.valueStart, key.anchorStart, key.tagStart].filter((start) => start >= 0);
  if (starts.length === 0) return;
  const start = Math.min(...starts);
  const before = source.slice(lineStart(source, start), start);
  if (!/^ *(?:\? .*)?['"&]?$/.test(before)) throw parseError(lineOf(source, start), 'did not find expected key');
}

/** The name of an anchor. @throws YamlError for one that libyaml does not know as such */
export function checkedName(source: string, start: number, end: number): string {
  const name = source.slice(start, end);
  if (/^[\w-]+$/.test(name)) return name;
  throw scanError(lineOf(source, start), 'did not find expected alphabetic or numeric character');
}

/**
 * A tag in full (`tag:yaml.org,2002:int`). There are no %TAG directives: the `---` that must follow them has ended the
 * document already. @throws YamlError
 */
export function fullTag(source: string, start: number, end: number): string {
  const tag = source.slice(start, end);
  try {
    if (tag.startsWith('!<')) return decodeURIComponent(tag.slice(2, -1));
    return decodeURIComponent(tag.replace(/^!!/, 'tag:yaml.org,2002:'));
  } catch {
    throw scanError(lineOf(source, start), 'found an incorrect leading UTF-8 octet');
  }
}

/** Of the line that `position` is on. Line breaks are plain ones here. */
export const lineStart = (source: string, position: number): number =>
  position === 0 ? 0 : source.lastIndexOf('\n', position - 1) + 1;

/** Counted from zero. */
const lineOf = (source: string, position: number): number =>
  source.slice(0, position).split(/\r\n?|[\n\u0085]/).length - 1;
