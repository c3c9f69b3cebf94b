/** Seeded entropy (xoshiro128**): the same seed gives the same names, uids and addresses. Its state is four numbers. */
import type { Entropy } from '../apiserver/entropy';

export type EntropyState = readonly [number, number, number, number];

/** As rand.String: consonants and digits that can't be mistaken or spell words. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export class SeededEntropy implements Entropy {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(state: EntropyState) {
    [this.a, this.b, this.c, this.d] = state;
  }

  static fromSeed(seed: number): SeededEntropy {
    let x = seed >>> 0;
    const next = (): number => {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) >>> 0;
    };
    return new SeededEntropy([next(), next(), next(), next() | 1]);
  }

  state(): EntropyState {
    return [this.a, this.b, this.c, this.d];
  }

  /** Goes on differently from here, in a way that the number decides. */
  stir(seed: number): void {
    [this.a, this.b, this.c, this.d] = SeededEntropy.fromSeed((this.next() ^ seed) >>> 0).state();
  }

  uid(): string {
    const a = this.next();
    const b = this.next();
    const c = this.next();
    // Version 4, and the variant of RFC 9562.
    const third = (c & 0x3fffffff) | 0x80000000;
    const groups = [
      hex2(a),
      hex(b >>> 16),
      hex((b & 0x0fff) | 0x4000),
      hex(third >>> 16),
      hex(third) + hex2(this.next()),
    ];
    // In one piece: engines keep what is put together with + or in a template as the tree of its parts, many times its size.
    return groups.join('-');
  }

  suffix(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += ALPHABET[this.pick(ALPHABET.length)];
    return text;
  }

  pick(below: number): number {
    return Math.floor((this.next() / 2 ** 32) * below);
  }

  private next(): number {
    const result = Math.imul(rotl(Math.imul(this.b, 5), 7), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = rotl(this.d, 11);
    return result;
  }
}

/** The lowest 16 bits, as four digits. */
const hex = (n: number): string => (0x10000 | (n & 0xffff)).toString(16).slice(1);
const hex2 = (n: number): string => hex(n >>> 16) + hex(n);

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
