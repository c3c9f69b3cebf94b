/** Recordings on disk: the transcript itself, and beside the state file the word that one is going on. */
import fs from 'node:fs';
import path from 'node:path';
import type { Recording, TranscriptPort } from '../src/commands/host';
import { syncFile, syncFolder } from '../src/core/backends/local/durable';
import { StateFileError } from '../src/core/backends/local/errors';

type StatePath = (option: string | undefined) => string;

/** What `<state>.recording` says. */
interface Going {
  readonly path: string;
  /** The machine's time, ms since 1970. */
  readonly begun: number;
  readonly wall?: true;
  readonly env: Readonly<Record<string, string>>;
}

export function transcriptPort(statePath: StatePath): TranscriptPort {
  const noteOf = (state: string | undefined): string => `${statePath(state)}.recording`;
  return {
    current: (state) => {
      const note = ifAny(() => noteOf(state));
      return note !== undefined && fs.existsSync(note) ? recordingOf(note) : undefined;
    },
    paths: (file) => ({ path: path.resolve(file), state: `${path.resolve(file)}.state` }),
    begin(state, file, header, { env, now }) {
      const note = noteOf(state);
      const going: Going = { path: file, begun: now ?? Date.now(), ...(now !== undefined && { wall: true }), env };
      fs.writeFileSync(note, JSON.stringify(going), { flag: 'wx', mode: 0o600 });
      try {
        fs.writeFileSync(file, header, { flag: 'wx' });
        for (const written of [file, note]) {
          syncFile(fs, written);
          syncFolder(fs, path.dirname(written));
        }
      } catch (e) {
        fs.rmSync(note, { force: true });
        throw e;
      }
    },
    end: (state) => fs.rmSync(noteOf(state), { force: true }),
    replace(file, text) {
      const target = fs.realpathSync(file);
      const next = `${target}.${process.pid}`;
      fs.writeFileSync(next, text, { mode: fs.statSync(target).mode & 0o777 });
      fs.renameSync(next, target);
    },
    folderOf: (file) => path.dirname(file),
    join: (folder, name) => path.resolve(folder, name),
    stage: async (options) => (await import('./stage')).openStage(options),
  };
}

/** Where there is no place for a cluster, nothing of it is recorded. */
function ifAny(place: () => string): string | undefined {
  try {
    return place();
  } catch (e) {
    if (e instanceof StateFileError) return undefined;
    throw e;
  }
}

/** Undefined where somebody has ended it meanwhile, or where the note makes no sense. */
function recordingOf(note: string): Recording | undefined {
  let going: Going;
  try {
    going = JSON.parse(fs.readFileSync(note, 'utf8')) as Going;
  } catch {
    return undefined;
  }
  const { begun, env, wall = false } = going;
  return {
    path: going.path,
    folder: path.relative(path.dirname(going.path), process.cwd()),
    begun,
    wall,
    elapsed: () => Math.max(0, Date.now() - begun),
    env,
    append: (text) => append(going.path, text),
    onExit: (run) => void process.once('exit', run),
  };
}

/** In one call, so that lines of two shells don't get between one another; a file that was moved away is not made anew. */
function append(file: string, text: string): void {
  const fd = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_APPEND);
  try {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at, bytes.length - at);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
