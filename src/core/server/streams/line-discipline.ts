/**
 * A terminal's line discipline: keys in, lines out. Echoes what is typed, rubs out, and knows Ctrl-C, Ctrl-D, Ctrl-U and
 * Ctrl-W, as a terminal in its usual (cooked) mode does. Keys that move a cursor are passed over.
 */
import type { Typed } from '../../client/container-backend';

const INTERRUPT = '\u0003';
const END = '\u0004';
const KILL = '\u0015';
const KILL_WORD = '\u0017';
const ESCAPE = '\u001b';

export class LineDiscipline {
  private line: string[] = [];
  private prompt = '';
  private skipping = '';
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly echo: (text: string) => void,
    private readonly typed: (typed: Typed) => void,
  ) {}

  /** What stands in front of the line: it is shown now. */
  ask(prompt: string): void {
    this.prompt = prompt;
    this.echo(`${prompt}${this.line.join('')}`);
  }

  keys(bytes: Uint8Array): void {
    for (const key of this.decoder.decode(bytes, { stream: true })) this.key(key);
  }

  private key(key: string): void {
    if (this.skips(key)) return;
    const act = this.actions[key];
    if (act) act();
    else if (key >= ' ' || key === '\t') {
      this.line.push(key);
      this.echo(key);
    }
  }

  private readonly actions: Readonly<Record<string, (() => void) | undefined>> = {
    '\r': () => this.enter(),
    '\n': () => this.enter(),
    '\b': () => this.erase(1),
    '\u007f': () => this.erase(1),
    [INTERRUPT]: () => {
      this.line = [];
      this.echo('^C\r\n');
      this.typed({ kind: 'interrupt' });
    },
    [END]: () => {
      if (this.line.length === 0) this.typed({ kind: 'end' });
    },
    [KILL]: () => this.erase(this.line.length),
    [KILL_WORD]: () => {
      const isBlank = (at: number): boolean => /^\s/.test(this.line[at]!);
      let at = this.line.length;
      while (at > 0 && isBlank(at - 1)) at--;
      while (at > 0 && !isBlank(at - 1)) at--;
      this.erase(this.line.length - at);
    },
  };

  private enter(): void {
    const text = this.line.join('');
    this.line = [];
    this.prompt = '';
    this.echo('\r\n');
    this.typed({ kind: 'line', text });
  }

  private erase(count: number): void {
    if (this.line.length === 0 || count === 0) return;
    this.line.splice(Math.max(0, this.line.length - count));
    // The line is drawn anew: a letter may be wider than one column.
    this.echo(`\r\u001b[K${this.prompt}${this.line.join('')}`);
  }

  /** Whether a key belongs to an escape sequence (`ESC [ A`, `ESC O P`, `ESC x`). */
  private skips(key: string): boolean {
    if (this.skipping === '') {
      if (key !== ESCAPE) return false;
      this.skipping = key;
      return true;
    }
    const isOpening = this.skipping === ESCAPE && (key === '[' || key === 'O');
    const isInside = this.skipping.length > 1 && /[0-9;?]/.test(key);
    this.skipping = isOpening || isInside ? this.skipping + key : '';
    return true;
  }
}
