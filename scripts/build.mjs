#!/usr/bin/env node
// Builds dist/stsctl.cjs (one minified file, modules evaluated only when a command needs them), dist/shell.cjs (the shell inside
// pods, loaded only where something is run), V8's code caches for both, and dist/explain.json, which `explain` reads.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const bundle = join(dist, 'stsctl.cjs');

/** In the main bundle, loading the shell means loading the other file. */
const SHELL_APART = {
  name: 'shell-apart',
  setup(build) {
    build.onResolve({ filter: /\/kubelet\/shell$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'shell', namespace: 'shell-apart' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'shell-apart' }, () => ({
      contents: `module.exports = require('../bin/bundle.js').load(require('node:path').join(__dirname, 'shell.cjs'));`,
      resolveDir: dist,
    }));
    build.onResolve({ filter: /bin\/bundle\.js$/ }, () => ({ path: '../bin/bundle.js', external: true }));
  },
};

if (process.argv[2] === '--warm') await warm(process.argv[3]);
else await build();

async function build() {
  const schema = join(root, 'scripts', 'generate-schema.mjs');
  if (existsSync(schema)) run([schema]);
  mkdirSync(dist, { recursive: true });
  await explain();
  const bundled = await Promise.allSettled([
    bundleInto(bundle, { entryPoints: [join(root, 'bin', 'host.ts')], plugins: [SHELL_APART] }),
    bundleInto(join(dist, 'shell.cjs'), {
      entryPoints: [join(root, 'src', 'core', 'kubelet', 'shell', 'index.ts')],
      // Parts of the shell's library that no pod is given: databases, other languages, rare archives.
      external: ['sql.js', 'quickjs-emscripten', '@mongodb-js/zstd', 'node-liblzma', 'undici', 'turndown'],
      banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
      define: { 'import.meta.url': 'bundleUrl' },
    }),
  ]);
  // esbuild has said what is wrong.
  if (bundled.some(({ status }) => status === 'rejected')) process.exit(1);
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

/** Bundles into one file, written beside the old one and moved over it: a command that runs meanwhile never reads half a file. */
async function bundleInto(target, options) {
  const { build: esbuild } = await import('esbuild');
  const next = `${target}.${process.pid}`;
  try {
    await esbuild({
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
      // A dynamic import becomes a require: scripts that run in a vm have no other way to load.
      supported: { 'dynamic-import': false },
      logLevel: 'error',
      ...options,
    });
    rmSync(`${target}.cache`, { force: true });
    renameSync(next, target);
  } finally {
    rmSync(next, { force: true });
  }
}

/** dist/explain.json, made when the models or their reader are newer than it. */
async function explain() {
  const target = join(dist, 'explain.json');
  const scripts = ['generate-explain.mjs', 'generate-schema.mjs', 'read-texts.mjs'].map((name) =>
    join(root, 'scripts', name),
  );
  const models = ['kubernetes-models', 'kubernetes-texts'].map((name) =>
    join(root, 'node_modules', name, 'package.json'),
  );
  const sources = [...scripts, ...models].filter(existsSync);
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
  const { load, scripts } = createRequire(import.meta.url)('../bin/bundle.js');
  const { createHost, main } = load(bundle);
  Object.assign(process.env, { STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual' });
  const host = { ...createHost(), stdout: silent(), stderr: silent() };
  const manifest = join(root, 'examples', 'nginx.yaml');
  const commands = [
    ...(existsSync(manifest)
      ? [
          ['apply', '-f', manifest],
          ['rollout', 'status', 'sts/web'],
        ]
      : []),
    ['get', 'pods'],
    ['exec', 'web-0', '--', 'sh', '-c', 'touch /tmp/x; ls /tmp | cat'],
    ['get', 'sts,svc', '-o', 'wide'],
    ['scale', 'sts', 'web', '--replicas=2'],
    ['sim', 'clock', 'settle'],
    ['delete', 'pod', 'web-0'],
    ['get', 'pods', '-o', 'yaml'],
  ];
  for (const argv of commands) {
    try {
      await main(argv, host);
    } catch {
      // What cannot run yet cannot be warmed.
    }
  }
  for (const [file, script] of scripts) writeFileSync(`${file}.cache`, script.createCachedData());
}

function silent() {
  return { isTTY: false, write: () => {} };
}
