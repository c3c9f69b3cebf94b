/**
 * The recordings of a real cluster, replayed by the real kubectl against `serve`: what differs is the server's fault. A few
 * of them in the usual run, all of them in the long one.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CASES, replay } from '../conformance/replay';
import { describeOracle, kubectlPath, LONG } from '../oracle/support/kubectl';
import { servedTo } from './served-case';

/** Cases in which no command races with the clock. */
const USUAL = ['get-outputs', 'rollout-undo', 'set-and-patch', 'templates-and-paths', 'scale-edges'];
/** The share of all commands that must be the same; the others depend on how fast kubectl takes in what it watches. */
const SHARE = 0.95;

const served = servedTo(() => `#!/bin/sh\nexec '${kubectlPath()}' "$@"\n`);

describeOracle('kubectl against serve', () => {
  it.each(USUAL)(
    'answers as recorded: %s',
    async (name) => {
      expect((await replay(name, served)).differences).toEqual([]);
    },
    120_000,
  );

  it.runIf(LONG)(
    'answers nearly everything as recorded',
    async () => {
      let commands = 0;
      const different: string[] = [];
      for (const name of readdirSync(CASES).sort()) {
        const result = await replay(name, served);
        commands += result.commands;
        different.push(...result.differences.map(({ command }) => `${name}: ${command}`));
      }
      expect(1 - different.length / commands, different.join('\n')).toBeGreaterThanOrEqual(SHARE);
    },
    900_000,
  );
});
