/** What clients do inside containers while others have their turn: each step is a turn of its own, and is saved before it is shown. */
import type { AttachOptions, ContainerBackend, LogOptions } from '../../../client/container-backend';
import type { ServedBackend } from '../../../client/served';
import { LocalContainers } from '../containers';
import { connectTo } from '../forward';
import type { PodRuntime } from '../pods/runtime';
import type { Session } from '../session';
import { type Follower, type Pacing, POLL_MS } from './pacing';

/** How often somebody who follows a log looks for more on a virtual clock, ms. */
const FOLLOW_MS = 20;

interface Port {
  readonly session: Session;
  readonly runtime: PodRuntime;
  readonly pacing: Pacing;
  readonly host: { sleep(ms: number): Promise<void> };
  readonly perform: ServedBackend['perform'];
  /** Waits until it is one's turn. Returns how to end it. */
  turn(): Promise<() => void>;
  /** Brings the cluster up to date. */
  present(): Promise<unknown>;
  save(): Promise<void>;
  /** Does something that may be refused, and throws what is no refusal. */
  attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }>;
}

export function servedContainers(port: Port): ServedBackend['containers'] {
  const { session, runtime, perform } = port;
  const pods = (): LocalContainers => new LocalContainers(session, runtime);
  return {
    exec: (namespace, pod, options) => converse(port, options, (own) => pods().exec(namespace, pod, own)),
    attach: async (namespace, pod, options) => {
      const { container } = options;
      const reads = await perform(() => pods().reads(namespace, pod, container));
      if (reads) return converse(port, options, (own) => pods().attach(namespace, pod, own));
      const lines = follow(port, namespace, pod, { container, follow: true, tailLines: 0 });
      const text = new TextEncoder();
      void options.over?.then(lines.stop);
      for await (const line of lines.read) options.stdout(text.encode(line));
    },
    forward: (namespace, pod, number, ears) =>
      connectTo(number, ears, (work) => perform(() => pods().atPort(namespace, pod, number, work))),
    logs: (namespace, pod, options) => {
      const { read, stop } = follow(port, namespace, pod, options);
      const lines = read[Symbol.asyncIterator]();
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => lines.next(),
          return: async () => {
            stop();
            return { done: true, value: undefined };
          },
        }),
      };
    },
  } satisfies Pick<ContainerBackend, 'exec' | 'attach' | 'logs' | 'forward'>;
}

/** What a container prints, a turn a look; time passes by itself meanwhile. */
function follow(
  { session, runtime, pacing, host, perform }: Port,
  namespace: string,
  pod: string,
  options: LogOptions,
) {
  const follower: Follower = {};
  const { following } = pacing;
  const turns = { take: <T>(work: () => Promise<T>) => perform(work) };
  const rest = async (next: number | undefined): Promise<'wait' | 'nothing'> => {
    follower.next = next;
    pacing.awaited();
    await host.sleep(session.clockMode === 'virtual' ? FOLLOW_MS : POLL_MS);
    return pacing.isStopped || !following.has(follower) ? 'nothing' : 'wait';
  };
  const containers = new LocalContainers(session, runtime, { turns, rest });
  if (options.follow) following.add(follower);
  const stop = (): void => void following.delete(follower);
  async function* read(): AsyncIterable<string> {
    try {
      yield* containers.logs(namespace, pod, options);
    } finally {
      stop();
    }
  }
  return { read: read(), stop };
}

/**
 * What somebody does in a container: others have their turn whenever it waits for input. What it prints is shown once
 * what it did is saved.
 */
async function converse<T, O extends AttachOptions>(
  { pacing, turn, present, save, attempt }: Port,
  options: O,
  work: (options: O) => Promise<T>,
): Promise<T> {
  const heard: (() => void)[] = [];
  let done = await turn();
  const show = async (): Promise<void> => {
    await save();
    for (const say of heard.splice(0)) say();
  };
  const apart = async <R>(wait: () => Promise<R>): Promise<R> => {
    await show();
    done();
    try {
      return await wait();
    } finally {
      done = await turn();
      await present();
    }
  };
  const { input } = options;
  const own: O = {
    ...options,
    stdout: (bytes) => heard.push(() => options.stdout(bytes)),
    stderr: (bytes) => heard.push(() => options.stderr(bytes)),
    ...(input?.kind === 'typed' && {
      input: { ...input, readLine: (prompt: string) => apart(() => input.readLine(prompt)) },
    }),
  };
  try {
    await present();
    const outcome = await attempt(() => work(own));
    await show();
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  } finally {
    done();
    pacing.called();
  }
}
