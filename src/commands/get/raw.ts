/** `get --raw`: what the API answers for a path, byte for byte as a server writes it. */
import { CommandError } from '../../core/client/errors';
import { answerRaw, checkPath } from '../raw';
import type { Context } from '../verb';

/** Prints the answer. @throws CommandError for flags that don't go with --raw, ApiError as the server refuses */
export async function showRaw(context: Context): Promise<void> {
  const { args, flags } = context;
  const path = flags.string('raw');
  if (flags.bool('watch') || flags.bool('watch-only') || flags.string('selector'))
    throw new CommandError(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    );
  if (flags.string('output')) throw new CommandError('--raw and --output are mutually exclusive');
  if (args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified');
  checkPath(path);
  await answerRaw(context, 'GET');
}
