/** The pod that `run` describes (as kubectl's createPod and createService). */
import type { Labels, Manifest } from '../api/types';
import { isEnvVarName } from '../meta/names';
import { CommandError } from './errors';

export interface PodWishes {
  readonly name: string;
  readonly image: string;
  readonly restart: string;
  readonly pullPolicy: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly port: number | undefined;
  readonly privileged: boolean;
  /** Arguments of the image's own command, or the command itself. */
  readonly words: readonly string[];
  readonly isCommand: boolean;
  readonly stdin: boolean;
  /** stdin stays open after whoever attached first is gone. */
  readonly leaveStdinOpen: boolean;
  readonly tty: boolean;
}

export function podOf(wishes: PodWishes, metadata: { readonly namespace?: string }): Manifest {
  const { name, image, words } = wishes;
  // In the order of the API's types: JSON keeps it.
  const container = {
    name,
    image,
    ...(words.length > 0 && (wishes.isCommand ? { command: words } : { args: words })),
    ...(wishes.port !== undefined && { ports: [{ containerPort: wishes.port }] }),
    ...(wishes.env.length > 0 && { env: wishes.env }),
    resources: {},
    ...(wishes.pullPolicy !== '' && { imagePullPolicy: wishes.pullPolicy }),
    ...(wishes.privileged && { securityContext: { privileged: true } }),
    ...(wishes.stdin && { stdin: true }),
    ...(wishes.stdin && !wishes.leaveStdinOpen && { stdinOnce: true }),
    ...(wishes.tty && { tty: true }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: labelsOf(wishes),
      ...(Object.keys(wishes.annotations).length > 0 && { annotations: wishes.annotations }),
      ...metadata,
    },
    spec: { containers: [container], restartPolicy: wishes.restart, dnsPolicy: 'ClusterFirst' },
    status: {},
  };
}

/** The Service that `--expose` makes for the pod. */
export function serviceOf(wishes: PodWishes, metadata: { readonly namespace?: string }): Manifest {
  const { name, labels, port = 0 } = wishes;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...(Object.keys(labels).length > 0 && { labels }), ...metadata },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: labelsOf(wishes) },
    status: { loadBalancer: {} },
  };
}

const labelsOf = ({ labels, name }: PodWishes): Labels => (Object.keys(labels).length > 0 ? labels : { run: name });

/** Reads `a=b,c=d`. @throws CommandError */
export function parseRunLabels(text: string): Labels {
  const labels: Record<string, string> = {};
  for (const spec of text === '' ? [] : text.split(',')) {
    const [key, value, ...more] = spec.split('=');
    if (value === undefined || more.length > 0) throw new CommandError(`unexpected label spec: ${spec}`);
    if (key === '') throw new CommandError(`unexpected empty label key`);
    labels[key] = value;
  }
  return labels;
}

/** Reads each `KEY=VALUE`. @throws CommandError */
export const parseRunEnv = (specs: readonly string[]): { name: string; value: string }[] =>
  specs.map((spec) => {
    const equals = spec.indexOf('=');
    const name = spec.slice(0, Math.max(equals, 0));
    if (name === '' || isEnvVarName(name).length > 0) throw new CommandError(`invalid env: ${spec}`);
    return { name, value: spec.slice(equals + 1) };
  });

/** Whether a registry would know what is meant (as distribution's reference grammar). */
export function isImageReference(image: string): boolean {
  const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
  const host = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
  const domain = `(?:${host}(?:\\.${host})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
  const tag = '[\\w][\\w.-]{0,127}';
  const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
  return new RegExp(`^(?:${domain}/)?${part}(?:/${part})*(?::${tag})?(?:@${digest})?$`).test(image);
}
