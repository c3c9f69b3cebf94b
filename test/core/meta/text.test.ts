import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareText, sortedKeys, utf8Length } from '../../../src/core/meta/text';

const bytes = (value: string) => new TextEncoder().encode(value);
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u2028', '\uffff', '😀', '𝄞') });

test('length and order are those of the UTF-8 bytes', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(utf8Length(a)).toBe(Buffer.byteLength(a));
      expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)));
    }),
  );
});

test('keys are sorted the same way', () => {
  expect(sortedKeys({ '😀': 1, '\uffff': 1, b: 1, B: 1, 10: 1, 9: 1 })).toEqual(['10', '9', 'B', 'b', '\uffff', '😀']);
});
