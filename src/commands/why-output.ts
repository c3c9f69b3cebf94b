/** Prints explanations for a reader; at a terminal also how time goes on where the clock stands still. */
import type { Explanation } from '../core/reports/why';
import { wantsColour } from './output/colour';
import { simulation } from './sim';
import type { Context } from './verb';

export async function printWhy(context: Context, explanations: readonly Explanation[]): Promise<void> {
  const { host, io } = context;
  const { renderWhy } = await import('../render/why');
  const { now, mode, paused } = await (await simulation(context)).clock();
  const mark = wantsColour(context) ? await (await import('../render/color')).loadMark() : undefined;
  io.out(
    renderWhy(explanations, {
      now,
      program: host.program,
      columns: host.stdout.columns,
      withNamespace: context.flags.bool('all-namespaces'),
      ...(mark && { mark }),
    }),
  );
  if (host.stdout.isTTY && (mode === 'virtual' || paused)) io.out(standstill(explanations, host.program, now, paused));
}

/** What ends by itself does not while time stands still. */
function standstill(explanations: readonly Explanation[], program: string, now: number, paused: boolean): string {
  const coming = explanations.flatMap(({ reasons }) => reasons).filter(({ endsAlone }) => endsAlone);
  if (coming.length === 0) return '';
  const ends = coming.flatMap(({ until }) => (until !== undefined && until > now ? [until] : []));
  const move = ends.length > 0 ? `advance ${Math.ceil((Math.max(...ends) - now) / 1000)}s` : 'settle';
  const [what, command] = paused ? ['is paused', 'resume'] : ['is virtual and stands still', move];
  return `\nThe clock ${what}: nothing happens until "${program} sim clock ${command}".\n`;
}

export const nothingFound = ({ flags, namespace }: Context): string =>
  flags.bool('all-namespaces') ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`;
