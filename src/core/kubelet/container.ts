/** A container as the programs in it find it: everything that the pod and what it refers to say about it. */
import type { Container, Pod } from '../api/types';
import type { PodContainer } from '../apiserver/container-runtime';
import type { Store } from '../apiserver/store';
import { modelOf } from './catalogue';
import { environmentOf } from './environment';
import { expand } from './expansion';
import { hostnameOf, hostsFile, resolvConf } from './network/resolver';
import { mountsOf } from './volumes';

/**
 * `report` is told of what is missing, as a ContainerConfigError or a MountError; without it what is missing is left out, as
 * in a container that was made while it was there.
 */
export function describeContainer(
  store: Store,
  pod: Pod,
  name: string,
  restart: number,
  report: (problem: Error) => void = () => {},
): PodContainer {
  const spec = containersOf(pod).find((container) => container.name === name);
  if (!spec) throw new Error(`the pod ${pod.metadata.name} has no container ${name}`);
  const from = { store, report };
  const env = environmentOf(from, pod, spec);
  const { namespace = 'default', uid } = pod.metadata;
  return {
    ref: { namespace, pod: pod.metadata.name, uid, container: name, restart },
    image: spec.image ?? '',
    argv: wordsOf(spec, env),
    env,
    workingDir: typeof spec.workingDir === 'string' && spec.workingDir !== '' ? spec.workingDir : undefined,
    hostname: hostnameOf(pod),
    podIP: pod.status.podIP ?? '',
    mounts: mountsOf(from, pod, spec, env),
    systemFiles: {
      '/etc/hostname': `${hostnameOf(pod)}\n`,
      '/etc/hosts': hostsFile(pod),
      '/etc/resolv.conf': resolvConf(pod),
    },
    runAsUser: userOf(spec.securityContext) ?? userOf(pod.spec.securityContext),
  };
}

/** All containers of a pod: init containers first, ephemeral ones last. */
export const containersOf = (pod: Pod): readonly Container[] => [
  ...(pod.spec.initContainers ?? []),
  ...pod.spec.containers,
  ...(pod.spec.ephemeralContainers ?? []),
];

/** command and args; args alone follow the image's own entrypoint. */
function wordsOf(
  { image, command = [], args = [] }: Container,
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const words = command.length > 0 ? [...command, ...args] : args.length > 0 ? [...entrypointOf(image), ...args] : [];
  return words.map((word) => expand(word, (variable) => env[variable]));
}

const entrypointOf = (image: string | undefined): readonly string[] => modelOf(image ?? '')?.argsPrefix ?? [];

function userOf(context: unknown): number | undefined {
  if (typeof context !== 'object' || context === null || !('runAsUser' in context)) return undefined;
  return typeof context.runAsUser === 'number' ? context.runAsUser : undefined;
}
