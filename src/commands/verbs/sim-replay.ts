/** `stsctl sim replay`. */
import { CommandError, PlainError } from '../../core/client/errors';
import { durationOf, usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim replay FILE [--update] [--mask]',
  long:
    'Runs every command of a transcript, in order, against a cluster of its own that is gone afterwards, and compares what it ' +
    'prints and its exit code with what the transcript expects. Differences are shown as "diff -u" would, and make it fail.\n\n' +
    '"-" reads the transcript from standard input.\n\n' +
    'A transcript is a script: its commands run in a shell, in its folder, and may do whatever you may do. Read it before ' +
    'you run what somebody else has written. "stsctl" and "kubectl" mean this program; your own cluster is left alone.\n\n' +
    'Each line is one of: "$ " a command, "> " its next line, "| " what it prints, "! " what it prints to stderr, "\\" where no ' +
    'newline follows, "= " its exit code, "@settle" play until nothing moves, "@in FOLDER" where the next command runs, "@stop DURATION" when somebody stops it, as Ctrl-C does, "#" ' +
    'a comment. A recording begins with its clock, seed and time. Without them the cluster is new and its clock virtual.',
  examples: `# Does it still answer as recorded?
stsctl sim replay demo.transcript

# Take what it answers now as what is expected
stsctl sim replay demo.transcript --update

# A recording of a real cluster, whose ages, addresses and uids nobody can get again
stsctl sim replay real.transcript --mask`,
  flags: [
    { name: 'update', type: 'bool', default: 'false', help: 'Write what differs into the file as what is expected.' },
    {
      name: 'mask',
      type: 'bool',
      default: 'false',
      help: 'Leave out of the comparison what no two clusters share: times, ages, addresses, uids, the status of pods.',
    },
    { name: 'timeout', type: 'duration', default: '1m', help: 'How much real time a command may take.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, host, io } = context;
  const [file, ...more] = args;
  if (file === undefined || more.length > 0) throw usageError(context, 'expected one FILE');
  if (file === '-' && flags.bool('update')) throw new CommandError('--update needs a file to write into');
  if (!host.transcripts) throw new CommandError('nothing can be replayed here');
  const timeoutMs = durationOf(flags, 'timeout');
  if (timeoutMs <= 0) throw new CommandError(`--timeout must be positive: ${flags.string('timeout')}`);
  const { replay } = await import('../transcript/replay');
  const { commands, differences, updated } = await replay(context, host.transcripts, {
    file,
    masked: flags.bool('mask'),
    update: flags.bool('update'),
    timeoutMs,
  });
  const all = `${commands} command${commands === 1 ? '' : 's'}`;
  if (differences === 0) return io.out(`${file}: ${all}, all as expected\n`);
  if (updated) return io.out(`${file}: ${differences} of ${all} updated\n`);
  throw new PlainError(`${file}: ${differences} of ${all} differ${differences === 1 ? 's' : ''}\n`);
}
