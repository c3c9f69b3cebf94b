#!/usr/bin/env node
// Builds what bin/stsctl.js starts: the program, cut into chunks (chunks.mjs) that are packed by the commands that need them
// (packs.mjs), and dist/explain.json, which `explain` reads. With --package also what only the published package holds
// (package.mjs), and nothing else is left in the folder; --dist=FOLDER builds elsewhere.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cutIntoChunks } from './chunks.mjs';
import { writePacks } from './packs.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: { dist: { type: 'string' }, package: { type: 'boolean' } } });
const dist = resolve(values.dist ?? join(root, 'dist'));

const schema = join(root, 'scripts', 'generate-schema.mjs');
if (existsSync(schema)) run([schema]);
mkdirSync(dist, { recursive: true });
await explain();
const program = await cutIntoChunks(root);
writePacks(program, dist);
if (values.package) {
  const { completePackage } = await import('./package.mjs');
  await completePackage({ root, dist, sources: program.sources });
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
