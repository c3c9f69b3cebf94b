// What runs and shows in a page that the program writes, as a string, and how a content security policy names it:
// `import text, { sha256 } from './page.ts?page'`. A plugin for esbuild (the build) and one for vite (the tests), so that both
// see the same text.
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

const SUFFIX = '?page';

/** The module that such an import gets: a script with all that it imports, or a style, minified. */
async function pageModule(path) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2022', 'chrome111', 'firefox111', 'safari16.4'],
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'error',
  });
  const { text } = outputFiles[0];
  const sha256 = createHash('sha256').update(text).digest('base64');
  return `export default ${JSON.stringify(text)};\nexport const sha256 = ${JSON.stringify(sha256)};\n`;
}

export const esbuildPageText = {
  name: 'page-text',
  setup(build) {
    build.onResolve({ filter: /\?page$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.slice(0, -SUFFIX.length)),
      namespace: 'page-text',
    }));
    build.onLoad({ filter: /.*/, namespace: 'page-text' }, async ({ path }) => ({
      contents: await pageModule(path),
      loader: 'js',
    }));
  },
};

export const vitePageText = {
  name: 'page-text',
  enforce: 'pre',
  resolveId(source, importer) {
    // The ending keeps vite from taking the module for a style.
    return source.endsWith(SUFFIX) && importer
      ? `\0page:${join(dirname(importer), source.slice(0, -SUFFIX.length))}.js`
      : null;
  },
  async load(id) {
    if (!id.startsWith('\0page:')) return null;
    return pageModule(id.slice('\0page:'.length, -'.js'.length));
  },
};
