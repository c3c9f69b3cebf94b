/**
 * How far the text between brackets or quotes reaches that a place lies in, so that all its lines can be moved in at once: a look
 * at brackets, quotes and comments alone, which gives up where it could be wrong.
 */

/** What js-yaml says of a text that ends in the middle of one. */
const OPEN: Readonly<Record<string, string>> = {
  'unexpected end of the stream within a double quoted scalar': '"',
  'unexpected end of the stream within a single quoted scalar': "'",
  'unexpected end of the stream within a flow collection': '[',
};

/**
 * Where it surely still goes on: behind `start`, the beginning of a line. @param reason why js-yaml refuses the text up to there
 * @param depth how many brackets are open there, or fewer
 * @returns `start` where nothing is sure
 */
export function reachOf(source: string, start: number, reason: string, depth: number): number {
  const open = Object.entries(OPEN).find(([words]) => reason.startsWith(words))?.[1];
  if (open === undefined) return start;
  if (open !== '[') return endOfQuoted(source, start, open);
  const above = source.slice(source.lastIndexOf('\n', start - 2) + 1, start);
  // A comment's last letter tells nothing of what stands before it.
  if (/(?:^|\s)#/.test(above)) return start;
  return endOfFlow(source, start, depth, /[[{\]},:]\s*$/.test(above));
}

/** What would close all brackets of a text, those in quotes and comments taken for real ones: a guess. */
export function closersOf(text: string): string {
  const open: string[] = [];
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    if (bracket === '[') open.push(']');
    else if (bracket === '{') open.push('}');
    else if (open.at(-1) === bracket) open.pop();
  }
  return open.toReversed().join('');
}

/** Behind the closing quote; the end where there is none. */
function endOfQuoted(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at++) {
    if (quote === '"' && source[at] === '\\') at++;
    else if (source[at] === quote) {
      if (quote === '"' || source[at + 1] !== "'") return at + 1;
      at++;
    }
  }
  return source.length;
}

const SPACE = ' \t\n';

/**
 * Behind the bracket that closes the outermost of `open` collections around `from`. `fresh`: a node or a sign may begin there, otherwise a
 * plain text may go on.
 */
function endOfFlow(source: string, from: number, open: number, fresh: boolean): number {
  let depth = open;
  for (let at = from, begins = fresh; at < source.length; at++) {
    const c = source[at]!;
    const next = source[at + 1] ?? '\n';
    if (c === '\n' && /^(?:---|\.\.\.)(?!\S)/.test(source.slice(at + 1, at + 5))) return at;
    if (SPACE.includes(c)) continue;
    if (c === '#' && (at === 0 || SPACE.includes(source[at - 1]!))) {
      const end = source.indexOf('\n', at);
      if (end < 0) return source.length;
      at = end - 1;
    } else if (c === '[' || c === '{') {
      depth++;
      begins = true;
    } else if (c === ']' || c === '}') {
      if (--depth === 0) return at + 1;
      begins = true;
    } else if (c === ',' || (':?-'.includes(c) && (c === ':' || begins) && `${SPACE},[]{}`.includes(next))) {
      begins = true;
    } else if (begins && (c === '"' || c === "'")) {
      at = endOfQuoted(source, at + 1, c) - 1;
      // What stands right behind a closing quote may be read in more than one way.
      if (!`${SPACE},:]}`.includes(source[at + 1] ?? '\n')) return at;
      begins = source[at + 1] === ':';
      if (begins) at++;
    } else if (begins && '!&*|>%@`'.includes(c)) return at;
    else begins = false;
  }
  return source.length;
}

/** The text with all lines that begin behind `from` and before `to` moved in, unless they begin far enough in. */
export function movedIn(source: string, from: number, to: number, indent: string): string {
  const moved = source
    .slice(from, to)
    .replace(/^([ \t]*)(?=[^ \t\n])/gm, (before: string) =>
      before.length >= indent.length && !before.includes('\t') ? before : indent,
    );
  return source.slice(0, from) + moved + source.slice(to);
}
