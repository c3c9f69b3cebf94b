/** The colours of a plan; chalk is loaded only on a terminal. */

/** How words are coloured; nothing for a pipe. */
export type PlanPaint = (kind: 'good' | 'bad' | 'faint' | 'title', text: string) => string;

export const PLAIN: PlanPaint = (_, text) => text;

export async function loadPlanPaint(): Promise<PlanPaint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const styles = { good: chalk.green, bad: chalk.red, faint: chalk.gray, title: chalk.bold };
  return (kind, text) => styles[kind](text);
}
