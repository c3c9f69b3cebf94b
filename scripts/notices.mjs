// The licenses of what is bundled, for dist/THIRD-PARTY-NOTICES: each package that a bundled file comes from, and those whose texts
// became data.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Their words are in explain.json, and the fields of the API's types in the program. */
const TEXTS = ['kubernetes-models', 'kubernetes-texts', '@kubernetes-models/apimachinery', 'kubernetes-types'];

/** The package's folder of a file under node_modules, nested ones too; undefined for a file of our own. */
const packageOf = (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

/** The packages that `sources`, files relative to the root, come from: title, license and its text, each once, in order. */
export function bundledPackages(root, sources) {
  const used = [
    ...sources.map((file) => packageOf(file.replace(/^[\w-]+:/, ''))),
    ...TEXTS.map((name) => `node_modules/${name}`),
  ];
  const folders = [...new Set(used.filter((folder) => folder !== undefined))];
  const known = folders.map((folder) => describe(join(root, folder)));
  const sorted = known.sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0));
  return sorted.filter(({ title }, i) => title !== sorted[i - 1]?.title);
}

/** The text of the file. @throws Error naming a package that shows no license */
export function notices(root, sources) {
  const parts = bundledPackages(root, sources).map(
    ({ title, license, text }) => `${'-'.repeat(80)}\n${title}\nLicense: ${license}\n\n${text.trim()}\n`,
  );
  return `stsctl contains code or texts of these packages.\n\n${parts.join('\n')}`;
}

function describe(folder) {
  const { name, version, license, author, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${name} shows no license`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').replace(/\r/g, ''));
  const who = typeof author === 'string' ? author : author?.name;
  const where = typeof repository === 'string' ? repository : repository?.url;
  const text = texts.length > 0 ? texts.join('\n') : [who && `Copyright ${who}`, where].filter(Boolean).join('\n');
  return { title: `${name} ${version}`, license, text };
}
