/** A client's stdin as what a command reads: all of it at once, lines as they come, or keys at a terminal. */
import type { ContainerInput, Typed } from '../../client/container-backend';
import type { ServerHost } from '../port';
import type { Channels } from './channels';
import { LineDiscipline } from './line-discipline';

/** What a command can be given to read at most, bytes. */
const MAX_INPUT = 64 * 1024 * 1024;
/** A client that keeps its stdin open and says nothing has nothing to say to a command that is no shell, ms. */
const PATIENCE_MS = 1000;

type LinesInput = Extract<ContainerInput, { kind: 'typed' }>;

/** All that comes until its end; nothing, where nothing comes for a while. */
export function pipedInput(channels: Channels, host: ServerHost): Promise<ContainerInput> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      const bytes = new Uint8Array(size);
      let at = 0;
      for (const chunk of chunks.splice(0)) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      resolve({ kind: 'piped', bytes });
    };
    const stop = host.after(PATIENCE_MS, done);
    channels.onInput((bytes) => {
      if (bytes === 'end') return done();
      stop();
      size += bytes.length;
      if (size > MAX_INPUT) {
        chunks.length = 0;
        size = 0;
        channels.refuse(1009, `more than ${MAX_INPUT} bytes of input`);
        return;
      }
      chunks.push(Uint8Array.from(bytes));
    });
  });
}

/** Hands out what was typed in order, whether it is waited for or not. */
class Queue {
  private readonly ready: Typed[] = [];
  private waiting: ((typed: Typed) => void) | undefined;
  private over = false;

  push(typed: Typed): void {
    if (this.waiting) {
      const tell = this.waiting;
      this.waiting = undefined;
      tell(typed);
    } else this.ready.push(typed);
  }

  /** Nothing more comes. */
  end(): void {
    this.over = true;
    this.push({ kind: 'end' });
  }

  next(): Promise<Typed> {
    const typed = this.ready.shift();
    if (typed) return Promise.resolve(typed);
    if (this.over) return Promise.resolve({ kind: 'end' });
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }
}

/** Lines of a script, as they come. */
export function linesInput(channels: Channels): LinesInput {
  const queue = new Queue();
  const decoder = new TextDecoder();
  let rest = '';
  channels.onInput((bytes) => {
    if (bytes !== 'end') {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) queue.push({ kind: 'line', text });
      return;
    }
    if (rest !== '') queue.push({ kind: 'line', text: rest });
    rest = '';
    queue.end();
  });
  return { kind: 'typed', tty: false, readLine: () => queue.next() };
}

/** Keys at a terminal; `echo` shows what a terminal shows of them. */
export function terminalInput(channels: Channels, echo: (text: string) => void): LinesInput {
  const queue = new Queue();
  const discipline = new LineDiscipline(echo, (typed) => queue.push(typed));
  channels.onInput((bytes) => (bytes === 'end' ? queue.end() : discipline.keys(bytes)));
  return {
    kind: 'typed',
    tty: true,
    readLine(prompt) {
      discipline.ask(prompt);
      return queue.next();
    },
  };
}
