/** Builds a template's trees, as text/template/parse: same grammar, same order of checks, same messages. */
import { goQuote } from '../gofmt';
import { TemplateError } from './errors';
import { Lexer } from './lexer';
import { characterLiteral, complexLiteral, type NumberLiteral, numberLiteral, unquote } from './literals';
import {
  type BranchNode,
  type CommandNode,
  isBlank,
  type ListNode,
  type Node,
  type Operand,
  type PipeNode,
  show,
  type VariableNode,
} from './nodes';
import { showToken, type Token, type TokenType } from './tokens';

/** Parentheses and blocks within one another; more than any template has, and less than the stack holds. */
const MAX_DEPTH = 500;

/** Ends a list: `{{end}}` or `{{else}}`. */
interface Terminator {
  readonly type: 'end' | 'else';
  readonly pos: number;
}

const isTerminator = (node: Node | Terminator): node is Terminator => node.type === 'end' || node.type === 'else';

const OPERANDS: ReadonlySet<TokenType> = new Set([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);

/** What all trees of one template share. */
interface Shared {
  readonly name: string;
  readonly lexer: Lexer;
  readonly functions: ReadonlySet<string>;
  readonly trees: Map<string, ListNode>;
  depth: number;
}

/** The trees of a template by name, its own among them. @throws TemplateError `template: name:line: …` */
export function parseTrees(name: string, text: string, functions: ReadonlySet<string>): Map<string, ListNode> {
  const trees = new Map<string, ListNode>();
  new Parser({ name, lexer: new Lexer(text), functions, trees, depth: 0 }).parseAll();
  return trees;
}

class Parser {
  /** The tokens that were read, the newest first; `peeked` of them are to be read again. */
  private readonly tokens: [Token, Token, Token];
  private peeked = 0;
  private variables = ['$'];
  private rangeDepth = 0;
  private actionLine = 0;

  constructor(private readonly shared: Shared) {
    const none: Token = { type: 'eof', pos: 0, text: '', line: 0 };
    this.tokens = [none, none, none];
  }

  parseAll(): void {
    const nodes: Node[] = [];
    const pos = this.peek().pos;
    while (this.peek().type !== 'eof') {
      if (this.peek().type === 'leftDelim') {
        const delimiter = this.next();
        if (this.nextNonSpace().type === 'define') {
          new Parser(this.shared).parseDefinition();
          continue;
        }
        this.backup2(delimiter);
      }
      const node = this.textOrAction();
      if (isTerminator(node)) this.fail(`unexpected {{${node.type}}}`);
      else nodes.push(node);
    }
    this.add(this.shared.name, { type: 'list', pos, nodes });
  }

  private parseDefinition(): void {
    const context = 'define clause';
    const token = this.nextNonSpace();
    const name = this.templateName(token, context);
    this.expect('rightDelim', context);
    const [list, end] = this.itemList();
    if (end.type !== 'end') this.fail(`unexpected {{${end.type}}} in ${context}`);
    this.add(name, list);
  }

  private add(name: string, list: ListNode): void {
    const known = this.shared.trees.get(name);
    if (known === undefined || isBlank(known)) this.shared.trees.set(name, list);
    else if (!isBlank(list)) this.fail(`template: multiple definition of template ${goQuote(name)}`);
  }

  private itemList(): [ListNode, Terminator] {
    const pos = this.peekNonSpace().pos;
    const nodes: Node[] = [];
    while (this.peekNonSpace().type !== 'eof') {
      const node = this.textOrAction();
      if (isTerminator(node)) return [{ type: 'list', pos, nodes }, node];
      nodes.push(node);
    }
    return this.fail('unexpected EOF');
  }

  private textOrAction(): Node | Terminator {
    const token = this.nextNonSpace();
    if (token.type === 'text') return { type: 'text', pos: token.pos, text: token.text };
    if (token.type !== 'leftDelim') return this.unexpected(token, 'input');
    this.actionLine = token.line;
    const node = this.action();
    this.actionLine = 0;
    return node;
  }

  private action(): Node | Terminator {
    const token = this.nextNonSpace();
    switch (token.type) {
      case 'block':
        return this.block();
      case 'break':
      case 'continue':
        return this.breakOrContinue(token.type, token.pos);
      case 'else':
        return this.elseControl();
      case 'end':
        return { type: 'end', pos: this.expect('rightDelim', 'end').pos };
      case 'if':
      case 'range':
      case 'with':
        return this.control(token.type);
      case 'template':
        return this.template();
    }
    this.backup();
    const { pos } = this.peek();
    return { type: 'action', pos, pipe: this.pipeline('command', 'rightDelim') };
  }

  private breakOrContinue(type: 'break' | 'continue', pos: number): Node {
    const token = this.nextNonSpace();
    if (token.type !== 'rightDelim') return this.unexpected(token, `{{${type}}}`);
    if (this.rangeDepth === 0) return this.fail(`{{${type}}} outside {{range}}`);
    return { type, pos };
  }

  private elseControl(): Terminator {
    const peeked = this.peekNonSpace();
    // `{{else if` and `{{else with` are read on by the branch that they belong to.
    if (peeked.type === 'if' || peeked.type === 'with') return { type: 'else', pos: peeked.pos };
    return { type: 'else', pos: this.expect('rightDelim', 'else').pos };
  }

  private control(type: BranchNode['type']): BranchNode {
    return this.nested(() => {
      const known = this.variables.length;
      const pipe = this.pipeline(type, 'rightDelim');
      if (type === 'range') this.rangeDepth++;
      const [list, next] = this.itemList();
      if (type === 'range') this.rangeDepth--;
      const otherwise = next.type === 'else' ? this.otherwise(type, next) : undefined;
      this.variables.length = known;
      return { type, pos: pipe.pos, pipe, list, otherwise };
    });
  }

  private otherwise(type: BranchNode['type'], next: Terminator): ListNode {
    if (type !== 'range' && this.peek().type === type) {
      this.next();
      return { type: 'list', pos: next.pos, nodes: [this.control(type)] };
    }
    const [list, end] = this.itemList();
    if (end.type !== 'end') return this.fail(`expected end; found {{${end.type}}}`);
    return list;
  }

  private block(): Node {
    const context = 'block clause';
    const token = this.nextNonSpace();
    const name = this.templateName(token, context);
    const pipe = this.pipeline(context, 'rightDelim');
    const inner = new Parser(this.shared);
    const [list, end] = this.nested(() => inner.itemList());
    if (end.type !== 'end') return this.fail(`unexpected {{${end.type}}} in ${context}`);
    inner.add(name, list);
    return { type: 'template', pos: token.pos, name, pipe };
  }

  private template(): Node {
    const context = 'template clause';
    const token = this.nextNonSpace();
    const name = this.templateName(token, context);
    let pipe: PipeNode | undefined;
    if (this.nextNonSpace().type !== 'rightDelim') {
      this.backup();
      pipe = this.pipeline(context, 'rightDelim');
    }
    return { type: 'template', pos: token.pos, name, pipe };
  }

  private templateName(token: Token, context: string): string {
    if (token.type !== 'string' && token.type !== 'rawString') return this.unexpected(token, context);
    return this.literal(() => unquote(token.text));
  }

  private pipeline(context: string, end: TokenType): PipeNode {
    const { pos } = this.peekNonSpace();
    const variables: VariableNode[] = [];
    const assigns = this.declarations(context, variables);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.nextNonSpace();
      if (token.type === end) break;
      if (!OPERANDS.has(token.type)) return this.unexpected(token, context);
      this.backup();
      commands.push(this.command());
    }
    if (commands.length === 0) return this.fail(`missing value for ${context}`);
    const wrong = commands.findIndex(({ operands: [first] }, i) => i > 0 && !isExecutable(first!));
    if (wrong > 0) return this.fail(`non executable command in pipeline stage ${wrong + 1}`);
    return { type: 'pipe', pos, variables, assigns, commands };
  }

  /** Reads `$x :=`, `$x =` and a range's `$i, $x :=` into `variables`. */
  private declarations(context: string, variables: VariableNode[]): boolean {
    for (;;) {
      const variable = this.peekNonSpace();
      if (variable.type !== 'variable') return false;
      this.next();
      const after = this.peek();
      const next = this.peekNonSpace();
      if (next.type === 'assign' || next.type === 'declare') {
        this.nextNonSpace();
        this.declare(variable, variables);
        return next.type === 'assign';
      }
      if (next.type === 'char' && next.text === ',') {
        this.nextNonSpace();
        this.declare(variable, variables);
        if (context !== 'range' || variables.length >= 2) return this.fail(`too many declarations in ${context}`);
        if (!['variable', 'rightDelim', 'rightParen'].includes(this.peekNonSpace().type))
          return this.fail('range can only initialize variables');
        continue;
      }
      if (after.type === 'space') this.backup3(variable, after);
      else this.backup2(variable);
      return false;
    }
  }

  private declare(token: Token, variables: VariableNode[]): void {
    variables.push({ type: 'variable', pos: token.pos, name: token.text, path: [] });
    this.variables.push(token.text);
  }

  private command(): CommandNode {
    const { pos } = this.peekNonSpace();
    const operands: Operand[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand) operands.push(operand);
      const token = this.next();
      if (token.type === 'space') continue;
      if (token.type === 'rightDelim' || token.type === 'rightParen') this.backup();
      else if (token.type !== 'pipe') return this.unexpected(token, 'operand');
      break;
    }
    if (operands.length === 0) return this.fail('empty command');
    return { type: 'command', pos, operands };
  }

  /** A term, and the fields that are asked of it. */
  private operand(): Operand | undefined {
    const node = this.term();
    if (!node || this.peek().type !== 'field') return node;
    const { pos } = this.peek();
    const path: string[] = [];
    while (this.peek().type === 'field') path.push(this.next().text.slice(1));
    switch (node.type) {
      case 'field':
      case 'variable':
        return { ...node, pos, path: [...node.path, ...path] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.fail(`unexpected . after term ${goQuote(show(node))}`);
      default:
        return { type: 'chain', pos, node, path };
    }
  }

  private term(): Operand | undefined {
    const token = this.nextNonSpace();
    const { pos, text } = token;
    switch (token.type) {
      case 'identifier':
        if (!this.shared.functions.has(text)) return this.fail(`function ${goQuote(text)} not defined`);
        return { type: 'identifier', pos, name: text };
      case 'dot':
      case 'nil':
        return { type: token.type, pos };
      case 'variable':
        if (!this.variables.includes(text)) return this.fail(`undefined variable ${goQuote(text)}`);
        return { type: 'variable', pos, name: text, path: [] };
      case 'field':
        return { type: 'field', pos, path: [text.slice(1)] };
      case 'bool':
        return { type: 'bool', pos, value: text === 'true' };
      case 'charConstant':
        return this.number(token, characterLiteral);
      case 'complex':
        return this.number(token, complexLiteral);
      case 'number':
        return this.number(token, numberLiteral);
      case 'leftParen':
        return this.nested(() => this.pipeline('parenthesized pipeline', 'rightParen'));
      case 'string':
      case 'rawString':
        return { type: 'string', pos, quoted: text, value: this.literal(() => unquote(text)) };
    }
    this.backup();
    return undefined;
  }

  private number(token: Token, read: (text: string) => NumberLiteral): Operand {
    return { type: 'number', pos: token.pos, text: token.text, value: this.literal(() => read(token.text)) };
  }

  private literal<T>(read: () => T): T {
    try {
      return read();
    } catch (e) {
      return this.fail(e instanceof Error ? e.message : String(e));
    }
  }

  private nested<T>(parse: () => T): T {
    if (++this.shared.depth > MAX_DEPTH) return this.fail('max expression depth exceeded');
    const result = parse();
    this.shared.depth--;
    return result;
  }

  private next(): Token {
    if (this.peeked > 0) this.peeked--;
    else this.tokens[0] = this.shared.lexer.next();
    return this.tokens[this.peeked]!;
  }

  private peek(): Token {
    const token = this.next();
    this.peeked++;
    return token;
  }

  private nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.type !== 'space') return token;
    }
  }

  private peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.peeked++;
    return token;
  }

  private backup(): void {
    this.peeked++;
  }

  private backup2(token: Token): void {
    this.tokens[1] = token;
    this.peeked = 2;
  }

  private backup3(second: Token, first: Token): void {
    this.tokens[1] = first;
    this.tokens[2] = second;
    this.peeked = 3;
  }

  private expect(type: TokenType, context: string): Token {
    const token = this.nextNonSpace();
    return token.type === type ? token : this.unexpected(token, context);
  }

  private unexpected(token: Token, context: string): never {
    if (token.type !== 'error') return this.fail(`unexpected ${showToken(token)} in ${context}`);
    let where = '';
    if (this.actionLine !== 0 && this.actionLine !== token.line) {
      const started = ` started at ${this.shared.name}:${this.actionLine}`;
      where = token.text.endsWith(' action') ? started : ` in action${started}`;
    }
    return this.fail(token.text + where);
  }

  private fail(reason: string): never {
    throw new TemplateError(`template: ${this.shared.name}:${this.tokens[0].line}: ${reason}`);
  }
}

/** Whether a pipe may lead into it. */
const isExecutable = (operand: Operand): boolean => !['bool', 'dot', 'nil', 'number', 'string'].includes(operand.type);
