// Cuts the program into chunks: pieces of code that are always needed together. esbuild finds them, as it does for browsers, from
// what is imported statically and dynamically; each becomes a CommonJS function that names other chunks as "#id".
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';
import { esbuildPageText } from './page-text.mjs';

/**
 * Modules that begin a chunk of their own although they are imported statically: much code that many commands don't come to.
 * A chunk is evaluated only when something of it is used.
 */
const SEAMS = [
  'src/commands/flags/program.ts',
  'src/core/api/custom-resources/index.ts',
  'src/core/api/match-label-keys.ts',
  'src/core/api/schema/schema.ts',
  'src/core/api/validation/index.ts',
  'src/core/apiserver/custom-resources.ts',
  'src/core/apiserver/event-recorder.ts',
  'src/core/apiserver/event-series.ts',
  'src/core/apiserver/eviction.ts',
  'src/core/apiserver/managed-fields/record.ts',
  'src/core/apiserver/patch.ts',
  'src/core/apiserver/scale.ts',
  'src/core/apiserver/service-families.ts',
  'src/core/apiserver/service-update.ts',
  'src/core/apiserver/strategies.ts',
  'src/core/apiserver/tables/cluster.ts',
  'src/core/apiserver/tables/config.ts',
  'src/core/apiserver/tables/custom.ts',
  'src/core/apiserver/tables/events.ts',
  'src/core/apiserver/tables/extensions.ts',
  'src/core/apiserver/tables/rbac.ts',
  'src/core/apiserver/tables/services.ts',
  'src/core/apiserver/tables/storage.ts',
  'src/core/apiserver/tables/workloads.ts',
  'src/core/backends/local/accept.ts',
  'src/core/backends/local/apply.ts',
  'src/core/backends/local/codec-shapes.ts',
  'src/core/backends/local/containers.ts',
  'src/core/backends/local/edited.ts',
  'src/core/backends/local/forward/index.ts',
  'src/core/backends/local/lock-turn.ts',
  'src/core/backends/local/pods/runtime.ts',
  'src/core/backends/local/undo/units.ts',
  'src/core/backends/local/watch.ts',
  'src/core/kubelet/catalogue/index.ts',
  'src/core/kubelet/network/index.ts',
  'src/core/meta/go-regexp.ts',
  'src/core/meta/label-requirement.ts',
  'src/core/simulation/controllers.ts',
  'src/core/simulation/faults/affected.ts',
  'src/core/simulation/faults/match.ts',
  'src/core/simulation/faults/refusal.ts',
];

/** What runs inside pods: a chunk as a whole, because the shell lets nothing be loaded while a script runs. */
const SHELL = 'src/core/kubelet/shell/index.ts';
const SHELL_APART = {
  name: 'shell-apart',
  setup(build) {
    build.onResolve({ filter: /\/kubelet\/shell$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: '#shell', external: true } : undefined,
    );
  },
};

const COMMON = {
  minify: true,
  platform: 'node',
  target: 'node20',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'error',
};

const HOST = 'bin/host.ts';

/** A dynamic import becomes a require: scripts that run in a vm have no other way to load. */
const WHOLE = { format: 'cjs', supported: { 'dynamic-import': false } };

/** commander can start other programs, and loads for it at once what starts them; stsctl never asks it to. */
const LATE_CHILD_PROCESS = {
  name: 'late-child-process',
  setup(build) {
    build.onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'child_process', namespace: 'late' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: "module.exports = { get spawn() { return require('node:child_process').spawn; } };",
    }));
  },
};

/** The pods' shell remembers at once what Node makes of requests of the web, which takes it longer to load than all else together. */
const LATE_HEADERS = {
  name: 'late-headers',
  setup(build) {
    build.onLoad({ filter: /\/just-bash\/dist\/bundle\/chunks\/chunk-\w+\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const late = '=function(...given){return new globalThis.Headers(...given)}$1';
      return { contents: text.replace(/=globalThis\.Headers([,;])/, late), loader: 'js' };
    });
  },
};

/** Of the library for real clusters only what is imported is kept: its generated API does nothing by being there. */
const ONLY_WHAT_IS_USED = {
  name: 'only-what-is-used',
  setup(build) {
    const seen = {};
    build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === seen || !/@kubernetes\/client-node/.test(`${path} ${from.importer}`)) return undefined;
      const { importer, kind, namespace, resolveDir } = from;
      const found = await build.resolve(path, { importer, kind, namespace, resolveDir, pluginData: seen });
      return /client-node\/dist/.test(found.path) ? { ...found, sideEffects: false } : found;
    });
  },
};

