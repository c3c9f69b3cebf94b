import { describe, expect, it } from 'vitest';
import { Frame } from '../../src/commands/timeline/frame';

describe('a drawing that is drawn again', () => {
  it('begins where the last one began, line over line, and erases what is left', () => {
    const frame = new Frame();
    expect(frame.next('one\ntwo\n', 80)).toBe('one\ntwo\n');
    expect(frame.next('one\ntwo\n', 80)).toBe('');
    expect(frame.next('1\n', 80)).toBe('\u001b[2A\r1\u001b[K\n\u001b[J');
    expect(frame.next('1\n2\n3\n', 80)).toBe('\u001b[1A\r1\u001b[K\n2\u001b[K\n3\u001b[K\n\u001b[J');
  });

  it('goes back over lines that a narrower terminal has broken', () => {
    const frame = new Frame();
    frame.next(`\u001b[36m${'x'.repeat(30)}\u001b[39m\n\n█████\n`, 30);
    // 30 columns in three rows of 10, the empty line, five columns.
    expect(frame.next('new\n', 10)).toBe('\u001b[5A\rnew\u001b[K\n\u001b[J');
    expect(frame.next('newer\n', 80)).toBe('\u001b[1A\rnewer\u001b[K\n\u001b[J');
    expect(frame.next('newest\n', undefined)).toBe('\u001b[1A\rnewest\u001b[K\n\u001b[J');
  });
});
