/** Runs js-yaml's parser over a text, prepared so that it reads what YAML 1.1 allows and YAML 1.2 does not. */
import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { closersOf, movedIn, reachOf } from './brackets';
import { checkText, lineStart } from './dialect';
import { scanError } from './errors';
import { translate } from './words';

export interface ParsedText {
  /** What the events' positions refer to. */
  readonly source: string;
  readonly events: readonly Event[];
}

/** The events of the first document; none where there is none. @throws YamlError */
export function readEvents(text: string, maxDepth: number): ParsedText {
  checkText(text);
  // NEL is a line break in YAML 1.1, and which one it is means nothing.
  let source = firstDocument(text.replace(/\r\n?|\u0085/g, '\n'));
  let budget = MAX_REPARSED;
  let indent: string | undefined;
  let found = 0;
  for (;;) {
    try {
      return { source, events: parseEvents(source, { maxDepth }) };
    } catch (e) {
      if (!(e instanceof YAMLException)) throw e;
      if (e.reason !== DEFICIENT) throw translate(e, source);
      const at = e.mark?.position ?? 0;
      budget -= source.length;
      if (budget < 0)
        throw scanError(e.mark?.line ?? 0, 'too many lines between brackets or quotes begin left of their block');
      indent ??= ' '.repeat(deepest(source) + 1);
      const moved = moveIn(source, at, indent);
      if (moved === source) throw translate(e, source);
      source = found++ === 0 ? moved : allMovedIn(moved, lineStart(moved, at), indent, maxDepth);
    }
  }
}

/** With the lines that follow between the same brackets or quotes: each by itself would cost a parse of all that stands before. */
function allMovedIn(source: string, start: number, indent: string, maxDepth: number): string {
  const before = source.slice(0, start) + indent;
  const refused = (closers: string): string | undefined => {
    try {
      parseEvents(before + closers, { maxDepth });
      return undefined;
    } catch (e) {
      if (e instanceof YAMLException) return e.reason;
      throw e;
    }
  };
  const reason = refused('');
  if (reason === undefined) return source;
  // With all of them it is whole, and with all but one it is not: as many are open.
  const closers = closersOf(before);
  const isExact = refused(closers) === undefined && refused(closers.slice(0, -1)) !== undefined;
  return movedIn(source, start, reachOf(source, start, reason, isExact ? Math.max(1, closers.length) : 1), indent);
}

/** What js-yaml says of a line between brackets or quotes that begins too far out. */
const DEFICIENT = 'deficient indentation';

/** Characters that may be parsed once more, all in all, for such lines: a second's work or two. */
const MAX_REPARSED = 40_000_000;

/**
 * Between brackets and quotes, YAML 1.1 lets lines begin anywhere, and tabs be white space; neither means anything there.
 * `at` is where js-yaml disagrees: in front of it stands white space from the line's beginning, or a tab by a bracket.
 */
function moveIn(source: string, at: number, indent: string): string {
  const start = lineStart(source, at);
  const before = source.slice(start, at);
  if (!/\S/.test(before)) return source.slice(0, start) + (before === indent ? before : indent) + source.slice(at);
  const gap = gapAt(before);
  return source.slice(0, start) + before.slice(0, gap) + before.slice(gap).replaceAll('\t', ' ') + source.slice(at);
}

/** Where the white space begins with which a text ends, with opening brackets inside of it. */
function gapAt(text: string): number {
  const back = (from: number, characters: string): number => {
    let at = from;
    while (at > 0 && characters.includes(text[at - 1]!)) at--;
    return at;
  };
  const behind = back(text.length, ' \t');
  const brackets = back(behind, '[{');
  const gap = back(brackets, ' \t');
  return gap < brackets ? gap : behind;
}

/** The column of the block that stands furthest in. */
function deepest(source: string): number {
  let column = 0;
  for (const [start] of source.matchAll(/^[ \t]*(?:[-?:][ \t]+)*/gm)) column = Math.max(column, start.length);
  return column;
}

/** What stands before a line `...` that follows some content: wherever it stands, it ends the document. */
function firstDocument(text: string): string {
  if (!text.includes('\n...')) return text;
  let content = false;
  for (const { 1: end, index } of text.matchAll(/^(?:(\.\.\.)(?!\S)|[^\S\n\r\u2028\u2029]*[^\s#\ufeff])/gm)) {
    if (end === undefined) content = true;
    else if (content) return text.slice(0, index);
  }
  return text;
}
