/** Which logs a command asks for, and how several are read at once (as kubectl's LogsForObject). */
import { ApiError } from '../api/status';
import type { Pod } from '../api/types';
import type { Backend } from './backend';
import { mapResource } from './builder';
import type { LogOptions } from './container-backend';
import { CommandError } from './errors';
import { containerNames, findContainer, firstContainer, preferredContainer } from './pod-containers';

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface LogWishes {
  /** Empty for the default one. */
  readonly container: string;
  readonly allContainers: boolean;
  readonly allPods: boolean;
  /** Told of a container that was chosen among several. */
  warn(text: string): void;
}

/** @throws CommandError for a container that the pod has not */
export function requestsFor(pod: Pod, wishes: LogWishes): LogRequest[] {
  const { namespace = '', name } = pod.metadata;
  if (wishes.allContainers)
    return [...(pod.spec.initContainers ?? []), ...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])].map(
      (container) => ({
        namespace,
        pod: name,
        container: container.name,
      }),
    );
  const quiet = (): void => {};
  const container =
    wishes.container ||
    preferredContainer(pod, wishes.warn) ||
    firstContainer(pod, wishes.allPods ? quiet : wishes.warn);
  if (!findContainer(pod, container))
    throw new CommandError(`container ${container} is not valid for pod ${name} out of: ${containerNames(pod)}`);
  return [{ namespace, pod: name, container }];
}

const ATTEMPT_MS = 1000;

export interface Patience {
  /** When to give up, in ms since 1970 on the cluster's clock. */
  readonly deadline: number;
  /** Told each time why there is nothing to read yet. */
  waits(why: string): Promise<void>;
}

/**
 * What a container prints, from its start on: while it waits to start it is asked again every second (as the consumer of
 * `logs -f`). @throws CommandError when the deadline has passed
 */
export async function* onceStarted(
  backend: Backend,
  { namespace, pod, container }: LogRequest,
  options: Omit<LogOptions, 'container'>,
  { deadline, waits }: Patience,
): AsyncIterable<string> {
  for (;;) {
    const lines = backend.logs(namespace, pod, { ...options, container })[Symbol.asyncIterator]();
    try {
      const first = await lines.next();
      if (first.done) return;
      yield first.value;
      yield* { [Symbol.asyncIterator]: () => lines };
      return;
    } catch (e) {
      if (!isToStart(e)) throw e;
      await waits(e.message);
    }
    if (!(await pass(backend, namespace, pod, deadline))) throw new CommandError('context deadline exceeded');
  }
}

const isToStart = (e: unknown): e is ApiError =>
  e instanceof ApiError && e.reason === 'BadRequest' && e.message.includes('is waiting to start');

/** Lets a second go by. False when the deadline came, or where time stands still. */
async function pass(backend: Backend, namespace: string, name: string, deadline: number): Promise<boolean> {
  const before = await backend.now();
  const timeoutMs = Math.min(ATTEMPT_MS, deadline - before);
  if (timeoutMs <= 0) return false;
  const pods = await mapResource(backend, 'pods');
  for await (const _ of backend.watch(pods, namespace, { name, timeoutMs }));
  const now = await backend.now();
  return now > before && now < deadline;
}

export interface LogStream {
  readonly request: LogRequest;
  readonly lines: AsyncIterable<string>;
}

/** The lines of all streams as they come. The first failure ends them all. */
export async function* inTurn(
  streams: readonly LogStream[],
): AsyncIterable<{ readonly request: LogRequest; readonly line: string }> {
  const readers = streams.map(({ request, lines }) => ({ request, iterator: lines[Symbol.asyncIterator]() }));
  const next = (i: number) => readers[i]?.iterator.next().then((result) => ({ i, result }));
  const waiting = new Map(readers.map((_, i) => [i, next(i)]));
  try {
    while (waiting.size > 0) {
      const first = await Promise.race(waiting.values());
      const reader = first && readers[first.i];
      if (!first || !reader) return;
      if (first.result.done) waiting.delete(first.i);
      else {
        yield { request: reader.request, line: first.result.value };
        waiting.set(first.i, next(first.i));
      }
    }
  } finally {
    for (const promise of waiting.values()) promise?.catch(() => {});
  }
}
