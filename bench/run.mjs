#!/usr/bin/env node
/**
 * The benchmark: figures and ratios, no judgement. Start-up is measured in pairs against `node -e 0` in the same run,
 * because machines are noisy; the engine by CPU time.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stsctl-bench-'));
const stsctl = join(root, 'bin', 'stsctl.js');
const env = { ...process.env, STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual' };
const PAIRS = 20;

function run(args) {
  const begin = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function pair(label, args, against = ['node -e 0', ['-e', '0']]) {
  const [baseLabel, baseArgs] = against;
  const ratios = [];
  const times = [];
  const bare = [];
  run(args);
  for (let i = 0; i < PAIRS; i++) {
    const base = run(baseArgs);
    const time = run(args);
    bare.push(base);
    times.push(time);
    ratios.push(time / base);
  }
  console.log(
    `${label.padEnd(36)}${median(times).toFixed(1).padStart(7)} ms, ${baseLabel} ${median(bare).toFixed(1).padStart(6)} ms, ratio ${median(ratios).toFixed(2)} (median of ${PAIRS} pairs)`,
  );
}

try {
  console.log(`Start-up (node ${process.version})`);
  run([stsctl, 'apply', '-f', join(root, 'examples', 'nginx.yaml')]);
  run([stsctl, 'sim', 'clock', 'settle']);
  pair('stsctl get pods, small state', [stsctl, 'get', 'pods']);
  pair('stsctl --version', [stsctl, '--version']);
  pair('stsctl scale sts web --replicas=3', [stsctl, 'scale', 'sts', 'web', '--replicas=3']);
  // At most 2.5 times a read.
  pair('stsctl exec web-0 -- true', [stsctl, 'exec', 'web-0', '--', 'true'], ['get pods', [stsctl, 'get', 'pods']]);
  console.log();
  const out = join(folder, 'engine.cjs');
  await build({
    entryPoints: [join(root, 'bench', 'engine.ts')],
    outfile: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  const { status } = spawnSync(process.execPath, [out], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
