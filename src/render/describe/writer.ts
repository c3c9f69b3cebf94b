/** Collects the lines of a description: indentation by level, tab-separated cells, laid out in one go at the end. */
import { escapeTerminal } from '../escape';
import { DETAIL_STOPS, layOut } from '../tabwriter';

export class DetailWriter {
  private text = '';
  private done = '';
  private inset = 0;

  /** Each line of `text` starts where it says; only its first one is indented by `level` times two spaces. */
  write(level: number, text: string): void {
    this.text += '  '.repeat(level + this.inset) + text;
  }

  /** A whole line at `level`. */
  line(level: number, text: string): void {
    this.write(level, `${text}\n`);
  }

  /** `Title:` and its value in the next column. */
  field(level: number, title: string, value: string | number | boolean): void {
    this.line(level, `${title}:\t${value}`);
  }

  /** Whatever `body` writes stands `levels` deeper, each piece of a line too (as nestedPrefixWriter). */
  nested(levels: number, body: () => void): void {
    this.inset += levels;
    body();
    this.inset -= levels;
  }

  /** Ends the columns so far: what follows is aligned by itself. */
  flush(): void {
    this.done += layOut(escapeTerminal(this.text), DETAIL_STOPS);
    this.text = '';
  }

  /** Everything laid out. */
  toString(): string {
    this.flush();
    return this.done;
  }

  /** Everything as written, tabs and all (how rollout history shows a template). */
  raw(): string {
    return escapeTerminal(this.text);
  }
}
