import fc from 'fast-check';
import { expect, test } from 'vitest';
import { murmur3 } from '../../../src/core/meta/murmur3';

/** From the reference implementation (SMHasher). */
test.each([
  ['', 0],
  ['a', 0x3c2569b2],
  ['hello', 0x248bfa47],
  ['hello, world', 0x149bbb7f],
  ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
])('%j', (text, hash) => {
  expect(murmur3(new TextEncoder().encode(text))).toBe(hash);
});

test('tells any single flipped bit', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), fc.nat(7), (bytes, place, bit) => {
      const flipped = bytes.slice();
      flipped[place % bytes.length] ^= 1 << bit;
      return murmur3(flipped) !== murmur3(bytes);
    }),
  );
});

test('wherever the bytes lie in memory', () => {
  const text = new TextEncoder().encode('The quick brown fox jumps over the lazy dog');
  for (let offset = 0; offset < 8; offset++) {
    const all = new Uint8Array(64).fill(7);
    all.set(text, offset);
    expect(murmur3(all.subarray(offset, offset + text.length))).toBe(0x2e4ff723);
  }
});
