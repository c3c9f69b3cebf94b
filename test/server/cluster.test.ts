/**
 * The recordings of a real cluster, replayed by stsctl itself as a client of `serve`: its verbs work over the API as they do on
 * the cluster inside. A few of them in the usual run, all of them in the long one.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASES, replay } from '../conformance/replay';
import { LONG } from '../oracle/support/kubectl';
import { BIN, servedTo } from './served-case';

/** Cases in which no command races with the clock. */
const USUAL = ['get-outputs', 'set-and-patch', 'templates-and-paths', 'scale-edges'];
/** The share of all commands that must be the same; the others race with the clock, or go into containers. */
const SHARE = 0.9;

/** What it says of the cluster before it takes something away was not recorded. */
const served = servedTo(
  () => `#!/bin/bash
export STSCTL_BACKEND=cluster
exec '${process.execPath}' '${BIN}' "$@" 2> >(grep -v '^context "stsctl"' >&2)
`,
);

describe('stsctl as a client of serve', () => {
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
