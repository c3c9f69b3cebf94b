/** Defaults of whole objects, kind by kind (as the SetDefaults functions of Kubernetes 1.36). */
import { asList, asObject, asString, isSet, type Json, mapField, mapList, withAbsent } from '../json';
import { otherDefaults } from './others';
import { podOnlyDefaults, podSpecDefaults, templateDefaults } from './pods';
import { claimDefaults, storageSourceDefaults } from './volumes';

export type Gate = (name: string) => boolean;
export type KindDefaults = (object: Json, gate: Gate) => Json;

/** What the kind's objects get; kinds without defaults of their own give undefined. */
export function defaultsOf(kind: string): KindDefaults | undefined {
  switch (kind) {
    case 'StatefulSet':
      return statefulSet;
    case 'Pod':
      return (pod) => {
        const p = withAbsent(pod, { spec: {}, status: {} });
        return mapField(p, 'spec', (spec) => podOnlyDefaults(podSpecDefaults(spec)));
      };
    case 'PodTemplate':
      return (object) => ({ ...object, template: templateDefaults(object.template) });
    case 'Service':
      return service;
    case 'HorizontalPodAutoscaler':
      return (object) => mapField(object, 'spec', autoscalerSpec);
    case 'PersistentVolumeClaim':
      return claimDefaults;
    case 'PersistentVolume':
      return persistentVolume;
    case 'StorageClass':
      return (object) => withAbsent(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });
    case 'Secret':
      return secret;
    case 'Namespace':
      return namespace;
    case 'Node':
      return (object) => {
        const n = withAbsent(object, { spec: {}, status: {} });
        return mapField(n, 'status', (status) => withAbsent(status, { allocatable: status.capacity }));
      };
    case 'Endpoints':
      return (object) =>
        mapList(object, 'subsets', (s) => mapList(s, 'ports', (p) => withAbsent(p, { protocol: 'TCP' })));
    case 'EndpointSlice':
      return (object) => mapList(object, 'ports', (port) => withAbsent(port, { name: '', protocol: 'TCP' }));
    case 'PodDisruptionBudget':
      return (object) =>
        mapField(withAbsent(object, { spec: {}, status: {} }), 'status', (status) =>
          withAbsent(status, { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
        );
    default:
      return otherDefaults(kind) ?? workload(kind);
  }
}

function statefulSet(object: Json, gate: Gate): Json {
  const set = withAbsent(object, { spec: {}, status: {} });
  const withStatus = mapField(set, 'status', (status) => withAbsent(status, { replicas: 0, availableReplicas: 0 }));
  return mapField(withStatus, 'spec', (given) => {
    let spec = withAbsent(given, {
      podManagementPolicy: 'OrderedReady',
      replicas: 1,
      revisionHistoryLimit: 10,
      updateStrategy: {},
      persistentVolumeClaimRetentionPolicy: {},
    });
    spec = { ...spec, template: templateDefaults(spec.template) };
    spec = mapField(spec, 'updateStrategy', (strategy) => updateStrategy(strategy, gate));
    spec = mapField(spec, 'persistentVolumeClaimRetentionPolicy', (policy) =>
      withAbsent(policy, { whenDeleted: 'Retain', whenScaled: 'Retain' }),
    );
    spec = mapField(spec, 'ordinals', (ordinals) => withAbsent(ordinals, { start: 0 }));
    return mapList(spec, 'volumeClaimTemplates', (claim) =>
      claimDefaults(withAbsent(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' })),
    );
  });
}

/** A strategy that names its type and no rollingUpdate block keeps it that way. */
function updateStrategy(given: Json, gate: Gate): Json {
  const strategy = isSet(given.type) ? given : withAbsent({ ...given, type: 'RollingUpdate' }, { rollingUpdate: {} });
  if (strategy.type !== 'RollingUpdate') return strategy;
  const maxUnavailable = gate('MaxUnavailableStatefulSet') ? 1 : undefined;
  return mapField(strategy, 'rollingUpdate', (rolling) => withAbsent(rolling, { partition: 0, maxUnavailable }));
}

function service(object: Json): Json {
  const withStatus = mapField(withAbsent(object, { spec: {}, status: {} }), 'status', (status) =>
    withAbsent(status, { loadBalancer: {} }),
  );
  return mapField(withStatus, 'spec', (given) => {
    let spec = withAbsent(given, { sessionAffinity: 'None', type: 'ClusterIP' });
    if (spec.sessionAffinity === 'None' && isSet(spec.sessionAffinityConfig)) {
      const { sessionAffinityConfig: _, ...rest } = spec;
      spec = rest;
    }
    const timeout = asObject(asObject(spec.sessionAffinityConfig).clientIP).timeoutSeconds;
    if (spec.sessionAffinity === 'ClientIP' && !isSet(timeout)) {
      spec = { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } };
    }
    spec = mapList(spec, 'ports', (given) => {
      const port = withAbsent(given, { protocol: 'TCP' });
      return port.targetPort === undefined || port.targetPort === 0 || port.targetPort === ''
        ? { ...port, targetPort: port.port }
        : port;
    });
    const external = Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0;
    const reachable =
      spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.type === 'ClusterIP' && external);
    return withAbsent(spec, {
      externalTrafficPolicy: reachable ? 'Cluster' : undefined,
      internalTrafficPolicy: spec.type === 'ExternalName' ? undefined : 'Cluster',
      allocateLoadBalancerNodePorts: spec.type === 'LoadBalancer' ? true : undefined,
    });
  });
}

function persistentVolume(object: Json): Json {
  const pv = mapField(withAbsent(object, { spec: {}, status: {} }), 'status', (status) =>
    withAbsent(status, { phase: 'Pending' }),
  );
  return mapField(pv, 'spec', (spec) =>
    storageSourceDefaults(withAbsent(spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' })),
  );
}

/** `stringData` is write-only: its values move into `data`, over what is there. */
function secret(object: Json): Json {
  const typed = withAbsent(object, { type: 'Opaque' });
  if (!isSet(typed.stringData)) return typed;
  const { stringData, ...rest } = typed;
  const encoded = Object.entries(asObject(stringData)).map(([key, text]) => [key, toBase64(asString(text))]);
  return { ...rest, data: { ...asObject(rest.data), ...Object.fromEntries(encoded) } };
}

function toBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function namespace(object: Json): Json {
  const ns = mapField(withAbsent(object, { spec: {}, status: {} }), 'status', (s) =>
    withAbsent(s, { phase: 'Active' }),
  );
  const metadata = asObject(ns.metadata);
  const labels = asObject(metadata.labels);
  const name = asString(metadata.name);
  if (!name || labels['kubernetes.io/metadata.name'] === name) return ns;
  return { ...ns, metadata: { ...metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } } };
}

/** The workloads that are stored without being played. */
function workload(kind: string): KindDefaults | undefined {
  const specs: Readonly<Record<string, (spec: Json) => Json>> = {
    Deployment: (spec) => {
      const s = withAbsent(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} });
      return mapField(s, 'strategy', (given) => {
        const strategy = withAbsent(given, { type: 'RollingUpdate' });
        if (strategy.type !== 'RollingUpdate') return strategy;
        return mapField(withAbsent(strategy, { rollingUpdate: {} }), 'rollingUpdate', (r) =>
          withAbsent(r, { maxUnavailable: '25%', maxSurge: '25%' }),
        );
      });
    },
    DaemonSet: (spec) => {
      const s = withAbsent(spec, { revisionHistoryLimit: 10, updateStrategy: {} });
      return mapField(s, 'updateStrategy', (given) => {
        const strategy = withAbsent(given, { type: 'RollingUpdate' });
        if (strategy.type !== 'RollingUpdate') return strategy;
        return mapField(withAbsent(strategy, { rollingUpdate: {} }), 'rollingUpdate', (r) =>
          withAbsent(r, { maxUnavailable: 1, maxSurge: 0 }),
        );
      });
    },
    ReplicaSet: (spec) => withAbsent(spec, { replicas: 1 }),
    ReplicationController: (spec) => withAbsent(spec, { replicas: 1 }),
    Job: jobSpec,
  };
  if (kind === 'CronJob') {
    return (object) =>
      mapField(withAbsent(object, { status: {} }), 'spec', (given) => {
        const spec = withAbsent(given, {
          concurrencyPolicy: 'Allow',
          suspend: false,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
        });
        return mapField(spec, 'jobTemplate', (job) =>
          mapField(withAbsent(job, { metadata: {} }), 'spec', (s) => ({
            ...s,
            template: templateDefaults(s.template),
          })),
        );
      });
  }
  const change = Object.hasOwn(specs, kind) ? specs[kind] : undefined;
  if (!change) return undefined;
  return (object) =>
    mapField(withAbsent(object, { spec: {}, status: {} }), 'spec', (spec) => {
      const s = change(spec);
      return { ...s, template: templateDefaults(s.template) };
    });
}

function jobSpec(spec: Json): Json {
  const single = !isSet(spec.completions) && !isSet(spec.parallelism);
  return withAbsent(spec, {
    completions: single ? 1 : undefined,
    parallelism: 1,
    backoffLimit: isSet(spec.backoffLimitPerIndex) ? 2147483647 : 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: isSet(spec.podFailurePolicy) ? 'Failed' : 'TerminatingOrFailed',
    manualSelector: false,
  });
}

/** One replica at least, and four fifths of the processor where no metric is named. */
function autoscalerSpec(spec: Json): Json {
  const target = { type: 'Utilization', averageUtilization: 80 };
  const metrics =
    asList(spec.metrics).length > 0 ? spec.metrics : [{ type: 'Resource', resource: { name: 'cpu', target } }];
  return { ...withAbsent(spec, { minReplicas: 1 }), metrics };
}
