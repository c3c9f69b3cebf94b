/**
 * Chance without a generator: whether a fault strikes follows from its seed and from what it might strike. Nothing is drawn
 * that would have to be remembered, so that looking changes nothing, and a copy of the cluster meets the same fate.
 */
import { fnv32a } from '../../meta/hash';

/** A number in [0, 1) that follows from the seed and the key. */
export function chance(seed: number, key: string): number {
  let z = (fnv32a(`${seed}/${key}`) + 0x9e3779b9) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
}

/** The seed of a cluster's nth fault. */
export const seedOf = (clusterSeed: number, n: number): number => fnv32a(`faults/${clusterSeed}/${n}`);
