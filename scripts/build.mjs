#!/usr/bin/env node
// Builds dist/stsctl.cjs (one minified file, modules evaluated only when a command needs them), V8's code cache for it, and
// dist/explain.json, which `explain` reads.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const bundle = join(dist, 'stsctl.cjs');

if (process.argv[2] === '--warm') await warm(process.argv[3]);
else await build();

async function build() {
  const { build: esbuild } = await import('esbuild');
  const schema = join(root, 'scripts', 'generate-schema.mjs');
  if (existsSync(schema)) run([schema]);
  mkdirSync(dist, { recursive: true });
  await explain();
  // Written beside the old bundle and moved over it, so that a command which runs meanwhile never reads half a file.
  const next = `${bundle}.${process.pid}`;
  const failed = await esbuild({
    entryPoints: [join(root, 'bin', 'host.ts')],
    outfile: next,
    bundle: true,
    minify: true,
    keepNames: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    charset: 'ascii',
    legalComments: 'none',
    // Loaded from node_modules, and only by commands for a real cluster.
    external: ['@kubernetes/client-node'],
    define: { 'import.meta.url': '__filename' },
    logLevel: 'warning',
  }).then(
    () => false,
    // esbuild has said what is wrong.
    () => true,
  );
  if (failed) process.exit(1);
  rmSync(`${bundle}.cache`, { force: true });
  renameSync(next, bundle);
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-build-'));
  try {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--warm', folder], {
      stdio: 'inherit',
    });
    if (status !== 0) rmSync(`${bundle}.cache`, { force: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** dist/explain.json, made when the models or their reader are newer than it. */
async function explain() {
  const target = join(dist, 'explain.json');
  const scripts = ['generate-explain.mjs', 'generate-schema.mjs'].map((name) => join(root, 'scripts', name));
  const sources = [...scripts, join(root, 'node_modules/kubernetes-models/package.json')].filter(existsSync);
  if (existsSync(target) && sources.every((path) => statSync(path).mtimeMs < statSync(target).mtimeMs)) return;
  const { generateExplain } = await import('./generate-explain.mjs');
  const next = `${target}.${process.pid}`;
  generateExplain(next);
  renameSync(next, target);
}

function run(args) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', cwd: root });
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs common commands in this process, then keeps the code that V8 compiled for them. Only a speed-up: it may fail. */
async function warm(folder) {
  const source = readFileSync(bundle, 'latin1');
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: bundle,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dist);
  Object.assign(process.env, { STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual' });
  const host = { ...module.exports.createHost(), stdout: silent(), stderr: silent() };
  const manifest = join(root, 'examples', 'nginx.yaml');
  const commands = [
    ...(existsSync(manifest)
      ? [
          ['apply', '-f', manifest],
          ['rollout', 'status', 'sts/web'],
        ]
      : []),
    ['get', 'pods'],
    ['get', 'sts,svc', '-o', 'wide'],
    ['scale', 'sts', 'web', '--replicas=2'],
    ['sim', 'clock', 'settle'],
    ['delete', 'pod', 'web-0'],
    ['get', 'pods', '-o', 'yaml'],
  ];
  for (const argv of commands) {
    try {
      await module.exports.main(argv, host);
    } catch {
      // What cannot run yet cannot be warmed.
    }
  }
  writeFileSync(`${bundle}.cache`, script.createCachedData());
}

function silent() {
  return { isTTY: false, write: () => {} };
}
