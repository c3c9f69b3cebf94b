/**
 * How a kind is counted against quotas: which resources of a quota concern it, in which scopes an object is, and how much it
 * uses (as pkg/quota/v1/evaluator/core). Kinds without a rule of their own are counted by number.
 */
import type { ResourceList } from '../../api/resource-list';
import type { ResourceKey } from '../storage';
import { claimEvaluator } from './claims';
import { type Evaluator, one } from './evaluator';
import { podEvaluator } from './pods';
import { serviceEvaluator } from './services';
import { shared } from './sharing';

/** Kinds whose number had a name of its own before `count/` came. */
export const NAMED_COUNTS: readonly ResourceKey[] = [
  'configmaps',
  'resourcequotas',
  'replicationcontrollers',
  'secrets',
];
/** Kinds with more than a number to count. */
export const MEASURED: readonly ResourceKey[] = ['pods', 'services', 'persistentvolumeclaims'];

const UNCOUNTED: ReadonlySet<ResourceKey> = new Set(['events', 'events.events.k8s.io', 'bindings']);
const COUNT = 'count/';

/** The kind that `count/…` counts. */
export const countedKind = (resource: string): ResourceKey | undefined =>
  resource.startsWith(COUNT) ? resource.slice(COUNT.length) : undefined;

/** How objects of the kind are counted; undefined for kinds that no quota counts. */
export function evaluatorOf(key: ResourceKey): Evaluator | undefined {
  switch (key) {
    case 'pods':
      return podEvaluator;
    case 'services':
      return serviceEvaluator;
    case 'persistentvolumeclaims':
      return claimEvaluator;
    default:
      return UNCOUNTED.has(key) ? undefined : counter(key);
  }
}

function counter(key: ResourceKey): Evaluator {
  const names = [COUNT + key, ...(NAMED_COUNTS.includes(key) ? [key] : [])];
  const usage: ResourceList = shared(new Map(names.map((name) => [name, one()])));
  return { concerns: (resource) => usage.has(resource), usage: () => usage };
}
