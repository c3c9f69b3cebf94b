/** fmt.Sprintf, Sprint and Sprintln over template values. */
import { integerOf, typeName, unwrap } from './values';
import { type Flags, format, NONE } from './verbs';

/** Widths and precisions beyond this are refused, as fmt refuses them. */
const TOO_LARGE = 1_000_000;

/** Operands in their default form, with spaces between those of which neither is a text. */
export function sprint(values: readonly unknown[]): string {
  let text = '';
  let wasText = false;
  values.forEach((value, i) => {
    const isText = typeof unwrap(value) === 'string';
    text += (i > 0 && !isText && !wasText ? ' ' : '') + format(value, 'v', NONE);
    wasText = isText;
  });
  return text;
}

/** Operands in their default form, with spaces between them and a newline at the end. */
export const sprintln = (values: readonly unknown[]): string =>
  `${values.map((value) => format(value, 'v', NONE)).join(' ')}\n`;

/** A value as %v and, in messages, as %s. */
export const formatAs = (value: unknown, verb: 'v' | 's'): string => format(value, verb, NONE);

export function sprintf(template: string, values: readonly unknown[]): string {
  return new Printer([...template], values).print();
}

class Printer {
  private at = 0;
  private used = 0;
  private reordered = false;
  private goodIndex = true;

  constructor(
    private readonly template: readonly string[],
    private readonly values: readonly unknown[],
  ) {}

  print(): string {
    let text = '';
    while (this.at < this.template.length) {
      const character = this.template[this.at++]!;
      text += character === '%' ? this.directive() : character;
    }
    if (this.reordered || this.used >= this.values.length) return text;
    const extra = this.values.slice(this.used).map((value) => {
      const inner = unwrap(value);
      return inner === undefined ? '<nil>' : `${typeName(inner)}=${format(inner, 'v', NONE)}`;
    });
    return `${text}%!(EXTRA ${extra.join(', ')})`;
  }

  private directive(): string {
    const flags: Flags = { ...NONE };
    this.goodIndex = true;
    let written = '';
    for (; '#0+- '.includes(this.template[this.at] ?? '?'); this.at++) setFlag(flags, this.template[this.at]!);
    let indexed = this.index();
    if (this.template[this.at] === '*') {
      this.at++;
      const width = this.star();
      if (width === undefined) written += '%!(BADWIDTH)';
      else {
        flags.width = Math.abs(width);
        if (width < 0) flags.minus = true;
      }
      indexed = false;
    } else {
      flags.width = this.digits();
      if (indexed && flags.width !== undefined) this.goodIndex = false;
    }
    if (this.template[this.at] === '.') {
      this.at++;
      if (indexed) this.goodIndex = false;
      indexed = this.index();
      if (this.template[this.at] === '*') {
        this.at++;
        const precision = this.star();
        flags.precision = precision !== undefined && precision >= 0 ? precision : undefined;
        if (precision === undefined) written += '%!(BADPREC)';
        indexed = false;
      } else flags.precision = this.digits() ?? 0;
    }
    if (!indexed) this.index();
    const verb = this.template[this.at];
    if (verb === undefined) return `${written}%!(NOVERB)`;
    this.at++;
    if (verb === '%') return `${written}%`;
    if (!this.goodIndex) return `${written}%!${verb}(BADINDEX)`;
    if (this.used >= this.values.length) return `${written}%!${verb}(MISSING)`;
    if (verb === 'v') {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plus = false;
    }
    return written + format(this.values[this.used++], verb, flags);
  }

  /** `[2]`: which operand comes next. */
  private index(): boolean {
    if (this.template[this.at] !== '[') return false;
    this.reordered = true;
    const close = this.template.indexOf(']', this.at + 1);
    const inner = close < 0 ? '' : this.template.slice(this.at + 1, close).join('');
    this.at = close < 0 ? this.at + 1 : close + 1;
    const index = /^[0-9]+$/.test(inner) ? Number(inner) - 1 : -1;
    if (index < 0 || index >= this.values.length) this.goodIndex = false;
    else this.used = index;
    return this.goodIndex;
  }

  private star(): number | undefined {
    if (this.used >= this.values.length) return undefined;
    const value = integerOf(unwrap(this.values[this.used++]));
    if (value === undefined || value > BigInt(TOO_LARGE) || value < -BigInt(TOO_LARGE)) return undefined;
    return Number(value);
  }

  private digits(): number | undefined {
    let text = '';
    while (/^[0-9]$/.test(this.template[this.at] ?? '')) text += this.template[this.at++];
    if (text === '') return undefined;
    return Number(text) > TOO_LARGE ? undefined : Number(text);
  }
}

function setFlag(flags: Flags, flag: string): void {
  if (flag === '#') flags.sharp = true;
  else if (flag === '0') flags.zero = true;
  else if (flag === '+') flags.plus = true;
  else if (flag === '-') flags.minus = true;
  else flags.space = true;
}
