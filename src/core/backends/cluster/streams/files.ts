/** Files of a container, through the tar and test that are in it (as kubectl cp). */
import type { CopiedFile } from '../../../client/container-backend';
import { type CommandError, PlainError } from '../../../client/errors';
import { concat, textOf } from '../bytes';
import type { Client } from '../client';
import { execIn } from './run';
import { readTar, writeTar } from './tar';

export interface Place {
  readonly client: Client;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** @throws CommandError where the container has no tar, PlainError with what its tar says */
export async function readFrom(place: Place, path: string): Promise<readonly CopiedFile[] | undefined> {
  const kind = await statIn(place, path);
  if (kind === undefined) return undefined;
  const { code, stdout, stderr } = await run(place, ['tar', 'cf', '-', path]);
  if (code !== 0) throw failed(stderr, code);
  const files = readTar(stdout, path);
  const [first] = files;
  return kind === 'folder' && first?.path.length !== 0 ? [{ path: [] }, ...files] : files;
}

export async function statIn(place: Place, path: string): Promise<'file' | 'folder' | undefined> {
  if ((await run(place, ['test', '-d', path])).code === 0) return 'folder';
  return (await run(place, ['test', '-e', path])).code === 0 ? 'file' : undefined;
}

export async function writeTo(place: Place, path: string, files: readonly CopiedFile[]): Promise<void> {
  const trimmed = path.replace(/(.)\/+$/, '$1');
  const slash = trimmed.lastIndexOf('/');
  const folder = slash < 0 ? '.' : trimmed.slice(0, slash) || '/';
  const name = trimmed.slice(slash + 1) || '.';
  const keepsModes = files.some(({ mode }) => mode !== undefined);
  const command = [
    'tar',
    ...(keepsModes ? ['-xmf', '-'] : ['--no-same-permissions', '--no-same-owner', '-xmf', '-']),
    '-C',
    folder,
  ];
  const { code, stderr } = await run(place, command, writeTar(name, files));
  if (code !== 0) throw failed(stderr, code);
}

const failed = (said: string, code: number): CommandError =>
  new PlainError(
    `${said}${said === '' || said.endsWith('\n') ? '' : '\n'}command terminated with exit code ${code}`,
    code,
  );

async function run({ client, namespace, pod, container }: Place, command: readonly string[], bytes?: Uint8Array) {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const { exitCode } = await execIn(client, namespace, pod, {
    container,
    command,
    ...(bytes && { input: { kind: 'piped', bytes } }),
    stdout: (part) => out.push(Uint8Array.from(part)),
    stderr: (part) => err.push(Uint8Array.from(part)),
  });
  return { code: exitCode, stdout: concat(out), stderr: textOf(concat(err)) };
}
