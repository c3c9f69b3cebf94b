/**
 * `stsctl __complete WORD…`: what could stand in place of the last word. One candidate a line, with a tab and its description;
 * then a line `:N`, where N adds 2 (no blank behind the word) and 4 (no file names). The shells' scripts ask for this.
 */
import { gvOf } from '../../core/api/resources';
import type { Backend } from '../../core/client/backend';
import { GLOBAL_FLAGS } from '../flags/common';
import { locate } from '../flags/locate';
import { bareValue, parseFlags } from '../flags/pflag';
import { type FlagSpec, Flags } from '../flags/spec';
import type { Host } from '../host';
import { Session } from '../session';
import type { Entry } from '../verb';
import { ENTRIES } from '../verbs';
import { argumentsOf, FILE_FLAGS, valuesOf } from './places';
import { type Candidate, containers, kinds, names, namespaces, words } from './values';

const NO_SPACE = 2;
const NO_FILES = 4;

/** The answer to a shell. Never throws: what cannot be found out is not offered. */
export async function complete(typed: readonly string[], host: Host, describe: boolean): Promise<string> {
  const current = typed.at(-1) ?? '';
  const session = new Session(host);
  let found: readonly Candidate[] | 'files' = [];
  try {
    found = await candidates(typed.slice(0, -1), current, host, session);
  } catch {
    found = [];
  } finally {
    await session.close();
  }
  if (found === 'files') return ':0\n';
  const fitting = found.filter(({ value }) => value.startsWith(current));
  const lines = fitting.map(({ value, description }) =>
    describe && description ? `${value}\t${description}\n` : `${value}\n`,
  );
  const goesOn = fitting.length > 0 && fitting.every(({ value }) => /[=/:]$/.test(value));
  return `${lines.join('')}:${NO_FILES + (goesOn ? NO_SPACE : 0)}\n`;
}

async function candidates(
  before: readonly string[],
  current: string,
  host: Host,
  session: Session,
): Promise<readonly Candidate[] | 'files'> {
  const { entries, rest } = locate(before, ENTRIES, GLOBAL_FLAGS, host.program);
  const entry = entries.at(-1);
  const path = entries.map((e) => e.name).join(' ');
  const verb = entry?.load && (await entry.load()).verb;
  const specs = [...(verb?.flags ?? []), ...GLOBAL_FLAGS].filter((spec) => !spec.later);
  const { args, flags, waiting } = readSoFar(rest, specs, verb?.interspersed);
  session.use(flags);
  await session.locate();
  const place = { path, args, flags, session, backend: () => session.open() };
  if (verb?.interspersed === false && args.length > 0)
    return candidates([...globalsOf(flags), ...args], current, host, session);
  // Behind -- nothing is a flag.
  const only = rest.includes('--');
  if (waiting && !only) return flagValues(place, waiting, current, '');
  if (only && verb) return positional(place, current);
  const equals = current.indexOf('=');
  if (current.startsWith('-') && equals > 0) {
    const spec = specByWord(current.slice(0, equals), specs);
    return spec ? flagValues(place, spec, current, current.slice(0, equals + 1)) : [];
  }
  if (current.startsWith('-')) return flagNames(specs);
  const below = args.length === 0 ? children(entry) : [];
  if (!verb) return below;
  if (verb.interspersed === false) return plannableVerbs();
  const found = await positional(place, current);
  return found === 'files' ? found : [...below, ...found];
}

/** A command that is the argument of another is under the global flags of that one. */
const globalsOf = (flags: Flags): string[] =>
  ['namespace', 'state'].filter((name) => flags.changed(name)).map((name) => `--${name}=${flags.string(name)}`);

async function plannableVerbs(): Promise<Candidate[]> {
  const { plannable } = await import('../plan/plannable');
  return plannable().map(({ name, summary }) => ({ value: name, description: summary }));
}

const children = (entry: Entry | undefined): Candidate[] =>
  (entry ? (entry.children ?? []) : ENTRIES).map(({ name, summary }) => ({ value: name, description: summary }));

function flagNames(specs: readonly FlagSpec[]): Candidate[] {
  const shown = [...new Map(specs.map((spec) => [spec.name, spec])).values()].filter((spec) => !spec.hidden);
  const help = { value: '--help', description: 'Show the help page.' };
  const long = shown.map((spec) => ({
    value: `--${spec.name}${bareValue(spec) === undefined ? '=' : ''}`,
    description: spec.help,
  }));
  return [...long, help];
}

const specByWord = (word: string, specs: readonly FlagSpec[]): FlagSpec | undefined =>
  word.startsWith('--')
    ? specs.find((spec) => spec.name === word.slice(2))
    : specs.find((spec) => spec.short === word.slice(1));

interface SoFar {
  readonly args: readonly string[];
  readonly flags: Flags;
  /** The flag whose value comes next. */
  readonly waiting?: FlagSpec;
}

