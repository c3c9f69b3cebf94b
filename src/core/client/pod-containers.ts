/** Which container of a pod a command is for (as kubectl's podcmd). */
import { everyContainer } from '../api/pod';
import type { Container, Pod } from '../api/types';
import { goQuote } from '../meta/gofmt';
import { CommandError } from './errors';

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** `a, b, c (ephem), d (init)`: every container of the pod. */
export function containerNames({ spec }: Pod): string {
  const names = spec.containers.map(({ name }) => name);
  const ephemeral = (spec.ephemeralContainers ?? []).map(({ name }) => `${name} (ephem)`);
  return [...names, ...ephemeral, ...(spec.initContainers ?? []).map(({ name }) => `${name} (init)`)].join(', ');
}

/** Where the pod has a container of the name, its field: `spec.containers{web}`. */
export function findContainer(pod: Pod, name: string): Container | undefined {
  return everyContainer(pod).find((container) => container.name === name);
}

/**
 * The container that the user named, else the one of the pod's annotation, else its first.
 * @param warn told of a choice among several
 * @throws CommandError where the pod has no such container
 */
export function chooseContainer(pod: Pod, name: string, warn: (text: string) => void): string {
  if (name !== '') {
    if (findContainer(pod, name)) return name;
    throw new CommandError(`container ${name} not found in pod ${pod.metadata.name}`);
  }
  const preferred = pod.metadata.annotations?.[DEFAULT_CONTAINER];
  if (preferred && findContainer(pod, preferred)) return preferred;
  return firstContainer(pod, warn);
}

/** The first container; where there are several, that is said. */
export function firstContainer(pod: Pod, warn: (text: string) => void): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const [first] = containers;
  if (!first) throw new CommandError(`pod ${pod.metadata.namespace}/${pod.metadata.name} does not have any containers`);
  if (containers.length + initContainers.length + ephemeralContainers.length > 1)
    warn(`Defaulted container ${goQuote(first.name)} out of: ${containerNames(pod)}\n`);
  return first.name;
}

/** The container of the pod's annotation; a wrong one is told, as `logs` does. */
export function preferredContainer(pod: Pod, warn: (text: string) => void): string | undefined {
  const name = pod.metadata.annotations?.[DEFAULT_CONTAINER];
  if (!name) return undefined;
  if (findContainer(pod, name)) return name;
  warn(`Default container name ${goQuote(name)} not found in pod ${pod.metadata.name}\n`);
  return undefined;
}
