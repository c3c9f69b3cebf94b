/** A drawing on a terminal that takes the place of the one before. */
import { columnsOf } from '../../render/timeline/plain';

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
const COLOURS = /\u001b\[[\d;]*m/g;

export class Frame {
  private text = '';
  private widths: readonly number[] = [];

  /**
   * What to write so that `text`, lines with their ends, stands where the last one began; empty when it stands there already.
   *
   * Each line is written over its predecessor and what is left of that erased: a screen that were cleared as a whole would end in
   * the scrollback of some terminals, once a second.
   *
   * @param columns of the terminal as it is now
   */
  next(text: string, columns: number | undefined): string {
    if (text === this.text) return '';
    const back = this.height(columns);
    this.text = text;
    const lines = text.split('\n').slice(0, -1);
    this.widths = lines.map((line) => columnsOf(line.replace(COLOURS, '')));
    if (back === 0) return text;
    return `\u001b[${back}A\r${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`;
  }

  /** How many rows the last one takes: a terminal that became narrower has broken its lines. */
  private height(columns: number | undefined): number {
    const rows = (width: number): number => (columns ? Math.max(1, Math.ceil(width / columns)) : 1);
    return this.widths.reduce((sum, width) => sum + rows(width), 0);
  }
}
