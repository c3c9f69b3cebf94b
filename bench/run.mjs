#!/usr/bin/env node
/**
 * The benchmark: figures, their targets (two quiet cores) and ratios, no judgement. `npm run bench -- PART …` runs some of it;
 * `npm run bench -- startup --trace` shows where the start-up milliseconds go; `npm run bench -- serve` puts load on a server.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { get, label, large, plan, sleep } from './commands.mjs';
import { Sandbox } from './sandbox.mjs';
import { startup } from './startup.mjs';

const [first, ...rest] = process.argv.slice(2);
if (first === 'serve') {
  const load = fileURLToPath(new URL('./serve.mjs', import.meta.url));
  process.exit(spawnSync(process.execPath, [load, ...rest], { stdio: 'inherit' }).status ?? 1);
}

const box = new Sandbox();
let made;
const largeState = () => {
  made ??= large(box);
  return made;
};

/** In the order in which they run. */
const PARTS = {
  startup: () => startup(box, process.argv),
  engine: () => box.part('engine'),
  state: () => box.part('state', [largeState()]),
  get: () => {
    largeState();
    get(box);
  },
  label: () => label(box),
  plan: () => plan(box),
  sleep: () => sleep(box),
  memory: () => box.part('memory'),
};

const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = asked.filter((word) => !Object.hasOwn(PARTS, word));
try {
  if (unknown.length > 0) {
    console.error(`no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')} and serve`);
    process.exitCode = 1;
  } else for (const part of Object.keys(PARTS)) if (asked.length === 0 || asked.includes(part)) await PARTS[part]();
} finally {
  box.remove();
}
