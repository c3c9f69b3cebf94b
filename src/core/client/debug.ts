/** Containers to look into pods with (as kubectl debug): one more in a pod that runs, or a copy of the pod that is changed. */
import { everyContainer } from '../api/pod';
import type { Container, Manifest, Pod } from '../api/types';
import { fnv32, safeEncode } from '../meta/hash';
import { CommandError } from './errors';

export const PROFILES = ['general', 'baseline', 'restricted', 'netadmin', 'sysadmin', 'legacy'] as const;
export type Profile = (typeof PROFILES)[number];

export interface DebugWishes {
  readonly profile: Profile;
  /** Empty for a name that nobody has. */
  readonly container: string;
  /** Empty where a container of the copy is changed only. */
  readonly image: string;
  readonly pullPolicy: string;
  readonly words: readonly string[];
  /** The words are arguments of what the image runs. */
  readonly asArguments: boolean;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly stdin: boolean;
  readonly tty: boolean;
  /** Told of a name that was chosen. */
  say(text: string): void;
}

export interface CopyWishes extends DebugWishes {
  readonly name: string;
  readonly sameNode: boolean;
  /** Undefined where nobody said it. */
  readonly shareProcesses: boolean | undefined;
  /** By container, `*` for all. */
  readonly images: Readonly<Record<string, string>>;
  readonly keeps: Readonly<Record<'labels' | 'annotations' | 'liveness' | 'readiness' | 'startup' | 'inits', boolean>>;
}

/** What a profile gives a container (as the profiles of kubectl's debug package); nothing for those that give nothing. */
const SECURITY: Readonly<Record<Profile, object | undefined>> = {
  legacy: undefined,
  general: { capabilities: { add: ['SYS_PTRACE'] } },
  baseline: undefined,
  restricted: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  netadmin: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
  sysadmin: { privileged: true },
};

/** The ephemeral container, and the strategic patch of the pod's ephemeralcontainers that adds it. */
export function debugContainer(pod: Pod, wishes: DebugWishes & { readonly target: string }) {
  const { image, pullPolicy, env, stdin, tty, target, profile } = wishes;
  const name = wishes.container || freeName(pod, wishes);
  const securityContext = SECURITY[profile];
  const container: Container = {
    name,
    image,
    ...wordsOf(wishes),
    ...(env.length > 0 && { env }),
    ...(pullPolicy && { imagePullPolicy: pullPolicy }),
    resources: {},
    ...(securityContext && { securityContext }),
    ...(stdin && { stdin }),
    ...(target && { targetContainerName: target }),
    terminationMessagePolicy: 'File',
    ...(tty && { tty }),
  };
  const order = [...(pod.spec.ephemeralContainers ?? []), container].map((one) => ({ name: one.name }));
  const patch = { spec: { '$setElementOrder/ephemeralContainers': order, ephemeralContainers: [container] } };
  return { container, patch };
}

/**
 * A copy of the pod with a container more, or one that is changed, and the name of that one; empty where only images are
 * changed. @throws CommandError where there is no image for a new container
 */
export function debugCopy(pod: Pod, wishes: CopyWishes): { readonly copy: Manifest; readonly container: string } {
  const { profile, keeps, name, images, sameNode, shareProcesses } = wishes;
  const { ephemeralContainers: _, nodeName, ...spec } = pod.spec;
  const containers = spec.containers.map((container) => {
    const image = images[container.name] ?? images['*'];
    return image ? { ...container, image } : container;
  });
  const { namespace, labels, annotations } = pod.metadata;
  const copy = (list: readonly Container[], more: object = {}): Manifest =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        ...(keeps.labels && labels && { labels }),
        ...(keeps.annotations && annotations && { annotations }),
      },
      spec: {
        ...spec,
        ...(sameNode && nodeName && { nodeName }),
        ...(shareProcesses !== undefined && { shareProcessNamespace: shareProcesses }),
        ...more,
        containers: list,
      },
    }) as Manifest;
  const known = containers.find((container) => container.name === wishes.container);
  if (!known && wishes.image === '') {
    if (Object.keys(images).length === 0) throw new CommandError('you must specify image when creating new container');
    // Only images are changed: the profile has nothing to say.
    const { labels: own, annotations: notes } = pod.metadata;
    const whole = copy(containers);
    return {
      copy: {
        ...whole,
        metadata: { name, namespace, ...(own && { labels: own }), ...(notes && { annotations: notes }) },
      } as Manifest,
      container: '',
    };
  }
  const chosen = known?.name ?? (wishes.container || freeName(pod, wishes));
  const changed = changedBy(known ?? { name: chosen, terminationMessagePolicy: 'File' }, wishes);
  const all = known ? containers.map((one) => (one === known ? changed : one)) : [...containers, changed];
  const base = keeps.inits ? {} : { initContainers: [] };
  const shared = profile === 'legacy' ? {} : { shareProcessNamespace: shareProcesses ?? true };
  return {
    copy: copy(
      all.map((one) => withoutProbes(one, keeps)),
      { ...base, ...shared },
    ),
    container: chosen,
  };
}

