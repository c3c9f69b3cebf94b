/** Where a JSON value ends, or why it is none in the words of Go's encoding/json. */

import { goQuote } from './gofmt';

export type JsonScan =
  | { readonly end: number }
  /** `at` is the place of the wrong character; none where the text ends too early. */
  | { readonly at?: number; readonly message: string };

/** Looks at the value that begins at `start`, where no white space is. */
export function scanJson(text: string, start: number): JsonScan {
  const scanner = new JsonScanner(text, start);
  try {
    scanner.value();
    return { end: scanner.index };
  } catch (e) {
    if (e instanceof JsonFault) return e.at === undefined ? { message: e.message } : { at: e.at, message: e.message };
    throw e;
  }
}

/** Why a text is no JSON value, as json.Unmarshal says it; undefined for one that is. White space may stand around it. */
export function jsonFault(text: string): string | undefined {
  const start = text.search(NO_SPACE);
  if (start < 0) return ENDED;
  // Go puts a blank behind what it has, to see whether the text could end there.
  const scan = scanJson(`${text} `, start);
  if ('message' in scan) return scan.message === 'unexpected EOF' ? ENDED : scan.message;
  const rest = text.slice(scan.end).search(NO_SPACE);
  return rest < 0 ? undefined : `invalid character ${quoted(text.charAt(scan.end + rest))} after top-level value`;
}

const NO_SPACE = /[^\t\n\r ]/;
const ENDED = 'unexpected end of JSON input';

class JsonFault extends Error {
  constructor(
    message: string,
    readonly at?: number,
  ) {
    super(message);
  }
}

const SPACE = /[\t\n\r ]/;
const DIGIT = /\d/;

/** Keeps its own stack, so that depth costs memory only. */
class JsonScanner {
  constructor(
    private readonly text: string,
    public index: number,
  ) {}

  value(): void {
    const open: ('{' | '[')[] = [];
    for (;;) {
      // Here a value begins.
      const c = this.next();
      if (c === '{' || c === '[') {
        this.index++;
        const close = c === '{' ? '}' : ']';
        if (this.next() !== close) {
          open.push(c);
          if (c === '{') this.key();
          continue;
        }
        this.index++;
      } else this.scalar(c);
      // Here a value has ended.
      for (;;) {
        const around = open.at(-1);
        if (around === undefined) return;
        const after = this.next();
        if (after === ',') {
          this.index++;
          if (around === '{') this.key();
          break;
        }
        if (after !== (around === '{' ? '}' : ']'))
          this.refuse(around === '{' ? 'after object key:value pair' : 'after array element');
        this.index++;
        open.pop();
      }
    }
  }

  /** The next character that is no white space. */
  private next(): string {
    while (SPACE.test(this.text.charAt(this.index))) this.index++;
    return this.here();
  }

  private here(): string {
    if (this.index >= this.text.length) throw new JsonFault('unexpected EOF');
    return this.text.charAt(this.index);
  }

  private refuse(context: string): never {
    throw new JsonFault(`invalid character ${quoted(this.here())} ${context}`, this.index);
  }

  private key(): void {
    if (this.next() !== '"') this.refuse('looking for beginning of object key string');
    this.string();
    if (this.next() !== ':') this.refuse('after object key');
    this.index++;
  }

  private scalar(c: string): void {
    if (c === '"') this.string();
    else if (c === '-' || DIGIT.test(c)) this.number();
    else if (c === 't') this.literal('true');
    else if (c === 'f') this.literal('false');
    else if (c === 'n') this.literal('null');
    else this.refuse('looking for beginning of value');
  }

  private literal(word: string): void {
    for (const [i, letter] of [...word].entries()) {
      if (i > 0 && this.here() !== letter) this.refuse(`in literal ${word} (expecting ${quoted(letter)})`);
      this.index++;
    }
  }

  private number(): void {
    if (this.here() === '-') this.index++;
    if (this.here() === '0') this.index++;
    else this.digits('in numeric literal');
    if (this.text.charAt(this.index) === '.') {
      this.index++;
      this.digits('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.text.charAt(this.index))) {
      this.index++;
      if (/[-+]/.test(this.here())) this.index++;
      this.digits('in exponent of numeric literal');
    }
  }

  private digits(context: string): void {
    if (!DIGIT.test(this.here())) this.refuse(context);
    while (DIGIT.test(this.text.charAt(this.index))) this.index++;
  }

  private string(): void {
    this.index++;
    for (;;) {
      const c = this.here();
      if (c < ' ') this.refuse('in string literal');
      this.index++;
      if (c === '"') return;
      if (c === '\\') this.escape();
    }
  }

  private escape(): void {
    const c = this.here();
    if (!'"\\/bfnrtu'.includes(c)) this.refuse('in string escape code');
    this.index++;
    for (let i = 0; c === 'u' && i < 4; i++) {
      if (!/[\da-fA-F]/.test(this.here())) this.refuse('in \\u hexadecimal character escape');
      this.index++;
    }
  }
}

function quoted(c: string): string {
  if (c === "'") return "'\\''";
  if (c === '"') return `'"'`;
  // Go looks at bytes: of a longer character the first one is shown.
  const [byte] = new TextEncoder().encode(c);
  return `'${goQuote(String.fromCharCode(byte)).slice(1, -1)}'`;
}
