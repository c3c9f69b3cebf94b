/** Help pages in kubectl's layout: what it does, examples, flags, usage. */

import { OWN_NAME } from '../program-name';
import type { Entry, Verb } from '../verb';
import type { FlagSpec } from './spec';

const OPTIONS_HINT = 'Use "stsctl options" for a list of global command-line options (applies to all commands).\n';

/** The page of one verb. */
export function verbHelp(path: string, verb: Verb, children: readonly Entry[] = []): string {
  let text = `${verb.long}\n`;
  if (verb.examples) text += `\n${examplesText(verb.examples)}`;
  if (children.length > 0) text += `\n${commandsText('Available Commands', children)}`;
  const flags = verb.flags.filter((f) => !f.later && !f.hidden);
  if (flags.length > 0) text += `\nOptions:\n${flagsText(flags)}`;
  text += `\nUsage:\n  stsctl ${verb.usage} [options]\n\n`;
  if (children.length > 0) text += `Use "${path} <command> --help" for more information about a given command.\n`;
  return text + OPTIONS_HINT;
}

/** The page of a command that only has commands below it. */
export function parentHelp(path: string, entry: Entry): string {
  let text = `${entry.long ?? entry.summary}\n`;
  if (entry.examples) text += `\n${examplesText(entry.examples)}`;
  text += `\n${commandsText('Available Commands', entry.children ?? [])}`;
  text += `\nUsage:\n  ${path} SUBCOMMAND [options]\n\n`;
  return `${text}Use "${path} <command> --help" for more information about a given command.\n${OPTIONS_HINT}`;
}

/** The page of `stsctl` itself. */
export function mainHelp(entries: readonly Entry[], program: string): string {
  const is = program === OWN_NAME ? 'stsctl is ' : '';
  let text = `${is}kubectl for StatefulSets with the cluster inside.\n`;
  for (const group of new Set(entries.flatMap((e) => e.group ?? [])))
    text += `\n${commandsText(
      group,
      entries.filter((e) => e.group === group),
    )}`;
  text += '\nUsage:\n  stsctl [flags] [options]\n\n';
  return `${text}Use "stsctl <command> --help" for more information about a given command.\n${OPTIONS_HINT}`;
}

const examplesText = (examples: string): string =>
  `Examples:\n${examples
    .trim()
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')}`;

function commandsText(heading: string, entries: readonly Entry[]): string {
  const width = Math.max(13, ...entries.map((e) => e.name.length));
  return `${heading}:\n${entries.map((e) => `  ${e.name.padEnd(width)} ${e.summary}\n`).join('')}`;
}

/** Each flag with its default, sorted by name, as kubectl lists them. */
export function flagsText(flags: readonly FlagSpec[]): string {
  const sorted = [...flags].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted
    .map((f) => `    ${f.short ? `-${f.short}, ` : ''}--${f.name}=${shownDefault(f)}:\n\t${f.help}\n`)
    .join('\n');
}

function shownDefault(flag: FlagSpec): string {
  if (flag.type === 'list' || flag.type === 'array') return '[]';
  return flag.type === 'string' ? `'${flag.default ?? ''}'` : (flag.default ?? '');
}
