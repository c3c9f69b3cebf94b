// Puts chunks into packs, one for each group of commands, by running such commands and looking which chunks they come to. Chunks that
// none of them needs are packs of their own, read one by one.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const EXAMPLE = join(root, 'examples', 'nginx.yaml');

/** In this order: a pack holds what its commands need beyond the packs before. */
const PACKS = {
  start: [['--version']],
  read: [['get', 'pods']],
  write: [['scale', 'sts', 'web', '--replicas=2']],
  further: [
    ['apply', '-f', EXAMPLE],
    ['rollout', 'status', 'sts/web'],
    ['delete', 'pod', 'web-0'],
    ['get', 'sts,svc', '-o', 'wide'],
    ['sim', 'clock', 'settle'],
  ],
  shell: [['exec', 'web-0', '--', 'sh', '-c', 'touch /tmp/x; ls /tmp | cat']],
};
/** Packs all of which is evaluated by whatever reads them. */
const ALWAYS = ['start', 'read'];
/** Which commands' code is kept compiled, for which packs: little, as loading a cache costs more than it saves for the rest. */
const CACHES = [
  { commands: [...PACKS.start, ...PACKS.read], packs: ['start', 'read'] },
  { commands: PACKS.write, packs: ['write'] },
  { commands: PACKS.further, packs: ['further'] },
  { commands: PACKS.shell, packs: ['shell'] },
];
const SETUP = [
  ['apply', '-f', EXAMPLE],
  ['sim', 'clock', 'settle'],
];
const KEEP_MS = 3_600_000;

/** Writes packs, their caches and the index of them; commands that run meanwhile go on with the files they know. */
export function writePacks({ entry, chunks }, dist) {
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-build-'));
  try {
    const apart = join(folder, 'apart');
    mkdirSync(apart);
    place(apart, entry, chunks, () => undefined);
    play(apart, folder, SETUP);
    const packOf = new Map();
    for (const [name, commands] of Object.entries(PACKS))
      for (const id of play(apart, folder, commands).used) if (!packOf.has(id)) packOf.set(id, name);
    mkdirSync(dist, { recursive: true });
    const files = place(dist, entry, chunks, (id) => packOf.get(id));
    for (const { commands, packs } of CACHES)
      play(
        dist,
        folder,
        commands,
        packs.map((name) => join(dist, files.get(name))),
      );
    sweep(dist, new Set(files.values()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each pack's file by its name, or by its chunk's id. A file's name tells its content, so that old and new ones never mix. */
function place(dist, entry, chunks, packOf) {
  const members = new Map();
  for (const id of Object.keys(chunks)) {
    const name = packOf(id) ?? id;
    members.set(name, [...(members.get(name) ?? []), id]);
  }
  const files = new Map();
  const index = { entry, packs: [], always: [], chunks: {}, whole: {} };
  for (const [name, ids] of members) {
    const bodies = ids.map(
      (id) => `"${id}":function(exports,require,module,__filename,__dirname,live){${chunks[id].code}\n}`,
    );
    const text = `({${bodies.join(',\n')}})`;
    const label = ids.length > 1 || packOf(ids[0]) !== undefined ? `${name}-` : '';
    const file = `${label}${createHash('sha256').update(text).digest('hex').slice(0, 16)}.cjs`;
    files.set(name, file);
    if (!existsSync(join(dist, file))) replace(join(dist, file), text);
    if (ALWAYS.includes(name)) index.always.push(index.packs.length);
    for (const id of ids) {
      index.chunks[id] = index.packs.length;
      if (chunks[id].isWhole) index.whole[id] = 1;
    }
    index.packs.push(file);
  }
  replace(join(dist, 'index.json'), JSON.stringify(index));
  return files;
}

/** Runs commands in a process of their own, and keeps what V8 compiled for them where packs are given. */
function play(dist, folder, commands, packs = []) {
  const task = JSON.stringify({ dist, commands, packs });
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), task], {
    env: { ...process.env, STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual' },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build could not run ${commands.map((argv) => argv.join(' ')).join(', ')}`);
  return JSON.parse(stdout);
}

async function playHere({ dist, commands, packs }) {
  const { open } = createRequire(import.meta.url)('../bin/bundle.js');
  const { entry, used, scripts } = open(dist);
  let said = '';
  const stdout = { isTTY: false, write: () => {} };
  const stderr = {
    isTTY: false,
    write(text) {
      said += text;
    },
  };
  const host = { ...entry.createHost(), stdout, stderr };
  for (const argv of commands) {
    if ((await entry.main(argv, host)) !== 0) throw new Error(`${argv.join(' ')}: ${said}`);
  }
  for (const file of packs) {
    const script = scripts.get(file);
    if (script) replace(`${file}.cache`, script.createCachedData());
  }
  process.stdout.write(JSON.stringify({ used: [...used.keys()] }));
}

function replace(file, content) {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, content);
  renameSync(next, file);
}

/** Files of builds before this one, once nobody can be running them any more. */
function sweep(dist, files) {
  for (const name of readdirSync(dist)) {
    if (!/^([a-z]+-)?[0-9a-f]{16}\.cjs(\.cache)?(\.\d+)?$/.test(name) || files.has(name.replace(/\.cache$/, '')))
      continue;
    const path = join(dist, name);
    try {
      if (Date.now() - statSync(path).mtimeMs > KEEP_MS) rmSync(path, { force: true });
    } catch {
      // Another build has swept it.
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await playHere(JSON.parse(process.argv[2]));
