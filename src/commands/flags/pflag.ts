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
  readonly help: boolean;
}

export class FlagError extends CommandError {}

const HELP: FlagSpec = { name: 'help', short: 'h', type: 'bool', default: 'false', help: '' };

/** @throws FlagError in pflag's words, without the hint where help is to be found. */
export function parseFlags(argv: readonly string[], specs: readonly FlagSpec[]): Parsed {
  const byName = new Map<string, FlagSpec>([['help', HELP]]);
  const byShort = new Map<string, FlagSpec>([['h', HELP]]);
  for (const spec of specs) {
    byName.set(spec.name, spec);
    if (spec.short) byShort.set(spec.short, spec);
  }
  const flags: { spec: FlagSpec; value: string }[] = [];
  const args: string[] = [];
  const set = (spec: FlagSpec, value: string): void => {
    checkValue(spec, value);
    flags.push({ spec, value });
  };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === '--') {
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
    } else args.push(word);
  }
  const help = flags.some((f) => f.spec === HELP && parseBool(f.value) === true);
  return { flags: flags.filter((f) => f.spec !== HELP), args, help };
}

/** Refuses the first flag that kubectl has and stsctl does not. */
export function refuseLater(parsed: Parsed): void {
  const later = parsed.flags.find((f) => f.spec.later);
  if (later) throw notYet(`the flag --${later.spec.name}`);
}

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
    if (!/^[+-]?(\d(_?\d)*|0x[\da-f]+|0o?[0-7]+|0b[01]+)$/i.test(value))
      refuse(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    const number = Number(value);
    if (!Number.isSafeInteger(number)) refuse(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  }
  if (spec.type === 'duration') {
    try {
      parseDuration(value);
    } catch (e) {
      refuse(e instanceof Error ? e.message : String(e));
    }
  }
}
