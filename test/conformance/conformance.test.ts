/** The recordings of a real Kubernetes 1.36.2, replayed: every command's answer, and the order of the pods. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KNOWN } from './known';
import { CASES, replay } from './replay';

describe.concurrent('the recordings', () => {
  for (const name of readdirSync(CASES).sort()) {
    it(name, async () => {
      const { differences } = await replay(name);
      const known = new Set(KNOWN[name] ?? []);
      const unexpected = differences.filter(({ command }) => !known.has(command));
      expect(unexpected).toEqual([]);
      const gone = [...known].filter((command) => !differences.some((d) => d.command === command));
      expect(gone, 'listed as different, but the same').toEqual([]);
    });
  }
});
