/** Runs a template over a value, as text/template's Execute. */
import { goQuote } from '../gofmt';
import { get, has } from '../objects';
import { sortedKeys, utf8Length } from '../text';
import { TemplateError } from './errors';
import { functionNamed, type Parameter } from './functions';
import type { NumberLiteral } from './literals';
import {
  type AnyNode,
  type BranchNode,
  type CommandNode,
  type ListNode,
  type Node,
  type Operand,
  type PipeNode,
  show,
  type TemplateNode,
} from './nodes';
import { sprint } from './printf';
import { GoComplex, GoNumber, Interface, int, integerOf, isMap, truth, typeName, unwrap } from './values';

/** Templates within templates: upstream's limit is what the message says, the stack's is lower. */
const MAX_DEPTH = 500;
const UPSTREAM_DEPTH = 100_000;
/** Nodes that one run may walk, UTF-16 units that it may print, and those that one function may give back. */
const MAX_STEPS = 5_000_000;
const MAX_OUTPUT = 256 * 1024 * 1024;
const MAX_TEXT = 16 * 1024 * 1024;

export interface Source {
  readonly name: string;
  readonly text: string;
  readonly trees: ReadonlyMap<string, ListNode>;
}

export interface ExecuteOptions {
  /** A key that a map lacks gives `<no value>`; otherwise it is an error. */
  readonly allowMissingKeys: boolean;
}

/** No pipe leads into the command. */
const MISSING = Symbol('missing');

type Jump = 'break' | 'continue' | undefined;

interface Variable {
  readonly name: string;
  value: unknown;
}

/** The output. @throws TemplateError, with what was printed so far */
export function execute(source: Source, data: unknown, options: ExecuteOptions): string {
  return new Executor(source, options).run(data);
}

class Executor {
  private output = '';
  private steps = 0;
  private depth = 0;
  private templateName: string;
  private node: AnyNode | undefined;
  private variables: Variable[] = [];

  constructor(
    private readonly source: Source,
    private readonly options: ExecuteOptions,
  ) {
    this.templateName = source.name;
  }

  run(data: unknown): string {
    this.variables = [{ name: '$', value: data }];
    const root = this.source.trees.get(this.source.name);
    if (root) this.walk(data, root);
    return this.output;
  }

  private walk(dot: unknown, node: Node): Jump {
    this.node = node;
    if (++this.steps > MAX_STEPS) return this.fail('the template takes too many steps');
    switch (node.type) {
      case 'text':
        this.write(node.text);
        return undefined;
      case 'action': {
        const value = this.pipeline(dot, node.pipe);
        if (node.pipe.variables.length === 0) this.write(value === undefined ? '<no value>' : sprint([value]));
        return undefined;
      }
      case 'list':
        for (const inner of node.nodes) {
          const jump = this.walk(dot, inner);
          if (jump) return jump;
        }
        return undefined;
      case 'if':
      case 'with':
        return this.scoped(() => this.branch(dot, node));
      case 'range':
        return this.scoped(() => this.range(dot, node));
      case 'template':
        this.template(dot, node);
        return undefined;
      default:
        return node.type;
    }
  }

  private write(text: string): void {
    this.output += text;
    if (this.output.length > MAX_OUTPUT) this.fail('the template prints too much');
  }

  private scoped(walk: () => Jump): Jump {
    const known = this.variables.length;
    const jump = walk();
    this.variables.length = known;
    return jump;
  }

  private branch(dot: unknown, node: BranchNode): Jump {
    const value = this.pipeline(dot, node.pipe);
    if (truth(value)) return this.walk(node.type === 'with' ? value : dot, node.list);
    return node.otherwise ? this.walk(dot, node.otherwise) : undefined;
  }

  private range(dot: unknown, node: BranchNode): Jump {
    const value = unwrap(this.pipeline(dot, node.pipe));
    const items = this.items(value, node.pipe.variables.length);
    const known = this.variables.length;
    let empty = true;
    for (const [key, item] of items) {
      empty = false;
      this.setLoopVariables(node.pipe, key, item);
      const jump = this.walk(item, node.list);
      this.variables.length = known;
      if (jump === 'break') break;
    }
    return empty && node.otherwise ? this.walk(dot, node.otherwise) : undefined;
  }

