/**
 * The eviction subresource of pods: a deletion that disruption budgets may refuse (as the EvictionREST of the pod registry).
 */
import type { ResourceInfo } from '../api/resources';
import { badRequest, notFound } from '../api/status';
import type { KubeObject, LabelSelector, Pod } from '../api/types';
import type { Backend, DeleteOptions } from '../client/backend';
import { fromLabelSelector, matches } from '../meta/labels';
import { toTime } from '../meta/time';
import { refusal } from './status';

interface Budget extends KubeObject {
  readonly spec: { readonly selector?: LabelSelector; readonly unhealthyPodEvictionPolicy?: string };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly disruptedPods?: Readonly<Record<string, string>>;
    readonly desiredHealthy?: number;
    readonly currentHealthy?: number;
  };
}

export interface Eviction {
  readonly pods: ResourceInfo;
  readonly budgets: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
  readonly options: DeleteOptions;
}

/** Throws NotFound, and TooManyRequests when a budget allows no disruption. */
export async function evict(cluster: Backend, eviction: Eviction): Promise<void> {
  const { pods, budgets, namespace, name, options } = eviction;
  const pod = (await cluster.get(pods, namespace, name)) as Pod;
  if (!isCountless(pod)) {
    const { items } = await cluster.list(budgets, namespace);
    const covering = (items as readonly Budget[]).filter((budget) => covers(budget, pod));
    if (covering.length > 1)
      throw refusal(
        500,
        'InternalError',
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
    const [budget] = covering;
    if (budget && !isSpare(budget, pod)) await take(cluster, budgets, budget, pod, options.dryRun === true);
  }
  await cluster.delete(pods, namespace, name, options);
}

/** Pods that no budget counts: those that end, have ended or were never placed. */
function isCountless({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(status.phase ?? '');
}

function covers(budget: Budget, pod: Pod): boolean {
  const { selector } = budget.spec;
  return selector !== undefined && matches(fromLabelSelector(selector), pod.metadata.labels);
}

/** An unhealthy pod may go where the budget is met without it, or where the budget does not protect such pods. */
function isSpare({ spec, status = {} }: Budget, pod: Pod): boolean {
  const ready = pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  if (ready) return false;
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  return spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || (desiredHealthy > 0 && currentHealthy >= desiredHealthy);
}

/** Takes one disruption of those that a budget allows. */
async function take(cluster: Backend, budgets: ResourceInfo, budget: Budget, pod: Pod, dryRun: boolean): Promise<void> {
  const { status = {}, metadata } = budget;
  const { disruptionsAllowed = 0, disruptedPods = {}, desiredHealthy = 0, currentHealthy = 0 } = status;
  if (disruptionsAllowed <= 0) {
    const reason = `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
    throw refusal(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [{ reason: 'DisruptionBudget', message: reason }],
      retryAfterSeconds: 10,
    });
  }
  const next = {
    ...status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...disruptedPods, [pod.metadata.name]: toTime(await cluster.now()) },
  };
  const options = { subresource: 'status', ...(dryRun && { dryRun }) } as const;
  await cluster.update(budgets, metadata.namespace, { ...budget, status: next }, options);
}

/** The options that a policy/v1 Eviction carries. Throws BadRequest when it speaks of another pod. */
export function evictionOf(body: unknown, pods: ResourceInfo, name: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest('expected an Eviction');
  const { metadata, deleteOptions } = body as { metadata?: { name?: string }; deleteOptions?: unknown };
  if (!name) throw notFound(pods, '');
  if (metadata?.name !== undefined && metadata.name !== name)
    throw badRequest(`name in URL does not match name in Eviction object`);
  return deleteOptions;
}
