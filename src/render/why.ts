/** Explanations for a reader: a line that says how it stands, then what is waited for, with the chain behind it indented. */
import { humanDuration } from '../core/meta/duration';
import type { Explanation, Reason } from '../core/reports/why';
import type { Mark } from './color';
import { escapeTerminal, onOneLine } from './escape';
import { wordWrap } from './word-wrap';

export interface WhyOptions {
  /** The cluster's time, ms since 1970. */
  readonly now: number;
  /** What the user calls the program: it stands before the commands of the advice. */
  readonly program: string;
  /** Lines are broken at this width; undefined leaves them whole. */
  readonly columns?: number | undefined;
  /** Objects of several namespaces are told apart. */
  readonly withNamespace?: boolean;
  /** Absent for plain text. */
  readonly mark?: Mark;
}

const LABEL = 9;
const NARROWEST = 40;

export function renderWhy(explanations: readonly Explanation[], options: WhyOptions): string {
  return explanations.map((explanation) => new Page(options).explanation(explanation)).join('\n');
}

class Page {
  private text = '';
  private readonly mark: Mark;

  constructor(private readonly options: WhyOptions) {
    this.mark = options.mark ?? ((text) => text);
  }

  explanation({ subject, summary, reasons, notes }: Explanation): string {
    const waits = reasons.length > 0;
    const where = this.options.withNamespace && subject.namespace !== undefined ? ` in ${subject.namespace}` : '';
    const head = `${subject.kind.toLowerCase()}/${subject.name}${where}`;
    this.title(`${head}:`, summary, waits ? undefined : 'green');
    for (const reason of reasons) this.reason(reason, 2);
    for (const note of notes) this.note(note);
    return this.text;
  }

  private reason(reason: Reason, indent: number): void {
    this.line(indent, '', reason.message, reason.endsAlone ? 'yellow' : 'red');
    this.times(reason, indent + 2);
    this.field(indent + 2, 'rule', `${reason.rule} (${reason.source})`, 'gray');
    this.field(indent + 2, 'ends', `${reason.endsAlone ? 'by itself, when ' : 'when '}${reason.ends}`);
    this.commands(reason, indent + 2);
    this.chain(reason.because ?? [], indent + 2);
  }

  /** Deeper reasons say what is so and since when; what to do about them stands above. */
  private chain(reasons: readonly Reason[], indent: number): void {
    for (const reason of reasons) {
      this.field(indent, 'because', `${reason.message} [${reason.rule}]${this.age(reason)}`);
      this.chain(reason.because ?? [], indent + 2);
    }
  }

  private note(note: Reason): void {
    this.field(2, 'note', `${note.message} [${note.rule}]`, undefined, 'cyan');
    this.field(4, 'ends', `${note.endsAlone ? 'by itself, when ' : 'when '}${note.ends}`);
    this.commands(note, 4);
  }

  private times({ since, until }: Reason, indent: number): void {
    if (since !== undefined) this.field(indent, 'since', this.instant(since, `${this.lasting(since)} ago`));
    if (until !== undefined)
      this.field(indent, 'until', this.instant(until, until > this.options.now ? `in ${this.coming(until)}` : 'now'));
  }

  private commands({ remedy = [] }: Reason, indent: number): void {
    remedy.forEach((command, i) => {
      const line = `${this.options.program} ${escapeTerminal(command)}`;
      // A command is never broken: it is there to be copied.
      this.text += `${' '.repeat(indent)}${(i === 0 ? 'do' : '').padEnd(LABEL)}${this.mark(line, 'bold')}\n`;
    });
  }

  private age({ since, until }: Reason): string {
    if (until !== undefined && until > this.options.now) return `, ends in ${this.coming(until)}`;
    return since === undefined ? '' : `, for ${this.lasting(since)}`;
  }

  private instant = (ms: number, relative: string): string =>
    `${new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')} (${relative})`;

  private lasting = (since: number): string => humanDuration(Math.max(0, this.options.now - since));
  private coming = (until: number): string => humanDuration(Math.ceil((until - this.options.now) / 1000) * 1000);

  private field(
    indent: number,
    label: string,
    value: string,
    style?: 'gray',
    labelStyle: 'gray' | 'cyan' = 'gray',
  ): void {
    const name = label.padEnd(LABEL);
    this.line(
      indent,
      this.mark(name.trimEnd(), labelStyle) + ' '.repeat(name.length - label.length),
      value,
      style,
      LABEL,
    );
  }

  /** As `line`, with words before it that count. */
  private title(head: string, summary: string, style: 'green' | undefined): void {
    this.wrapped(`${head} ${summary}`, 2).forEach((text, i) => {
      const own = i === 0 && text.startsWith(head) ? head.length : 0;
      const rest = text.slice(own);
      const shown = (own > 0 ? this.mark(head, 'bold') : '') + (style ? this.mark(rest, style) : rest);
      this.text += `${i === 0 ? '' : '  '}${shown}\n`;
    });
  }

  /** The lines of a paragraph of which that many columns are taken. */
  private wrapped(text: string, taken: number): string[] {
    const { columns } = this.options;
    const clean = onOneLine(text);
    return columns === undefined ? [clean] : wordWrap(clean, Math.max(NARROWEST, columns - taken - 1)).split('\n');
  }

  /** One paragraph; where it is broken, its other lines stand under its text. */
  private line(
    indent: number,
    head: string,
    value: string,
    style?: 'gray' | 'green' | 'red' | 'yellow',
    hanging = 2,
  ): void {
    const pad = ' '.repeat(indent);
    this.wrapped(value, indent + hanging).forEach((text, i) => {
      const shown = style ? this.mark(text, style) : text;
      this.text += i === 0 ? `${pad}${head}${shown}\n` : `${pad}${' '.repeat(hanging)}${shown}\n`;
    });
  }
}
