/** Cuts a template into tokens, as text/template/parse's lexer; positions and lines are those that its messages show. */
import { goQuote } from '../gofmt';
import { KEYWORDS, type Token, type TokenType } from './tokens';

const LEFT = '{{';
const RIGHT = '}}';
const SPACES = ' \t\r\n';

export class Lexer {
  private pos = 0;
  private line = 1;
  private insideAction = false;
  private parenDepth = 0;
  private failed = false;

  constructor(private readonly input: string) {}

  /** The next token; `eof` for ever after the last, or after an error. */
  next(): Token {
    if (this.failed) return { type: 'eof', pos: 0, text: 'EOF', line: this.line };
    return this.insideAction ? this.action() : this.text();
  }

  private text(): Token {
    for (;;) {
      const start = this.pos;
      const found = this.input.indexOf(LEFT, start);
      const end = found < 0 ? this.input.length : found;
      let shown = this.input.slice(start, end);
      if (found >= 0 && this.trimsLeft(found + LEFT.length)) shown = trimRight(shown);
      const token = this.token('text', start, start + shown.length);
      this.skipTo(end);
      if (shown !== '') return token;
      if (found < 0) return { type: 'eof', pos: this.pos, text: '', line: this.line };
      const opened = this.open();
      if (opened) return opened;
    }
  }

  /** The left delimiter; nothing when it opened a comment, which is passed over. */
  private open(): Token | undefined {
    const start = this.pos;
    const marker = this.trimsLeft(start + LEFT.length) ? 2 : 0;
    const after = start + LEFT.length + marker;
    if (this.input.startsWith('/*', after)) {
      this.skipTo(after);
      return this.comment();
    }
    const token = this.token('leftDelim', start, start + LEFT.length);
    this.insideAction = true;
    this.parenDepth = 0;
    this.skipTo(after);
    return token;
  }

  private comment(): Token | undefined {
    const close = this.input.indexOf('*/', this.pos + 2);
    if (close < 0) return this.error(this.pos, 'unclosed comment');
    const end = close + 2;
    const delimiter = this.rightDelimiter(end);
    if (delimiter === undefined) return this.error(this.pos, 'comment ends before closing delimiter');
    this.skipTo(this.afterRight(end, delimiter));
    return undefined;
  }

  private action(): Token {
    const delimiter = this.rightDelimiter(this.pos);
    if (delimiter !== undefined) {
      if (this.parenDepth > 0) return this.error(this.pos, 'unclosed left paren');
      return this.close(delimiter);
    }
    const start = this.pos;
    const character = this.character(start);
    if (character === '') return this.error(start, 'unclosed action');
    if (SPACES.includes(character)) return this.space();
    switch (character) {
      case '=':
        return this.emit('assign', start + 1);
      case ':':
        return this.input[start + 1] === '=' ? this.emit('declare', start + 2) : this.error(start, 'expected :=');
      case '|':
        return this.emit('pipe', start + 1);
      case '"':
        return this.quoted('"', 'string', 'unterminated quoted string');
      case "'":
        return this.quoted("'", 'charConstant', 'unterminated character constant');
      case '`':
        return this.raw();
      case '$':
        return this.fieldOrVariable('variable');
      case '(':
        this.parenDepth++;
        return this.emit('leftParen', start + 1);
      case ')':
        this.parenDepth--;
        if (this.parenDepth < 0) return this.error(start, 'unexpected right paren');
        return this.emit('rightParen', start + 1);
    }
    if (character === '.' && start + 1 < this.input.length && !/[0-9]/.test(this.input[start + 1]!))
      return this.fieldOrVariable('field');
    if (/[.+\-0-9]/.test(character)) return this.number();
    if (isAlphaNumeric(character)) return this.identifier();
    if (/^[!-~]$/.test(character)) return this.emit('char', start + 1);
    return this.error(start, `unrecognized character in action: ${unicodeName(character)}`);
  }

  private close(trims: boolean): Token {
    const start = trims ? this.pos + 2 : this.pos;
    this.skipTo(start);
    const token = this.emit('rightDelim', start + RIGHT.length);
    if (trims) this.skipTo(this.afterSpaces(this.pos));
    this.insideAction = false;
    return token;
  }

  private space(): Token {
    const end = this.afterSpaces(this.pos);
    // The space in front of a trimming delimiter belongs to the delimiter.
    if (this.rightDelimiter(end - 1) === true) {
      if (end - 1 === this.pos) return this.close(true);
      return this.emit('space', end - 1);
    }
    return this.emit('space', end);
  }

  private identifier(): Token {
    const end = this.afterAlphaNumeric(this.pos);
    if (!this.terminates(end)) return this.badCharacter(end);
    const word = this.input.slice(this.pos, end);
    if (KEYWORDS.has(word)) return this.emit(word as TokenType, end);
    return this.emit(word === 'true' || word === 'false' ? 'bool' : 'identifier', end);
  }

