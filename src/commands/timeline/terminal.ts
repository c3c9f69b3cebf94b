/** How the flags and the terminal want a timeline drawn. */
import { loadRevisionPaint } from '../../render/timeline/colour';
import type { TerminalOptions } from '../../render/timeline/terminal';
import { wantsColour } from '../output/colour';
import type { Context } from '../verb';

/** Columns where there is no terminal to ask. */
const PIPE_WIDTH = 100;

export async function terminalOptions(context: Context): Promise<TerminalOptions> {
  const { flags, host } = context;
  const paint = wantsColour(context) ? await loadRevisionPaint() : undefined;
  return {
    width: flags.int('width') || Math.max(20, host.stdout.columns || PIPE_WIDTH),
    absolute: flags.bool('absolute'),
    trueScale: !flags.bool('compress'),
    ascii: flags.bool('ascii'),
    ...(paint && { paint }),
  };
}
