/**
 * The format of transcripts, line by line: `$ ` a command as a shell reads it, `> ` its further lines, `| ` what it printed, `! `
 * what it printed to stderr, `\` behind the last of these where no newline followed, `= ` its exit code unless that is 0; `@` what
 * is to be known about the cluster; `#` a comment.
 */
import { formatDuration } from '../../core/meta/duration';

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A command with its answer, or `@settle`, which is a command of its own and prints nothing. */
export interface Step {
  /** Which line of the file it begins in, from 1. */
  readonly line: number;
  /** What a shell is to run. */
  readonly command: string;
  readonly settle: boolean;
  readonly answer: Answer;
  /** The folder to run it in, as seen from the transcript's. */
  readonly folder: string;
  /** When it was typed: ms since the recording began; undefined where that doesn't matter. */
  readonly at: number | undefined;
  /** After so many ms somebody stopped it; undefined where it came to its end. */
  readonly stop: number | undefined;
  /** The lines of its answer in the file: from this index, up to but not including that. */
  readonly from: number;
  readonly to: number;
}

/** What a recording begins with. A transcript that was not recorded by stsctl has none of this. */
export interface Header {
  readonly clock?: 'wall' | 'virtual';
  readonly seed?: number;
  /** ms since 1970, of the machine's clock. */
  readonly start?: number;
  /** A file with the cluster at the beginning, as seen from the transcript. Without it, the cluster is new. */
  readonly state?: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Transcript {
  readonly header: Header;
  readonly steps: readonly Step[];
  readonly lines: readonly string[];
}

/** The lines that a recording begins with. */
export function headerText({ clock, seed, start, state, env }: Header): string {
  return [
    '# Recorded by stsctl. "stsctl sim replay" runs it again and shows what differs.',
    ...(clock ? [`@clock ${clock}`] : []),
    ...(seed === undefined ? [] : [`@seed ${seed}`]),
    ...(start === undefined ? [] : [`@start ${new Date(start).toISOString()}`]),
    ...(state === undefined ? [] : [`@state ${state}`]),
    ...Object.entries(env).map(([name, value]) => `@env ${name}=${value}`),
    '',
  ].join('\n');
}

/** A command with all that belongs to it. */
export const stepText = (
  command: string,
  answer: Answer,
  next: Partial<Pick<Step, 'folder' | 'at' | 'stop'>> = {},
): string =>
  [
    ...(next.folder ? [`@in ${next.folder}`] : []),
    ...(next.at === undefined ? [] : [`@at ${formatDuration(next.at)}`]),
    ...(next.stop === undefined ? [] : [`@stop ${formatDuration(next.stop)}`]),
    ...command.split('\n').map((line, i) => `${i === 0 ? '$' : '>'} ${line}`),
    ...answerLines(answer),
    '',
  ].join('\n');

/** An answer as a transcript has it, without a newline behind the last line. */
export const answerLines = ({ stdout, stderr, code }: Answer): string[] => [
  ...streamLines('|', stdout),
  ...streamLines('!', stderr),
  ...(code === 0 ? [] : [`= ${code}`]),
];

function streamLines(mark: string, text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n').map((line) => `${mark} ${line}`);
  if (text.endsWith('\n')) lines.pop();
  else lines.push('\\ no newline');
  return lines;
}
