/** How the flags and the terminal want a timeline drawn. */
import { loadRevisionPaint } from '../../render/timeline/colour';
import type { TerminalOptions } from '../../render/timeline/terminal';
import { wantsColour } from '../output/colour';
import type { Context } from '../verb';

/** Columns where there is no terminal to ask. */
const PIPE_WIDTH = 100;

/** What a shell exports for the programs that write to a pager. */
function columnsOf({ COLUMNS }: Context['host']['env']): number | undefined {
  return COLUMNS !== undefined && /^[1-9]\d{1,3}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}

/** A terminal that says of itself that it has no more than ASCII is believed; files and pipes get UTF-8. */
function showsUnicode({ host: { env, stdout } }: Context): boolean {
  if (!stdout.isTTY) return true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'UTF-8';
  return env.TERM !== 'dumb' && /utf-?8/i.test(locale);
}

export async function terminalOptions(context: Context): Promise<TerminalOptions> {
  const { flags, host } = context;
  const paint = wantsColour(context) ? await loadRevisionPaint() : undefined;
  return {
    width: flags.int('width') || Math.max(20, host.stdout.columns || columnsOf(host.env) || PIPE_WIDTH),
    absolute: flags.bool('absolute'),
    trueScale: !flags.bool('compress'),
    ascii: flags.bool('ascii') || !showsUnicode(context),
    ...(paint && { paint }),
  };
}
