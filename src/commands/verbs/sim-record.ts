/** `stsctl sim record`. */
import { CommandError } from '../../core/client/errors';
import type { TranscriptPort } from '../host';
import { simulation } from '../sim';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim record [FILE | --stop]',
  long:
    'Notes every stsctl command that is typed from now on, from any shell, with what it was given on standard input, what it ' +
    'printed and its exit code, until --stop. Without an argument it tells whether a recording is going on.\n\n' +
    'The file is text, made to be read, edited and run again by "sim replay". A cluster that is not a new one is kept ' +
    'beside it as FILE.state; whoever gets one needs the other. Manifests that commands read with -f stay where they are, and ' +
    'are looked for there, as seen from the file. While a recording goes on, commands print as into a pipe.',
  examples: `# Record a session
stsctl sim record session.transcript
stsctl scale sts web --replicas=2
stsctl sim clock settle
stsctl sim record --stop

# Is a recording going on?
stsctl sim record`,
  flags: [{ name: 'stop', type: 'bool', default: 'false', help: 'End the recording that is going on.' }],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, host, io } = context;
  const transcripts = host.transcripts;
  if (!transcripts) throw new CommandError('nothing can be recorded here');
  if (args.length > 1) throw usageError(context, `Unexpected args: [${args.join(' ')}]`);
  const state = flags.string('state') || undefined;
  const running = transcripts.current(state);
  const [file] = args;
  if (flags.bool('stop')) {
    if (file !== undefined) throw usageError(context, '--stop takes no file');
    if (!running) throw new CommandError('no recording is going on');
    transcripts.end(state);
    return io.out(`recorded to ${running.path}\n`);
  }
  if (file === undefined) return io.out(running ? `recording to ${running.path}\n` : 'no recording is going on\n');
  if (running)
    throw new CommandError(`a recording to ${running.path} is going on: end it with "stsctl sim record --stop"`);
  await begin(context, transcripts, state, file);
}

async function begin(
  context: Context,
  transcripts: TranscriptPort,
  state: string | undefined,
  file: string,
): Promise<void> {
  const { host, io } = context;
  const paths = transcripts.paths(file);
  for (const path of [paths.path, paths.state])
    if (host.files.stat(path)) throw new CommandError(`${path} exists already: choose another name, or remove it`);
  const folder = transcripts.folderOf(paths.path);
  if (host.files.stat(folder)?.kind !== 'folder')
    throw new CommandError(`can't record to ${paths.path}: there is no folder ${folder}`);
  const { headerText } = await import('../transcript/format');
  const { NOTED } = await import('../transcript/recorder');
  const start = await (await simulation(context)).beginRecording(paths.state);
  const env: Record<string, string> = {};
  for (const name of NOTED) {
    const value = host.env[name];
    if (value) env[name] = value;
  }
  const gates = Object.entries(start.gates).map(([name, on]) => `${name}=${on}`);
  if (gates.length > 0) env.STSCTL_FEATURE_GATES = gates.join(',');
  const header = headerText({
    clock: start.clock,
    ...(start.kept ? { state: paths.state.slice(paths.state.lastIndexOf('/') + 1) } : { seed: start.seed }),
    start: start.now,
    env,
  });
  try {
    transcripts.begin(state, paths.path, header, { env, ...(start.clock === 'wall' && { now: start.now }) });
  } catch (e) {
    throw e instanceof Error ? new CommandError(`can't record to ${paths.path}: ${e.message}`) : e;
  }
  io.out(`recording to ${paths.path}\n`);
  if (start.kept) io.out(`the cluster as it is now is kept as ${paths.state}\n`);
}
