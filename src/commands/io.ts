/**
 * What a verb prints, held back until the backend has made every write durable: nothing acknowledges a change that a
 * kill could still undo. Order between the two streams is kept.
 */
import type { Host, Stream } from './host';

/** How much of a text in pieces is written at once, characters. */
const AT_ONCE = 65_536;

export class Io {
  private chunks: { stream: 'out' | 'err'; text: string | Uint8Array | Iterable<string> }[] = [];
  private held: Promise<void> | undefined;
  /** True once anything was written to stdout, printed or still held. */
  wroteOut = false;
  warnings = 0;

  constructor(
    private readonly host: Pick<Host, 'stdout' | 'stderr'>,
    /** Awaited before anything is shown. */
    private readonly commit: () => Promise<void>,
  ) {}

  /** Text for stdout, newlines included. */
  out(text: string): void {
    if (text === '') return;
    this.wroteOut = true;
    this.chunks.push({ stream: 'out', text });
  }

  /** Text for stdout in pieces, each of which is made only when it is shown. */
  outPieces(pieces: Iterable<string>): void {
    this.wroteOut = true;
    this.chunks.push({ stream: 'out', text: pieces });
  }

  /** Text for stderr, newlines included. */
  err(text: string): void {
    if (text !== '') this.chunks.push({ stream: 'err', text });
  }

  /** What a program printed, whatever it is. */
  bytes(stream: 'out' | 'err', bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (stream === 'out') this.wroteOut = true;
    this.chunks.push({ stream, text: bytes });
  }

  /** Text for stderr, shown at once with what was said before it: only where all of that is committed. */
  errNow(text: string): void {
    this.err(text);
    this.show();
  }

  /** Text for stderr that is not said again. */
  errOnce(text: string): void {
    if (this.seen.has(text)) return;
    this.seen.add(text);
    this.err(text);
  }

  /** A warning of the server, as client-go's warning writer prints it. Repeats are dropped. */
  warn(text: string): void {
    if (this.seen.has(text)) return;
    this.seen.add(text);
    this.warnings += 1;
    this.err(`Warning: ${text}\n`);
  }
  private readonly seen = new Set<string>();

  /** Commits, then shows everything said so far. A failing commit shows nothing and throws. */
  flush(): Promise<void> {
    this.held = (this.held ?? Promise.resolve()).then(async () => {
      await this.commit();
      this.show();
    });
    return this.held;
  }

  /** Shows what is held although nothing was committed: only for words that acknowledge nothing. */
  show(): void {
    const chunks = this.chunks;
    this.chunks = [];
    for (let at = 0; at < chunks.length; ) {
      const { stream, text } = chunks[at];
      const to = stream === 'out' ? this.host.stdout : this.host.stderr;
      if (typeof text !== 'string' && !(text instanceof Uint8Array)) {
        writePieces(to, text);
        at++;
        continue;
      }
      // What follows of the same kind is written with it.
      const isText = typeof text === 'string';
      const texts: string[] = [];
      const bytes: Uint8Array[] = [];
      for (; at < chunks.length && chunks[at].stream === stream; at++) {
        const next = chunks[at].text;
        if (isText && typeof next === 'string') texts.push(next);
        else if (!isText && next instanceof Uint8Array) bytes.push(next);
        else break;
      }
      if (isText) to.write(texts.join(''));
      else writeBytes(to, bytes);
    }
  }

  /** Forgets what was not shown yet. */
  discard(): void {
    this.chunks = [];
  }
}

function writePieces(to: Stream, pieces: Iterable<string>): void {
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < AT_ONCE) continue;
    to.write(held);
    held = '';
  }
  if (held !== '') to.write(held);
}

function writeBytes(to: Stream, parts: readonly Uint8Array[]): void {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  if (to.writeBytes) to.writeBytes(all);
  else to.write(new TextDecoder().decode(all));
}
