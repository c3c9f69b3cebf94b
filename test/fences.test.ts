/** Which room may import which, and which packages: the architecture as a test. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The rooms, most specific first; ARCHITECTURE.md tells what lives in each. */
const ROOMS: readonly (readonly [string, string])[] = [
  ['src/core/apiserver/tables', 'tables'],
  ['src/core/meta', 'meta'],
  ['src/core/api', 'api'],
  ['src/core/reports', 'reports'],
  ['src/core/apiserver', 'apiserver'],
  ['src/core/controllers', 'controllers'],
  ['src/core/kubelet', 'kubelet'],
  ['src/core/simulation', 'simulation'],
  ['src/core/client', 'client'],
  ['src/core/backends/local', 'backends/local'],
  ['src/core/backends/cluster', 'backends/cluster'],
  ['src/core/server', 'server'],
  ['src/render', 'render'],
  ['src/commands/manifests', 'manifests'],
  ['src/commands', 'commands'],
  ['src/library', 'library'],
  ['bin', 'bin'],
];

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  meta: [],
  api: ['meta'],
  reports: ['api', 'meta'],
  tables: ['api', 'meta'],
  apiserver: ['api', 'meta'],
  controllers: ['apiserver', 'api', 'meta'],
  kubelet: ['reports', 'apiserver', 'api', 'meta'],
  simulation: ['reports', 'controllers', 'kubelet', 'apiserver', 'api', 'meta'],
  client: ['api', 'meta'],
  'backends/local': ['reports', 'simulation', 'kubelet', 'tables', 'apiserver', 'client', 'api', 'meta'],
  'backends/cluster': ['backends/local', 'simulation', 'client', 'api', 'meta'],
  server: ['client', 'tables', 'api', 'meta'],
  render: ['reports', 'api', 'meta'],
  manifests: ['commands', 'client', 'api', 'meta'],
  commands: ['reports', 'manifests', 'client', 'render', 'server', 'simulation', 'api', 'meta'],
  library: ['reports', 'manifests', 'backends/local', 'simulation', 'apiserver', 'client', 'api', 'meta'],
  bin: ['commands', 'backends/local', 'backends/cluster'],
};

/** Packages and Node's modules, by the rooms that may import them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  commander: ['commands'],
  diff: ['render'],
  chalk: ['render'],
  'cli-table3': ['render'],
  ora: ['render'],
  'js-yaml': ['manifests', 'render'],
  '@kubernetes/client-node/dist/config.js': ['backends/cluster'],
  '@kubernetes/client-node/dist/web-socket-handler.js': ['backends/cluster'],
  '@kubernetes/client-node/dist/yaml.js': ['backends/cluster'],
  'just-bash': ['kubelet'],
  re2js: ['meta'],
  'node:fs': ['backends/local', 'backends/cluster', 'bin'],
  'node:path': ['backends/local', 'backends/cluster', 'bin'],
  'node:os': ['backends/local', 'backends/cluster', 'bin'],
  'node:child_process': ['bin'],
  'node:process': ['bin'],
  'node:tty': ['bin'],
  'node:readline': ['bin'],
  'node:http': ['server', 'backends/local', 'backends/cluster', 'bin'],
  'node:https': ['server', 'backends/cluster'],
  'node:async_hooks': ['kubelet'],
  'node:stream': ['backends/local', 'backends/cluster', 'bin'],
  'node:stream/promises': ['bin'],
  'node:crypto': ['server', 'backends/local'],
  'node:zlib': ['server', 'backends/local', 'backends/cluster'],
  'node:net': ['server', 'bin'],
  ws: ['server'],
};

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return path.endsWith('.ts') && !path.endsWith('generated.ts') ? [path] : [];
  });
}

const sources = [...files(join(ROOT, 'src')), ...files(join(ROOT, 'bin'))].map((path) => ({
  path: relative(ROOT, path).split(sep).join('/'),
  text: readFileSync(path, 'utf8'),
}));

const roomOf = (path: string): string => ROOMS.find(([folder]) => path.startsWith(`${folder}/`))?.[1] ?? 'nowhere';

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g;

function imports(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

describe('imports', () => {
  it('finds the sources', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter(({ path }) => roomOf(path) === 'nowhere').map(({ path }) => path)).toEqual([]);
  });

  it('stay within what a room may import', () => {
    const wrong: string[] = [];
    for (const { path, text } of sources) {
      const room = roomOf(path);
      for (const name of imports(text)) {
        if (name.startsWith('.')) {
          const target = roomOf(
            relative(ROOT, resolve(ROOT, dirname(path), name))
              .split(sep)
              .join('/')
              .concat('/'),
          );
          if (target !== room && !ALLOWED[room]?.includes(target))
            wrong.push(`${path} (${room}) imports ${name} (${target})`);
        } else if (!PACKAGES[name]?.includes(room)) {
          wrong.push(`${path} (${room}) imports the package ${name}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are those that ARCHITECTURE.md names', () => {
    const rows = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').matchAll(
      /^\| `([\w/]+)\/` \|.*\| ([^|;]+)(?:;[^|]*)? \|$/gm,
    );
    const sorted = (rooms: readonly string[]): string => [...rooms].sort().join(', ') || 'nothing';
    const told = [...rows].map(([, folder, list = '']) => [roomOf(`${folder}/`), sorted(list.split(', '))]);
    const ruled = Object.entries(ALLOWED).map(([room, rooms]) => [room, sorted(rooms)]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(ruled));
  });

  it('keep controllers and the kubelet apart from one another', () => {
    const wrong: string[] = [];
    for (const { path, text } of sources) {
      const own = /^src\/core\/controllers\/([^/.]+)/.exec(path)?.[1];
      if (own === undefined) continue;
      for (const name of imports(text).filter((n) => n.startsWith('.'))) {
        const target = relative(ROOT, resolve(ROOT, dirname(path), name))
          .split(sep)
          .join('/');
        const other = /^src\/core\/controllers\/([^/.]+)/.exec(target)?.[1];
        if (other !== undefined && other !== own) wrong.push(`${path} imports ${name}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('reach real time, real randomness and the process only from bin', () => {
    const forbidden =
      /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)|\bset(?:Timeout|Interval|Immediate)\b|\bprocess\.\w/;
    const wrong = sources
      // It puts a seed's draws in the place of real ones.
      .filter(({ path }) => roomOf(path) !== 'bin' && path !== 'src/core/kubelet/shell/chance.ts')
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .filter((line) => forbidden.test(line) && !/^\s*(?:\/\/|\*|\/\*)/.test(line))
          .map((line) => `${path}: ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });

  it('use any nowhere', () => {
    const wrong = sources.filter(({ text }) =>
      /[:<,|&(]\s*any\b(?!\w)|\bas any\b|@ts-(?:ignore|nocheck)/.test(stripped(text)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

/** Without comments and strings, in which `any` is a word like others. */
const stripped = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");
