/** js-yaml's complaints in libyaml's words, as far as the place in the text tells which of them it would choose. */
import type { YAMLException } from 'js-yaml';
import { lineStart } from './dialect';
import { parseError, scanError, type YamlError } from './errors';

/** A place where js-yaml stopped: what stands before it on its line, and behind it. */
interface Place {
  readonly source: string;
  readonly position: number;
  readonly before: string;
  readonly here: string;
}

/** `parse`: found by libyaml's parser, which counts lines otherwise than its scanner. */
interface Words {
  readonly parse?: boolean;
  readonly problem: string;
}

/** The same error as kubectl would name it; what has no other name keeps js-yaml's. */
export function translate(e: YAMLException, source: string): YamlError {
  const position = e.mark?.position ?? 0;
  const before = source.slice(lineStart(source, position), position);
  const place = { source, position, before, here: source.slice(position, position + 2) };
  const found = WORDS.find(([reason]) => e.reason.startsWith(reason))?.[1];
  const { parse, problem } = typeof found === 'function' ? found(place) : { problem: e.reason, ...found };
  const line = e.mark?.line ?? 0;
  return parse ? parseError(line, problem) : scanError(line, problem);
}

const KEY: Words = { parse: true, problem: 'did not find expected key' };
const CONTENT: Words = { parse: true, problem: 'did not find expected node content' };
const NO_TOKEN: Words = { problem: 'found character that cannot start any token' };
const NO_COLON: Words = { problem: "could not find expected ':'" };
const NO_BREAK: Words = { problem: 'did not find expected whitespace or line break' };
const NO_NAME: Words = { problem: 'did not find expected alphabetic or numeric character' };
const END: Words = { problem: 'found unexpected end of stream' };
const NO_START: Words = { parse: true, problem: 'did not find expected <document start>' };

/** By how js-yaml's reason begins. */
const WORDS: readonly (readonly [reason: string, words: Words | ((place: Place) => Words)])[] = [
  ['bad indentation of', inBlock],
  ['end of the stream or a document separator', inBlock],
  ['missed comma between', inFlow],
  ['expected the node content', inFlow],
  ['unexpected end of the stream within a flow', inFlow],
  ['deficient indentation', inFlow],
  ['tab characters must not', behindTab],
  ['unexpected end of the stream within a verbatim tag', { problem: "did not find the expected '>'" }],
  ['unexpected end of the stream', END],
  ['unexpected end of the document', { problem: 'found unexpected document indicator' }],
  ['a line break is expected', { problem: 'did not find expected comment or line break' }],
  ['repeat of', { problem: 'did not find expected comment or line break' }],
  ['bad explicit indentation width', { problem: 'found an indentation indicator equal to 0' }],
  ['can not read a block mapping entry', NO_COLON],
  ["expected ':' after", ({ before }) => (/["'][^"']*$/.test(before) ? KEY : NO_COLON)],
  ['duplication of an', KEY],
  ['duplication of a tag', KEY],
  ['alias node should not', KEY],
  ['name of an a', NO_NAME],
  ['undeclared tag handle', { parse: true, problem: 'found undefined tag handle' }],
  ['tag ', NO_BREAK],
  ['duplication of %YAML', { parse: true, problem: 'found duplicate %YAML directive' }],
  ['unknown escape sequence', { problem: 'found unknown escape character' }],
  ['expected hexadecimal character', { problem: 'did not find expected hexdecimal number' }],
  ['the stream contains', { problem: 'control characters are not allowed' }],
  ['directives end mark', NO_START],
  ['nesting exceeded', { problem: 'exceeded max depth of 10000' }],
];

const isLast = (here: string): boolean => !/^.\S/.test(here);

/** Between blocks: what stands there says which rule it breaks. */
function inBlock({ before, here }: Place): Words {
  if (/^[%@`]/.test(here)) return NO_TOKEN;
  if (here.startsWith(':') && isLast(here)) return { problem: 'mapping values are not allowed in this context' };
  if (here.startsWith('?') && isLast(here)) return { problem: 'mapping keys are not allowed in this context' };
  if (here.startsWith('-') && isLast(here) && before.trim() !== '')
    return { problem: 'block sequence entries are not allowed in this context' };
  return /^[\],}]/.test(here) && /[:-]\s*$/.test(before) ? CONTENT : KEY;
}

/** Between brackets. */
function inFlow({ source, position, here }: Place): Words {
  if (/^[%@`|>]/.test(here)) return NO_TOKEN;
  if (/^(?:[\],}]|-\s)/.test(here) || (here === '' && /[[{,:]$/.test(source.trimEnd()))) return CONTENT;
  return { parse: true, problem: `did not find expected ',' or '${bracketAround(source, position)}'` };
}

/** The bracket that closes what is open there; brackets in texts are taken for real ones. */
function bracketAround(source: string, position: number): string {
  let closed = 0;
  for (let i = position - 1; i >= 0; i--) {
    const c = source[i];
    if (c === ']' || c === '}') closed++;
    else if ((c === '[' || c === '{') && closed-- === 0) return c === '[' ? ']' : '}';
  }
  return ']';
}

/** In front of a text that goes on, of a block scalar's lines, or of anything else. */
function behindTab({ source, position }: Place): Words {
  const above = source.slice(0, position).trimEnd();
  const last = above.slice(lineStart(above, above.length));
  if (/[|>][-+\d]*$/.test(last)) return { problem: 'found a tab character where an indentation space is expected' };
  return /:$/.test(last) ? NO_TOKEN : { problem: 'found a tab character that violates indentation' };
}
