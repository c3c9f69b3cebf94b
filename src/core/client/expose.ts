/** The Service that `expose` makes of an object: which pods it finds, on which ports (as kubectl's exposeservice). */
import type { KubeObject, Labels } from '../api/types';
import { CommandError } from './errors';

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
}

interface PodTemplateLike {
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly containerPort: number; readonly protocol?: string }[];
    }[];
  };
}

/** Only what picks pods by labels alone can be exposed. @throws CommandError */
export function selectorToExpose(object: KubeObject): Labels {
  const spec = (object.spec ?? {}) as {
    readonly selector?: Labels & { readonly matchLabels?: Labels; readonly matchExpressions?: readonly unknown[] };
  };
  switch (object.kind) {
    case 'Pod':
      if (Object.keys(object.metadata.labels ?? {}).length === 0)
        throw new CommandError(
          "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
        );
      return object.metadata.labels ?? {};
    case 'Service':
    case 'ReplicationController':
      if (!spec.selector || Object.keys(spec.selector).length === 0)
        throw new CommandError(
          `couldn't retrieve selectors via --selector flag or introspection: the ${object.kind === 'Service' ? 'service' : 'replication controller'} has no pod selector set`,
        );
      return spec.selector;
    default:
      if ((spec.selector?.matchExpressions ?? []).length > 0)
        throw new CommandError(
          "couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - " +
            `"${JSON.stringify(spec.selector?.matchExpressions)}" to map-based selector format`,
        );
      return spec.selector?.matchLabels ?? {};
  }
}

const EXPOSABLE = new Set(['Pod', 'Service', 'ReplicationController', 'Deployment', 'ReplicaSet']);

export const canExpose = (kind: string): boolean => EXPOSABLE.has(kind);

/** The ports that the object names itself. */
export function portsToExpose(object: KubeObject): Port[] {
  const spec = (object.spec ?? {}) as {
    readonly ports?: readonly Port[];
    readonly template?: PodTemplateLike;
  };
  if (object.kind === 'Service') return [...(spec.ports ?? [])];
  const pod = object.kind === 'Pod' ? (object as unknown as PodTemplateLike) : spec.template;
  return (pod?.spec?.containers ?? []).flatMap((container) =>
    (container.ports ?? []).map(({ containerPort, ...rest }) => ({
      port: containerPort,
      ...(rest.protocol !== undefined && { protocol: rest.protocol }),
    })),
  );
}
