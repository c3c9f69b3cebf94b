/**
 * What `explain` prints of a kind or a field: its type, its description and the fields inside it, in the layout of kubectl's
 * plaintext template.
 */
import { wordWrap } from './word-wrap';

/** A type as an OpenAPI schema describes it. */
export interface Shape {
  readonly description?: string;
  /** `string`, `integer`, `object`, or a name of its own such as `Quantity`. */
  readonly type?: string;
  /** A named type: `Container`. What is said of it stands in `target`. */
  readonly name?: string;
  target?(): Shape | undefined;
  readonly properties?: ReadonlyMap<string, Shape>;
  readonly required?: ReadonlySet<string>;
  /** Of a list. */
  readonly items?: Shape;
  /** Of a map. */
  readonly values?: Shape;
  readonly enum?: readonly string[];
  /** Where more is written, as a custom resource's schema may say. */
  readonly externalDocs?: { readonly description?: string; readonly url?: string };
}

export interface Heading {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The lines that come before everything else, a missing field included. */
export function explainHeading({ group, version, kind }: Heading): string {
  return `${group ? `GROUP:      ${group}\n` : ''}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
}

/** The text behind the heading, or undefined when the path leads nowhere. */
export function explainShape(root: Shape, path: readonly string[], recursive: boolean): string | undefined {
  const text = follow(root, path, recursive, new Set());
  return text === undefined ? undefined : `${text}\n`;
}

function follow(
  shape: Shape,
  path: readonly string[],
  recursive: boolean,
  seen: ReadonlySet<string>,
): string | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return page(shape, recursive);
  if (shape.name !== undefined && seen.has(shape.name)) return undefined;
  const nested = shape.name === undefined ? seen : new Set([...seen, shape.name]);
  const resolved = shape.target?.() ?? shape;
  const field = resolved.properties?.get(name);
  if (field) {
    const text = follow(field, rest, recursive, new Set());
    if (text === undefined || rest.length > 0) return text;
    return `FIELD: ${name} <${typeGuess(field)}>\n${valuesBlock(field)}\n\n${text}`;
  }
  const inner = resolved.items ?? resolved.values;
  return inner && follow(inner, path, recursive, nested);
}

function page(shape: Shape, recursive: boolean): string {
  const fields = fieldList(shape, 1, recursive, new Set());
  const text = indent(wordWrap(descriptionOf(shape) || '<empty>', 76), 4);
  const docs = externalDocs(shape, 0);
  return `DESCRIPTION:\n${text}\n${docs && `\n${docs}`}${fields ? `FIELDS:\n${fields}` : ''}`;
}

/** The field's own text, then that of its type, each on lines of its own. */
function descriptionOf(shape: Shape): string {
  const own = shape.description ? `${shape.description}\n` : '';
  const target = shape.target?.();
  return (
    own +
    (target ? descriptionOf(target) : '') +
    (shape.items ? descriptionOf(shape.items) : '') +
    (shape.values ? descriptionOf(shape.values) : '')
  );
}

/** A type inside itself is not entered again. */
function fieldList(shape: Shape, level: number, recursive: boolean, seen: ReadonlySet<string>): string {
  if (shape.name !== undefined && seen.has(shape.name)) return '';
  const nested = shape.name === undefined ? seen : new Set([...seen, shape.name]);
  const resolved = shape.target?.() ?? shape;
  let text = '';
  for (const name of [...(resolved.properties?.keys() ?? [])].sort()) {
    const field = resolved.properties?.get(name);
    if (!field) continue;
    text += fieldDetail(name, field, resolved.required?.has(name) === true, level, recursive);
    if (recursive) text += fieldList(field, level + 1, recursive, nested);
  }
  if (resolved.items) text += fieldList(resolved.items, level, recursive, nested);
  if (resolved.values) text += fieldList(resolved.values, level, recursive, nested);
  return text;
}

function fieldDetail(name: string, field: Shape, required: boolean, level: number, short: boolean): string {
  const margin = level * 2;
  const head = `${' '.repeat(margin)}${name}\t<${typeGuess(field)}>${required ? ' -required-' : ''}${valuesLine(field, margin)}\n`;
  if (short) return head;
  const description = field.description || '<no description>';
  const docs = externalDocs(field, margin + 2);
  return `${head}${indent(wordWrap(description, 78 - margin), margin + 2)}\n${docs && `\n${docs}`}\n`;
}

function externalDocs({ externalDocs: docs }: Shape, margin: number): string {
  if (!docs) return '';
  const { description, url } = docs;
  const text = description
    ? `${indent(wordWrap(description, 76 - Math.max(0, margin - 2)), margin + (margin ? 2 : 4))}\n`
    : '';
  const address = url ? `${indent(`URL: ${url}`, margin + (margin ? 2 : 4))}\n` : '';
  return `${indent('EXTERNAL DOCS:', margin)}\n${text}${address}`;
}

/** `[]Container`, `map[string]string`, `integer`, `Object`. */
function typeGuess(shape: Shape): string {
  if (shape.items) return `[]${typeGuess(shape.items)}`;
  if (shape.values) return `map[string]${typeGuess(shape.values)}`;
  const { type } = shape.target?.() ?? shape;
  const open = type === undefined || type === 'object';
  return open ? (shape.name ?? 'Object') : type;
}

const valuesOf = (shape: Shape): string[] => (shape.enum ?? []).map((value) => (value === '' ? '""' : value));

/** The values under a field in a list, four at most. */
function valuesLine(shape: Shape, margin: number): string {
  const values = valuesOf(shape);
  if (values.length === 0) return '';
  return `\n${' '.repeat(margin)}enum: ${values.slice(0, 4).join(', ')}${values.length > 4 ? ', ....' : ''}`;
}

/** The values of the field that the page is about, one a line. */
function valuesBlock(shape: Shape): string {
  const values = valuesOf(shape);
  return values.length === 0 ? '' : `ENUM:${values.map((value) => `\n    ${value}`).join('')}`;
}

const indent = (text: string, by: number): string => {
  const margin = ' '.repeat(by);
  return margin + text.replaceAll('\n', `\n${margin}`);
};
