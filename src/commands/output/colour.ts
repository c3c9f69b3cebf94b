/** Whether results are coloured: on a terminal, unless --color or the environment say otherwise. */
import { CommandError } from '../../core/client/errors';
import type { Paint } from '../../render/table';
import type { Context } from '../verb';

/** A painter for the cells of tables, or undefined for plain text. @throws CommandError for a --color of no meaning */
export async function painter(context: Pick<Context, 'flags' | 'host'>): Promise<Paint | undefined> {
  if (!wantsColour(context)) return undefined;
  const { loadPaint } = await import('../../render/color');
  return loadPaint();
}

/** `--color=always` colours pipes too, and `never` nothing; else NO_COLOR and a dumb terminal are heeded. */
export function wantsColour({ flags, host }: Pick<Context, 'flags' | 'host'>): boolean {
  const { env, stdout } = host;
  const value = colourOf(flags.string('color'));
  if (value !== 'auto') return value === 'always';
  return stdout.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** @throws CommandError */
export function colourOf(value: string): 'auto' | 'always' | 'never' {
  if (value === 'auto' || value === 'always' || value === 'never') return value;
  throw new CommandError(`invalid --color value ${JSON.stringify(value)}; must be one of: auto, always, never`);
}
