/**
 * An object as Go's typed structs print it: fields that have no `omitempty` stand there empty. For what kubectl prints after it
 * decoded a manifest into such a struct, as the `set` commands do with --local.
 */
import type { KubeObject, Manifest } from './types';

type Json = { readonly [key: string]: unknown };

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (value: unknown, key: string): Json => (isMap(value) && isMap(value[key]) ? value[key] : {});

const STATUS: Readonly<Record<string, Json>> = {
  Pod: {},
  Deployment: {},
  Job: {},
  CronJob: {},
  ReplicaSet: { replicas: 0 },
  ReplicationController: { replicas: 0 },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  DaemonSet: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  Service: { loadBalancer: {} },
  ResourceQuota: {},
  Namespace: {},
};

/** The same object with the empty fields of its kind; kinds that are not known stay as they are. */
export function asTyped<T extends KubeObject | Manifest>(object: T): T {
  const { kind } = object;
  if (!Object.hasOwn(STATUS, kind)) return object;
  return { ...object, spec: specOf(kind, at(object, 'spec')), status: { ...STATUS[kind], ...at(object, 'status') } };
}

function specOf(kind: string, spec: Json): Json {
  switch (kind) {
    case 'Pod':
      return podSpec(spec);
    case 'Deployment':
      return { ...withTemplate(spec), strategy: at(spec, 'strategy') };
    case 'StatefulSet':
      return { ...withTemplate(spec), updateStrategy: at(spec, 'updateStrategy'), ...claims(spec) };
    case 'DaemonSet':
      return { ...withTemplate(spec), updateStrategy: at(spec, 'updateStrategy') };
    case 'Job':
    case 'ReplicaSet':
    case 'ReplicationController':
      return withTemplate(spec);
    case 'CronJob': {
      const template = at(spec, 'jobTemplate');
      const job = { ...template, metadata: at(template, 'metadata'), spec: withTemplate(at(template, 'spec')) };
      return { ...spec, jobTemplate: job };
    }
    case 'Service':
      return servicePorts(spec);
    default:
      return spec;
  }
}

function withTemplate(spec: Json): Json {
  const template = at(spec, 'template');
  return {
    ...spec,
    template: { ...template, metadata: at(template, 'metadata'), spec: podSpec(at(template, 'spec')) },
  };
}

function podSpec(spec: Json): Json {
  const withResources = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((c) => (isMap(c) ? { ...c, resources: at(c, 'resources') } : c)) : list;
  return {
    ...spec,
    containers: withResources(spec.containers ?? null),
    ...(spec.initContainers !== undefined && { initContainers: withResources(spec.initContainers) }),
  };
}

function claims(spec: Json): Json {
  const list = spec.volumeClaimTemplates;
  if (!Array.isArray(list)) return {};
  return {
    volumeClaimTemplates: list.map((claim) => ({
      ...claim,
      spec: { ...at(claim, 'spec'), resources: at(at(claim, 'spec'), 'resources') },
      status: at(claim, 'status'),
    })),
  };
}

function servicePorts(spec: Json): Json {
  if (!Array.isArray(spec.ports)) return spec;
  return { ...spec, ports: spec.ports.map((port) => ({ ...port, targetPort: port.targetPort ?? 0 })) };
}
