/** Many shells at once: every change that was acknowledged is there, nobody waits for ever, nobody is passed over. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../../../../support/cli';
import { systemHost } from '../system-host';

const PROGRAM = fileURLToPath(new URL('../../../../../bin/stsctl.js', import.meta.url));
const SHELLS = 50;
const ROUNDS = process.env.STSCTL_TEST_LONG === '1' ? 10 : 1;

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml(1) });
  cli.local = () => ({ host: { ...systemHost(), hostname: hostname() } });
});
afterEach(() => cli.dispose());

function shell(command: string, stdin = ''): Promise<{ code: number | null; err: string; out: string; ms: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...command.split(' ')], {
    env: { PATH: process.env.PATH, STSCTL_STATE: cli.state, STSCTL_CLOCK: 'virtual' },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  child.stdin.end(stdin);
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, err, out, ms: performance.now() - begun })),
  );
}

const mapOf = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {from: ${name}}\n`;

test(
  `${SHELLS} at once, each scaling, labelling and applying`,
  async () => {
    await cli('apply -f web.yaml');
    const times: number[] = [];
    const one = async (number: number): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) {
        const answers = [
          await shell(`scale sts/web --replicas=${number}`),
          await shell(`label sts/web n${number}=r${round} --overwrite`),
          await shell('apply -f -', mapOf(`c${number}-${round}`)),
        ];
        for (const { code, err, ms } of answers) {
          expect({ code, err }).toEqual({ code: 0, err: '' });
          times.push(ms);
        }
      }
    };
    await Promise.all(Array.from({ length: SHELLS }, (_, number) => one(number)));
    const { metadata, spec } = JSON.parse((await cli('get sts web -o json')).out);
    const labels = Object.entries(metadata.labels ?? {}).filter(([, value]) => value === `r${ROUNDS - 1}`);
    expect(labels.length).toBe(SHELLS);
    expect(spec.replicas).toBeLessThan(SHELLS);
    const maps = (await cli('get configmaps -o name')).out.trim().split('\n');
    expect(maps.filter((name) => name.startsWith('configmap/c')).length).toBe(SHELLS * ROUNDS);
    // Every change is a step of its own, in the order in which they came about; a scale to what was is none.
    const steps: { command: string }[] = JSON.parse((await cli('sim history -o json')).out);
    expect(steps.filter(({ command }) => command.startsWith('label')).length).toBe(SHELLS * ROUNDS);
    expect(steps.filter(({ command }) => command.startsWith('apply -f -')).length).toBe(SHELLS * ROUNDS);
    expect(readdirSync(dirname(cli.state)).filter((name) => /\.(lock|tmp|new)/.test(name))).toEqual([]);
    times.sort((a, b) => a - b);
    // Nobody starved: nobody gave up. How long they waited is for who wants to know.
    const middle = times[Math.floor(times.length / 2)];
    const last = times[times.length - 1];
    if (process.env.STSCTL_TEST_LONG) console.info(`median ${Math.round(middle)} ms, longest ${Math.round(last)} ms`);
  },
  ROUNDS * 600_000,
);