/**
 * The program as chunks: `{ entry, chunks: { id: { code, isWhole } }, sources }`. `code` is the body of a CommonJS function with one more
 * parameter, `live`; what `isWhole` sets its exports itself, and must be evaluated as soon as it is named.
 * `sources` are the files that it was made from.
 */
export async function cutIntoChunks(root) {
  const [program, shell] = await Promise.all([
    bundle(root, [HOST, ...SEAMS], {
      format: 'esm',
      splitting: true,
      plugins: [LATE_CHILD_PROCESS, SHELL_APART, ONLY_WHAT_IS_USED, esbuildPageText],
    }),
    bundle(root, [SHELL], { ...WHOLE, plugins: [LATE_HEADERS] }),
  ]);
  const { outputFiles, metafile } = program;
  const outputs = new Map(Object.entries(metafile.outputs).map(([file, output]) => [basename(file), output]));
  const ids = new Map([...outputs.keys()].map((name, at) => [name, at.toString(36)]));
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const chunks = {};
  let entry;
  for (const [name, output] of outputs) {
    const id = ids.get(name);
    if (output.entryPoint === HOST) entry = id;
    chunks[id] = { code: await chunk(named(texts.get(name), ids), output.exports), isWhole: false };
  }
  chunks.shell = { code: withUrl(shell.outputFiles[0].text), isWhole: true };
  return { entry, chunks, sources: [program, shell].flatMap((result) => Object.keys(result.metafile.inputs)) };
}

const bundle = (root, entryPoints, options) =>
  build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints,
    entryNames: '[name]-[hash]',
    outdir: join(root, 'dist'),
    write: false,
    metafile: true,
    bundle: true,
    // Never loaded: parts of the shell's library that no pod is given (databases, other languages, rare archives), and native
    // speed-ups of the WebSocket library, which does without them.
    external: [
      'sql.js',
      'quickjs-emscripten',
      '@mongodb-js/zstd',
      'node-liblzma',
      'undici',
      'turndown',
      'bufferutil',
      'utf-8-validate',
    ],
    define: { 'import.meta.url': 'bundle.url' },
    ...options,
  });

/** Throws where a chunk would set its exports by itself: whoever holds its namespace already would never see them. */
async function chunk(text, exported) {
  const leaned = lean(text);
  if (exported.length > 0 && !leaned.startsWith('live('))
    throw new Error(`the build does not know how this chunk exports ${exported.join(', ')}: …${text.slice(-80)}`);
  const { code } = await transform(leaned, { ...COMMON, ...WHOLE });
  return withUrl(code);
}

const BUILTIN = /import\s*(?:\*\s*as\s+)?([\w$]+)\s*(?:,\s*\{([^}]*)\})?\s*from\s*("node:[\w/]+");?/g;
const EXPORTS = /export\s*\{([^}]*)\};?\s*$/;
/** A chunk that is a CommonJS module exports this alone. */
const DEFAULT = /export default ([\w$]+\(\));?\s*$/;
const IMPORT = /\bimport\("(#(?!shell")\w+)"\)/g;

/**
 * What esbuild would copy name by name at each start, taken as it is: Node's own modules, what other chunks export, and what this one
 * does (`live`, see bin/bundle.js).
 */
function lean(text) {
  const first = [];
  const rest = text
    .replace(EXPORTS, (_, list) => {
      const getters = list.split(',').map((each) => {
        const [local, name = local] = each.trim().split(/\s+as\s+/);
        return `${name}:()=>${local}`;
      });
      first.push(`live({${getters.join(',')}});`);
      return '';
    })
    .replace(DEFAULT, (_, value) => {
      first.push('live({default:()=>$default});');
      return `const $default=${value};`;
    })
    .replace(BUILTIN, (_, name, others, from) => {
      first.push(`const ${name}=require(${from});`);
      if (others) first.push(`const {${others.replace(/\s+as\s+/g, ':')}}=${name};`);
      return '';
    })
    .replace(IMPORT, 'require.late("$1")');
  return `${first.join('')}${rest}`;
}

/** Imports of other chunks, by their ids. */
const named = (text, ids) =>
  text.replace(/(["'])\.{1,2}\/([\w./-]+\.js)\1/g, (found, _quote, file) =>
    ids.has(basename(file)) ? `"#${ids.get(basename(file))}"` : found,
  );

const withUrl = (code) =>
  code.includes('bundle.url')
    ? `const bundle={get url(){return require("node:url").pathToFileURL(__filename).href}};${code}`
    : code;
