/** Which logs a command asks for, and how several are read at once (as kubectl's LogsForObject). */
import type { Pod } from '../api/types';
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
