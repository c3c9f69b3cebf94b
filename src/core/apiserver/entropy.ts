/** Where generated names, uids and addresses come from. Seeded by the simulation, so that a run can be repeated. */
export interface Entropy {
  /** A random version 4 UUID. */
  uid(): string;
  /** `length` characters that a generated name may end in (as rand.String: no vowels, no look-alikes). */
  suffix(length: number): string;
  /** An integer from 0 to `below` - 1. */
  pick(below: number): number;
}
