/**
 * What a verb prints, held back until the backend has made every write durable: nothing acknowledges a change that a
 * kill could still undo. Order between the two streams is kept.
 */
import type { Host } from './host';

export class Io {
  private chunks: { stream: 'out' | 'err'; text: string }[] = [];
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

  /** Text for stderr, newlines included. */
  err(text: string): void {
    if (text !== '') this.chunks.push({ stream: 'err', text });
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
    let at = 0;
    while (at < chunks.length) {
      const stream = chunks[at].stream;
      let text = '';
      for (; at < chunks.length && chunks[at].stream === stream; at++) text += chunks[at].text;
      (stream === 'out' ? this.host.stdout : this.host.stderr).write(text);
    }
  }

  /** Forgets what was not shown yet. */
  discard(): void {
    this.chunks = [];
  }
}
