/**
 * Splits a manifest file into documents and parses each: YAML between `---` lines, or JSON values one after another (as
 * apimachinery's YAMLOrJSONDecoder).
 */

import { CommandError } from '../../core/client/errors';
import { parseJson } from '../../core/meta/json';
import { scanJson } from '../../core/meta/json-syntax';
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
    return { values, error: e };
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

/**
 * What begins with a brace is JSON, value after value, until something is not. That may be YAML still (in flow style, say),
 * and if it is not, JSON's complaint is the better one; but two values are proof that the file is meant to be JSON.
 */
async function* documentsOf(text: string): AsyncGenerator<unknown> {
  if (!/^\s*\{/.test(text)) {
    yield* yamlDocuments(text);
    return;
  }
  let position = 0;
  for (let count = 0; ; count++) {
    const start = position + text.slice(position).search(/\S|$/);
    if (start === text.length) return;
    const found = scanJson(text, start);
    if ('message' in found) {
      if (count > 1) throw new CommandError(found.message);
      const failure = new CommandError(withOffset(found, text));
      const rest = text.slice(position).replace(/^[^\S\n]*\n?/, '');
      // kubectl looks four bytes ahead, and takes less for the end.
      if (rest.length < 4) throw failure;
      yield* yamlDocuments(rest, failure);
      return;
    }
    yield toPlain(parseJson(text.slice(start, found.end)));
    position = found.end;
  }
}

const withOffset = ({ at, message }: { readonly at?: number; readonly message: string }, text: string): string =>
  at === undefined ? message : `json: offset ${new TextEncoder().encode(text.slice(0, at)).length + 1}: ${message}`;

async function* yamlDocuments(text: string, instead?: CommandError): AsyncGenerator<unknown> {
  let failure = instead;
  for (const document of splitYaml(text)) {
    // Comments and blank lines need no parser, and it is the slowest module of them all.
    if (!hasContent(document)) continue;
    const { parseYaml } = await import('./yaml');
    let value: unknown;
    try {
      value = parseYaml(document);
    } catch (e) {
      throw failure ?? e;
    }
    failure = undefined;
    yield value;
  }
  if (failure) throw failure;
}

/** Whether any line holds more than a comment. Line by line: blanks by the million must not be looked at from each of them. */
const hasContent = (document: string): boolean =>
  document
    .replace(/^---.*$/m, '')
    .split(/[\n\r\u2028\u2029]/)
    .some((line) => /^\s*[^\s#]/.test(line));

/** As YAMLReader: a line that begins with `---` ends a document; only blanks and a comment may follow it. */
export function splitYaml(text: string): string[] {
  const documents: string[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('---')) {
      const after = line.slice(3).trim();
      if (after !== '' && !after.startsWith('#')) throw new CommandError(`invalid Yaml document separator: ${after}`);
      if (lines.length > 0) documents.push(`${lines.join('\n')}\n`);
      lines = [];
      continue;
    }
    lines.push(line);
  }
  const last = lines.join('\n');
  // The reader ends every line, also one that the file does not.
  documents.push(last === '' || last.endsWith('\n') ? last : `${last}\n`);
  return documents;
}
