/** SQL text as tokens, and a script as statements. */
import { syntaxError } from './errors';

export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'variable' | 'symbol';
  /** Words as they are written; strings without their quotes. */
  readonly text: string;
  /** Where it begins in the statement. */
  readonly at: number;
}

const PATTERN =
  /(\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)|'((?:[^'\\]|\\[\s\S]|'')*)'|"((?:[^"\\]|\\[\s\S]|"")*)"|`([^`]+)`|(@@?[\w.$]+)|(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([A-Za-z_$][\w$]*)|(<=>|<>|!=|<=|>=|\|\||&&|[(),;.*=<>+\-/%!])/gy;

/** Throws SqlError at what is no SQL. */
export function tokenize(sql: string): Token[] {
  const found: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < sql.length) {
    const at = PATTERN.lastIndex;
    const match = PATTERN.exec(sql);
    if (!match) throw syntaxError(sql.slice(at));
    const [, space, single, double, name, variable, number, word, symbol] = match;
    if (space !== undefined) continue;
    const text = single ?? double;
    if (text !== undefined) found.push({ kind: 'string', text: unescaped(text, single !== undefined ? "'" : '"'), at });
    else if (name !== undefined) found.push({ kind: 'name', text: name, at });
    else if (variable !== undefined) found.push({ kind: 'variable', text: variable, at });
    else if (number !== undefined) found.push({ kind: 'number', text: number, at });
    else if (word !== undefined) found.push({ kind: 'word', text: word, at });
    else found.push({ kind: 'symbol', text: symbol ?? '', at });
  }
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b' };

const unescaped = (text: string, quote: string): string =>
  text.replaceAll(quote + quote, quote).replaceAll(/\\([\s\S])/g, (_, letter: string) => ESCAPES[letter] ?? letter);

export interface Statement {
  readonly sql: string;
  /** Ended by `\G`: each row is shown on lines of its own. */
  readonly vertical: boolean;
  readonly line: number;
}

/** A script at its `;`, `\g` and `\G`, those in strings and comments left alone. */
export function statements(script: string): Statement[] {
  const found: Statement[] = [];
  const pattern =
    /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`[^`]*`|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|;|\\[gG]|[\s\S]/g;
  let sql = '';
  let begin = 1;
  let line = 1;
  const push = (vertical: boolean) => {
    if (sql.trim() !== '') found.push({ sql: sql.trim(), vertical, line: begin });
    sql = '';
  };
  for (const [part] of script.matchAll(pattern)) {
    if (part === ';' || part === '\\g') push(false);
    else if (part === '\\G') push(true);
    else {
      if (sql.trim() === '' && part.trim() !== '') begin = line;
      sql += part;
    }
    line += part.split('\n').length - 1;
  }
  push(false);
  return found.filter(({ sql: text }) => tokenizes(text));
}

/** Comments alone are no statement. */
const tokenizes = (sql: string): boolean => {
  try {
    return tokenize(sql).length > 0;
  } catch {
    return true;
  }
};
