// What only the published package holds: the library with its types, the manual, completion scripts, the licenses of what is bundled
// and the bill of materials. Whatever else lies in the folder, of builds before, is removed: packages are made of all of it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { writeDeclarations } from './declarations.mjs';
import { notices } from './notices.mjs';
import { esbuildPageText } from './page-text.mjs';
import { billOfMaterials } from './sbom.mjs';

const SBOM = 'sbom.cdx.json';
const COMPLETIONS = { BASH: 'stsctl.bash', ZSH: '_stsctl', FISH: 'stsctl.fish', POWERSHELL: 'stsctl.ps1' };

/** @param sources the files that the program was made from, relative to the root */
export async function completePackage({ root, dist, sources }) {
  const own = await writeLibrary(root, join(dist, 'library.js'));
  writeDeclarations(root, join(dist, 'library.d.ts'));
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES'), notices(root, [...sources, ...own]));
  writeFileSync(join(dist, SBOM), `${JSON.stringify(billOfMaterials(root, [...sources, ...own]), null, 2)}\n`);
  await writeWords(root, dist);
  sweep(dist);
}

/** One module that imports nothing. Names stay, for whoever reads a stack or prints an object. */
async function writeLibrary(root, outfile) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/library/index.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    keepNames: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/** The manual and the completion scripts, as the commands themselves have them. */
async function writeWords(root, dist) {
  // Packages are looked for from the folder of the module.
  const modules = join(root, 'node_modules', '.cache');
  mkdirSync(modules, { recursive: true });
  const folder = mkdtempSync(join(modules, 'stsctl-manual-'));
  try {
    const contents = `export { manualPage } from './src/commands/manual';
      export { ENTRIES } from './src/commands/verbs';
      export * as scripts from './src/commands/completion/scripts';`;
    await build({
      absWorkingDir: root,
      stdin: { contents, resolveDir: root },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      plugins: [esbuildPageText],
      logLevel: 'error',
    });
    const { manualPage, ENTRIES, scripts } = await import(pathToFileURL(join(folder, 'stdin.mjs')).href);
    writeFiles(join(dist, 'man'), [['stsctl.1', await manualPage(ENTRIES)]]);
    const completions = Object.entries(COMPLETIONS).map(([name, file]) => [file, scripts[name]]);
    writeFiles(join(dist, 'completions'), completions);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFiles(folder, files) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

function sweep(dist) {
  const { packs } = JSON.parse(readFileSync(join(dist, 'index.json'), 'utf8'));
  const kept = new Set([
    ...packs.flatMap((name) => [name, `${name}.cache`]),
    ...['index.json', 'explain.json', 'library.js', 'library.d.ts', 'man', 'completions', 'THIRD-PARTY-NOTICES', SBOM],
  ]);
  for (const name of readdirSync(dist)) if (!kept.has(name)) rmSync(join(dist, name), { recursive: true, force: true });
}
