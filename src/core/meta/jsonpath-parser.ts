/** The grammar of JSONPath templates. The parser reads every character a bounded number of times. */

import { ESCAPES, goQuote } from './gofmt';
import { exactInteger } from './json';

/** One step of an expression; each maps a list of values to a list of values. */
export type Step =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'literal'; readonly value: number | bigint | boolean; readonly float: boolean }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'identifier'; readonly name: string }
  | {
      readonly type: 'slice';
      readonly from?: number;
      readonly to?: number;
      readonly step?: number;
      readonly derived: boolean;
    }
  | { readonly type: 'union'; readonly members: readonly Action[] }
  | { readonly type: 'filter'; readonly left: Action; readonly operator: string; readonly right: Action };

/** What stands between two braces, or a text outside of braces (one text step). */
export type Action = readonly Step[];

/** The texts and expressions of a template in order. Throws Error. */
export function parseTemplate(template: string): Action[] {
  const actions: Action[] = [];
  let position = 0;
  while (position < template.length) {
    const open = template.indexOf('{', position);
    const end = open < 0 ? template.length : open;
    if (end > position) actions.push([{ type: 'text', value: template.slice(position, end) }]);
    if (open < 0) break;
    const parser = new ActionParser(template, open + 1);
    actions.push(parser.parse());
    position = parser.position;
  }
  return actions;
}

/** An expression that stands in brackets or a filter, without braces of its own. */
function parseInner(text: string): Action {
  return parseTemplate(`{${text}}`)[0] ?? [];
}

class ActionParser {
  private readonly steps: Step[] = [];

  constructor(
    private readonly text: string,
    public position: number,
  ) {}

  /** Reads up to and including the closing brace. */
  parse(): Action {
    for (;;) {
      const rest = (prefix: string) => this.text.startsWith(prefix, this.position);
      if (rest('}')) {
        this.position++;
        return this.steps;
      }
      if (rest('[?(')) this.filter();
      else if (rest('..')) this.recursive();
      else this.step();
    }
  }

  private step(): void {
    const character = this.character();
    if (character === '' || character === '\r' || character === '\n') throw new Error('unclosed action');
    if (character === ' ' || character === '@' || character === '$') this.position++;
    else if (character === '[') this.array();
    else if (character === '"' || character === "'") this.quoted(character);
    else if (character === '.') {
      this.position++;
      this.field();
    } else if (/[+\-\p{Nd}]/u.test(character)) this.number();
    else if (/[_\p{L}]/u.test(character)) this.identifier();
    else throw new Error(`unrecognized character in action: ${unicodeName(character)}`);
  }

  private identifier(): void {
    const start = this.position;
    while (!isTerminator(this.character())) this.position += this.character().length;
    const name = this.text.slice(start, this.position);
    if (name === 'true' || name === 'false') this.steps.push({ type: 'literal', value: name === 'true', float: false });
    else this.steps.push({ type: 'identifier', name });
  }

  private recursive(): void {
    if (this.steps.at(-1)?.type === 'recursive') throw new Error('invalid multiple recursive descent');
    this.position += 2;
    this.steps.push({ type: 'recursive' });
    if (/[_\p{L}\p{Nd}]/u.test(this.character())) this.field();
  }

  private number(): void {
    const start = this.position;
    if (/[+-]/.test(this.character())) this.position++;
    while (/[.\p{Nd}]/u.test(this.character())) this.position += this.character().length;
    const text = this.text.slice(start, this.position);
    if (!/^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/.test(text)) throw new Error(`cannot parse number ${text}`);
    const float = text.includes('.');
    const value = float ? Number(text) : exactInteger(BigInt(text.replace(/^\+/, '')));
    this.steps.push({ type: 'literal', value, float });
  }

