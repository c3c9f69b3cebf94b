import { describe, expect, it } from 'vitest';
import { DETAIL_STOPS, layOut, TABLE_STOPS, textWidth } from '../../src/render/tabwriter';

describe('layOut', () => {
  it('gives every run of lines its own width', () => {
    expect(layOut('a:\tx\nlonger:\ty\nno cells\nb:\tz\n', DETAIL_STOPS)).toBe(
      'a:       x\nlonger:  y\nno cells\nb:  z\n',
    );
  });

  it('never pads the last cell, and keeps empty ones', () => {
    expect(layOut('a\t\tb\nccc\t\t\n', DETAIL_STOPS)).toBe('a      b\nccc    \n');
  });

  it('keeps to the least width', () => {
    expect(layOut('a\tb\tc', TABLE_STOPS)).toBe('a     b     c');
  });

  it('counts characters, not code units', () => {
    expect(textWidth('é中😀')).toBe(3);
    expect(layOut('😀\tx\nab\ty', DETAIL_STOPS)).toBe('😀   x\nab  y');
  });
});
