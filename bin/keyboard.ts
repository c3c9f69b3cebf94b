/** Lines typed at this process's terminal, with editing and history. */
import { createInterface, type Interface } from 'node:readline';
import type { Keyboard, Typed } from '../src/commands/host';

export function keyboard(): Keyboard {
  let lines: Interface | undefined;
  /** What was typed ahead, or pasted. */
  const ahead: Typed[] = [];
  let waiting: ((typed: Typed) => void) | undefined;
  const take = (typed: Typed): void => {
    if (waiting) {
      const answer = waiting;
      waiting = undefined;
      answer(typed);
    } else ahead.push(typed);
  };
  const open = (): Interface => {
    const opened = createInterface({ input: process.stdin, output: process.stdout, terminal: true });
    opened.on('line', (text) => take({ kind: 'line', text }));
    opened.on('close', () => {
      lines = undefined;
      take({ kind: 'end' });
    });
    opened.on('SIGINT', () => {
      // Nobody waits for a line: it is the program that is to end.
      if (!waiting) process.exit(130);
      process.stdout.write('^C\n');
      opened.write(null, { ctrl: true, name: 'e' });
      opened.write(null, { ctrl: true, name: 'u' });
      take({ kind: 'interrupt' });
    });
    return opened;
  };
  return {
    async readLine(prompt) {
      const typed = ahead.shift();
      if (typed) {
        if (typed.kind === 'line') process.stdout.write(`${prompt}${typed.text}\n`);
        return typed;
      }
      lines ??= open();
      const current = lines;
      current.resume();
      current.setPrompt(prompt);
      const answer = new Promise<Typed>((resolve) => {
        waiting = resolve;
      });
      current.prompt();
      const next = await answer;
      // The terminal is nobody's between two lines, so that the program can end.
      lines?.pause();
      return next;
    },
  };
}
