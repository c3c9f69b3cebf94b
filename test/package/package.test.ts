/** The published package: what is in it, and that it runs from its tarball alone, as a program and as a library. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishedManifest } from '../../scripts/manifest.mjs';
import { manualPage } from '../../src/commands/manual';
import { ENTRIES } from '../../src/commands/verbs';

const ROOT = resolve('.');
const PATIENCE = 300_000;
/** In bytes. Whoever comes near asks first what it is that grows. */
const MOST_PACKED = 4_000_000;
const MOST_UNPACKED = 12_000_000;

/** Every file of the package is of one of these, and there is something of each. */
const CONTENTS: readonly RegExp[] = [
  /^package\.json$/,
  /^LICENSE$/,
  /^CHANGELOG\.md$/,
  /^README(\.zh)?\.md$/,
  /^bin\/(stsctl|bundle)\.js$/,
  /^bin\/package\.json$/,
  /^dist\/([a-z]+-)?[0-9a-f]{16}\.cjs$/,
  /^dist\/[a-z]+-[0-9a-f]{16}\.cjs\.cache$/,
  /^dist\/(index|explain)\.json$/,
  /^dist\/library\.(js|d\.ts)$/,
  /^dist\/man\/stsctl\.1$/,
  /^dist\/completions\/(_stsctl|stsctl\.(bash|fish|ps1))$/,
  /^dist\/THIRD-PARTY-NOTICES$/,
  /^dist\/sbom\.cdx\.json$/,
  /^docs\/[a-z-]+\.md$/,
  /^examples\/([\w-]+\/)*[\w-]+\.(yaml|sh|txt|md|json)$/,
];

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

const work = mkdtempSync(join(tmpdir(), 'stsctl-package-'));
/** Where the tarball lies open, beside no other package. */
const consumer = join(work, 'consumer');
const installed = join(consumer, 'node_modules', 'stsctl');
const state = join(work, 'state.json');
let packed: Packed;
let tarball: string;

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd = work, env: NodeJS.ProcessEnv = process.env): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

