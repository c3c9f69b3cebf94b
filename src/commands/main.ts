/** From an argument list to an exit code: find the verb, read its flags, run it, and say what went wrong. */
import { CommandError, errorText, isExpected, PlainError, PrinterError } from '../core/client/errors';
import { commandText } from './command-text';
import { GLOBAL_FLAGS } from './flags/common';
import { locate } from './flags/locate';
import { commandLine, deprecations, FlagError, parseFlags, refuseLater, requireFlags } from './flags/pflag';
import { attach, canonical, commandAt, createProgram, pathOf } from './flags/program';
import type { Flags } from './flags/spec';
import type { Host } from './host';
import { Io } from './io';
import { asCalled, OWN_NAME } from './program-name';
import { Session } from './session';
import { ENTRIES } from './verbs';
import { KUBERNETES_VERSION, STSCTL_VERSION } from './version';

/**
 * Runs one command line (without `node` and the script), and notes it where a recording is going on.
 * @returns the exit code. Bugs are thrown, with everything said so far already shown.
 */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  const recording = host.transcripts?.current(stateOf(argv));
  if (!recording) return runCommand(argv, host);
  const { record } = await import('./transcript/recorder');
  return record(argv, host, recording, (noted) => runCommand(argv, noted));
}

/** `--state`, before anything else of the command line is read. */
function stateOf(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const at = argv.findLastIndex((word, i) => /^--state(=|$)/.test(word) && (end < 0 || i < end));
  if (at < 0) return undefined;
  return (argv[at] === '--state' ? argv[at + 1] : argv[at].slice('--state='.length)) || undefined;
}

async function runCommand(argv: readonly string[], host: Host): Promise<number> {
  const session = new Session(host, commandText(argv));
  const io = new Io(host, () => session.commit());
  session.io = io;
  let exitCode = 0;
  try {
    await dispatch(argv, host, io, session);
    await io.flush();
    if (session.warningsAsErrors && io.warnings > 0) {
      io.err(`error: ${io.warnings} warning${io.warnings > 1 ? 's' : ''} received\n`);
      exitCode = 1;
    }
  } catch (e) {
    exitCode = await fail(isUserError(e) ? e : ((await session.blamed(e)) ?? e), io, host.program);
  } finally {
    io.show();
    await session.close();
  }
  return exitCode;
}

/** Shows the error behind what was said before it. When that cannot be committed, only the reason for it is shown. */
async function fail(e: unknown, io: Io, program: string): Promise<number> {
  if (!isUserError(e)) {
    io.discard();
    throw e;
  }
  const { text, exitCode } = errorText(e);
  if (e instanceof PrinterError) io.out(e.printed);
  try {
    await io.flush();
  } catch (failure) {
    io.discard();
    if (!isUserError(failure)) throw failure;
    io.err(errorText(failure).text);
    return 1;
  }
  io.err(e instanceof CommandError ? asCalled(text, program) : text);
  return exitCode;
}

/** What a user can do something about: refusals, and troubles of a backend that are marked as such. */
export const isUserError = (e: unknown): e is Error =>
  isExpected(e) || (e instanceof Error && 'userFacing' in e && e.userFacing === true);

/**
 * Runs the verb of a command line: what it says goes to `io`, and `session` opens its backend. Nothing is shown or committed
 * at its end. @throws what the user is to read, and bugs
 */
export async function dispatch(argv: readonly string[], host: Host, io: Io, session: Session): Promise<void> {
  if (argv[0] === '__complete' || argv[0] === '__completeNoDesc') {
    const { complete } = await import('./completion/complete');
    io.out(await complete(argv.slice(1), host, argv[0] === '__complete'));
    return;
  }
  if (argv.length === 1 && argv[0] === '--version' && host.program === OWN_NAME) {
    io.out(`stsctl ${STSCTL_VERSION} (Kubernetes ${KUBERNETES_VERSION})\n`);
    return;
  }
  const { entries, rest } = locate(argv, ENTRIES, GLOBAL_FLAGS, host.program);
  const program = createProgram(ENTRIES, host.program, entries[0]);
  const command = commandAt(program, entries);
  const path = pathOf(command);
  const entry = entries[entries.length - 1];
  if (!entry?.load) {
    const parsed = read(path, () => parseFlags(rest, GLOBAL_FLAGS));
    const shown = parsed.help || entry === undefined || entry.helpOnStdout === true;
    if (entry && !parsed.help && parsed.args.length > 0)
      throw new CommandError(
        `unknown command ${JSON.stringify(parsed.args.join(' '))}\nSee '${path} -h' for help and examples`,
      );
    const help = asCalled(command.helpInformation(), host.program);
    if (shown) io.out(help);
    else io.err(help);
    if (entry && !parsed.help) throw new PlainError('');
    return;
  }
  const { verb } = await entry.load();
  const specs = [...verb.flags, ...GLOBAL_FLAGS];
  const { interspersed = true } = verb;
  const parsed = read(path, () => parseFlags(rest, specs, { interspersed }), verb.flagErrorCode);
  const given = new Set(parsed.flags.map(({ spec }) => spec));
  attach(command, verb, specs, given, entry.children ?? [], async (args: readonly string[], flags: Flags) => {
    session.use(flags, verb.readsCluster);
    if (session.cluster) {
      const { asksFirst, refuseOnCluster } = await import('./cluster');
      const { isDestructive } = await import('./destructive');
      const name = path.slice(path.indexOf(' ') + 1);
      refuseOnCluster(name, flags, host.program);
      session.announces = isDestructive(name, flags);
      await session.locate(asksFirst(name, flags));
    }
    await verb.run({
      io,
      host,
      flags,
      args,
      ...(parsed.dashAt !== undefined && { dashAt: parsed.dashAt }),
      path,
      commandLine: () => commandLine(parseFlags(argv, specs, { interspersed }), host.program),
      get namespace() {
        return flags.string('namespace') || session.namespace();
      },
      explicitNamespace: flags.changed('namespace'),
      flushWhileWaiting: async () => {
        if (!(await session.waitsInNoTime())) await io.flush();
      },
      backend: () => session.open(),
    });
  });
  if (parsed.help) {
    io.out(asCalled(command.helpInformation(), host.program));
    return;
  }
  io.err(deprecations(parsed));
  try {
    refuseLater(parsed, path);
    requireFlags(parsed, verb.flags);
  } catch (e) {
    throw e instanceof CommandError ? new CommandError(e.message, verb.flagErrorCode) : e;
  }
  await program.parseAsync(canonical(entries, parsed), { from: 'user' });
}

/** Adds to a mistake in the flags where help is to be found. */
function read<T>(path: string, parse: () => T, exitCode?: number): T {
  try {
    return parse();
  } catch (e) {
    if (e instanceof FlagError && exitCode !== undefined)
      throw new CommandError(`${e.message}\nSee '${path} -h' for help and examples`, exitCode);
    if (e instanceof FlagError) throw new CommandError(`${e.message}\nSee '${path} --help' for usage.`);
    throw e;
  }
}