  /** `.name`, whose special characters a backslash may escape; `.*` is the wildcard. */
  private field(): void {
    const start = this.position;
    for (;;) {
      const character = this.character();
      if (character === '\\') {
        this.position++;
        this.position += this.character().length;
      } else if (isTerminator(character)) break;
      else this.position += character.length;
    }
    const name = this.text.slice(start, this.position);
    this.steps.push(name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') });
  }

  private quoted(quote: string): void {
    const start = this.position++;
    for (;;) {
      const character = this.text[this.position++];
      if (character === undefined || character === '\n') throw new Error('unterminated quoted string');
      if (character === quote && this.text[this.position - 2] !== '\\') break;
    }
    const source = this.text.slice(start, this.position);
    const value = unquote(source.slice(1, -1), quote);
    if (value === undefined) throw new Error(`unquote string ${source} error invalid syntax`);
    this.steps.push({ type: 'text', value });
  }

  private array(): void {
    const start = ++this.position;
    for (;;) {
      const character = this.text[this.position++];
      if (character === undefined || character === '\n') throw new Error('unterminated array');
      if (character === ']') break;
    }
    const text = this.text.slice(start, this.position - 1);
    const members = text.split(',');
    if (members.length > 1) {
      this.steps.push({ type: 'union', members: members.map((member) => parseInner(`[${trimSpaces(member)}]`)) });
      return;
    }
    const key = /^'([^']*)'$/.exec(text)?.[1];
    if (key !== undefined) this.steps.push(...parseInner(`.${key}`));
    else this.steps.push(parseSlice(text === '*' ? ':' : text));
  }

  private filter(): void {
    this.position += 3;
    const start = this.position;
    let quote = '';
    let closed = false;
    for (;;) {
      const character = this.text[this.position++];
      if (character === undefined || character === '\n') throw new Error('unterminated filter');
      if (character === '"' || character === "'") {
        if (quote === '') quote = character;
        else if (character === quote && this.text[this.position - 2] !== '\\') closed = true;
      } else if (character === ')' && (quote !== '') === closed) break;
    }
    if (this.text[this.position++] !== ']') throw new Error('unclosed array expect ]');
    this.steps.push(parseFilter(this.text.slice(start, this.position - 2)));
  }

  /** The character here, both halves of a surrogate pair; '' at the end. */
  private character(): string {
    const code = this.text.codePointAt(this.position);
    return code === undefined ? '' : String.fromCodePoint(code);
  }
}

/** `left operator right`, or a path whose existence is asked for. */
function parseFilter(text: string): Step {
  const comparison = /[!<>=]+/.exec(text);
  const left = comparison === null ? text : text.slice(0, comparison.index);
  const right = comparison === null ? '' : text.slice(comparison.index + comparison[0].length);
  // Upstream's pattern wants something on both sides, and may take the operator's last character for the right side.
  if (comparison === null || left === '' || (right === '' && comparison[0].length < 2) || text.includes('\n')) {
    return { type: 'filter', left: parseInner(text), operator: 'exists', right: [] };
  }
  const operator = right === '' ? comparison[0].slice(0, -1) : comparison[0];
  return {
    type: 'filter',
    left: parseInner(left),
    operator,
    right: parseInner(right === '' ? comparison[0].slice(-1) : right),
  };
}

function parseSlice(text: string): Step {
  const match = /^(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?$/.exec(text);
  if (match === null) throw new Error(`invalid array index ${text}`);
  const [, first = '', second, third] = match;
  const from = first === '' ? undefined : sliceNumber(first);
  const to = second === undefined || second === ':' ? undefined : sliceNumber(second.slice(1));
  const step = third === undefined || third === ':' ? undefined : sliceNumber(third.slice(1));
  // A single index is the slice of length one that starts there.
  const derived = second === undefined;
  return { type: 'slice', from, to: derived ? (from ?? 0) + 1 : to, step, derived };
}

function sliceNumber(text: string): number {
  const value = Number(text);
  if (!/^-?[0-9]+$/.test(text) || !Number.isSafeInteger(value)) throw new Error(`array index ${text} is not a number`);
  return value;
}

function isTerminator(character: string): boolean {
  return character === '' || ' \t\r\n.,[]$@{}'.includes(character);
}

function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}

/** Go's %#U. */
function unicodeName(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return goQuote(character).length > character.length + 2 ? `U+${code}` : `U+${code} '${character}'`;
}

/** The text of a string literal with Go's escapes, undefined when one is malformed; single quotes hold strings too. */
function unquote(text: string, quote: string): string | undefined {
  let malformed = false;
  const value = text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]?))|(["'\n])/gu,
    (whole, hex, short, long, octal, single, bare) => {
      if (bare !== undefined) {
        malformed ||= bare === quote || bare === '\n';
        return whole;
      }
      const code = Number.parseInt(octal ?? hex ?? short ?? long ?? '', octal === undefined ? 16 : 8);
      if (!Number.isNaN(code)) {
        malformed ||= code > 0x10ffff || (octal !== undefined && code > 0xff);
        return malformed ? '' : String.fromCodePoint(code);
      }
      const escaped = single === quote ? quote : ESCAPES[single as string];
      malformed ||= escaped === undefined;
      return escaped ?? '';
    },
  );
  return malformed ? undefined : value;
}
