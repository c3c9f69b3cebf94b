/**
 * Splits a manifest file into documents and parses each: YAML between `---` lines, or JSON values one after another (as
 * apimachinery's YAMLOrJSONDecoder).
 */
import { CommandError } from '../../core/client/errors';
import { InexactInteger } from './integers';
import { parseJson } from './json';
import { toPlain } from './plain';

/** What a file held, up to the first document that could not be parsed. */
export interface Documents {
  readonly values: readonly unknown[];
  readonly error?: CommandError;
}

/** Parses all of `bytes`; empty documents are left out. Never throws for bad content. */
export async function parseDocuments(bytes: Uint8Array): Promise<Documents> {
  const values: unknown[] = [];
  try {
    for await (const value of documentsOf(decodeText(bytes)))
      if (value !== undefined && value !== null) values.push(value);
  } catch (e) {
    if (!(e instanceof CommandError)) throw e;
    const error = e instanceof InexactInteger ? new CommandError(`document ${values.length + 1}: ${e.message}`) : e;
    return { values, error };
  }
  return { values };
}

/** UTF-8, or UTF-16 when a byte order mark says so; the mark itself is dropped. */
function decodeText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

async function* documentsOf(text: string): AsyncGenerator<unknown> {
  let rest = text;
  while (/^\s*\{/.test(rest)) {
    const start = rest.search(/\S/);
    const end = endOfJson(rest, start);
    let value: unknown;
    try {
      if (end < 0) throw new SyntaxError('unexpected EOF');
      value = parseJson(rest.slice(start, end));
    } catch (e) {
      // What begins with a brace may also be YAML in flow style; if it is not, JSON's complaint is the better one.
      const json = new CommandError(jsonWords(e, text.length - rest.length + start));
      yield* yamlDocuments(rest, json);
      return;
    }
    yield toPlain(value);
    rest = rest.slice(end);
  }
  yield* yamlDocuments(rest);
}

/** Index behind the JSON object that begins at `start`, or -1 when it does not end. */
function endOfJson(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

function jsonWords(e: unknown, offset: number): string {
  if (e instanceof CommandError) return e.message;
  const message = e instanceof Error ? e.message : String(e);
  if (message === 'unexpected EOF') return message;
  const at = /position (\d+)/.exec(message);
  return `json: offset ${offset + Number(at?.[1] ?? 0) + 1}: ${message}`;
}

async function* yamlDocuments(text: string, instead?: CommandError): AsyncGenerator<unknown> {
  let failure = instead;
  for (const document of splitYaml(text)) {
    // Comments and blank lines need no parser, and it is the slowest module of them all.
    if (!/^[^\S\n]*[^\s#]/m.test(document.replace(/^---.*$/m, ''))) continue;
    const { parseYaml } = await import('./yaml');
    let value: unknown;
    try {
      value = parseYaml(document);
    } catch (e) {
      throw e instanceof InexactInteger ? e : (failure ?? e);
    }
    failure = undefined;
    yield value;
  }
  if (failure) throw failure;
}

/** As YAMLReader: a line that begins with `---` ends a document; only blanks and a comment may follow it. */
export function splitYaml(text: string): string[] {
  const documents: string[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('---')) {
      const after = line.slice(3).trim();
      if (after !== '' && !after.startsWith('#')) throw new CommandError(`invalid Yaml document separator: ${after}`);
      if (lines.length > 0) documents.push(lines.join('\n'));
      lines = [];
      continue;
    }
    lines.push(line);
  }
  documents.push(lines.join('\n'));
  return documents;
}
