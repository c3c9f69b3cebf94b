/**
 * What the API server does to an object of a kind before it stores it, beside defaults and validation: which fields the
 * user may not set, which status a new object has, what makes the generation grow (as the registry strategies'
 * PrepareForCreate and PrepareForUpdate).
 */
import type { ResourceInfo } from '../api/resources';
import type { KubeObject, PersistentVolumeClaim, Pod, Secret, Service, StatefulSet } from '../api/types';
import { semanticEqual } from '../meta/equal';
import type { AddressAllocator } from './addresses';
import { establish, updateDefinition } from './custom-resources';
import { writtenStatus } from './empty-status';
import { withResize } from './pod-resize';
import type { ResourceKey } from './storage';
import {
  foldStringData,
  keepClaimClass,
  newPod,
  withEphemeral,
  withJobSelector,
  withMaxUnavailable,
} from './strategy-rules';

export type Subresource = 'status' | 'scale' | 'finalize' | 'binding' | 'ephemeralcontainers' | 'resize';

export interface StrategyContext {
  readonly addresses: AddressAllocator;
  gate(name: string): boolean;
  /** The kind, where a CustomResourceDefinition brought it. */
  custom(key: ResourceKey): ResourceInfo | undefined;
}

interface Strategy {
  /** The fields whose change makes the generation grow; none for kinds without a generation. `*`: all but metadata. */
  readonly generation?: readonly string[] | '*';
  /** Has a status subresource: `status` is ignored on ordinary writes and alone taken on status writes. */
  readonly status?: boolean;
  create?(object: KubeObject, context: StrategyContext): KubeObject;
  update?(object: KubeObject, old: KubeObject, context: StrategyContext): KubeObject;
}

const withStatus = (object: KubeObject, status: unknown): KubeObject => ({ ...object, status });

const STRATEGIES: Readonly<Record<ResourceKey, Strategy>> = {
  pods: {
    generation: ['spec'],
    status: true,
    create: (object) => newPod(object as Pod),
  },
  'statefulsets.apps': {
    generation: ['spec'],
    status: true,
    create: (object, context) =>
      withStatus(withMaxUnavailable(object as StatefulSet, undefined, context), writtenStatus('statefulsets.apps', {})),
    update: (object, old, context) => withMaxUnavailable(object as StatefulSet, old as StatefulSet, context),
  },
  'deployments.apps': { generation: ['spec'], status: true, create: (object) => withStatus(object, {}) },
  'replicasets.apps': {
    generation: ['spec'],
    status: true,
    create: (object) => withStatus(object, writtenStatus('replicasets.apps', {})),
  },
  'daemonsets.apps': {
    generation: ['spec'],
    status: true,
    create: (object) => withStatus(object, writtenStatus('daemonsets.apps', {})),
  },
  'poddisruptionbudgets.policy': {
    generation: ['spec'],
    status: true,
    create: (object) => withStatus(object, writtenStatus('poddisruptionbudgets.policy', {})),
  },
  services: {
    status: true,
    create: (object, { addresses }) => addresses.allocate(withStatus(object, writtenStatus('services', {})) as Service),
    update: (object, old, { addresses }) => addresses.reallocate(object as Service, old as Service),
  },
  persistentvolumeclaims: {
    status: true,
    create: (object) => withStatus(object, { phase: 'Pending' }),
    update: (object, old) => keepClaimClass(object as PersistentVolumeClaim, old as PersistentVolumeClaim),
  },
  persistentvolumes: { status: true, create: (object) => withStatus(object, { phase: 'Pending' }) },
  nodes: { status: true, create: (object) => object },
  namespaces: {
    status: true,
    create: (object) => ({ ...object, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }),
    update: (object, old) => ({ ...object, spec: old.spec }),
  },
  'customresourcedefinitions.apiextensions.k8s.io': {
    generation: ['spec'],
    status: true,
    create: (object) => establish(object, object.metadata.creationTimestamp),
    update: updateDefinition,
  },
  'cronjobs.batch': { generation: ['spec'], status: true, create: (object) => withStatus(object, {}) },
  'jobs.batch': { generation: ['spec'], status: true, create: (object) => withStatus(withJobSelector(object), {}) },
  'ingresses.networking.k8s.io': {
    generation: ['spec'],
    status: true,
    create: (object) => withStatus(object, writtenStatus('ingresses.networking.k8s.io', {})),
  },
  'horizontalpodautoscalers.autoscaling': {
    status: true,
    create: (object) => withStatus(object, writtenStatus('horizontalpodautoscalers.autoscaling', {})),
  },
  'networkpolicies.networking.k8s.io': { generation: ['spec'] },
  'ingressclasses.networking.k8s.io': { generation: ['spec'] },
  'endpointslices.discovery.k8s.io': { generation: '*' },
  'priorityclasses.scheduling.k8s.io': { generation: [] },
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': { generation: ['webhooks'] },
  'validatingwebhookconfigurations.admissionregistration.k8s.io': { generation: ['webhooks'] },
  replicationcontrollers: {
    generation: ['spec'],
    status: true,
    create: (object) => withStatus(object, writtenStatus('replicationcontrollers', {})),
  },
  resourcequotas: { status: true, create: (object) => withStatus(object, {}) },
  secrets: {
    create: (object) => foldStringData(object as Secret),
    update: (object) => foldStringData(object as Secret),
  },
};

