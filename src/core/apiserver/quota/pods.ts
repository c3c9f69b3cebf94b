/**
 * Pods against quotas: their number, and what they request and may take (as evaluator/core/pods.go). Pods that have ended
 * use nothing but their place in storage.
 */
import { asList, asObject, isSet } from '../../api/json';
import { podResourcesWithOverhead } from '../../api/pod-resources';
import { qosClass } from '../../api/qos';
import { type ResourceList, resourceList } from '../../api/resource-list';
import type { Pod, PodSpec } from '../../api/types';
import type { Quantity } from '../../meta/quantity';
import { compareText } from '../../meta/text';
import { fromTime } from '../../meta/time';
import { type Evaluator, one, type ScopeRequirement } from './evaluator';
import { requires } from './scopes';
import { shared } from './sharing';

const COUNT = 'count/pods';
const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'];
const RESOURCES = new Set([COUNT, 'pods', ...COMPUTE.flatMap((name) => [name, `requests.${name}`, `limits.${name}`])]);
/** Containers must say these where a quota limits them; a mistake of old that others rely on. */
const DEMANDED = new Set(['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]));

/** Of vendors: what has a prefix that is not Kubernetes' own. */
const isForeign = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/');

export const podEvaluator: Evaluator = {
  concerns: (resource) =>
    RESOURCES.has(resource) ||
    /^(requests\.)?hugepages-/.test(resource) ||
    (resource.startsWith('requests.') && isForeign(resource)),
  usage: (object, now) =>
    isCounted(object as Pod, now) ? usageOf((object as Pod).spec) : shared(new Map([[COUNT, one()]])),
  inScope: (requirement, object) => isInScope(requirement, (object as Pod).spec),
  missing: (limited, object) => missingIn(limited, (object as Pod).spec),
};

/** Whether a pod uses anything: it has not ended, and is not long past the end of its grace period (as QuotaV1Pod). */
function isCounted({ metadata, status }: Pod, now: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  const overdue = overdueAt(metadata);
  return overdue === undefined || now <= overdue;
}

/** When a pod that is being deleted no longer counts if it is still there, ms. */
export function overdueAt({ deletionTimestamp, deletionGracePeriodSeconds }: Pod['metadata']): number | undefined {
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return undefined;
  return fromTime(deletionTimestamp) + Number(deletionGracePeriodSeconds) * 1000;
}

/** Pods of one template share their containers: what they use is worked out once. */
const known = new WeakMap<PodSpec['containers'], { readonly spec: PodSpec; readonly usage: ResourceList }>();

function usageOf(spec: PodSpec): ResourceList {
  const found = known.get(spec.containers);
  const isSame =
    found &&
    found.spec.initContainers === spec.initContainers &&
    found.spec.overhead === spec.overhead &&
    found.spec.resources === spec.resources;
  if (isSame) return found.usage;
  const requests = podResourcesWithOverhead(spec, 'requests');
  const limits = podResourcesWithOverhead(spec, 'limits');
  const usage = shared(new Map([[COUNT, one()], ...computed(requests, limits)]));
  known.set(spec.containers, { spec, usage });
  return usage;
}

/** As podComputeUsageHelper. */
function computed(requests: ResourceList, limits: ResourceList): Map<string, Quantity> {
  const used = new Map([['pods', one()]]);
  for (const name of COMPUTE) {
    const request = requests.get(name);
    if (request) used.set(name, request).set(`requests.${name}`, request);
    const limit = limits.get(name);
    if (limit) used.set(`limits.${name}`, limit);
  }
  for (const [name, request] of requests) {
    if (name.startsWith('hugepages-')) used.set(name, request).set(`requests.${name}`, request);
    if (isForeign(name) && !name.startsWith('requests.')) used.set(`requests.${name}`, request);
  }
  return used;
}

function missingIn(limited: readonly string[], spec: PodSpec): string | undefined {
  const demanded = limited.filter((name) => DEMANDED.has(name)).sort(compareText);
  if (demanded.length === 0) return undefined;
  const lacking = new Map<string, Set<string>>();
  for (const { name, resources } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const given = computed(resourceList(resources?.requests), resourceList(resources?.limits));
    for (const resource of demanded)
      if (!given.has(resource)) lacking.set(resource, (lacking.get(resource) ?? new Set()).add(name));
  }
  if (lacking.size === 0) return undefined;
  const parts = demanded
    .filter((resource) => lacking.has(resource))
    .map((resource) => `${resource} for: ${[...(lacking.get(resource) ?? [])].sort(compareText).join(',')}`);
  return `must specify ${parts.join('; ')}`;
}

/** As podMatchesScopeFunc. */
function isInScope(requirement: ScopeRequirement, spec: PodSpec): boolean {
  const hasDeadline = isSet(spec.activeDeadlineSeconds);
  switch (requirement.scopeName) {
    case 'Terminating':
      return hasDeadline;
    case 'NotTerminating':
      return !hasDeadline;
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass':
      return requires(requirement, (spec.priorityClassName as string | undefined) || undefined);
    case 'CrossNamespacePodAffinity':
      return reachesOut(spec);
    default:
      return false;
  }
}

/** Whether (anti-)affinity looks at pods of other namespaces (as usesCrossNamespacePodAffinity). */
function reachesOut(spec: PodSpec): boolean {
  const affinity = asObject(spec.affinity);
  return [asObject(affinity.podAffinity), asObject(affinity.podAntiAffinity)].some((one) =>
    [
      ...asList(one.requiredDuringSchedulingIgnoredDuringExecution),
      ...asList(one.preferredDuringSchedulingIgnoredDuringExecution).map((term) => asObject(term.podAffinityTerm)),
    ].some(({ namespaces, namespaceSelector }) => asList(namespaces).length > 0 || isSet(namespaceSelector)),
  );
}
