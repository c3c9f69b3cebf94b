/** How a verb declares its flags, and how it reads them once they are parsed. */
import { CommandError } from '../../core/client/errors';

/** `list` splits on commas and may repeat (pflag StringSlice); `array` only repeats (StringArray). */
export type FlagType = 'bool' | 'string' | 'int' | 'duration' | 'list' | 'array';

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  readonly type: FlagType;
  /** As kubectl's help shows it and as an absent flag reads. */
  readonly default?: string;
  /** The value of a bare `--flag`, for flags whose value may be left out. */
  readonly bare?: string;
  readonly help: string;
  /** kubectl has it, stsctl does not yet: naming it is refused by name. */
  readonly later?: boolean;
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
    return Number(this.string(name) || '0');
  }

  list(name: string): readonly string[] {
    const given = this.values.get(name) ?? [];
    return this.spec(name).type === 'list' ? given.flatMap((v) => (v === '' ? [] : v.split(','))) : given;
  }
}

/** As strconv.ParseBool; undefined when it is neither. */
export function parseBool(text: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  return undefined;
}

/** Refuses a flag or a command that kubectl has and stsctl does not have yet. */
export const notYet = (what: string): CommandError => new CommandError(`stsctl does not have ${what} yet`);
