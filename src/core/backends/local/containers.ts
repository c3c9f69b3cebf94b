/**
 * The local side of what is done inside containers. A command is a write: the lock is taken before it, and what it did is
 * saved before anything of it is shown. The time that it takes goes by in the cluster.
 */
import { everyStatus } from '../../api/pod';
import { resourceForKind } from '../../api/resources';
import { badRequest, notFound } from '../../api/status';
import type { Pod } from '../../api/types';
import type { ContainerRef } from '../../apiserver/container-runtime';
import type {
  AttachOptions,
  ContainerBackend,
  CopiedFile,
  ExecOptions,
  LogOptions,
  PortConnection,
  PortEars,
} from '../../client/container-backend';
import { CommandError } from '../../client/errors';
import { findContainer } from '../../client/pod-containers';
import { describeContainer } from '../../kubelet/container';
import type { RunWish, ShellOutcome } from '../../kubelet/shell';
import type { Cluster } from '../../simulation/cluster';
import { followLog, type LogSource, readLogs } from './container-logs';
import { type AtPort, connectTo } from './forward';
import { logsPath, requireNode } from './lost-node';
import { readFiles, statFile, writeFiles } from './pods/copy';
import { commandOf, shellOf, waitsForInput } from './pods/input';
import { converse } from './pods/interactive';
import type { PodRuntime } from './pods/runtime';
import type { Session } from './session';
import { Turns } from './turns';

/** A container that runs, at this instant. */
interface Running {
  readonly engine: Cluster;
  readonly pod: Pod;
  readonly ref: ContainerRef;
}

interface Output {
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
}

/** The exit code of timeout(1). */
const TIMED_OUT = 124;

export class LocalContainers implements ContainerBackend {
  constructor(
    private readonly session: Session,
    private readonly runtime: PodRuntime,
    /** How calls take turns, and how a log that is followed comes to its next lines; a session of one's own plays on. */
    private readonly sharing: Pick<LogSource, 'turns' | 'rest'> = { turns: new Turns() },
  ) {}

  async exec(namespace: string, pod: string, options: ExecOptions): Promise<{ readonly exitCode: number }> {
    const { command, container, input } = options;
    const running = await this.enter(namespace, pod, container);
    const shell = shellOf(command);
    if (shell && input?.kind === 'typed') {
      await this.requireShell(running, shell);
      return { exitCode: await this.talk(running, shell, input, options) };
    }
    if (!shell && input?.kind === 'typed') return this.answering(running, input, options);
    const stdin = input?.kind === 'piped' ? piped(input.bytes) : {};
    // Options of an interactive shell mean nothing where a script is piped in.
    const argv = shell ? command.slice(0, 1) : command;
    const { exitCode, timedOut, refusal } = await this.run(running, { argv, daemon: false, ...stdin }, options);
    if (refusal !== undefined) throw new CommandError(refusal, 127);
    if (timedOut) throw goesOn();
    return { exitCode: exitCode ?? 1 };
  }

  /** A program that somebody answers: it begins again with each line that it waited for, and shows what is new. */
  private async answering(
    first: Running,
    input: Extract<NonNullable<ExecOptions['input']>, { kind: 'typed' }>,
    options: ExecOptions,
  ): Promise<{ readonly exitCode: number }> {
    let running = first;
    let stdin = '';
    let number: number | undefined;
    // It draws the same each time that it begins again.
    const turn = (): number => {
      number ??= running.engine.nextTurn();
      return number;
    };
    const shown = { stdout: 0, stderr: 0 };
    for (;;) {
      const seen = { stdout: 0, stderr: 0 };
      const fresh = (stream: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
        const known = Math.max(0, Math.min(bytes.length, shown[stream] - seen[stream]));
        seen[stream] += bytes.length;
        if (known < bytes.length) options[stream](bytes.subarray(known));
      };
      const output = { stdout: fresh('stdout'), stderr: fresh('stderr') };
      const wish = { argv: options.command, daemon: false, stdin, typing: true, turn };
      const { asks, exitCode, timedOut, refusal } = await this.run(running, wish, output);
      if (refusal !== undefined) throw new CommandError(refusal, 127);
      if (timedOut) throw goesOn();
      if (!asks) return { exitCode: exitCode ?? 1 };
      Object.assign(shown, seen);
      const typed = await input.readLine('');
      if (typed.kind !== 'line') return { exitCode: 130 };
      stdin += `${typed.text}\n`;
      running = await this.enter(running.ref.namespace, running.ref.pod, running.ref.container);
    }
  }

