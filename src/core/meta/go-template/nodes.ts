/** The tree of a template, and its text: what messages show of it is a template again. */
import { goQuote } from '../gofmt';
import type { NumberLiteral } from './literals';

interface At {
  /** Where it stands in the template, in UTF-16 units. */
  readonly pos: number;
}

export type Operand =
  | (At & { readonly type: 'bool'; readonly value: boolean })
  | (At & { readonly type: 'dot' })
  | (At & { readonly type: 'nil' })
  | (At & { readonly type: 'number'; readonly value: NumberLiteral; readonly text: string })
  | (At & { readonly type: 'string'; readonly value: string; readonly quoted: string })
  | (At & { readonly type: 'identifier'; readonly name: string })
  | FieldNode
  | VariableNode
  | ChainNode
  | PipeNode;

/** `.a.b` */
export interface FieldNode extends At {
  readonly type: 'field';
  readonly path: readonly string[];
}

/** `$x.a.b` */
export interface VariableNode extends At {
  readonly type: 'variable';
  readonly name: string;
  readonly path: readonly string[];
}

/** `(…).a.b` */
export interface ChainNode extends At {
  readonly type: 'chain';
  readonly node: Operand;
  readonly path: readonly string[];
}

export interface CommandNode extends At {
  readonly type: 'command';
  readonly operands: readonly Operand[];
}

export interface PipeNode extends At {
  readonly type: 'pipe';
  /** Variables that are declared, or set where `assigns`. */
  readonly variables: readonly VariableNode[];
  readonly assigns: boolean;
  readonly commands: readonly CommandNode[];
}

export interface ListNode extends At {
  readonly type: 'list';
  readonly nodes: readonly Node[];
}

export interface BranchNode extends At {
  readonly type: 'if' | 'range' | 'with';
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly otherwise: ListNode | undefined;
}

export interface TemplateNode extends At {
  readonly type: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export type Node =
  | ListNode
  | BranchNode
  | TemplateNode
  | (At & { readonly type: 'text'; readonly text: string })
  | (At & { readonly type: 'action'; readonly pipe: PipeNode })
  | (At & { readonly type: 'break' })
  | (At & { readonly type: 'continue' });

export type AnyNode = Node | Operand | CommandNode;

/** The node as a template. */
export function show(node: AnyNode): string {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'list':
      return node.nodes.map(show).join('');
    case 'action':
      return `{{${show(node.pipe)}}}`;
    case 'break':
    case 'continue':
      return `{{${node.type}}}`;
    case 'template':
      return `{{template ${goQuote(node.name)}${node.pipe ? ` ${show(node.pipe)}` : ''}}}`;
    case 'if':
    case 'range':
    case 'with': {
      const otherwise = node.otherwise ? `{{else}}${show(node.otherwise)}` : '';
      return `{{${node.type} ${show(node.pipe)}}}${show(node.list)}${otherwise}{{end}}`;
    }
    case 'pipe': {
      const variables = node.variables.map(show).join(', ');
      const commands = node.commands.map(show).join(' | ');
      return variables === '' ? commands : `${variables} ${node.assigns ? '=' : ':='} ${commands}`;
    }
    case 'command':
      return node.operands.map(inParentheses).join(' ');
    case 'identifier':
      return node.name;
    case 'variable':
      return [node.name, ...node.path].join('.');
    case 'field':
      return node.path.map((name) => `.${name}`).join('');
    case 'chain':
      return inParentheses(node.node) + node.path.map((name) => `.${name}`).join('');
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
  }
}

const inParentheses = (node: Operand): string => (node.type === 'pipe' ? `(${show(node)})` : show(node));

/** True when the tree would print nothing but space. */
export function isBlank(node: Node): boolean {
  if (node.type === 'list') return node.nodes.every(isBlank);
  return (
    node.type === 'text' &&
    /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/.test(node.text)
  );
}
