#!/usr/bin/env node
// The bill of materials (CycloneDX): what an installation brings, and the development dependencies that are bundled. npm makes it from
// the lock file; what is only of this minute is left out, so that the same lock file gives the same text.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cutIntoChunks } from './chunks.mjs';
import { bundledPackages } from './notices.mjs';

/** The document. `sources` are the files that the program was made from. @throws Error with what npm says */
export function billOfMaterials(root, sources) {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  if (status !== 0) throw new Error(`npm sbom failed:\n${stderr}`);
  const { serialNumber: _serial, metadata, components, dependencies, ...head } = JSON.parse(stdout);
  const bundled = new Set(bundledPackages(root, sources).map(({ title }) => title.replace(' ', '@')));
  const isDevelopment = ({ properties = [] }) => properties.some(({ name }) => name === 'cdx:npm:package:development');
  const shipped = components.filter((component) => !isDevelopment(component) || bundled.has(component['bom-ref']));
  const refs = new Set([metadata.component['bom-ref'], ...shipped.map((component) => component['bom-ref'])]);
  const { timestamp: _time, component, ...about } = metadata;
  // npm calls it by the folder that it lies in.
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    ...head,
    metadata: { ...about, component: { ...component, name } },
    components: shipped.map(plain),
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  };
}

/** Without the address that it was downloaded from, and by its own name: npm has the one that package.json gives it. */
function plain({ externalReferences, ...component }) {
  const others = externalReferences?.filter(({ type }) => type !== 'distribution') ?? [];
  const name = component['bom-ref'].replace(/(?<=.)@.*$/, '');
  return { ...component, name, ...(others.length > 0 && { externalReferences: others }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const { sources } = await cutIntoChunks(root);
  console.log(JSON.stringify(billOfMaterials(root, sources), null, 2));
}
