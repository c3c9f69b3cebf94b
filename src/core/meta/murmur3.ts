/** MurmurHash3, 32 bits: a checksum that is quick without any preparation. Every change of a single bit gives another sum. */

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const scramble = (word: number): number => Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);

/** The bytes as words of four, the least byte first; what is left over is left out. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const length = bytes.length >> 2;
  const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;
  if (isLittleEndian && bytes.byteOffset % 4 === 0) return new Int32Array(bytes.buffer, bytes.byteOffset, length);
  const words = new Int32Array(length);
  const own = new Uint8Array(words.buffer);
  own.set(bytes.subarray(0, length * 4));
  if (!isLittleEndian) for (let at = 0; at < own.length; at += 4) own.subarray(at, at + 4).reverse();
  return words;
}

/** The hash of some bytes with seed 0, as an unsigned 32-bit number. */
export function murmur3(bytes: Uint8Array): number {
  const whole = bytes.length - (bytes.length % 4);
  let hash = 0;
  const words = wordsOf(bytes);
  // Written out, and by number: a short command never comes so far that calls and iterators in here are compiled away.
  for (let i = 0; i < words.length; i++) {
    const mixed = Math.imul(words[i], 0xcc9e2d51);
    const next = hash ^ Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash = (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let at = bytes.length - 1; at >= whole; at--) rest = (rest << 8) | bytes[at];
  hash ^= scramble(rest) ^ bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
