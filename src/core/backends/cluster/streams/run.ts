/** A command in a container, or the one that runs there: its input, its output, and how it ended (the exec and attach subresources). */

import { ApiError } from '../../../api/status';
import type { AttachOptions, ContainerInput, ExecOptions } from '../../../client/container-backend';
import { CommandError } from '../../../client/errors';
import type { Client } from '../client';
import { query } from '../paths';
import { asStatus, Unreachable } from '../refusals';
import { CHANNEL, openSocket, type Socket } from './socket';

export async function execIn(
  client: Client,
  namespace: string,
  pod: string,
  options: ExecOptions,
): Promise<{ exitCode: number }> {
  return { exitCode: await stream(client, `${podPath(namespace, pod)}/exec`, options, options.command) };
}

export async function attachTo(client: Client, namespace: string, pod: string, options: AttachOptions): Promise<void> {
  await stream(client, `${podPath(namespace, pod)}/attach`, options, []);
}

export const podPath = (namespace: string, pod: string): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;

/** @throws ApiError, CommandError as the container's runtime refuses, Unreachable */
async function stream(
  client: Client,
  path: string,
  options: AttachOptions,
  command: readonly string[],
): Promise<number> {
  const { container, input } = options;
  const terminal = input?.kind === 'typed' && input.tty ? await input.raw?.() : undefined;
  const parameters = query({
    command,
    container,
    stdin: input !== undefined,
    stdout: true,
    stderr: terminal === undefined,
    tty: terminal !== undefined,
  });
  let status: string | undefined;
  const { credentials, server } = client.transport;
  // A command may have ended before the connection is known to be open.
  let opened: Socket | undefined;
  const socket = await openSocket(credentials, server, `${path}${parameters}`, (channel, bytes) => {
    if (channel === CHANNEL.stdout) options.stdout(bytes);
    else if (channel === CHANNEL.stderr) options.stderr(bytes);
    else if (channel === CHANNEL.status) {
      status = new TextDecoder().decode(bytes);
      opened?.close();
    }
  });
  opened = socket;
  if (status !== undefined) socket.close();
  try {
    if (terminal) {
      terminal.start((bytes) => socket.send(CHANNEL.stdin, bytes));
      const resize = (): void =>
        socket.send(CHANNEL.resize, new TextEncoder().encode(JSON.stringify(sizeOf(terminal.size()))));
      resize();
      terminal.onResize(resize);
    } else if (input) void feed(socket, input);
    await socket.closed;
  } finally {
    terminal?.stop();
    socket.close();
  }
  // An attached command that simply ends says nothing.
  if (status === undefined && command.length === 0) return 0;
  return exitCodeOf(status);
}

const sizeOf = ({ columns, rows }: { columns: number; rows: number }): object => ({ Width: columns, Height: rows });

/** Bytes a frame; a server may refuse larger ones. */
const FRAME = 32 * 1024;

async function feed(socket: Socket, input: ContainerInput): Promise<void> {
  if (input.kind === 'piped') {
    for (let at = 0; at < input.bytes.length; at += FRAME)
      socket.send(CHANNEL.stdin, input.bytes.subarray(at, at + FRAME));
    socket.endInput();
    return;
  }
  let isOver = false;
  void socket.closed.then(() => {
    isOver = true;
  });
  for (;;) {
    const typed = await input.readLine('');
    if (isOver) return;
    if (typed.kind === 'line') socket.send(CHANNEL.stdin, new TextEncoder().encode(`${typed.text}\n`));
    else if (typed.kind === 'interrupt') return socket.close();
    else {
      if (!socket.endInput()) socket.close();
      return;
    }
  }
}

/** @throws CommandError where the command did not run, Unreachable where the connection broke */
function exitCodeOf(text: string | undefined): number {
  if (text === undefined) throw new Unreachable('error: the connection to the container was lost', false);
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'status' in value && value.status === 'Success') return 0;
  // The kubelet leaves out what kind of object it is.
  const status = asStatus(typeof value === 'object' ? { kind: 'Status', ...value } : value);
  const code = status?.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (code !== undefined && /^\d+$/.test(code)) return Number(code);
  if (status && status.reason !== 'InternalError') throw new ApiError(status);
  throw new CommandError(status?.message ?? text);
}
