/** Dependencies: each with its reason, pinned, from no particular registry, and without scripts at installation. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const lockText = readFileSync('package-lock.json', 'utf8');
const locked = Object.entries((JSON.parse(lockText) as { packages: Record<string, Locked> }).packages);
const document = readFileSync('docs/dependencies.md', 'utf8');

/** Name, license and reason of each row under a heading. */
function rowsUnder(heading: string): (readonly [string, string, string])[] {
  const part = document.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return part
    .split('\n')
    .filter((line) => /^\| (?!package|-)/.test(line))
    .map((line) => {
      const [, name = '', license = '', why = ''] = line.split('|').map((cell) => cell.trim());
      return [name, license, why] as const;
    });
}

const licenseOf = (name: string): string => locked.find(([path]) => path === `node_modules/${name}`)?.[1].license ?? '';

describe.each([
  ['At run time', manifest.dependencies],
  ['For building and testing', manifest.devDependencies],
])('%s', (heading, wanted) => {
  test('each has its row, in order, with its license', () => {
    const rows = rowsUnder(heading);
    expect(rows.map(([name, license]) => [name, license])).toEqual(
      Object.keys(wanted).map((name) => [name, licenseOf(name)]),
    );
    expect(rows.filter(([, , why]) => why.length < 10)).toEqual([]);
  });

  test('versions are pinned', () => {
    expect(Object.values(wanted).filter((version) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

test('nothing that is installed with stsctl runs a script then', () => {
  const runtime = locked.filter(([path, { dev }]) => path !== '' && !dev);
  expect(runtime.length).toBeGreaterThan(20);
  expect(runtime.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  expect(lockText).not.toMatch(/"resolved"|registry/);
});

test('licenses of what is installed with stsctl allow it', () => {
  const allowed = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|Python-2\.0|PSF-2\.0|Unlicense|BlueOak-1\.0\.0)$/;
  const others = locked.filter(([path, { dev, license = '' }]) => path !== '' && !dev && !allowed.test(license));
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});
