import { describe, expect, test } from 'vitest';
import { ChangedText, decodeDocument, encodeDocument } from '../../../../src/core/backends/local/codec';
import { isIntact } from '../../../../src/core/backends/local/codec-sum';
import { murmur3 } from '../../../../src/core/meta/murmur3';

const text = encodeDocument({ schema: 1, clock: { now: 3 }, objects: [{ a: 'häß😀' }, { a: 'b' }] });

describe('the sum of a state file', () => {
  test('is a hash of all but its line', () => {
    const rest = text.replace(/^"sum":.*\n/m, '');
    const sum = murmur3(new TextEncoder().encode(rest));
    expect(text.split('\n')[1]).toBe(`"sum":"${sum.toString(16).padStart(8, '0')}",`);
    expect(decodeDocument(text)).toEqual(decodeDocument(rest));
    expect(decodeDocument(text)).not.toHaveProperty('sum');
  });

  test('differs for every bit that flips', () => {
    const bytes = new TextEncoder().encode(text);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(isIntact(new TextDecoder().decode(damaged)), `bit ${bit}`).toBe(false);
    }
  });

  test('is missed by nobody who took it out, and believed by nobody who changed the rest', () => {
    expect(() => decodeDocument(text.replace('"b"', '"c"'))).toThrow(ChangedText);
    expect(decodeDocument(text.replace('"b"', '"c"').replace(/^"sum":.*\n/m, '')).objects).toEqual([
      { a: 'häß😀' },
      { a: 'c' },
    ]);
    expect(() => encodeDocument({ schema: 1, sum: 2 })).toThrow('a state field may not be called "sum"');
  });
});