const NONE: Strategy = {};

/** As customResourceStrategy: a status counts as any other field unless it is a subresource. */
const CUSTOM: Strategy = { generation: '*' };
const CUSTOM_WITH_STATUS: Strategy = {
  generation: '*',
  status: true,
  create: ({ status: _, ...object }) => object as KubeObject,
};

function strategyOf(key: ResourceKey, context: StrategyContext): Strategy {
  const known = STRATEGIES[key];
  if (known) return known;
  const custom = context.custom(key);
  if (!custom) return NONE;
  return custom.subresources.includes('status') ? CUSTOM_WITH_STATUS : CUSTOM;
}

/** Kinds that an update creates where they are missing (as their strategies' AllowCreateOnUpdate). */
const CREATED_ON_UPDATE: ReadonlySet<ResourceKey> = new Set([
  'clusterrolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'endpoints',
  'events',
  'leases.coordination.k8s.io',
  'limitranges',
  'podtemplates',
  'priorityclasses.scheduling.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'services',
]);

export const isCreatedOnUpdate = (key: ResourceKey): boolean => CREATED_ON_UPDATE.has(key);

export function prepareForCreate(key: ResourceKey, object: KubeObject, context: StrategyContext): KubeObject {
  const strategy = strategyOf(key, context);
  const prepared = strategy.create ? strategy.create(object, context) : object;
  if (!strategy.generation) return prepared;
  return { ...prepared, metadata: { ...prepared.metadata, generation: 1 } };
}

/** What is taken of a pod that is sent to one of its parts: nobody comes to own the rest (as the strategies' reset fields). */
export function takenOf(object: KubeObject, old: KubeObject, part: 'ephemeralcontainers' | 'resize'): KubeObject {
  return part === 'resize' ? withResize(object as Pod, old as Pod) : withEphemeral(object as Pod, old as Pod);
}

/** Takes from `object` only what this kind of write may change, and keeps the rest of `old`. */
export function prepareForUpdate(
  key: ResourceKey,
  object: KubeObject,
  old: KubeObject,
  subresource: Subresource | undefined,
  context: StrategyContext,
): KubeObject {
  const strategy = strategyOf(key, context);
  if (subresource === 'finalize') return { ...old, metadata: object.metadata, spec: object.spec };
  if (subresource === 'status') {
    const status = Object.hasOwn(STRATEGIES, key) ? writtenStatus(key, object.status) : object.status;
    return { ...old, metadata: object.metadata, status };
  }
  let next = object;
  if (strategy.status) {
    const { status: _ignored, ...rest } = object;
    next = ('status' in old ? { ...rest, status: old.status } : rest) as KubeObject;
  }
  if (strategy.update) next = strategy.update(next, old, context);
  const watched =
    strategy.generation === '*'
      ? Object.keys({ ...old, ...next }).filter((f) => f !== 'metadata')
      : strategy.generation;
  const grows = watched?.some((field) => next[field] !== old[field] && !semanticEqual(next[field], old[field]));
  const generation = (old.metadata.generation ?? 0) + (grows ? 1 : 0);
  if (generation === 0 || next.metadata.generation === generation) return next;
  return { ...next, metadata: { ...next.metadata, generation } };
}

/** What was sent in the form in which it is stored: ownership is of stored fields. */
export const asStored = <T extends KubeObject>(key: ResourceKey, object: T): KubeObject =>
  key === 'secrets' ? foldStringData(object as unknown as Secret) : object;

export const hasStatusSubresource = (key: ResourceKey, context: Pick<StrategyContext, 'custom'>): boolean =>
  (STRATEGIES[key] ?? (context.custom(key)?.subresources.includes('status') ? CUSTOM_WITH_STATUS : NONE)).status ===
  true;
