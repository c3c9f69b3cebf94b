/** The grammar of label selectors on the command line, with upstream's words for every way to get it wrong. */

import { goQuote } from './gofmt';
import { newRequirement, type Operator, type Requirement } from './label-requirement';
import { isQualifiedName } from './names';
import { compareText } from './text';

type Kind = 'end' | 'identifier' | ')' | ',' | '!' | '==' | '=' | '>' | 'in' | '<' | '!=' | 'notin' | '(';

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** The requirements in the order in which they are written. Throws Error as labels.Parse. */
export function parseRequirements(text: string): Requirement[] {
  return new Parser(scan(text)).parse();
}

const BINARY_OPERATORS: Partial<Record<Kind, Operator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

class Parser {
  private position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const first = this.peek();
      if (first.kind === 'end') return requirements;
      if (!startsRequirement(first)) fail(first, ", expected: !, identifier, or 'end of string'");
      try {
        requirements.push(this.requirement());
      } catch (error) {
        throw new Error(`unable to parse requirement: ${(error as Error).message}`);
      }
      const next = this.take();
      if (next.kind === 'end') return requirements;
      if (next.kind !== ',') fail(next, ", expected: ',' or 'end of string'");
      if (!startsRequirement(this.peek())) fail(this.peek(), ", expected: identifier after ','");
    }
  }

  private requirement(): Requirement {
    let token = this.take();
    const negated = token.kind === '!';
    if (negated) token = this.take();
    if (token.kind !== 'identifier') fail(token, ', expected: identifier');
    const key = token.text;
    const errors = isQualifiedName(key);
    // Upstream prints the missing field path of the key as Go prints nil.
    if (errors.length > 0) throw new Error(`<nil>: Invalid value: ${goQuote(key)}: ${errors.join('; ')}`);
    if (negated) return newRequirement(key, '!', []);
    const { kind } = this.peek();
    if (kind === 'end' || kind === ',') return newRequirement(key, 'exists', []);
    const operatorToken = this.takeRaw();
    const operator = BINARY_OPERATORS[operatorToken.kind];
    if (operator === undefined) return fail(operatorToken, ', expected: in, notin, =, ==, !=, gt, lt');
    const values = operator === 'in' || operator === 'notin' ? this.valueSet() : [this.exactValue()];
    return newRequirement(key, operator, [...new Set(values)].sort(compareText));
  }

  private valueSet(): string[] {
    const open = this.take();
    // Here upstream has no comma.
    if (open.kind !== '(') fail(open, " expected: '('");
    const first = this.peek();
    if (first.kind === ')') {
      this.take();
      return [''];
    }
    if (first.kind !== 'identifier' && first.kind !== ',') fail(first, ", expected: ',', ')' or identifier");
    const values = this.valueList();
    this.take();
    return values;
  }

  /** Identifiers with commas between them, up to the closing parenthesis; what is missing around a comma is ''. */
  private valueList(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.take();
      const next = this.peek();
      if (token.kind === 'identifier') {
        values.push(token.text);
        if (next.kind === ')') return values;
        if (next.kind !== ',') fail(next, ", expected: ',' or ')'");
      } else if (token.kind === ',') {
        if (values.length === 0) values.push('');
        if (next.kind === ')' || next.kind === ',') values.push('');
        if (next.kind === ')') return values;
      } else fail(token, ", expected: ',', or identifier");
    }
  }

  private exactValue(): string {
    const { kind } = this.peek();
    if (kind === 'end' || kind === ',') return '';
    const token = this.take();
    if (token.kind !== 'identifier') fail(token, ', expected: identifier');
    return token.text;
  }

  /** The next token where a value or key may stand: there, `in` and `notin` are ordinary words. */
  private peek(): Token {
    const token = this.tokens[Math.min(this.position, this.tokens.length - 1)]!;
    return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token;
  }

  private take(): Token {
    const token = this.peek();
    this.position++;
    return token;
  }

  private takeRaw(): Token {
    return this.tokens[Math.min(this.position++, this.tokens.length - 1)]!;
  }
}

function startsRequirement(token: Token): boolean {
  return token.kind === 'identifier' || token.kind === '!';
}

function fail(token: Token, expected: string): never {
  throw new Error(`found '${token.text}'${expected}`);
}

/** The tokens of a selector, the end included. Everything that is no white space or symbol makes up words. */
function scan(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [token] of text.matchAll(/==|!=|[=!(),><]|[^ \t\r\n=!(),><]+/g)) {
    tokens.push({ kind: isSymbol(token) ? token : 'identifier', text: token });
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

function isSymbol(text: string): text is Exclude<Kind, 'end' | 'identifier'> {
  return [')', ',', '!', '==', '=', '>', 'in', '<', '!=', 'notin', '('].includes(text);
}
