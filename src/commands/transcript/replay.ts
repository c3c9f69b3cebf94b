/** Replays a transcript: runs its commands one after the other and compares each answer with the expected one. */
import { CommandError } from '../../core/client/errors';
import { unifiedDiff } from '../../render/unified-diff';
import type { Stage, TranscriptPort } from '../host';
import type { Context } from '../verb';
import { type Answer, answerLines, type Step, type Transcript } from './format';
import { comparable } from './mask';
import { parseTranscript } from './parse';

export interface ReplayOptions {
  readonly file: string;
  readonly masked: boolean;
  readonly update: boolean;
  /** For one command, ms. */
  readonly timeoutMs: number;
}

export interface ReplayResult {
  readonly commands: number;
  readonly differences: number;
  readonly updated: boolean;
}

/** Shows every difference at once, or writes it into the file. @throws CommandError for a file that is no transcript */
export async function replay(
  context: Pick<Context, 'host' | 'io'>,
  transcripts: TranscriptPort,
  options: ReplayOptions,
): Promise<ReplayResult> {
  const { host, io } = context;
  const { file, update } = options;
  const { path } = transcripts.paths(file);
  const transcript = parseTranscript(file, await read(host, file));
  const commands = transcript.steps.filter(({ settle }) => !settle).length;
  if (commands === 0) throw new CommandError(`${file} holds no command`);
  const folder = transcripts.folderOf(path);
  const stage = await prepare(transcripts, transcript, folder, file, host);
  const changed = new Map<Step, Answer>();
  try {
    for (const step of transcript.steps) {
      const got = await play(stage, step, transcripts.join(folder, step.folder), options);
      if (!got) continue;
      changed.set(step, got);
      if (!update) io.out(difference(file, step, got, options.masked));
      await io.flush();
    }
  } finally {
    stage.close();
  }
  const updated = update && changed.size > 0;
  if (updated) transcripts.replace(path, withAnswers(transcript, changed));
  return { commands, differences: changed.size, updated };
}

async function read(host: Context['host'], file: string): Promise<string> {
  try {
    const bytes = file === '-' ? await host.readStdin(MOST_BYTES) : host.files.read(file);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  } catch (e) {
    throw e instanceof Error ? new CommandError(`can't read ${file}: ${e.message}`) : e;
  }
}

function prepare(
  transcripts: TranscriptPort,
  { header }: Transcript,
  folder: string,
  file: string,
  host: Context['host'],
): Promise<Stage> {
  const { state, ...rest } = header;
  if (state === undefined) return transcripts.stage({ ...rest, recorded: header.start !== undefined });
  const kept = transcripts.join(folder, state);
  if (!host.files.stat(kept)) throw new CommandError(`${file} begins with the cluster in ${kept}, which is not there`);
  return transcripts.stage({ ...rest, recorded: true, state: kept });
}

/** What a command answers, where that is not what is expected. */
async function play(
  stage: Stage,
  step: Step,
  folder: string,
  { timeoutMs, masked }: ReplayOptions,
): Promise<Answer | undefined> {
  const signal = step.answer.code === TERMINATED ? 'SIGTERM' : 'SIGINT';
  const { stdout, stderr, code, timedOut } = await stage.run(step.command, {
    folder,
    at: step.at,
    ...(step.stop !== undefined && { stop: { afterMs: step.stop, signal } }),
    timeoutMs,
  });
  const late = timedOut ? `${stderr}stopped: it took longer than ${timeoutMs / 1000}s\n` : stderr;
  const got: Answer = { stdout, stderr: late, code };
  // What settling prints, if anything, is nobody's expectation.
  if (step.settle) return code === 0 ? undefined : got;
  return shown(step, step.answer, masked) === shown(step, got, masked) ? undefined : got;
}

/** More than any transcript that somebody would read. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The exit code of a command that was terminated. */
const TERMINATED = 143;

function shown({ command }: Step, answer: Answer, masked: boolean): string {
  if (masked) return `${comparable(command, answer)}\n`;
  const text = `${answerLines(answer).join('\n')}\n`;
  return MACHINE_TIMES.test(command) ? text.replace(TIME, '<time>') : text;
}

/** Commands that tell when something was typed: nobody types it again at that time. */
const MACHINE_TIMES = /\bsim (history|snapshot list)\b/;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;

function difference(file: string, step: Step, got: Answer, masked: boolean): string {
  const name = step.settle ? '@settle' : `$ ${step.command.replaceAll('\n', '\n> ')}`;
  const sides = [step.answer, got].map((answer) => shown(step, answer, masked).replace(/^\n$/, ''));
  const diff = unifiedDiff({ path: 'expected', text: sides[0] }, { path: 'replayed', text: sides[1] }, '');
  return `${file}:${step.line}: ${name}\n${diff.replace(/\t$/gm, '')}\n`;
}

/** The file with other answers. Everything else, comments between commands included, stays as it is. */
function withAnswers({ lines }: Transcript, changed: ReadonlyMap<Step, Answer>): string {
  const out = [...lines];
  for (const [step, answer] of [...changed].reverse()) {
    if (step.settle) continue;
    out.splice(step.from, step.to - step.from, ...answerLines(answer));
  }
  return out.join('\n');
}
