/**
 * The hashes that Kubernetes puts into names: FNV over bytes, and an alphabet without vowels so that no name spells a word.
 */

/** 32-bit FNV-1 (Go's fnv.New32) of bytes or of a text's UTF-8, unsigned. */
export function fnv32(data: string | Uint8Array): number {
  let hash = OFFSET_BASIS;
  for (const byte of bytesOf(data)) hash = Math.imul(hash, PRIME) ^ byte;
  return hash >>> 0;
}

/** 32-bit FNV-1a (Go's fnv.New32a) of a text's UTF-8, unsigned. Nearly every text is its own bytes: each pod makes eight hashes. */
export function fnv32a(text: string): number {
  let hash = OFFSET_BASIS;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return fnv32aOf(bytesOf(text));
    hash = Math.imul(hash ^ code, PRIME);
  }
  return hash >>> 0;
}

function fnv32aOf(bytes: Uint8Array): number {
  let hash = OFFSET_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}

/** Every byte replaced by a letter or digit of an alphabet of 27, as rand.SafeEncodeString. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (const byte of bytesOf(text)) encoded += ALPHABET[byte % ALPHABET.length];
  return encoded;
}

/**
 * The hash in a ControllerRevision's name, as HashControllerRevision: FNV-1 over the bytes of `data` (the revision's data
 * as Go writes JSON, keys sorted) directly followed by the collision count in decimal ("0" at first), the 32-bit sum in
 * decimal, safe-encoded. The name is the owner's name, a dash and this.
 */
export function revisionHash(data: string, collisionCount: number): string {
  return safeEncode(String(fnv32(`${data}${collisionCount}`)));
}

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}