/** Reads the words before the current one; flags that are unknown or unfinished are passed over. */
function readSoFar(rest: readonly string[], specs: readonly FlagSpec[], interspersed = true): SoFar {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const last = rest.at(-1);
  const waiting = last?.startsWith('-') && !last.includes('=') && last.length > 1 ? specByWord(last, specs) : undefined;
  const needsValue = waiting && bareValue(waiting) === undefined ? waiting : undefined;
  try {
    const parsed = parseFlags(needsValue ? rest.slice(0, -1) : rest, specs, { interspersed });
    const values = new Map<string, readonly string[]>();
    for (const { spec, value } of parsed.flags) values.set(spec.name, [...(values.get(spec.name) ?? []), value]);
    return { args: parsed.args, flags: new Flags(byName, values), ...(needsValue && { waiting: needsValue }) };
  } catch {
    const args = rest.filter((word) => !word.startsWith('-'));
    return { args, flags: new Flags(byName, new Map()), ...(needsValue && { waiting: needsValue }) };
  }
}

interface Place {
  readonly path: string;
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly session: Session;
  backend(): Promise<Backend>;
}

const namespaceOf = ({ flags, session }: Place): string => flags.string('namespace') || session.namespace();

/** @param prefix what of the current word stands before the value: `--output=` */
async function flagValues(
  place: Place,
  spec: FlagSpec,
  current: string,
  prefix: string,
): Promise<readonly Candidate[] | 'files'> {
  const put = (found: readonly Candidate[]) => found.map((one) => ({ ...one, value: prefix + one.value }));
  const { name } = spec;
  if (FILE_FLAGS.has(name)) return 'files';
  const known = valuesOf(place.path, name);
  if (known !== undefined) return put(words(known));
  if (spec.type === 'bool') return put(words('true false'));
  if (name === 'namespace') return put(await namespaces(await place.backend()));
  if (name === 'container') {
    const target = place.args[0]?.includes('/') || !place.args[1] ? place.args[0] : `${place.args[0]}/${place.args[1]}`;
    return target ? put(await containers(await place.backend(), target, namespaceOf(place))) : [];
  }
  if (name === 'api-version') {
    const all = await (await place.backend()).resources();
    return put([...new Set(all.map(gvOf))].map((value) => ({ value })));
  }
  if (name === 'for') return put(await typesAndNames(place, current.slice(prefix.length)));
  return [];
}

async function positional(place: Place, current: string): Promise<readonly Candidate[] | 'files'> {
  const takes = argumentsOf(place.path);
  const [first, second] = place.args;
  switch (takes.take) {
    case 'nothing':
      return [];
    case 'words':
      return first === undefined ? words(takes.words) : [];
    case 'type':
      return first === undefined ? kinds(await place.backend()) : [];
    case 'node':
      return names(await place.backend(), 'nodes', '');
    case 'pod':
      if (place.path === 'cp') return second === undefined ? podPaths(place, current) : [];
      if (first !== undefined) return [];
      return current.includes('/')
        ? typesAndNames(place, current)
        : names(await place.backend(), 'pods', namespaceOf(place));
  }
  if (place.path.startsWith('set ') && first !== undefined && (first.includes('/') || second !== undefined)) {
    const target = first.includes('/') ? first : `${first}/${second}`;
    return assignments(place, target);
  }
  if (first === undefined || first.includes('/')) {
    const found = await typesAndNames(place, current);
    return takes.take === 'workload'
      ? found.filter(({ value }) => /^(statefulset|sts|deploy|daemonset|ds)/.test(value))
      : found;
  }
  const taken = new Set(place.args.slice(1));
  return (await names(await place.backend(), first, namespaceOf(place))).filter(({ value }) => !taken.has(value));
}

/** `web-0:` and, behind a namespace, `default/web-0:`; a word that looks like a path is left to the shell. */
async function podPaths(place: Place, current: string): Promise<readonly Candidate[] | 'files'> {
  if (/^[./~]/.test(current) || current.includes(':')) return 'files';
  const slash = current.indexOf('/');
  const prefix = current.slice(0, slash + 1);
  const found = await names(await place.backend(), 'pods', prefix.slice(0, -1) || namespaceOf(place));
  return found.map(({ value }) => ({ value: `${prefix}${value}:` }));
}

/** `nginx=` for `set image`. */
async function assignments(place: Place, target: string): Promise<readonly Candidate[]> {
  if (place.path !== 'set image') return [];
  const found = await containers(await place.backend(), target, namespaceOf(place));
  return found.map(({ value }) => ({ value: `${value}=` }));
}

/** Kinds, after a comma one more; behind a slash the names of the kind. */
async function typesAndNames(place: Place, current: string): Promise<readonly Candidate[]> {
  const backend = await place.backend();
  const slash = current.indexOf('/');
  if (slash >= 0) {
    const type = current.slice(0, slash);
    return (await names(backend, type, namespaceOf(place))).map(({ value }) => ({ value: `${type}/${value}` }));
  }
  const comma = current.lastIndexOf(',') + 1;
  return (await kinds(backend)).map((one) => ({ ...one, value: current.slice(0, comma) + one.value }));
}
