/** What `-i` and `-t` of exec, attach and run hand to a command in a container. */
import type { ContainerInput } from '../core/client/container-backend';
import type { Context } from './verb';

/** Piped input that is larger is refused, bytes. */
const MAX_INPUT = 64 * 1024 * 1024;

/** Nothing without `-i`; a terminal's lines, or all of what is piped. A TTY that can't be had is told, unless `quiet`. */
export async function containerInput(
  context: Context,
  quiet: boolean,
  wantsTty = context.flags.bool('tty'),
): Promise<{ readonly input?: ContainerInput }> {
  const { flags, host, io } = context;
  if (!flags.bool('stdin')) return {};
  const { keyboard } = host;
  if (!keyboard) {
    if (wantsTty && !quiet) io.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
    return { input: { kind: 'piped', bytes: await host.readStdin(MAX_INPUT) } };
  }
  const readLine = async (prompt: string) => {
    // Everything so far is saved and shown before somebody is waited for.
    await io.flush();
    return keyboard.readLine(prompt);
  };
  const raw = keyboard.raw?.bind(keyboard);
  return { input: { kind: 'typed', tty: wantsTty, readLine, ...(raw && { raw }) } };
}
