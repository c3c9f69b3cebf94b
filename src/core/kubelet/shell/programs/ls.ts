/** ls, over the one of the shell's library: files are root's, and have inodes (as GNU's -i). */
import { fnv32a } from '../../../meta/hash';
import type { ProgramContext, ProgramResult } from '../program';

const SHORT = /^-[A-Za-z1]*i/;

export async function ls(args: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const wantsInodes = args.some((arg) => SHORT.test(arg) || arg === '--inode');
  const others = args
    .filter((arg) => arg !== '--inode')
    .map((arg) => (SHORT.test(arg) ? arg.replaceAll('i', '') : arg))
    .filter((arg, i) => arg !== '-' || args[i] === '-');
  const shown = await context.original(wantsInodes ? others : args);
  const owned = shown.stdout.replaceAll(/^([-dlbcps][-rwxsStT]{9} +\d+) user user /gm, '$1 root root ');
  const stdout = namesFolders(args) ? owned.replaceAll(/(?<=\S)\/$/gm, '') : owned;
  return { ...shown, stdout: wantsInodes ? withInodes(stdout) : stdout };
}

/** Folders are shown as they were named; the library puts a slash behind them. */
const namesFolders = (args: readonly string[]): boolean =>
  args.some((arg) => /^-\w*d/.test(arg)) && !args.some((arg) => /^-\w*[Fp]/.test(arg) || arg.endsWith('/'));

/** A line a file; headings, totals and what parts folders from one another have none. */
const withInodes = (text: string): string =>
  text.replaceAll(/^(?!total \d|.*:$)\S.*$/gm, (line) => `${inodeOf(line.replace(/ -> .*$/, ''))} ${line}`);

/** A file's number follows from its name: it stays, and nobody compares it with another's. */
const inodeOf = (line: string): number => 131_072 + (fnv32a(line.replace(/^.*\s/, '')) % 900_000);
