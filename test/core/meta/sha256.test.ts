import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../../src/core/meta/sha256';

const real = (text: string): string => createHash('sha256').update(text).digest('hex');

test('is the digest that Node computes, at every length of a block', () => {
  for (let length = 0; length < 200; length++) expect(sha256('x'.repeat(length))).toBe(real('x'.repeat(length)));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(real(text));
    }),
  );
});
