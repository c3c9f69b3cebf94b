/**
 * Reads an argument list the way kubectl's flag library does (spf13/pflag): flags and arguments in any order, `-n=x`,
 * `-nx`, `--flag=false`, values that may be left out; its words for every mistake. The result is handed to commander in
 * its long form.
 */

import { CommandError } from '../../core/client/errors';
import { parseDuration } from '../../core/meta/duration';
import { type FlagSpec, notYet, parseBool } from './spec';

export interface Parsed {
  /** In the order given, each `--name=value`. */
  readonly flags: readonly { readonly spec: FlagSpec; readonly value: string }[];
  readonly args: readonly string[];
  /** How many arguments stood before `--`. */
  readonly dashAt?: number;
  readonly help: boolean;
}

export class FlagError extends CommandError {}

const HELP: FlagSpec = { name: 'help', short: 'h', type: 'bool', default: 'false', help: '' };

/**
 * `interspersed: false` ends the flags at the first argument (as pflag's SetInterspersed): the rest is another command's.
 * @throws FlagError in pflag's words, without the hint where help is to be found.
 */
export function parseFlags(
  argv: readonly string[],
  specs: readonly FlagSpec[],
  { interspersed = true }: { readonly interspersed?: boolean } = {},
): Parsed {
  const byName = new Map<string, FlagSpec>([['help', HELP]]);
  const byShort = new Map<string, FlagSpec>([['h', HELP]]);
  // A verb's own flag wins over a global one of its name: the verb's come first.
  for (const spec of specs) {
    if (!byName.has(spec.name)) byName.set(spec.name, spec);
    if (spec.short && !byShort.has(spec.short)) byShort.set(spec.short, spec);
  }
  const flags: { spec: FlagSpec; value: string }[] = [];
  const args: string[] = [];
  let dashAt: number | undefined;
  const set = (spec: FlagSpec, value: string): void => {
    checkValue(spec, value);
    flags.push({ spec, value });
  };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === '--') {
      dashAt = args.length;
      args.push(...argv.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      const body = word.slice(2);
      const equals = body.indexOf('=');
      const name = equals < 0 ? body : body.slice(0, equals);
      if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${word}`);
      const spec = byName.get(name);
      if (!spec) throw new FlagError(`unknown flag: --${name}`);
      if (equals >= 0) set(spec, body.slice(equals + 1));
      else if (bareValue(spec) !== undefined) set(spec, bareValue(spec) ?? '');
      else if (i + 1 < argv.length) set(spec, argv[++i]);
      else throw new FlagError(`flag needs an argument: --${name}`);
    } else if (word.startsWith('-') && word.length > 1) {
      let rest = word.slice(1);
      while (rest.length > 0) {
        const letter = [...rest][0];
        const spec = byShort.get(letter);
        if (!spec) throw new FlagError(`unknown shorthand flag: '${letter}' in -${rest}`);
        const after = rest.slice(letter.length);
        if (after.length > 1 && after.startsWith('=')) {
          set(spec, after.slice(1));
          break;
        }
        if (bareValue(spec) !== undefined) {
          set(spec, bareValue(spec) ?? '');
          rest = after;
        } else if (after.length > 0) {
          set(spec, after);
          break;
        } else if (i + 1 < argv.length) {
          set(spec, argv[++i]);
          break;
        } else throw new FlagError(`flag needs an argument: '${letter}' in -${rest}`);
      }
    } else if (interspersed) args.push(word);
    else {
      args.push(...argv.slice(i));
      break;
    }
  }
  const help = flags.some((f) => f.spec === HELP && parseBool(f.value) === true);
  return { flags: flags.filter((f) => f.spec !== HELP), args, ...(dashAt !== undefined && { dashAt }), help };
}

/** Refuses the first flag that kubectl has and stsctl does not. @param path the command, with the program's name */
export function refuseLater(parsed: Parsed, path: string): void {
  const later = parsed.flags.find((f) => f.spec.later);
  if (!later) return;
  if (later.spec.name === 'kustomize') throw noKustomize(parsed, path, later.value);
  throw notYet(`the flag --${later.spec.name}`, later.spec.reason);
}

/** The kustomization is another program's work: this is how its work gets here. */
function noKustomize(parsed: Parsed, path: string, folder: string): CommandError {
  if (parsed.flags.some((f) => f.spec.name === 'filename'))
    return new CommandError('only one of -f or -k can be specified');
  const rest = parsed.flags.filter(({ spec }) => spec.name !== 'kustomize');
  const words = [...parsed.args, ...rest.map(({ spec, value }) => `--${spec.name}=${value}`)].map(quoted);
  const command = [path, '-f', '-', ...words].join(' ');
  return notYet(
    'the flag --kustomize',
    'no kustomize is built in. Let kubectl or kustomize make the manifests:\n' +
      `  kubectl kustomize ${quoted(folder)} | ${command}\n  kustomize build ${quoted(folder)} | ${command}`,
  );
}

/** As a shell reads it. */
const quoted = (word: string): string => (/^[\w./:@=+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Refuses when flags are missing that the command can't do without (as cobra's ValidateRequiredFlags). */
export function requireFlags(parsed: Parsed, specs: readonly FlagSpec[]): void {
  const missing = specs.filter((spec) => spec.required && !parsed.flags.some((f) => f.spec === spec));
  if (missing.length === 0) return;
  const names = missing.map((spec) => JSON.stringify(spec.name)).sort();
  throw new CommandError(`required flag(s) ${names.join(', ')} not set`);
}

/** The words of a command line, then its flags in the order given (as parseCommandArguments). */
export const commandLine = (parsed: Parsed, program: string): string =>
  [program, ...parsed.args, ...parsed.flags.map(({ spec, value }) => `--${spec.name}=${value}`)].join(' ');

/** What is said of deprecated flags, once for each time one was given. */
export const deprecations = (parsed: Parsed): string =>
  parsed.flags
    .filter((f) => f.spec.deprecated !== undefined)
    .map((f) => `Flag --${f.spec.name} has been deprecated, ${f.spec.deprecated}\n`)
    .join('');

export const bareValue = (spec: FlagSpec): string | undefined =>
  spec.bare ?? (spec.type === 'bool' ? 'true' : undefined);

function checkValue(spec: FlagSpec, value: string): void {
  const shown = spec.short ? `-${spec.short}, --${spec.name}` : `--${spec.name}`;
  const refuse = (why: string): never => {
    throw new FlagError(`invalid argument ${JSON.stringify(value)} for "${shown}" flag: ${why}`);
  };
  if (spec.type === 'bool' && parseBool(value) === undefined)
    refuse(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  if (spec.type === 'int') {
    if (!/^[+-]?([1-9](_?\d)*|0|0x(_?[\da-f])+|0o?(_?[0-7])+|0b(_?[01])+)$/i.test(value))
      refuse(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    const limit = 2n ** BigInt((spec.bits ?? 64) - 1);
    const number = bigint(value);
    if (number >= limit || number < -limit)
      refuse(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  }
  if (spec.type === 'list') {
    const wrong = csvError(value);
    if (wrong !== undefined) refuse(wrong);
  }
  if (spec.type === 'pairs' && !value.includes('=')) refuse('malformed pair, expect string=string');
  if (spec.type === 'duration') {
    try {
      parseDuration(value);
    } catch (e) {
      refuse(e instanceof Error ? e.message : String(e));
    }
  }
}

/** The integer that Go reads from the text: a sign, a base, digits with underscores between them, a leading 0 for octal. */
export function bigint(text: string): bigint {
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '').toLowerCase();
  const magnitude = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return text.startsWith('-') ? -magnitude : magnitude;
}

/** What Go's CSV reader says of a list whose quotes make no sense; columns count bytes from 1. */
function csvError(text: string): string | undefined {
  const column = (at: number): number => new TextEncoder().encode(text.slice(0, at)).length + 1;
  let at = 0;
  while (at < text.length) {
    if (text[at] !== '"') {
      const end = text.indexOf(',', at) < 0 ? text.length : text.indexOf(',', at);
      const quote = text.slice(at, end).indexOf('"');
      if (quote >= 0) return `parse error on line 1, column ${column(at + quote)}: bare " in non-quoted-field`;
      at = end + 1;
      continue;
    }
    const [field = ''] = /^"(?:[^"]|"")*/.exec(text.slice(at)) ?? [];
    const end = at + field.length;
    if (text[end] !== '"')
      return `parse error on line 1, column ${column(text.length)}: extraneous or missing " in quoted-field`;
    if (end + 1 < text.length && text[end + 1] !== ',')
      return `parse error on line 1, column ${column(end)}: extraneous or missing " in quoted-field`;
    at = end + 2;
  }
  return undefined;
}