  private *items(value: unknown, variables: number): Generator<[unknown, unknown]> {
    const count = integerOf(value);
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) yield [int(i), new Interface(value[i])];
    } else if (isMap(value)) {
      for (const key of sortedKeys(value)) yield [key, new Interface(get(value, key))];
    } else if (count !== undefined) {
      if (variables > 1) this.fail(`can't use ${sprint([value])} to iterate over more than one variable`);
      const type = (value instanceof GoNumber ? value : { type: 'int64' as const }).type;
      for (let i = 0n; i < count; i++) yield [undefined, new GoNumber(type, i)];
    } else if (value !== undefined) this.fail(`range can't iterate over ${sprint([value])}`);
  }

  private setLoopVariables(pipe: PipeNode, key: unknown, item: unknown): void {
    const names = pipe.variables.map(({ name }) => name);
    const values = names.length > 1 ? [key, item] : [item];
    names.forEach((name, i) => {
      if (pipe.assigns) this.assign(name, values[i]);
      else this.variables[this.variables.length - names.length + i]!.value = values[i];
    });
  }

  private template(dot: unknown, node: TemplateNode): void {
    const tree = this.source.trees.get(node.name);
    if (!tree) this.fail(`template ${goQuote(node.name)} not defined`);
    if (this.depth === MAX_DEPTH) this.fail(`exceeded maximum template depth (${UPSTREAM_DEPTH})`);
    const value = node.pipe ? this.pipeline(dot, node.pipe) : undefined;
    const outer = { variables: this.variables, name: this.templateName };
    this.variables = [{ name: '$', value }];
    this.templateName = node.name;
    this.depth++;
    this.walk(value, tree);
    this.depth--;
    this.variables = outer.variables;
    this.templateName = outer.name;
  }

  private pipeline(dot: unknown, pipe: PipeNode): unknown {
    this.node = pipe;
    let value: unknown = MISSING;
    for (const command of pipe.commands) {
      value = this.command(dot, command, value);
      if (value instanceof Interface) value = unwrap(value);
    }
    for (const { name } of pipe.variables) {
      if (pipe.assigns) this.assign(name, value);
      else this.variables.push({ name, value });
    }
    return value;
  }

  private command(dot: unknown, command: CommandNode, final: unknown): unknown {
    const first = command.operands[0]!;
    switch (first.type) {
      case 'field':
      case 'chain':
      case 'variable':
        return this.fields(dot, first, command.operands, final);
      case 'identifier':
        this.node = first;
        return this.call(dot, first.name, command, command.operands.slice(1), final);
      case 'pipe':
        this.refuseArguments(command.operands, final);
        return this.pipeline(dot, first);
    }
    this.node = first;
    this.refuseArguments(command.operands, final);
    if (first.type === 'nil') return this.fail('nil is not a command');
    return this.literal(dot, first);
  }

  private refuseArguments(operands: readonly Operand[], final: unknown): void {
    if (operands.length > 1 || final !== MISSING)
      this.fail(`can't give argument to non-function ${show(operands[0]!)}`);
  }

  private literal(dot: unknown, node: Operand): unknown {
    switch (node.type) {
      case 'bool':
      case 'string':
        return node.value;
      case 'number':
        this.node = node;
        return this.number(node.value, node.text);
      default:
        return dot;
    }
  }

  private number(literal: NumberLiteral, text: string): unknown {
    if (literal.type === 'overflow') return this.fail(`${text} overflows int`);
    if (literal.type === 'complex128') return new GoComplex(literal.re, literal.im);
    return new GoNumber(literal.type, literal.value);
  }

  /** `.a.b`, `$x.a.b` and `(…).a.b`; the last field may not be given arguments, since none is a method. */
  private fields(
    dot: unknown,
    node: Extract<Operand, { type: 'field' | 'variable' | 'chain' }>,
    operands: readonly Operand[],
    final: unknown,
  ): unknown {
    this.node = node;
    let value = dot;
    if (node.type === 'variable') {
      value = this.variable(node.name);
      if (node.path.length === 0) {
        if (operands.length > 0) this.refuseArguments(operands, final);
        return value;
      }
    } else if (node.type === 'chain') {
      if (node.node.type === 'nil') this.fail(`indirection through explicit nil in ${show(node)}`);
      value = this.operand(dot, node.node);
    }
    node.path.forEach((name, i) => {
      const given = i === node.path.length - 1 && (operands.length > 1 || final !== MISSING);
      value = this.field(value, name, given);
    });
    return value;
  }

  private field(receiver: unknown, name: string, given: boolean): unknown {
    if (receiver === undefined) {
      if (!this.options.allowMissingKeys) this.fail(`nil data; no entry for key ${goQuote(name)}`);
      return undefined;
    }
    const value = unwrap(receiver);
    if (value === undefined) return this.fail(`nil pointer evaluating ${typeName(receiver)}.${name}`);
    if (!isMap(value)) return this.fail(`can't evaluate field ${name} in type ${typeName(receiver)}`);
    if (given) this.fail(`${name} is not a method but has arguments`);
    if (has(value, name)) return new Interface(get(value, name));
    if (!this.options.allowMissingKeys) this.fail(`map has no entry for key ${goQuote(name)}`);
    return undefined;
  }

  private variable(name: string): unknown {
    for (let i = this.variables.length - 1; i >= 0; i--)
      if (this.variables[i]!.name === name) return this.variables[i]!.value;
    return this.fail(`undefined variable: ${name}`);
  }

  private assign(name: string, value: unknown): void {
    for (let i = this.variables.length - 1; i >= 0; i--) {
      if (this.variables[i]!.name !== name) continue;
      this.variables[i]!.value = value;
      return;
    }
    this.fail(`undefined variable: ${name}`);
  }

  private call(dot: unknown, name: string, node: AnyNode, operands: readonly Operand[], final: unknown): unknown {
    const callee = functionNamed(name);
    if (!callee) return this.fail(`${goQuote(name)} is not a defined function`);
    const { parameters, rest } = callee;
    const given = operands.length + (final === MISSING ? 0 : 1);
    if (rest && given < parameters.length)
      this.fail(`wrong number of args for ${name}: want at least ${parameters.length} got ${operands.length}`);
    if (!rest && given !== parameters.length)
      this.fail(`wrong number of args for ${name}: want ${parameters.length} got ${given}`);
    const typeOf = (i: number): Parameter => parameters[i] ?? rest ?? 'any';
    if (name === 'and' || name === 'or') return this.shortCircuit(dot, name, operands, final);
    const args = operands.map((operand, i) => this.argument(dot, operand, typeOf(i)));
    if (final !== MISSING) args.push(this.checked(final, typeOf(operands.length)));
    if (name === 'call') args.unshift(operands[0] ? show(operands[0]) : calleeText(final));
    try {
      const result = callee.call(args);
      if (typeof result !== 'string' || result.length <= MAX_TEXT) return result;
      throw new Error('the text is too long');
    } catch (e) {
      if (!(e instanceof Error) || e instanceof TemplateError) throw e;
      this.node = node;
      return this.fail(`error calling ${name}: ${e.message}`);
    }
  }

  private shortCircuit(dot: unknown, name: 'and' | 'or', operands: readonly Operand[], final: unknown): unknown {
    let value: unknown;
    for (const operand of operands) {
      value = this.argument(dot, operand, 'value');
      if (truth(value) === (name === 'or')) return value;
    }
    return final === MISSING ? value : final;
  }

  private argument(dot: unknown, node: Operand, type: Parameter): unknown {
    this.node = node;
    if (node.type === 'nil') {
      if (type === 'string') this.fail('cannot assign nil to string');
      return type === 'any' ? new Interface(null) : undefined;
    }
    const evaluated = ['dot', 'field', 'variable', 'pipe', 'identifier', 'chain'].includes(node.type);
    if (!evaluated && type === 'string' && node.type !== 'string') this.fail(`expected string; found ${show(node)}`);
    return evaluated ? this.checked(this.operand(dot, node), type) : this.literal(dot, node);
  }

  private operand(dot: unknown, node: Operand): unknown {
    this.node = node;
    switch (node.type) {
      case 'field':
      case 'variable':
      case 'chain':
        return this.fields(dot, node, [], MISSING);
      case 'pipe':
        return this.pipeline(dot, node);
      case 'identifier':
        return this.call(dot, node.name, node, [], MISSING);
      default:
        return this.literal(dot, node);
    }
  }

  /** The value as an argument of the type. */
  private checked(value: unknown, type: Parameter): unknown {
    if (type !== 'string') return value;
    if (value === undefined) this.fail('invalid value; expected string');
    const inner = unwrap(value);
    if (typeof inner === 'string') return inner;
    return this.fail(`wrong type for value; expected string; got ${typeName(inner === undefined ? value : inner)}`);
  }

  private fail(reason: string): never {
    const before = this.source.text.slice(0, this.node?.pos ?? 0);
    const lines = before.split('\n');
    const where = `${this.source.name}:${lines.length}:${utf8Length(lines.at(-1)!)}`;
    const context = this.node ? show(this.node) : '';
    throw new TemplateError(
      `template: ${where}: executing ${goQuote(this.templateName)} at <${context}>: ${reason}`,
      this.output,
    );
  }
}

/** As reflect.Value.String: only texts show what they hold. */
const calleeText = (value: unknown): string =>
  typeof value === 'string' ? value : `<${value === undefined ? 'invalid' : typeName(value)} Value>`;
