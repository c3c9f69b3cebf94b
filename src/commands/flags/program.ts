/**
 * The commander program: it holds the tree of commands and the flags of the one that was called, prints help pages and
 * calls the verb. What arrives here is already in long form, because commander's own syntax is not kubectl's.
 */
import { Command, Option } from 'commander';
import type { Entry, Verb } from '../verb';
import { mainHelp, parentHelp, verbHelp } from './help';
import type { Parsed } from './pflag';
import { type FlagSpec, Flags } from './spec';

/** A program of that name with the command that was called and what belongs to it, without flags yet; its help knows all `entries`. */
export function createProgram(entries: readonly Entry[], name: string, called: Entry | undefined): Command {
  const program = new Command(name);
  configure(program, () => mainHelp(entries, name));
  if (called) addEntry(program, called);
  return program;
}

function addEntry(parent: Command, entry: Entry): void {
  const command = new Command(entry.name).description(entry.summary);
  if (entry.aliases) command.aliases(entry.aliases);
  configure(command, () => parentHelp(pathOf(command), entry));
  parent.addCommand(command);
  for (const child of entry.children ?? []) addEntry(command, child);
}

function configure(command: Command, help: () => string): void {
  command.exitOverride().helpOption(false).helpCommand(false).configureHelp({ formatHelp: help });
}

/** `stsctl rollout status`. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** The command at the end of `entries`. */
export function commandAt(program: Command, entries: readonly Entry[]): Command {
  let command = program;
  for (const entry of entries) command = command.commands.find((c) => c.name() === entry.name) ?? command;
  return command;
}

/**
 * Gives the command its help page, its action, and those of its flags that were `given`: commander looks at all that it knows for
 * each that it is told of.
 */
export function attach(
  command: Command,
  verb: Verb,
  specs: readonly FlagSpec[],
  given: ReadonlySet<FlagSpec>,
  children: readonly Entry[],
  run: (args: readonly string[], flags: Flags) => Promise<void>,
): void {
  configure(command, () => verbHelp(pathOf(command), verb, children));
  command.argument('[args...]');
  const byName = new Map<string, FlagSpec>();
  const options = new Map<FlagSpec, Option>();
  for (const spec of specs) {
    if (byName.has(spec.name)) continue;
    byName.set(spec.name, spec);
    if (!given.has(spec)) continue;
    const option = new Option(`--${spec.name} <value>`, spec.help);
    // commander reads `--no-headers` as "not headers"; here it is a flag of that name.
    option.negate = false;
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
    options.set(spec, option);
  }
  command.action(async (args: string[]) => {
    const values = new Map<string, readonly string[]>();
    for (const [spec, option] of options) {
      const value: unknown = command.getOptionValue(option.attributeName());
      if (Array.isArray(value)) values.set(spec.name, value.map(String));
    }
    await run(args, new Flags(byName, values));
  });
}

/** The argument list that commander gets: the command, its flags in long form, then the arguments. */
export const canonical = (entries: readonly Entry[], parsed: Parsed): string[] => [
  ...entries.map((e) => e.name),
  ...parsed.flags.map((f) => `--${f.spec.name}=${f.value}`),
  '--',
  ...parsed.args,
];
