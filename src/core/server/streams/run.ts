/** The exec and attach subresources of pods: a command's streams over one WebSocket. */

import { badRequest } from '../../api/status';
import type { Pod } from '../../api/types';
import type { ContainerInput } from '../../client/container-backend';
import type { ServedBackend } from '../../client/served';
import type { Call } from '../call';
import { containerIn, podAt } from '../pods';
import type { ServerHost, ServerLimits } from '../port';
import { methodNotAllowed } from '../status';
import type { Target } from '../target';
import { CHANNEL, type Channels } from './channels';
import { linesInput, pipedInput, terminalInput } from './input';
import { checkUpgrade, openChannels, type Upgrade } from './open';
import { exitStatus, failureStatus, SUCCESS } from './outcome';

interface Around {
  readonly backend: ServedBackend;
  readonly host: ServerHost;
  readonly limits: ServerLimits;
  readonly streams: Set<Channels>;
}

interface Wishes {
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Runs a command, or joins the one of the container, until it has ended or the client goes. Throws before it began. */
export async function answerStreams(
  { backend, host, limits, streams }: Around,
  call: Call,
  target: Target,
  upgrade: Upgrade | undefined,
): Promise<undefined> {
  if (call.method !== 'GET' && call.method !== 'POST') throw methodNotAllowed();
  const { resource, namespace = '', name = '', subresource } = target;
  const pod = await podAt(backend, resource, namespace, name);
  const wishes = wishesOf(call, pod, subresource === 'exec');
  if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  checkUpgrade(call, upgrade);
  const channels = await openChannels(upgrade, host, limits);
  streams.add(channels);
  void channels.closed.then(() => streams.delete(channels));
  call.begun(101);
  const output = outputOf(channels, wishes);
  const show = (text: string): void => channels.send(CHANNEL.stdout, new TextEncoder().encode(text));
  const options = { ...output, container: wishes.container, over: channels.closed };
  // An empty message tells the client that it is connected.
  channels.send(wishes.stdout ? CHANNEL.stdout : wishes.stderr ? CHANNEL.stderr : CHANNEL.status, new Uint8Array());
  try {
    const input = wishes.stdin ? await inputOf(channels, wishes, host, show) : undefined;
    const given = { ...options, ...(input && { input }) };
    if (subresource === 'exec') {
      const { command } = wishes;
      const { exitCode } = await backend.containers.exec(namespace, name, { ...given, command });
      channels.end(exitStatus(command, exitCode));
    } else {
      await backend.containers.attach(namespace, name, given);
      channels.end(SUCCESS);
    }
  } catch (error) {
    channels.end(failureStatus(error));
  }
  return undefined;
}

/** Throws BadRequest. */
function wishesOf({ query }: Call, pod: Pod, exec: boolean): Wishes {
  const wants = (name: string): boolean => /^(true|1)$/.test(query.get(name) ?? '');
  const command = query.getAll('command');
  if (exec && command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  const [stdin, stdout, tty] = [wants('stdin'), wants('stdout'), wants('tty')];
  // A terminal has one stream only.
  const stderr = wants('stderr') && !tty;
  if (!stdin && !stdout && !stderr) throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  return { container: containerIn(pod, query.get('container') ?? ''), command, stdin, stdout, stderr, tty };
}

/** A shell takes its lines one by one, so that it can be talked to; another command reads what there is. */
const isShell = ([program = '', ...rest]: readonly string[]): boolean =>
  /^(.*\/)?(sh|bash|ash|dash)$/.test(program) && rest.every((word) => /^(-[il]+|--login|-)$/.test(word));

async function inputOf(
  channels: Channels,
  { command, tty }: Wishes,
  host: ServerHost,
  show: (text: string) => void,
): Promise<ContainerInput> {
  if (tty) return terminalInput(channels, show);
  return command.length === 0 || isShell(command) ? linesInput(channels) : pipedInput(channels, host);
}

/** A terminal shows both streams in one, its lines ending in CR LF. */
function outputOf(channels: Channels, { stdout, stderr, tty }: Wishes) {
  const to = (channel: number, isWanted: boolean) => (bytes: Uint8Array) => {
    if (isWanted && bytes.length > 0)
      for (const part of framed(tty ? crlf(bytes) : bytes)) channels.send(channel, part);
  };
  return {
    stdout: to(CHANNEL.stdout, stdout),
    stderr: tty ? to(CHANNEL.stdout, stdout) : to(CHANNEL.stderr, stderr),
  };
}

/** As much as a message carries: some clients take no more at once, bytes. */
const FRAME = 32 * 1024;

function* framed(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += FRAME) yield bytes.subarray(at, at + FRAME);
}

const LF = 10;
const CR = 13;

function crlf(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  bytes.forEach((byte, i) => {
    if (byte === LF && bytes[i - 1] !== CR) out.push(CR);
    out.push(byte);
  });
  return Uint8Array.from(out);
}
