/** Runs stsctl as a user does, in a folder of its own, and says what that cost. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { median } from './print.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const stsctl = join(root, 'bin', 'stsctl.js');
const here = (name) => join(root, 'bench', name);

export class Sandbox {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-bench-'));

  path(name) {
    return join(this.folder, name);
  }

  /** A manifest as a file; its path. */
  file(name, object) {
    const path = this.path(name);
    writeFileSync(path, JSON.stringify(object));
    return path;
  }

  /** A program as a file; its path. */
  program(name, bytes) {
    const path = this.path(name);
    writeFileSync(path, bytes, { mode: 0o700 });
    return path;
  }

  /** Starts a program; its wall time, ms. With `preload`, a script that node loads before it. */
  run(program, args, { state = 'state', preload, env = {} } = {}) {
    const options = {
      env: { ...process.env, STSCTL_STATE: this.path(`${state}.json`), STSCTL_CLOCK: 'virtual', ...env },
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    };
    const all = preload ? ['--require', here(preload), ...args] : args;
    const begin = process.hrtime.bigint();
    const { status, stderr, stdout, error } = spawnSync(program, all, options);
    const wall = Number(process.hrtime.bigint() - begin) / 1e6;
    if (status !== 0) throw error ?? new Error(`${program} ${all.join(' ')}: ${stderr}`);
    return { wall, stdout };
  }

  /** One stsctl command: `{ wall, cpu, rss }` in ms, ms and MB. */
  command(args, state) {
    const report = this.path('usage.json');
    const { wall } = this.run(process.execPath, [stsctl, ...args], {
      state,
      preload: 'usage.cjs',
      env: { STSCTL_BENCH_REPORT: report },
    });
    return { wall, ...JSON.parse(readFileSync(report, 'utf8')) };
  }

  /** The middle of several tries of a command that changes nothing. */
  commands(args, state, times = 5) {
    const tries = Array.from({ length: times }, () => this.command(args, state));
    const middle = (name) => median(tries.map((one) => one[name]));
    return { wall: middle('wall'), cpu: middle('cpu'), rss: middle('rss') };
  }

  /** Bundles a part that is written in TypeScript and runs it in a process of its own, with its output. */
  async part(name, args = []) {
    const outfile = this.path(`${name}.cjs`);
    const format = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' };
    await build({ entryPoints: [here(`${name}.ts`)], outfile, ...format });
    const { status } = spawnSync(process.execPath, [outfile, ...args], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
