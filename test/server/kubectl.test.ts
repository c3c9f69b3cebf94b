/** The recordings of a real cluster, replayed by the real kubectl against `serve`: what differs is the server's fault. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASES, replay } from '../conformance/replay';
import { describeOracle } from '../oracle/support/kubectl';
import { kubectlShim, servedTo } from './served-case';

/** Commands that the real kubectl answers otherwise over `serve`, by case; each with its reason. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'seed-nginx': {
    'kubectl describe sts web':
      'events are compared in the order of their ages, and kubectl counts those by its own clock',
  },
};

/**
 * kubectl takes in what it watches in its own time, and on a busy machine that may be too late for the clock: what is the
 * server's fault differs every time.
 */
const TRIES = 3;

/** Time moves when a command waits or the recording says so, however long kubectl takes to start: as in the recorded cluster. */
const PAUSES = ['--idle', 'never', '--pace', '100ms'];

/** Where a command asks again and again instead of watching, time must move on between its questions. */
const ASKING = ['--idle', '700ms', '--pace', '100ms'];
const ASKS: ReadonlySet<string> = new Set(['command-line-mistakes']);

const [served, servedAsking] = [servedTo(kubectlShim, PAUSES), servedTo(kubectlShim, ASKING)];

describeOracle('kubectl against serve', () => {
  describe.concurrent('answers as recorded', () => {
    for (const name of readdirSync(CASES).sort()) {
      it(name, { retry: TRIES - 1, timeout: 180_000 }, async () => {
        const { differences } = await replay(name, ASKS.has(name) ? servedAsking : served);
        const known = Object.keys(KNOWN[name] ?? {});
        expect(differences.filter(({ command }) => !known.includes(command))).toEqual([]);
        const gone = known.filter((command) => !differences.some((difference) => difference.command === command));
        expect(gone, 'listed as different, but the same').toEqual([]);
      });
    }
  });
});