function changedBy(container: Container, wishes: CopyWishes): Container {
  const { image, env, pullPolicy, stdin, tty, profile } = wishes;
  const { args: _, command: __, ...rest } = container;
  const { securityContext: old, ...plain } = wishes.words.length > 0 && !wishes.asArguments ? rest : container;
  const securityContext = profile === 'legacy' ? old : securityOf(profile, old);
  return {
    ...plain,
    ...wordsOf(wishes),
    ...(env.length > 0 && { env }),
    ...(image && { image }),
    ...(pullPolicy && { imagePullPolicy: pullPolicy }),
    ...(securityContext !== undefined && { securityContext }),
    stdin,
    tty,
  };
}

/** Capabilities are added to those that the container has; other profiles replace what was there. */
function securityOf(profile: Profile, old: unknown): unknown {
  const given = SECURITY[profile] as { readonly capabilities?: { readonly add?: readonly string[] } } | undefined;
  const more = given?.capabilities?.add;
  if (!more || typeof old !== 'object' || old === null) return given;
  const { capabilities } = old as { readonly capabilities?: { readonly add?: readonly string[] } };
  return { ...old, capabilities: { ...capabilities, add: [...new Set([...(capabilities?.add ?? []), ...more])] } };
}

function withoutProbes(container: Container, keeps: CopyWishes['keeps']): Container {
  const { livenessProbe, readinessProbe, startupProbe, ...rest } = container;
  return {
    ...rest,
    ...(keeps.liveness && livenessProbe && { livenessProbe }),
    ...(keeps.readiness && readinessProbe && { readinessProbe }),
    ...(keeps.startup && startupProbe && { startupProbe }),
  };
}

const wordsOf = ({ words, asArguments }: DebugWishes): Pick<Container, 'args' | 'command'> =>
  words.length === 0 ? {} : asArguments ? { args: words } : { command: words };

/** `debugger-xxxxx`, which no container of the pod has: the same for the same pod as it is. */
function freeName(pod: Pod, { say }: DebugWishes): string {
  const taken = new Set(everyContainer(pod).map(({ name }) => name));
  const { uid, resourceVersion } = pod.metadata;
  for (let round = 0; ; round++) {
    const text = safeEncode(String(fnv32(`${uid} ${resourceVersion} ${round}`)));
    const name = `debugger-${text.slice(-5).padStart(5, 'x')}`;
    if (taken.has(name)) continue;
    say(`Defaulting debug container name to ${name}.\n`);
    return name;
  }
}

/**
 * What to say of a container whose profile gives it powers that the pod's user takes away (as displayWarning); undefined for
 * nothing.
 */
export function userWarning(container: Container | undefined, { spec }: Pick<Pod, 'spec'>): string | undefined {
  const { runAsUser } = (spec.securityContext ?? {}) as { readonly runAsUser?: number };
  const own = container?.securityContext as
    | {
        readonly runAsUser?: number;
        readonly privileged?: boolean;
        readonly capabilities?: { readonly add?: readonly string[] };
      }
    | undefined;
  if (!runAsUser || !own || own.runAsUser === 0) return undefined;
  if (!own.privileged && !own.capabilities?.add?.length) return undefined;
  return (
    'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not ' +
    'work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n'
  );
}
