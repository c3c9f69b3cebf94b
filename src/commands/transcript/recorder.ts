/** Notes one command while it runs: what was typed, what it read, what it printed and how it ended. */
import { GLOBAL_FLAGS } from '../flags/common';
import { locate } from '../flags/locate';
import type { ClusterPort, CommandBackend, Host, Keyboard, Recording, Stream } from '../host';
import { hostWith } from '../host/derived';
import { ENTRIES } from '../verbs';
import { stepText } from './format';
import { assignments, quoted, withInput } from './shell-words';

/** Variables that change what a command answers. Where they are others than at the beginning, they are noted with it. */
export const NOTED = ['STSCTL_CLOCK', 'STSCTL_FEATURE_GATES'] as const;

/** Commands that are about recordings, or that go on until they are stopped. */
const UNNOTED = /^(sim (record|replay)|serve|completion|__complete\w*)\b/;

/** Runs a command, and notes it in the transcript once it has ended. */
export async function record(
  argv: readonly string[],
  host: Host,
  recording: Recording,
  run: (host: Host) => Promise<number>,
): Promise<number> {
  if (UNNOTED.test(verbOf(argv, host.program))) return run(host);
  const noted = new Noted(host, recording);
  const note = (code: number): void => {
    const { env, folder, path } = recording;
    const command = commandText(noted.typed ? withoutTerminal(argv) : argv, host, env);
    const input = noted.input;
    const answer = { ...noted.answer(), code };
    try {
      if (noted.elsewhere) recording.append(`# on another cluster: ${command.replaceAll('\n', ' ')}\n`);
      else
        recording.append(stepText(input.length > 0 ? withInput(command, input) : command, answer, noted.place(folder)));
    } catch (e) {
      host.stderr.write(
        `warning: the recording ${path} could not be written: ${e instanceof Error ? e.message : String(e)}\n`,
      );
    }
  };
  let ended = false;
  recording.onExit((code) => {
    if (ended) return;
    noted.stopped();
    note(code);
  });
  const code = await run(noted.host);
  ended = true;
  note(code);
  return code;
}

/** The names of the verb, as in `sim record`; nothing for what is none. */
function verbOf(argv: readonly string[], program: string): string {
  try {
    return locate(argv, ENTRIES, GLOBAL_FLAGS, program)
      .entries.map(({ name }) => name)
      .join(' ');
  } catch {
    return argv[0] ?? '';
  }
}

/** What somebody typed at a terminal comes from a pipe in a replay: nothing asks for a terminal then. */
function withoutTerminal(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const kept = own.filter((word) => !/^(-t|--tty(=true)?)$/.test(word));
  return [...kept.map((word) => (/^-(it|ti)$/.test(word) ? '-i' : word)), ...argv.slice(own.length)];
}

/** Without `--state`: a replay has a cluster of its own. */
function commandText(argv: readonly string[], host: Host, begun: Readonly<Record<string, string>>): string {
  const words: string[] = [];
  for (let i = 0; i < argv.length && argv[i] !== '--'; i++) {
    if (argv[i] === '--state') i++;
    else if (!argv[i].startsWith('--state=')) words.push(argv[i]);
  }
  if (argv.includes('--')) words.push(...argv.slice(argv.indexOf('--')));
  const env: Record<string, string> = {};
  for (const name of NOTED) {
    const value = host.env[name] ?? '';
    if (value !== (begun[name] ?? '')) env[name] = value;
  }
  const editor = words[0] === 'edit' ? (host.env.KUBE_EDITOR ?? host.env.EDITOR) : undefined;
  if (editor !== undefined) env.KUBE_EDITOR = editor;
  return assignments(env) + [host.program, ...words.map(quoted)].join(' ');
}

/** The host as a command sees it that is being noted. What it prints is what a pipe would get, so that a replay gets the same. */
class Noted {
  readonly host: Host;
  /** When it was typed, where that matters: on a wall clock. */
  private at: number | undefined;
  /** How long it ran until somebody stopped it, ms; on a virtual clock nobody can wait for that. */
  private stop: number | undefined;
  private opened: { readonly backend: CommandBackend; readonly at: number } | undefined;
  /** Whether it went to a real cluster: nothing to be repeated by a replay. */
  elsewhere = false;
  /** Whether its input was typed at a terminal. */
  typed = false;
  private readonly inputs: Uint8Array[] = [];
  private readonly printed: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };

  constructor(
    host: Host,
    private readonly recording: Recording,
  ) {
    const heard = (keyboard: Keyboard): Keyboard => this.heard(keyboard);
    this.host = hostWith(host, {
      stdout: this.tee(host.stdout, 'stdout'),
      stderr: this.tee(host.stderr, 'stderr'),
      readStdin: async (limit) => {
        const bytes = await host.readStdin(limit);
        this.inputs.push(bytes);
        return bytes;
      },
      openBackend: async (options) => {
        const elapsed = recording.elapsed();
        return this.watched(await host.openBackend({ ...options, at: recording.begun + elapsed }), elapsed);
      },
      clusters: host.clusters && this.asked(host.clusters),
      get keyboard() {
        return host.keyboard && heard(host.keyboard);
      },
    });
  }

  /** Where and when it was typed. */
  place(folder: string): { readonly folder: string; readonly at?: number; readonly stop?: number } {
    return {
      folder,
      ...(this.at !== undefined && { at: this.at }),
      ...(this.stop !== undefined && { stop: this.stop }),
    };
  }

  /** It did not come to its end, and will not. */
  stopped(): void {
    this.look();
    if (this.at !== undefined) this.stop = this.recording.elapsed() - this.at;
  }

  get input(): Uint8Array {
    return joined(this.inputs);
  }

  answer(): { stdout: string; stderr: string } {
    const text = (bytes: readonly Uint8Array[]): string =>
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(joined(bytes));
    return { stdout: text(this.printed.stdout), stderr: text(this.printed.stderr) };
  }

  private tee(stream: Stream, name: 'stdout' | 'stderr'): Stream {
    const seen = this.printed[name];
    return {
      isTTY: false,
      write: (text) => {
        seen.push(new TextEncoder().encode(text));
        stream.write(text);
      },
      writeBytes: (bytes) => {
        seen.push(bytes);
        if (stream.writeBytes) stream.writeBytes(bytes);
        else stream.write(new TextDecoder().decode(bytes));
      },
    };
  }

  /** Whoever asks anything of a real cluster, or of its kubeconfig, is elsewhere. */
  private asked(clusters: ClusterPort): ClusterPort {
    return new Proxy(clusters, {
      get: (target, name) => {
        this.elsewhere = true;
        return Reflect.get(target, name) as unknown;
      },
    });
  }

  private heard(keyboard: Keyboard): Keyboard {
    return {
      readLine: async (prompt) => {
        const typed = await keyboard.readLine(prompt);
        this.typed = true;
        if (typed.kind === 'line') this.inputs.push(new TextEncoder().encode(`${typed.text}\n`));
        return typed;
      },
    };
  }

  private watched(backend: CommandBackend, elapsed: number): CommandBackend {
    this.opened = { backend, at: elapsed };
    const close = backend.close.bind(backend);
    return Object.assign(backend, {
      close: async () => {
        this.look();
        await close();
      },
    });
  }

  /** Which clock a command ran by, only a cluster knows that is loaded: undo and its like load none. */
  private look(): void {
    const { opened, recording } = this;
    if (!opened?.backend.sim) return;
    if ((opened.backend.sim.clockMode() ?? (recording.wall ? 'wall' : 'virtual')) === 'wall') this.at = opened.at;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