function succeed(...call: Parameters<typeof run>): string {
  const { status, stdout, stderr } = run(...call);
  if (status !== 0) throw new Error(`${call[0]} ${call[1].join(' ')}: ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** The program of a folder's installation, in a cluster of its own and with nothing of ours in its environment. */
const cli = (program: string, ...args: string[]): string =>
  succeed(process.execPath, [program, ...args], work, { HOME: work, STSCTL_STATE: state, STSCTL_CLOCK: 'virtual' });

/** Packs as `npm pack` does, but builds into a folder of its own: others use dist meanwhile. */
beforeAll(() => {
  const stage = join(work, 'stage');
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: readonly string[] };
  for (const name of files.filter((name) => name !== 'dist')) cpSync(name, join(stage, name), { recursive: true });
  writeFileSync(join(stage, 'package.json'), publishedManifest(readFileSync('package.json', 'utf8')));
  succeed(process.execPath, ['scripts/build.mjs', '--package', `--dist=${join(stage, 'dist')}`], ROOT);
  [packed] = JSON.parse(succeed('npm', ['pack', '--ignore-scripts', '--json'], stage)) as [Packed];
  tarball = join(stage, packed.filename);
  mkdirSync(installed, { recursive: true });
  succeed('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
}, PATIENCE);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('contents', () => {
  test('are what is expected, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !CONTENTS.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(CONTENTS.filter((pattern) => !paths.some((path) => pattern.test(path)))).toEqual([]);
    expect(paths.filter((path) => /(^|\/)(state\.json|node_modules|test|src)(\/|$)/.test(path))).toEqual([]);
  });

  test('have no scripts and nothing of development in their package.json', () => {
    const published = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const {
      scripts: _,
      devDependencies: _dev,
      overrides: _over,
      ...rest
    } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(published).toEqual(rest);
    expect(Object.keys(published.dependencies)).toContain('commander');
  });

  test('are small', () => {
    expect(packed.size).toBeLessThan(MOST_PACKED);
    expect(packed.unpackedSize).toBeLessThan(MOST_UNPACKED);
  });

  test('tell nothing of the machine that made them', () => {
    const registry = new URL(succeed('npm', ['config', 'get', 'registry']).trim()).host;
    const home = homedir().length > '/root'.length ? [`${homedir()}/`] : [];
    const private_ = [
      ROOT,
      work,
      registry,
      'registry.npmjs.org',
      ...home,
      ...(hostname().length > 4 ? [hostname()] : []),
    ];
    const found = packed.files.flatMap(({ path }) => {
      const text = readFileSync(join(installed, path), 'latin1');
      return private_.filter((word) => text.includes(word)).map((word) => `${path}: ${word}`);
    });
    expect(found).toEqual([]);
  });

  test('carry the license of everything that is bundled', () => {
    const text = readFileSync(join(installed, 'dist/THIRD-PARTY-NOTICES'), 'utf8');
    const titles = text.split(/^-{80}$/m).map((part) =>
      part
        .trim()
        .split('\n')[0]
        ?.replace(/ [\d.]+$/, ''),
    );
    for (const name of [
      'commander',
      'js-yaml',
      'chalk',
      'ora',
      'cli-table3',
      'diff',
      '@kubernetes/client-node',
      'just-bash',
    ])
      expect(titles).toContain(name);
    expect(text).toContain('Permission is hereby granted');
  });

  test('name every bundled package in the bill of materials', () => {
    const text = readFileSync(join(installed, 'dist/THIRD-PARTY-NOTICES'), 'utf8');
    const bundled = [...text.matchAll(/^-{80}\n(.+)$/gm)].map(([, title]) => title);
    const bill = JSON.parse(readFileSync(join(installed, 'dist/sbom.cdx.json'), 'utf8')) as {
      readonly bomFormat: string;
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const known = new Set(bill.components.map(({ name, version }) => `${name} ${version}`));
    expect(bundled.filter((title) => title !== undefined && !known.has(title))).toEqual([]);
    expect(known).not.toContain('vitest');
  });
});

describe('the program, from its tarball alone', () => {
  const program = join(installed, 'bin', 'stsctl.js');

  test('plays a set, explains, and runs commands in pods', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(cli(program, '--version')).toContain(version);
    expect(statSync(program).mode & 0o111).toBeTruthy();
    cli(program, 'apply', '-f', join(installed, 'examples/nginx.yaml'));
    cli(program, 'rollout', 'status', 'sts/web');
    expect(cli(program, 'get', 'pods', '-o', 'name')).toBe('pod/web-0\npod/web-1\npod/web-2\n');
    expect(cli(program, 'get', 'sts', 'web', '-o', 'yaml')).toContain('kind: StatefulSet');
    expect(cli(program, 'describe', 'pod', 'web-0')).toContain('nginx:1.21');
    expect(cli(program, 'exec', 'web-0', '--', 'sh', '-c', 'echo $((6 * 7)) | cat')).toBe('42\n');
    expect(cli(program, 'explain', 'sts.spec.replicas')).toContain('replicas');
    expect(cli(program, 'plan', 'scale', 'sts', 'web', '--replicas=4')).toContain('web-3');
  });

  test('calls itself kubectl through a link of that name', () => {
    const link = join(work, 'kubectl');
    symlinkSync(program, link);
    expect(cli(link, '--help')).toContain('Use "kubectl <command> --help"');
    expect(cli(program, '--help')).toContain('Use "stsctl <command> --help"');
  });

  test('the manual page is that of its commands', async () => {
    expect(readFileSync(join(installed, 'dist/man/stsctl.1'), 'utf8')).toBe(await manualPage(ENTRIES));
  });

  test('completion scripts are what the command prints', () => {
    for (const [shell, file] of [
      ['bash', 'stsctl.bash'],
      ['zsh', '_stsctl'],
      ['fish', 'stsctl.fish'],
      ['powershell', 'stsctl.ps1'],
    ] as const)
      expect(readFileSync(join(installed, 'dist/completions', file), 'utf8')).toBe(cli(program, 'completion', shell));
  });
});

describe('the library, from its tarball alone', () => {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const strict = { strict: true, noEmit: true, target: 'ES2022', lib: ['ES2023'] };

  function check(compilerOptions: object, files: readonly string[]): void {
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    succeed(process.execPath, [compiler, '-p', 'tsconfig.json'], consumer);
  }

  test.each([
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'bundler'],
  ])('has types that need nothing else, for module %s', (module, moduleResolution) => {
    const lines = [
      "import { ApiError, Cluster, type Pod, type StatefulSet } from 'stsctl';",
      'const cluster = new Cluster({ seed: 1 });',
      "const set: StatefulSet = cluster.get('StatefulSet', 'web');",
      'const pods: readonly Pod[] = cluster.pods();',
      "const other: unknown = cluster.get('Backup', 'b').spec;",
      '// @ts-expect-error: what is answered is not to be changed',
      'set.spec.replicas = 3;',
      '// @ts-expect-error: there is no such option',
      'cluster.settle({ forever: true });',
      '// @ts-expect-error: what is inside is nobody else’s',
      'cluster.engine;',
      'export const all = [ApiError, pods, other, set.status.readyReplicas?.toFixed()];',
    ];
    writeFileSync(join(consumer, 'use.ts'), lines.join('\n'));
    check({ ...strict, module, moduleResolution, types: [], skipLibCheck: false }, ['use.ts']);
  });

  test('runs the examples of docs/api.md as they stand there', () => {
    const document = readFileSync(join(installed, 'docs/api.md'), 'utf8');
    const examples = [...document.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
    expect(examples.length).toBeGreaterThan(3);
    const names = examples.map((_, i) => `example-${i}`);
    for (const [i, code] of examples.entries()) {
      writeFileSync(join(consumer, `example-${i}.ts`), code);
      writeFileSync(join(consumer, `example-${i}.mjs`), transformSync(code, { loader: 'ts', target: 'node20' }).code);
    }
    const node = { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')], skipLibCheck: true };
    const options = { ...strict, ...node, module: 'NodeNext', moduleResolution: 'NodeNext' };
    check(
      options,
      names.map((name) => `${name}.ts`),
    );
    for (const name of names)
      succeed(process.execPath, [`${name}.mjs`], consumer, { HOME: work, PATH: process.env.PATH });
  });

  test.skipIf(!('require_module' in process.features))('can be required where Node can require ES modules', () => {
    writeFileSync(join(consumer, 'require.cjs'), "console.log(new (require('stsctl').Cluster)().list('Node').length)");
    const [count] = succeed(process.execPath, ['--no-warnings', 'require.cjs'], consumer).split('\n');
    expect(Number(count)).toBeGreaterThan(0);
  });

  test('offers nothing beside itself', () => {
    writeFileSync(join(consumer, 'deep.mjs'), "await import('stsctl/dist/library.js')");
    expect(run(process.execPath, ['deep.mjs'], consumer).stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

/** What npm says where it can't reach a registry. */
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT/;

test(
  'npm installs it in an empty folder, with its manual and without scripts',
  (context) => {
    const prefix = join(work, 'prefix');
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=0'];
    const { status, stderr } = run('npm', ['install', '--global', '--prefix', prefix, ...flags, tarball]);
    if (status !== 0 && UNREACHABLE.test(stderr)) return context.skip('no registry can be reached');
    expect({ status, scripts: /install-scripts.*/.exec(stderr)?.[0] }).toEqual({ status: 0 });
    expect(cli(join(prefix, 'bin/stsctl'), 'get', 'namespaces', '-o', 'name')).toContain('namespace/default');
    expect(readFileSync(join(prefix, 'share/man/man1/stsctl.1'), 'utf8')).toContain('.TH STSCTL 1');
  },
  PATIENCE,
);
