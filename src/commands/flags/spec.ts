/** How a verb declares its flags, and how it reads them once they are parsed. */
import { CommandError } from '../../core/client/errors';

/** `list` splits on commas and may repeat (pflag StringSlice); `array` only repeats (StringArray); `pairs` is an `array` of KEY=VALUE. */
export type FlagType = 'bool' | 'string' | 'int' | 'duration' | 'list' | 'array' | 'pairs';

/** Why a flag or a command of kubectl is refused; undefined for what may still come. */
export type Reason = string | undefined;

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  readonly type: FlagType;
  /** As kubectl's help shows it and as an absent flag reads. */
  readonly default?: string;
  /** The value of a bare `--flag`, for flags whose value may be left out. */
  readonly bare?: string;
  readonly help: string;
  /** kubectl has it, stsctl does not: naming it is refused by name, with the reason if there is one. */
  readonly later?: boolean;
  readonly reason?: Reason;
  /** The command can't do without it (as cobra's MarkFlagRequired). */
  readonly required?: boolean;
  /** What to use instead: the flag still works, with a word on stderr (as pflag's MarkDeprecated). */
  readonly deprecated?: string;
  /** How many bits an integer may have; 64 unless told. */
  readonly bits?: 32 | 64;
  readonly hidden?: boolean;
}

/** Parsed flags. Reading a flag that was never declared is a bug and throws. */
export class Flags {
  constructor(
    private readonly specs: ReadonlyMap<string, FlagSpec>,
    private readonly values: ReadonlyMap<string, readonly string[]>,
  ) {}

  private spec(name: string): FlagSpec {
    const spec = this.specs.get(name);
    if (!spec) throw new Error(`flag --${name} is not declared`);
    return spec;
  }

  /** True when the verb declares the flag. */
  has(name: string): boolean {
    return this.specs.has(name);
  }

  /** True when the name means this flag: a verb may have one of its own by the name of a global one. */
  means(spec: FlagSpec): boolean {
    return this.specs.get(spec.name) === spec;
  }

  /** True when the user gave the flag, whatever its value. */
  changed(name: string): boolean {
    this.spec(name);
    return this.values.has(name);
  }

  string(name: string): string {
    const given = this.values.get(name);
    return given ? given[given.length - 1] : (this.spec(name).default ?? '');
  }

  bool(name: string): boolean {
    return parseBool(this.string(name) || 'false') ?? false;
  }

  int(name: string): number {
    return Number(
      this.string(name)
        .replace(/^([+-]?)0(?=[_0-7])/, '$10o')
        .replace(/^[+-](?=0)/, '')
        .replaceAll('_', '') || '0',
    );
  }

  list(name: string): readonly string[] {
    const given = this.values.get(name) ?? [];
    return this.spec(name).type === 'list' ? given.flatMap(readCsv) : given;
  }
}

/** As strconv.ParseBool; undefined when it is neither. */
export function parseBool(text: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  return undefined;
}

/** Refuses a flag or a command that kubectl has and stsctl does not. */
export const notYet = (what: string, reason?: Reason): CommandError =>
  new CommandError(`${what} is not supported${reason === undefined ? ' yet' : `: ${reason}`}`);

/** The fields of one line of CSV, as pflag's lists are written: quotes keep commas, and are doubled inside quotes. */
function readCsv(text: string): string[] {
  if (text === '') return [];
  if (!text.includes('"')) return text.split(',');
  const fields = [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)];
  return fields.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare);
}
