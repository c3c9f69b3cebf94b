/** Colours for revisions on a terminal; chalk is loaded only there. */
import type { RevisionPaint } from './terminal';

const COLOURS = ['cyan', 'yellow', 'magenta', 'green', 'blue', 'red'] as const;
const BEHIND = ['bgCyan', 'bgYellow', 'bgMagenta', 'bgGreen', 'bgBlue', 'bgRed'] as const;

/** Ask for it only when the output is a terminal that takes colours. */
export async function loadRevisionPaint(): Promise<RevisionPaint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return (text, revision, strong) => {
    const which = revision % COLOURS.length;
    return strong ? chalk[BEHIND[which]].black(text) : chalk[COLOURS[which]](text);
  };
}
