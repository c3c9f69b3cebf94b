/** Asks why, and does what the answer says: for tests that want to see a wait end. */
import type { Cli } from './cli';

export interface Told {
  readonly rule: string;
  readonly on?: { readonly kind: string; readonly name: string };
  readonly message: string;
  readonly source: string;
  readonly endsAlone: boolean;
  readonly ends: string;
  readonly since?: string;
  readonly until?: string;
  readonly remedy?: readonly string[];
  readonly because?: readonly Told[];
}

export interface Answer {
  readonly summary: string;
  readonly reasons: readonly Told[];
  readonly notes: readonly Told[];
}

export async function ask(cli: Cli, subject: string): Promise<Answer> {
  const { out, err, code } = await cli(`why ${subject} -o json`);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Answer;
}

/** `broken-revision < image-pull`: the rules from the top of the first chain down. */
export const chain = ({ reasons }: Answer): string => {
  const rules: string[] = [];
  for (let told: Told | undefined = reasons[0]; told; told = told.because?.[0]) rules.push(told.rule);
  return rules.join(' < ');
};

/** Runs the commands, as a shell would split them, and lets the cluster settle. Throws what they complain of. */
export async function follow(cli: Cli, commands: readonly string[] = []): Promise<void> {
  for (const command of commands) {
    const { err, code } = await cli(words(command));
    if (code !== 0) throw new Error(`${command}: ${err}`);
  }
  await cli('sim clock settle');
}

const words = (command: string): string[] =>
  [...command.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll("'\\''", "'") ?? bare ?? '',
  );
