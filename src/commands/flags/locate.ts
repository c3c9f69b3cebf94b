/** Finds the verb in an argument list: the first words that are neither flags nor values of flags (as cobra's Find). */
import { CommandError } from '../../core/client/errors';
import type { Entry } from '../verb';
import { KUBECTL_COMMANDS, REASONS } from '../verbs';
import { bareValue } from './pflag';
import { type FlagSpec, notYet } from './spec';

export interface Located {
  /** From the outermost to the command itself; empty for `stsctl` alone. */
  readonly entries: readonly Entry[];
  /** The argument list without the command words. */
  readonly rest: readonly string[];
}

/** @throws CommandError for a word that is no command. */
export function locate(
  argv: readonly string[],
  entries: readonly Entry[],
  globals: readonly FlagSpec[],
  program: string,
): Located {
  const rest = [...argv];
  const found: Entry[] = [];
  let level = entries;
  let from = 0;
  for (;;) {
    const at = firstWord(rest, from, globals);
    if (at < 0) break;
    const word = rest[at];
    const entry = level.find((e) => e.name === word || e.aliases?.includes(word));
    if (!entry) {
      if (found.length === 0) throw unknownCommand(word, entries, program);
      const parent = found[found.length - 1];
      if (parent.laterChildren?.includes(word)) throw refused(`${found.map((e) => e.name).join(' ')} ${word}`);
      break;
    }
    found.push(entry);
    rest.splice(at, 1);
    from = at;
    level = entry.children ?? [];
    if (level.length === 0) break;
  }
  return { entries: found, rest };
}

/** Index of the first word that is no flag and no flag's value, or -1. */
function firstWord(argv: readonly string[], from: number, globals: readonly FlagSpec[]): number {
  for (let i = from; i < argv.length; i++) {
    const word = argv[i];
    if (word === '--') return -1;
    if (!word.startsWith('-') || word === '-') return i;
    if (word.includes('=')) continue;
    const spec = word.startsWith('--')
      ? globals.find((f) => f.name === word.slice(2))
      : word.length === 2
        ? globals.find((f) => f.short === word[1])
        : undefined;
    const known = spec
      ? bareValue(spec) !== undefined
      : word === '-h' || word === '--help' || (word.length > 2 && !word.startsWith('--'));
    if (!known) i++;
  }
  return -1;
}

/** A command that kubectl has and we do not. */
const refused = (command: string): CommandError => notYet(`the command ${JSON.stringify(command)}`, REASONS[command]);

function unknownCommand(word: string, entries: readonly Entry[], program: string): CommandError {
  const known = KUBECTL_COMMANDS.split(' ');
  if (known.includes(word)) return refused(word);
  const names = [...known, ...entries.map((e) => e.name).filter((n) => !known.includes(n))];
  const similar = names.filter(
    (name) => distance(word.toLowerCase(), name) <= 2 || name.startsWith(word.toLowerCase()),
  );
  const hint = similar.length > 0 ? `\n\nDid you mean this?\n${similar.map((s) => `\t${s}\n`).join('')}` : '';
  return new CommandError(`unknown command ${JSON.stringify(word)} for ${JSON.stringify(program)}${hint}`);
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