  /** Whether a container's command reads what somebody who attaches types. Throws as `attach`. */
  async reads(namespace: string, pod: string, container: string): Promise<boolean> {
    const running = await this.enter(namespace, pod, container);
    return waitsForInput(running.pod, this.described(running));
  }

  async attach(namespace: string, pod: string, options: AttachOptions): Promise<void> {
    const { container, input } = options;
    const running = await this.enter(namespace, pod, container);
    const described = this.described(running);
    if (!waitsForInput(running.pod, described)) {
      const from = options.fromNow ? { tailLines: 0 } : {};
      for await (const line of this.logs(namespace, pod, { container, follow: true, ...from }))
        options.stdout(new TextEncoder().encode(line));
      return;
    }
    const log = this.runtime.folders.openLog(running.ref);
    const heard = (stream: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
      log.write(stream, bytes, running.engine.now);
      options[stream](bytes);
    };
    const output: Output = { stdout: heard('stdout'), stderr: heard('stderr') };
    const [first = '', ...rest] = commandOf(described);
    const argv = first.endsWith('entrypoint.sh') ? rest : [first, ...rest];
    const shell = shellOf(argv);
    const code = shell && input?.kind === 'typed' ? await this.talk(running, shell, input, output) : undefined;
    const stdin = input?.kind === 'piped' ? piped(input.bytes) : {};
    const words = shell ? [shell] : argv;
    const exitCode = code ?? (await this.run(running, { argv: words, daemon: false, ...stdin }, output)).exitCode;
    log.close();
    await this.ended(running, exitCode ?? TIMED_OUT);
  }

  async *logs(namespace: string, pod: string, options: LogOptions): AsyncIterable<string> {
    const look = async () => {
      const engine = await this.session.read();
      const found = this.find(engine, namespace, pod);
      requireNode(engine, found, logsPath(found, options));
      return found;
    };
    const source = { session: this.session, ...this.sharing, folders: this.runtime.folders, look };
    yield* options.follow ? followLog(source, options) : readLogs(source, options);
  }

  async readFiles(namespace: string, pod: string, container: string, path: string) {
    return readFiles(await this.files(await this.enter(namespace, pod, container)), path);
  }

  async statFile(namespace: string, pod: string, container: string, path: string) {
    return statFile(await this.files(await this.enter(namespace, pod, container)), path);
  }

  async writeFiles(
    namespace: string,
    pod: string,
    container: string,
    path: string,
    files: readonly CopiedFile[],
  ): Promise<void> {
    const running = await this.enter(namespace, pod, container);
    try {
      await writeFiles(await this.files(running), path, files);
    } finally {
      await this.left(running, 0);
    }
  }

  forward(namespace: string, pod: string, port: number, ears: PortEars): Promise<PortConnection> {
    return connectTo(port, ears, (work) => this.sharing.turns.take(() => this.atPort(namespace, pod, port, work)));
  }

  /**
   * Does something at a port of a pod, and keeps what came of it. @throws ApiError, CommandError in the kubelet's words where
   * there is no such pod or none of its containers runs
   */
  async atPort<T>(namespace: string, name: string, port: number, work: AtPort<T>): Promise<T> {
    const engine = await this.session.write();
    const pod = this.find(engine, namespace, name);
    if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
    requireNode(engine, pod);
    const ref = pod.spec.containers.map((one) => runningRef(pod, one.name)).find((one) => one !== undefined);
    if (!ref) throw new CommandError(`unable to do port forwarding: pod ${name} is not running`);
    const network = await this.runtime.network(engine, pod);
    try {
      return await work(network.connect('127.0.0.1', port), { network, now: engine.now, pod });
    } finally {
      await this.left({ engine, pod, ref }, 0);
    }
  }

  private described({ engine, pod, ref }: Running) {
    return describeContainer(engine.store, pod, ref.container, ref.restart);
  }

  private files({ engine, pod, ref }: Running) {
    return this.runtime.files(engine, pod, ref.container, ref.restart);
  }

