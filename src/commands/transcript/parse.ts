/** Reads a transcript, and names the line of whatever is none. */
import { CommandError } from '../../core/client/errors';
import { parseDuration } from '../../core/meta/duration';
import type { Header, Step, Transcript } from './format';

/** @throws CommandError that names the file and the line */
export function parseTranscript(path: string, text: string): Transcript {
  // What was printed may end its lines as it likes.
  const lines = text.split('\n').map((line) => (/^[|!] /.test(line) ? line : line.replace(/\r$/, '')));
  const reader = new Reader();
  lines.forEach((line, index) => {
    try {
      reader.take(line, index);
    } catch (e) {
      throw e instanceof Error && !(e instanceof TypeError)
        ? new CommandError(`${path}:${index + 1}: ${e.message}`)
        : e;
    }
  });
  return { header: reader.header, steps: reader.steps, lines };
}

/** A step that is being read: lines are added to it. */
interface Draft {
  readonly line: number;
  command: string;
  readonly settle: boolean;
  readonly answer: { stdout: string; stderr: string; code: number };
  readonly folder: string;
  readonly at: number | undefined;
  readonly stop: number | undefined;
  from: number;
  to: number;
  /** Where its last line of output was printed. */
  last: 'stdout' | 'stderr' | undefined;
}

/** What is said of a command before it. */
type Beforehand = Pick<Step, 'folder' | 'at' | 'stop'>;

const NOTHING: Beforehand = { folder: '', at: undefined, stop: undefined };
const MARKS = "expected a line that begins with '$ ', '> ', '| ', '! ', '= ', '\\', '@' or '#'";

/** Throws plain errors: where they are, the caller knows. */
class Reader {
  header: Header = { env: {} };
  readonly steps: Draft[] = [];
  private next = NOTHING;

  take(line: string, index: number): void {
    const rest = line.slice(2);
    if (line === '' || line.startsWith('#')) return;
    if (line.startsWith('@')) this.directive(line, index);
    else if (line.startsWith('$ ')) {
      this.begin(index, rest, false, this.next);
      this.next = NOTHING;
    } else if (/^>( |$)/.test(line)) this.further(rest, index);
    else if (/^[|!]( |$)/.test(line)) this.printed(line.startsWith('|') ? 'stdout' : 'stderr', rest, index);
    else if (line.startsWith('\\')) this.cutShort(index);
    else if (line.startsWith('= ')) this.exit(rest, index);
    else throw new Error(MARKS);
  }

  private begin(index: number, command: string, settle: boolean, next: Beforehand): void {
    const answer = { stdout: '', stderr: '', code: 0 };
    this.steps.push({
      line: index + 1,
      command,
      settle,
      answer,
      ...next,
      from: index + 1,
      to: index + 1,
      last: undefined,
    });
  }

  /** The command that a line of its answer belongs to. */
  private open(index: number): Draft {
    const step = this.steps.at(-1);
    if (!step || step.settle) throw new Error('there is no command that this could belong to');
    step.to = index + 1;
    return step;
  }

  private further(text: string, index: number): void {
    const last = this.steps.at(-1);
    if (last && last.to > last.from) throw new Error("a command's further lines come before its answer");
    const step = this.open(index);
    step.command += `\n${text}`;
    step.from = step.to;
  }

  private printed(stream: 'stdout' | 'stderr', text: string, index: number): void {
    const step = this.open(index);
    step.answer[stream] += `${text}\n`;
    step.last = stream;
  }

  private cutShort(index: number): void {
    const step = this.open(index);
    if (!step.last) throw new Error('there is no line before this that could lack its newline');
    step.answer[step.last] = step.answer[step.last].slice(0, -1);
    step.last = undefined;
  }

  private exit(text: string, index: number): void {
    if (!/^\d{1,3}$/.test(text)) throw new Error(`invalid exit code ${JSON.stringify(text)}`);
    this.open(index).answer.code = Number(text);
  }

  private directive(line: string, index: number): void {
    const [, word = '', rest = ''] = /^@(\S*)(.*)$/s.exec(line) ?? [];
    const value = rest.trimStart();
    if (word === 'settle') this.begin(index, 'stsctl sim clock settle', true, NOTHING);
    else if (word === 'in') this.next = { ...this.next, folder: value };
    else if (word === 'at') this.next = { ...this.next, at: sinceThen(value) };
    else if (word === 'stop') this.next = { ...this.next, stop: sinceThen(value) };
    else if (this.steps.length > 0 && SETTINGS.has(word))
      throw new Error(`@${word} comes before the first command: only @settle, @in, @at and @stop may follow one`);
    else this.header = withSetting(this.header, word, value);
  }
}

function sinceThen(text: string): number {
  const ms = parseDuration(text);
  if (ms < 0) throw new Error(`time does not go back: ${text}`);
  return ms;
}

const SETTINGS: ReadonlySet<string> = new Set(['clock', 'seed', 'start', 'state', 'env']);

function withSetting(header: Header, word: string, value: string): Header {
  switch (word) {
    case 'clock':
      if (value === 'wall' || value === 'virtual') return { ...header, clock: value };
      break;
    case 'seed':
      if (/^\d{1,15}$/.test(value)) return { ...header, seed: Number(value) };
      break;
    case 'start':
      if (!Number.isNaN(Date.parse(value))) return { ...header, start: Date.parse(value) };
      break;
    case 'state':
      if (value !== '') return { ...header, state: value };
      break;
    case 'env': {
      const [, name, text = ''] = /^(\w+)=(.*)$/.exec(value) ?? [];
      if (name !== undefined) return { ...header, env: { ...header.env, [name]: text } };
      break;
    }
    default:
      throw new Error(
        `unknown word @${word}: expected @settle, @in, @at, @stop, @clock, @seed, @start, @state or @env`,
      );
  }
  throw new Error(`invalid value ${JSON.stringify(value)} of @${word}`);
}
