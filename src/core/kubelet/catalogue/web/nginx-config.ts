/** As much of nginx's configuration as a tutorial uses: what a server's locations answer. */
import type { IFileSystem } from 'just-bash';
import { matchesWildcard } from '../../../meta/wildcard';

export const DEFAULT_CONFIG_PATH = '/etc/nginx/nginx.conf';

/** A directive with its words, and the directives of its block. */
export interface Directive {
  readonly words: readonly string[];
  readonly block?: readonly Directive[];
}

class ConfigError extends Error {}

/** What is wrong with a configuration, in nginx's words; undefined where it can be read. */
export async function checkConfig(fs: IFileSystem, path: string): Promise<string | undefined> {
  try {
    await readConfig(fs, path);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** The directives of a file, with what it includes. Throws ConfigError. */
export async function readConfig(fs: IFileSystem, path: string, depth = 0): Promise<readonly Directive[]> {
  if (!(await fs.exists(path))) throw new ConfigError(`open() "${path}" failed (2: No such file or directory)`);
  const parsed = parse(await fs.readFile(path), path);
  return depth > 5 ? parsed : including(parsed, fs, depth);
}

async function including(directives: readonly Directive[], fs: IFileSystem, depth: number): Promise<Directive[]> {
  const result: Directive[] = [];
  for (const { words, block } of directives) {
    const [name, pattern = ''] = words;
    if (name !== 'include') {
      result.push(block ? { words, block: await including(block, fs, depth) } : { words });
      continue;
    }
    for (const file of await matching(pattern, fs)) result.push(...(await readConfig(fs, file, depth + 1)));
  }
  return result;
}

async function matching(pattern: string, fs: IFileSystem): Promise<string[]> {
  const full = pattern.startsWith('/') ? pattern : `/etc/nginx/${pattern}`;
  const folder = full.replace(/\/[^/]*$/, '');
  const name = full.slice(folder.length + 1);
  if (!name.includes('*')) return [full];
  if (!(await fs.exists(folder))) return [];
  const names = await fs.readdir(folder);
  return names
    .filter((each) => matchesWildcard(name, each))
    .sort()
    .map((each) => `${folder}/${each}`);
}

interface Token {
  readonly text: string;
  readonly line: number;
  readonly isQuoted: boolean;
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let line = 1;
  for (const [whole] of text.matchAll(
    /\n|[^\S\n]+|#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]|(?:\$\{\w+\}|[^\s{};#"'])+/g,
  )) {
    const isQuoted = /^["']/.test(whole);
    if (whole.trim() !== '' && !whole.startsWith('#')) {
      found.push({ text: isQuoted ? whole.slice(1, -1).replaceAll(/\\(["'\\])/g, '$1') : whole, line, isQuoted });
    }
    line += whole.split('\n').length - 1;
  }
  return found;
}

function parse(text: string, path: string): Directive[] {
  const all = tokens(text);
  const stack: { words: readonly string[]; block: Directive[] }[] = [{ words: [], block: [] }];
  let words: string[] = [];
  for (const { text: token, line, isQuoted } of all) {
    const top = stack.at(-1);
    if (!top) break;
    if (isQuoted || !/^[{};]$/.test(token)) words.push(token);
    else if (token === '}') {
      if (words.length > 0) throw new ConfigError(`unexpected "}" in ${path}:${line}`);
      if (stack.length === 1) throw new ConfigError(`unexpected "}" in ${path}:${line}`);
      stack.pop();
      stack.at(-1)?.block.push(top);
    } else if (words.length === 0) throw new ConfigError(`unexpected "${token}" in ${path}:${line}`);
    else if (token === ';') {
      top.block.push({ words });
      words = [];
    } else {
      stack.push({ words, block: [] });
      words = [];
    }
  }
  const last = all.at(-1)?.line ?? 1;
  if (words.length > 0) throw new ConfigError(`unexpected end of file, expecting ";" or "}" in ${path}:${last}`);
  if (stack.length > 1) throw new ConfigError(`unexpected end of file, expecting "}" in ${path}:${last}`);
  return stack[0]?.block ?? [];
}
