/** `create --raw`, `replace --raw` and `delete --raw`: a file sent to a path of the API, and what the server answers. */
import { CommandError } from '../core/client/errors';
import { answerRaw, checkPath } from './raw';
import type { Context } from './verb';

/** Posts or puts the one file of -f. @throws CommandError for flags that don't go with --raw, ApiError as the server refuses */
export async function writeRaw(context: Context, verb: 'create' | 'replace'): Promise<void> {
  if (context.flags.list('filename').length === 0) throw new CommandError('must specify one of -f and -k');
  checkFlags(context);
  await answerRaw(context, verb === 'create' ? 'POST' : 'PUT', await bodyOf(context));
}

/** Deletes what the path of --raw names, as the options in the file of -f say where there is one. */
export async function deleteRaw(context: Context): Promise<void> {
  checkFlags(context);
  await answerRaw(context, 'DELETE', await bodyOf(context));
}

/** What is in the file of -f, as it is. */
async function bodyOf({ flags, host }: Context): Promise<string | undefined> {
  const [filename] = flags.list('filename');
  if (filename === undefined) return undefined;
  const { readText } = await import('./manifests/read');
  return readText(host, filename);
}

function checkFlags({ flags }: Context): void {
  const exclusive = (other: string): CommandError => new CommandError(`--raw and ${other} are mutually exclusive`);
  const filenames = flags.list('filename');
  if (flags.has('edit') && flags.bool('edit')) throw exclusive('--edit');
  if (filenames.length > 1) throw new CommandError('--raw can only use a single local file or stdin');
  if (/^https?:\/\//.test(filenames[0] ?? '')) throw new CommandError('--raw cannot read from a url');
  if (flags.string('output') !== '') throw exclusive('--output');
  if (flags.has('selector') && flags.string('selector') !== '' && flags.has('edit')) throw exclusive('--selector (-l)');
  if (flags.bool('recursive')) throw exclusive('--recursive');
  checkPath(flags.string('raw'));
}
