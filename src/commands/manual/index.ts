/** The manual page: stsctl and all of its commands, made from what the commands say of themselves. */
import { GLOBAL_FLAGS } from '../flags/common';
import type { FlagSpec } from '../flags/spec';
import type { Entry, Verb } from '../verb';
import { STSCTL_VERSION } from '../version';
import { ENVIRONMENT, EXIT_STATUS, FILES, OVERVIEW } from './overview';
import { item, paragraphs, roff, section, verbatim } from './roff';

/** The page in roff, for section 1. Without a date, so that the same commands make the same page. */
export async function manualPage(entries: readonly Entry[]): Promise<string> {
  const groups = [...new Set(entries.map(({ group }) => group ?? ''))].sort((a, b) => Number(!a) - Number(!b));
  const commands: string[] = [];
  for (const group of groups) {
    const parts: string[] = [];
    for (const entry of entries) if ((entry.group ?? '') === group) parts.push(await commandText(entry, []));
    commands.push(section(roff((group || 'More Commands').toUpperCase()), parts.join('')));
  }
  return [
    `.TH STSCTL 1 "" "stsctl ${roff(STSCTL_VERSION)}" "stsctl"\n.ad l\n.nh\n`,
    section('NAME', 'stsctl \\- kubectl for StatefulSets with the cluster inside\n'),
    section('SYNOPSIS', '.B stsctl\n.I command\n.RI [ arguments ]\n.RI [ options ]\n'),
    section('DESCRIPTION', paragraphs(OVERVIEW)),
    section('OPTIONS', `Every command takes these.\n${flagItems(GLOBAL_FLAGS)}`),
    ...commands,
    section('ENVIRONMENT', terms(ENVIRONMENT)),
    section('FILES', terms(FILES)),
    section('EXIT STATUS', terms(EXIT_STATUS)),
    section('SEE ALSO', '\\fBkubectl\\fR(1)\n'),
  ].join('');
}

/** A command, and those below it. */
async function commandText(entry: Entry, parents: readonly string[]): Promise<string> {
  const { aliases = [], children = [], load, long, summary } = entry;
  const path = [...parents, entry.name];
  const verb: Verb | undefined = (await load?.())?.verb;
  const usage = `stsctl ${verb?.usage ?? `${path.join(' ')} SUBCOMMAND`} [options]`;
  const examples = (verb?.examples ?? entry.examples ?? '').trim();
  const own = [
    `.SS stsctl ${roff(path.join(' '))}\n`,
    `${roff(usage)}\n.PP\n`,
    paragraphs(verb?.long ?? long ?? summary),
    aliases.length > 0 ? `.PP\nAlso: ${roff(aliases.join(', '))}.\n` : '',
    verb ? flagItems(verb.flags) : '',
    examples && `.PP\nExamples:\n.PP\n${verbatim(examples)}`,
  ].join('');
  const below: string[] = [];
  for (const child of children) below.push(await commandText(child, path));
  return own + below.join('');
}

const terms = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([term, text]) => item(`\\fB${roff(term)}\\fR`, text))
    .join('');

const flagItems = (flags: readonly FlagSpec[]): string =>
  flags
    .filter(({ later, hidden }) => !later && !hidden)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => item(flagTerm(flag), flag.help))
    .join('');

function flagTerm({ name, short, type, default: value = '' }: FlagSpec): string {
  const names = `${short ? `\\fB\\-${roff(short)}\\fR, ` : ''}\\fB\\-\\-${roff(name)}\\fR`;
  const isList = type === 'list' || type === 'array' || type === 'pairs';
  return `${names}=\\fI${roff(value || (isList ? '[]' : "''"))}\\fR`;
}