  /** Takes the lock and finds the container running. @throws ApiError, CommandError in the kubelet's words */
  private async enter(namespace: string, name: string, container: string): Promise<Running> {
    const engine = await this.session.write();
    const pod = this.find(engine, namespace, name);
    if (!findContainer(pod, container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
    if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
    requireNode(engine, pod);
    const ref = runningRef(pod, container);
    if (!ref)
      throw new CommandError(
        `Internal error occurred: unable to upgrade connection: container not found (${JSON.stringify(container)})`,
      );
    return { engine, pod, ref };
  }

  private find(engine: Cluster, namespace: string, name: string): Pod {
    const pod = engine.store.get<Pod>('pods', namespace, name);
    if (!pod) throw notFound(resourceForKind('v1', 'Pod') ?? { group: '', plural: 'pods' }, name);
    return pod;
  }

  private async run(running: Running, wish: RunWish, output: Output): Promise<ShellOutcome & { refusal?: string }> {
    const { engine, pod, ref } = running;
    const heard: { stream: keyof Output; bytes: Uint8Array }[] = [];
    const outcome = await this.runtime.exec(engine, pod, ref.container, ref.restart, {
      turn: () => engine.nextTurn(),
      ...wish,
      onOutput: (stream, bytes) => heard.push({ stream, bytes }),
    });
    await this.left(running, outcome.elapsedMs);
    const [only] = heard;
    const missing = heard.length === 1 && only ? missingProgram(wish, outcome, only.bytes) : undefined;
    if (missing !== undefined) return { ...outcome, refusal: missing };
    for (const { stream, bytes } of heard) output[stream](bytes);
    return outcome;
  }

  /**
   * What a command did may have changed what probes find, and its time goes by for everybody. One that took no time and
   * changed no file has only read.
   */
  private async left({ engine, ref }: Running, elapsedMs: number): Promise<void> {
    const asked = elapsedMs > 0 || (await this.session.filesChanged());
    if (asked) this.session.touched();
    else this.session.mustSave();
    const pod = engine.store.get<Pod>('pods', ref.namespace, ref.pod);
    if (pod?.metadata.uid === ref.uid) engine.touchPod(pod);
    if (engine.clockMode === 'virtual') await this.session.playTo(engine.now + elapsedMs, asked);
  }

  private talk(
    { engine, pod, ref }: Running,
    shell: string,
    input: Extract<NonNullable<ExecOptions['input']>, { kind: 'typed' }>,
    output: Output,
  ): Promise<number> {
    return converse({
      container: this.described({ engine, pod, ref }),
      shell,
      input,
      stdout: (bytes) => output.stdout(bytes),
      run: async (wish) => {
        const now = await this.session.write();
        const current = now.store.get<Pod>('pods', ref.namespace, ref.pod);
        if (!current || current.metadata.uid !== ref.uid) return undefined;
        if (runningRef(current, ref.container)?.restart !== ref.restart) return undefined;
        const outcome = await this.run({ engine: now, pod: current, ref }, wish, output);
        if (outcome.timedOut) output.stderr(new TextEncoder().encode(`${goesOn().message}\n`));
        return outcome;
      },
    });
  }

  /** @throws CommandError where the image has no such shell */
  private async requireShell(running: Running, shell: string): Promise<void> {
    const fs = await this.files(running);
    if (!(await fs.exists(`/bin/${shell}`))) throw new CommandError(refusalOf(shell, NOT_FOUND), 127);
  }

  /** The container's command has ended: the kubelet is told. */
  private async ended({ ref }: Running, exitCode: number): Promise<void> {
    const engine = await this.session.write();
    engine.completeRun(
      { id: `${ref.uid}/${ref.container}/${ref.restart}/attach`, ref, purpose: { kind: 'start' } },
      { exitCode, elapsedMs: 0 },
    );
    this.session.touched();
  }
}

function runningRef(pod: Pod, container: string): ContainerRef | undefined {
  const status = everyStatus(pod).find(({ name }) => name === container);
  if (!status?.state?.running) return undefined;
  const { name, namespace = '', uid } = pod.metadata;
  return { namespace, pod: name, uid, container, restart: status.restartCount };
}

/** In the words of containerd, where the very program that was asked for is not there. */
function missingProgram({ argv = [] }: RunWish, { exitCode }: ShellOutcome, output: Uint8Array): string | undefined {
  const [program = ''] = argv;
  if (exitCode !== 127) return undefined;
  const said = new TextDecoder().decode(output);
  if (said.endsWith(`: ${program}: No such file or directory\n`))
    return refusalOf(program, `stat ${program}: no such file or directory`);
  return said.endsWith(`: ${program}: command not found\n`) ? refusalOf(program, NOT_FOUND) : undefined;
}

const NOT_FOUND = 'executable file not found in $PATH';

const refusalOf = (program: string, why: string): string =>
  'Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI ' +
  `runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(program)}: ${why}: unknown`;

const goesOn = (): CommandError =>
  new CommandError(
    'the command was given up: it serves, waits or sleeps for longer than ten minutes of simulated time',
    TIMED_OUT,
  );

/** As the shell takes input: text, or one character a byte where the bytes are none. */
function piped(bytes: Uint8Array): Pick<RunWish, 'stdin' | 'stdinKind'> {
  try {
    return { stdin: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const characters = Array.from(bytes, (byte) => String.fromCharCode(byte));
    return { stdin: characters.join(''), stdinKind: 'bytes' };
  }
}
