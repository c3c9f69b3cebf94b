/** JSON text to values, with no integer changed on the way. Of a key that is repeated the last value counts. */
import { exactInteger, LONG } from './integers';

/** As JSON.parse, but an integer that a number cannot hold is a bigint, and objects may be Maps. @throws SyntaxError */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return /\d{16}/.test(text) ? parseExactly(text) : value;
}

type Container = { readonly items: unknown[] } | { readonly entries: Map<string, unknown>; key?: string };

/** The second reading of a text that is known to be valid: so it only has to tell the tokens apart. */
function parseExactly(text: string): unknown {
  const open: Container[] = [];
  let result: unknown;
  const put = (value: unknown): void => {
    const top = open.at(-1);
    if (top === undefined) result = value;
    else if ('items' in top) top.items.push(value);
    else if (top.key === undefined) top.key = String(value);
    else {
      top.entries.set(top.key, value);
      top.key = undefined;
    }
  };
  const close = (): void => {
    const done = open.pop();
    if (done) put('items' in done ? done.items : done.entries);
  };
  for (let i = 0; i < text.length; ) {
    const end = endOfToken(text, i);
    const c = text[i];
    if (c === '{') open.push({ entries: new Map() });
    else if (c === '[') open.push({ items: [] });
    else if (c === '}' || c === ']') close();
    else if (!SKIPPED.test(c)) put(scalar(text.slice(i, end)));
    i = end;
  }
  return result;
}

const SKIPPED = /[\s,:]/;
const SCALAR = /[-+.\w]/;

function endOfToken(text: string, start: number): number {
  let i = start + 1;
  if (text[start] === '"') {
    while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
    return i + 1;
  }
  if (SCALAR.test(text[start])) while (i < text.length && SCALAR.test(text[i])) i++;
  return i;
}

const scalar = (token: string): unknown =>
  token.length >= LONG && /^-?\d+$/.test(token) ? exactInteger(BigInt(token)) : JSON.parse(token);
