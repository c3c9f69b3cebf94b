/**
 * JSON values as `-o kyaml` prints them (sigs.k8s.io/yaml/kyaml): YAML in braces, every string value quoted, keys quoted only
 * where they could be taken for something else, a comma behind every item.
 */
import { stringifyJson } from '../core/meta/json';
import { ambiguousInYaml } from './kyaml-ambiguous';

/** The document with its `---`, newline at the end. Keys are in the order of `keysOf`. */
export function toKyaml(value: unknown, keysOf: (map: Json) => readonly string[] = sortedKeys): string {
  return `---\n${render(value, 0, keysOf)}\n`;
}

type Json = Readonly<Record<string, unknown>>;
type Keys = (map: Json) => readonly string[];

const sortedKeys: Keys = (map) => Object.keys(map).sort();

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function render(value: unknown, indent: number, keysOf: Keys): string {
  if (typeof value === 'string') return stringText(value, indent + 1);
  if (Array.isArray(value)) return listText(value, indent, keysOf);
  if (isMap(value)) return mapText(value, indent, keysOf);
  return stringifyJson(value);
}

function mapText(map: Json, indent: number, keysOf: Keys): string {
  const keys = keysOf(map).filter((key) => map[key] !== undefined);
  if (keys.length === 0) return '{}';
  const pad = '  '.repeat(indent + 1);
  const lines = keys.map((key) => `${pad}${keyText(key)}: ${render(map[key], indent + 1, keysOf)},\n`);
  return `{\n${lines.join('')}${'  '.repeat(indent)}}`;
}

/** A list of nothing but lists and maps has its brackets next to theirs. */
function listText(list: readonly unknown[], indent: number, keysOf: Keys): string {
  if (list.length === 0) return '[]';
  if (list.every((item) => typeof item === 'object' && item !== null))
    return `[${list.map((item) => render(item, indent, keysOf)).join(', ')}]`;
  const pad = '  '.repeat(indent + 1);
  const lines = list.map((item) => `${pad}${render(item, indent + 1, keysOf)},\n`);
  return `[\n${lines.join('')}${'  '.repeat(indent)}]`;
}

const keyText = (key: string): string =>
  needsQuotes(key) ? `"${[...key].map((c) => SHORT[c] ?? escaped(c)).join('')}"` : key;

/** Bare are words of letters, digits and `_`, with `-`, `.` and `/` inside, that no YAML reader takes for anything else. */
const needsQuotes = (text: string): boolean =>
  !/^[\p{L}\p{N}_]([\p{L}\p{N}_\-./]*[\p{L}\p{N}_])?$/u.test(text) || ambiguousInYaml(text);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t' };

/** Text of several lines gets a line each, folded by backslashes; blanks at the start of one are escaped. */
function stringText(text: string, indent: number): string {
  const plain = (part: string): string => [...part].map((c) => (c === '\t' ? c : escaped(c))).join('');
  if (!text.includes('\n')) return `"${plain(text)}"`;
  const pad = '  '.repeat(indent);
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const shown = [...lines.map((line) => `${startOf(line)}${plain(line)}\\n\\\n`)];
  if (last !== '') shown.push(`${startOf(last)}${plain(last)}\\\n`);
  return `"\\\n${shown.map((line) => pad + line).join('')}${pad}"`;
}

const startOf = (line: string): string => (/^[\s\u0085]/u.test(line) ? '\\' : ' ');

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\r': '\\r',
  '\v': '\\v',
  '\0': '\\0',
  '\u001b': '\\e',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(c: string): string {
  const known = ESCAPES[c];
  if (known !== undefined) return known;
  if (c === ' ' || !/[\p{Z}\p{C}]/u.test(c)) return c;
  const code = c.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
