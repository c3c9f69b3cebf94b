/** Reads tokens one after the other, and expressions by their precedence. */
import { syntaxError } from './errors';
import { type Token, tokenize } from './lexer';

export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | null }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'not' | 'minus'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'null?'; readonly operand: Expression; readonly negated: boolean }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly list: readonly Expression[];
      readonly negated: boolean;
    };

const RANKS: Readonly<Record<string, number>> = {
  OR: 1,
  '||': 1,
  XOR: 1,
  AND: 2,
  '&&': 2,
  '=': 4,
  '<=>': 4,
  '!=': 4,
  '<>': 4,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  LIKE: 4,
  REGEXP: 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

/** Words that end an expression. */
const CLAUSES: readonly string[] = [
  'FROM',
  'WHERE',
  'ORDER',
  'LIMIT',
  'GROUP',
  'AS',
  'ASC',
  'DESC',
  'HAVING',
  'VALUES',
  'SET',
  'INTO',
  'UNION',
  'JOIN',
];

export class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(private readonly sql: string) {
    this.tokens = tokenize(sql);
  }

  peek(offset = 0): Token | undefined {
    return this.tokens[this.at + offset];
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The text of the statement from the next token on. */
  rest(): string {
    const token = this.peek();
    return token ? this.sql.slice(token.at) : '';
  }

  fail(): never {
    throw syntaxError(this.rest());
  }

  isWord(...words: readonly string[]): boolean {
    return words.every((word, i) => {
      const token = this.peek(i);
      return token?.kind === 'word' && token.text.toUpperCase() === word;
    });
  }

  /** Takes the words where they come next, all of them or none. */
  take(...words: readonly string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.at += words.length;
    return true;
  }

  expect(...words: readonly string[]): void {
    if (!this.take(...words)) this.fail();
  }

  symbol(text: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'symbol' || token.text !== text) return false;
    this.at++;
    return true;
  }

  expectSymbol(text: string): void {
    if (!this.symbol(text)) this.fail();
  }

  name(): string {
    const token = this.peek();
    if (token?.kind !== 'word' && token?.kind !== 'name') this.fail();
    this.at++;
    return token.text;
  }

  string(): string {
    const token = this.peek();
    if (token?.kind !== 'string') this.fail();
    this.at++;
    return token.text;
  }

  number(): number {
    const token = this.peek();
    if (token?.kind !== 'number') this.fail();
    this.at++;
    return Number(token.text);
  }

  skip(): void {
    this.at++;
  }

  end(): void {
    this.symbol(';');
    if (!this.done) this.fail();
  }

  /** `a, b, c` */
  list<T>(read: () => T): T[] {
    const items = [read()];
    while (this.symbol(',')) items.push(read());
    return items;
  }

  expression(rank = 0): Expression {
    let left = rank <= 3 && this.take('NOT') ? ({ kind: 'not', operand: this.expression(3) } as const) : this.operand();
    for (;;) {
      const token = this.peek();
      if (!token) return left;
      if (rank <= 4 && this.isWord('IS')) {
        this.skip();
        const negated = this.take('NOT');
        this.expect('NULL');
        left = { kind: 'null?', operand: left, negated };
        continue;
      }
      const negated = this.isWord('NOT', 'IN') || this.isWord('NOT', 'LIKE') || this.isWord('NOT', 'BETWEEN');
      if (rank <= 4 && (negated || this.isWord('IN') || this.isWord('BETWEEN'))) {
        if (negated) this.skip();
        left = this.membership(left, negated);
        continue;
      }
      const operator = token.kind === 'symbol' || token.kind === 'word' ? token.text.toUpperCase() : '';
      const own = Object.hasOwn(RANKS, operator) ? RANKS[operator] : undefined;
      if (own === undefined || own < rank || own === 0) return left;
      this.skip();
      left = { kind: 'binary', operator, left, right: this.expression(own + 1) };
    }
  }

  private membership(operand: Expression, negated: boolean): Expression {
    if (this.take('LIKE')) {
      const inner = { kind: 'binary', operator: 'LIKE', left: operand, right: this.expression(5) } as const;
      return { kind: 'not', operand: inner };
    }
    if (this.take('BETWEEN')) {
      const low = this.expression(5);
      this.expect('AND');
      const high = this.expression(5);
      const inner: Expression = {
        kind: 'binary',
        operator: 'AND',
        left: { kind: 'binary', operator: '>=', left: operand, right: low },
        right: { kind: 'binary', operator: '<=', left: operand, right: high },
      };
      return negated ? { kind: 'not', operand: inner } : inner;
    }
    this.expect('IN');
    this.expectSymbol('(');
    const list = this.list(() => this.expression());
    this.expectSymbol(')');
    return { kind: 'in', operand, list, negated };
  }

  private operand(): Expression {
    const token = this.peek();
    if (!token) this.fail();
    if (this.symbol('(')) {
      const inner = this.expression();
      this.expectSymbol(')');
      return inner;
    }
    if (this.symbol('-')) return { kind: 'minus', operand: this.operand() };
    if (this.symbol('*')) return { kind: 'all' };
    this.skip();
    if (token.kind === 'string') return { kind: 'value', value: token.text };
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) };
    if (token.kind === 'variable') return { kind: 'variable', name: token.text };
    if (token.kind === 'symbol') {
      this.at--;
      this.fail();
    }
    const upper = token.text.toUpperCase();
    if (token.kind === 'word') {
      if (upper === 'NULL') return { kind: 'value', value: null };
      if (upper === 'TRUE' || upper === 'FALSE') return { kind: 'value', value: upper === 'TRUE' ? 1 : 0 };
      if (this.symbol('(')) {
        if (this.symbol(')')) return { kind: 'call', name: upper, args: [] };
        const args = this.list(() => this.expression());
        this.expectSymbol(')');
        return { kind: 'call', name: upper, args };
      }
      if (/^CURRENT_(TIMESTAMP|USER|DATE)$/.test(upper)) return { kind: 'call', name: upper, args: [] };
      if (CLAUSES.includes(upper)) {
        this.at--;
        this.fail();
      }
    }
    let name = token.text;
    while (this.symbol('.')) name = this.symbol('*') ? '*' : this.name();
    return name === '*' ? { kind: 'all' } : { kind: 'column', name };
  }
}
