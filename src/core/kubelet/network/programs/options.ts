/** The words of a command line as getopt_long sorts them: options, their values, and what is left. */

export interface Syntax {
  /** Letters that stand alone. */
  readonly flags?: string;
  /** Letters that take a value: in the same word or in the next. */
  readonly values?: string;
  /** Long names of those letters; a name of its own where it has no letter. */
  readonly long?: Readonly<Record<string, string>>;
  /** Long names that take a value and have no letter. */
  readonly longValues?: readonly string[];
}

export interface Options {
  has(name: string): boolean;
  /** The last value that was given. */
  value(name: string): string | undefined;
  all(name: string): readonly string[];
  readonly rest: readonly string[];
  /** The option that nobody knows, as it was written. */
  readonly unknown?: string;
  /** The option that lacks its value. */
  readonly incomplete?: string;
}

export function readOptions(args: readonly string[], syntax: Syntax): Options {
  const reader = new Reader(args, syntax);
  reader.read();
  return reader;
}

class Reader implements Options {
  readonly rest: string[] = [];
  unknown?: string;
  incomplete?: string;
  private readonly given = new Map<string, string[]>();
  private at = 0;

  constructor(
    private readonly args: readonly string[],
    private readonly syntax: Syntax,
  ) {}

  has(name: string): boolean {
    return this.given.has(name);
  }

  value(name: string): string | undefined {
    return this.given.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.given.get(name) ?? [];
  }

  read(): void {
    while (this.at < this.args.length) {
      const word = this.args[this.at++] ?? '';
      if (word === '--') {
        this.rest.push(...this.args.slice(this.at));
        return;
      }
      if (word.startsWith('--')) this.long(word);
      else if (word.startsWith('-') && word !== '-') this.letters(word);
      else this.rest.push(word);
    }
  }

  private add(name: string, value: string): void {
    this.given.set(name, [...this.all(name), value]);
  }

  private long(word: string): void {
    const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const { long = {}, longValues = [], values = '' } = this.syntax;
    const own = Object.hasOwn(long, name) ? long[name] : undefined;
    if (own === undefined && !longValues.includes(name)) {
      this.unknown ??= word;
      return;
    }
    const key = own ?? name;
    if (!longValues.includes(name) && !(key.length === 1 && values.includes(key))) {
      this.add(key, '');
      return;
    }
    const given = value ?? this.args[this.at++];
    if (given === undefined) this.incomplete ??= word;
    else this.add(key, given);
  }

  private letters(word: string): void {
    const { flags = '', values = '' } = this.syntax;
    for (let i = 1; i < word.length; i++) {
      const letter = word.charAt(i);
      if (flags.includes(letter)) this.add(letter, '');
      else if (values.includes(letter)) {
        const value = word.slice(i + 1) || this.args[this.at++];
        if (value === undefined) this.incomplete ??= `-${letter}`;
        else this.add(letter, value);
        return;
      } else {
        this.unknown ??= `-${letter}`;
        return;
      }
    }
  }
}
