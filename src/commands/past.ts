/** What undo, redo and the snapshot commands share. */
import { CommandError } from '../core/client/errors';
import type { PastStep } from '../core/reports/past';
import type { PastVerbs } from './host';
import { simulation } from './sim';
import { usageError } from './targets';
import type { Context } from './verb';

/** @throws CommandError where nothing can be undone: on a real cluster, or one that is only played */
export async function past(context: Context): Promise<PastVerbs> {
  const verbs = (await simulation(context)).past;
  if (!verbs) throw new CommandError(`${context.path} can't be played on a copy of the cluster`);
  return verbs;
}

/** The one argument of undo and redo: how many commands. */
export function countArgument(context: Context): number {
  const [text = '1', ...more] = context.args;
  if (more.length > 0) throw usageError(context, `Unexpected args: [${context.args.join(' ')}]`);
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CommandError(`invalid count ${JSON.stringify(text)}: must be a positive number`);
}

/** A snapshot's name, the only argument. */
export function nameArgument(context: Context): string {
  const [name, ...more] = context.args;
  if (name === undefined || more.length > 0) throw usageError(context, 'expected exactly one NAME');
  return name;
}

/** A line for each command. */
export async function sayMoved({ io }: Context, verb: string, steps: readonly PastStep[]): Promise<void> {
  const { onOneLine } = await import('../render/escape');
  for (const { command } of steps) io.out(`${verb} ${onOneLine(command) || '(a command that is not known)'}\n`);
}

/** Words under headings, as kubectl lays out a table. */
export async function plainTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { noHeaders = false }: { readonly noHeaders?: boolean } = {},
): Promise<string> {
  const { layOut, TABLE_STOPS } = await import('../render/tabwriter');
  const { onOneLine } = await import('../render/escape');
  const lines = rows.map((cells) => cells.map(onOneLine));
  return layOut(
    [...(noHeaders ? [] : [header]), ...lines].map((cells) => `${cells.join('\t')}\n`).join(''),
    TABLE_STOPS,
  );
}
