/**
 * Inputs made to take much memory: texts of at most some hundred thousand characters are read in a process that has 256 MB, and none of
 * them takes it all.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'stsctl-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('readers live on 256 MB', async () => {
  const outfile = join(folder, 'child.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('support/memory-child.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Packages in the other format ask for `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
  const child = spawn(process.execPath, ['--max-old-space-size=256', outfile], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const last = out.trim().split('\n').at(-1);
  expect({ code, last, err: code === 0 ? '' : err.slice(0, 2000) }).toEqual({ code: 0, last: 'done', err: '' });
}, 300_000);
