#!/usr/bin/env node
// The package.json that is published has no scripts and nothing of development: npm takes a `prepare` for a script at installation.
// `npm pack` runs this before (publish) and after (restore) it reads the file.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = join(root, 'package.json');
const kept = join(root, 'node_modules', '.cache', 'stsctl', 'package.json');

/** The text of package.json as it is published. */
export function publishedManifest(text) {
  const { scripts: _scripts, devDependencies: _development, overrides: _overrides, ...rest } = JSON.parse(text);
  return `${JSON.stringify(rest, null, 2)}\n`;
}

function publish() {
  const text = readFileSync(manifest, 'utf8');
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, text);
  writeFileSync(manifest, publishedManifest(text));
}

function restore() {
  if (existsSync(kept)) renameSync(kept, manifest);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const task = { publish, restore }[process.argv[2]];
  if (!task) throw new Error('expected publish or restore');
  task();
}
