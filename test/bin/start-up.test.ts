/** What a command loads of Node: that is where start-up time goes first. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const BIN = resolve('bin/stsctl.js');
const folder = mkdtempSync(join(tmpdir(), 'stsctl-start-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const preload = join(folder, 'preload.cjs');
const list = join(folder, 'modules.json');
writeFileSync(
  preload,
  `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)));`,
);

function run(args: readonly string[], stdout: 'pipe' | 'ignore' = 'pipe'): string {
  const env = { ...process.env, STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual' };
  const { status, stdout: said } = spawnSync(process.execPath, ['--require', preload, ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
  });
  expect(status).toBe(0);
  return said;
}

/** Node's own modules that a run has loaded beyond those of `node -e 0`. */
function loaded(args: readonly string[], stdout?: 'pipe' | 'ignore'): string[] {
  const modules = (): string[] => JSON.parse(readFileSync(list, 'utf8')) as string[];
  run(['-e', '0'], stdout);
  const bare = new Set(modules());
  run([BIN, ...args], stdout);
  return modules().filter((name) => name.startsWith('NativeModule ') && !bare.has(name));
}

/** What writing takes is among them. Others cost milliseconds: http alone loads fifty more. */
const FEW = ['os', 'process', 'vm', 'internal/fs/rimraf'].map((name) => `NativeModule ${name}`);

test.each([
  [['--version']],
  [['get', 'pods']],
  [['apply', '-f', 'examples/nginx.yaml']],
  [['get', 'pods', '-o', 'wide']],
  [['scale', 'sts', 'web', '--replicas=2']],
  [['label', 'sts', 'web', 'tier=front']],
])('stsctl %j loads hardly anything of Node', (args) => {
  expect(FEW).toEqual(expect.arrayContaining(loaded(args)));
});

test('what runs in a container does not load what Node makes requests of the web with', () => {
  run([BIN, 'sim', 'clock', 'settle']);
  expect(loaded(['exec', 'web-0', '--', 'true']).join(' ')).not.toMatch(/undici|http/);
});

test('output that goes nowhere is no terminal, and nothing is loaded for one', () => {
  expect(FEW).toEqual(expect.arrayContaining(loaded(['get', 'pods'], 'ignore')));
});