  private fieldOrVariable(type: 'field' | 'variable'): Token {
    const first = this.pos + 1;
    if (this.terminates(first)) return this.emit(type === 'variable' ? type : 'dot', first);
    const end = this.afterAlphaNumeric(first);
    return this.terminates(end) ? this.emit(type, end) : this.badCharacter(end);
  }

  private badCharacter(at: number): Token {
    return this.error(this.pos, `bad character ${unicodeName(this.character(at))}`);
  }

  private quoted(quote: string, type: TokenType, unterminated: string): Token {
    let at = this.pos + 1;
    for (;;) {
      const character = this.input[at];
      if (character === '\\' && at + 1 < this.input.length && this.input[at + 1] !== '\n') at += 2;
      else if (character === undefined || character === '\n' || character === '\\')
        return this.error(this.pos, unterminated);
      else if (character === quote) return this.emit(type, at + 1);
      else at++;
    }
  }

  private raw(): Token {
    const end = this.input.indexOf('`', this.pos + 1);
    if (end < 0) return this.error(this.pos, 'unterminated raw quoted string');
    return this.emit('rawString', end + 1);
  }

  private number(): Token {
    let scanned = this.scanNumber(this.pos);
    if (scanned.ok && /[+-]/.test(this.character(scanned.end))) {
      scanned = this.scanNumber(scanned.end);
      if (scanned.ok && this.input[scanned.end - 1] === 'i') return this.emit('complex', scanned.end);
      scanned = { ...scanned, ok: false };
    }
    if (scanned.ok) return this.emit('number', scanned.end);
    return this.error(this.pos, `bad number syntax: ${goQuote(this.input.slice(this.pos, scanned.end))}`);
  }

  /** Where a number that begins here ends. Not every such text is a number; the parser finds out. */
  private scanNumber(start: number): { end: number; ok: boolean } {
    const number =
      /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
    number.lastIndex = start;
    number.test(this.input);
    const end = number.lastIndex;
    const next = this.character(end);
    return isAlphaNumeric(next) ? { end: end + next.length, ok: false } : { end, ok: true };
  }

  private terminates(at: number): boolean {
    const character = this.character(at);
    return character === '' || `${SPACES}.,|:()`.includes(character) || this.input.startsWith(RIGHT, at);
  }

  /** Whether a right delimiter stands here, and if so whether it trims. */
  private rightDelimiter(at: number): boolean | undefined {
    if (this.trimsRight(at)) return true;
    return this.input.startsWith(RIGHT, at) ? false : undefined;
  }

  private trimsLeft(at: number): boolean {
    return this.input[at] === '-' && at + 1 < this.input.length && SPACES.includes(this.input[at + 1]!);
  }

  private trimsRight(at: number): boolean {
    return at < this.input.length && SPACES.includes(this.input[at]!) && this.input.startsWith(`-${RIGHT}`, at + 1);
  }

  private afterRight(at: number, trims: boolean): number {
    const end = at + (trims ? 2 : 0) + RIGHT.length;
    return trims ? this.afterSpaces(end) : end;
  }

  private afterSpaces(at: number): number {
    let end = at;
    while (end < this.input.length && SPACES.includes(this.input[end]!)) end++;
    return end;
  }

  private afterAlphaNumeric(at: number): number {
    let end = at;
    for (let c = this.character(end); isAlphaNumeric(c); c = this.character(end)) end += c.length;
    return end;
  }

  /** The character here, both halves of a surrogate pair; nothing at the end. */
  private character(at: number): string {
    const code = this.input.codePointAt(at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  private token(type: TokenType, start: number, end: number): Token {
    return { type, pos: start, text: this.input.slice(start, end), line: this.line };
  }

  private emit(type: TokenType, end: number): Token {
    const token = this.token(type, this.pos, end);
    this.skipTo(end);
    return token;
  }

  private skipTo(end: number): void {
    for (let at = this.pos; at < end; at++) if (this.input.charCodeAt(at) === 10) this.line++;
    this.pos = end;
  }

  private error(start: number, text: string): Token {
    this.failed = true;
    return { type: 'error', pos: start, text, line: this.line };
  }
}

const isAlphaNumeric = (character: string): boolean => /^[\p{L}\p{Nd}_]$/u.test(character);

function trimRight(text: string): string {
  let end = text.length;
  while (end > 0 && SPACES.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** As %#U: `U+0026 '&'`, without the character where it cannot be shown. */
function unicodeName(character: string): string {
  if (character === '') return 'U+FFFFFFFFFFFFFFFF';
  const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character) ? `${code} '${character}'` : code;
}
