/** The eviction of a pod: a deletion that disruption budgets may refuse (as the EvictionREST of the pod registry). */
import { isPodReady } from '../api/pod';
import { conflict, forbidden, internalError, notFound, tooManyRequests } from '../api/status';
import type { Pod, PodDisruptionBudget } from '../api/types';
import { fromLabelSelector, matches } from '../meta/labels';
import { toTime } from '../meta/time';
import type { DeleteOptions } from './deletion';
import { withDisruption } from './disruption-target';
import type { Store } from './store';

const BUDGETS = 'poddisruptionbudgets.policy';
const VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget.";
/** Evictions that the controller has not seen yet, at most. */
const MAX_DISRUPTED = 2000;

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

/**
 * Evicts a pod: marks it as disrupted and deletes it. Budgets must be up to date. Throws NotFound, Conflict (preconditions),
 * TooManyRequests where a budget allows no disruption, an error of the server where two budgets cover the pod.
 */
export function evict(store: Store, namespace: string, name: string, options: DeleteOptions, now: number): void {
  const pod = store.get<Pod>('pods', namespace, name);
  if (!pod) throw notFound({ group: '', plural: 'pods' }, name);
  checkPreconditions(pod, options);
  const budget = isUncounted(pod) ? undefined : budgetOf(store, pod);
  if (budget && !isSpare(budget, pod)) take(store, budget, pod, options, now);
  if (!options.dryRun) {
    const current = store.get<Pod>('pods', namespace, name) ?? pod;
    const status = withDisruption(current.status, 'EvictionByEvictionAPI', 'Eviction API: evicting', now);
    if (status !== current.status) store.updateStatus(current, status);
  }
  // The version that was asked for has been checked: the mark made another of it.
  const { resourceVersion: _, ...preconditions } = options.preconditions ?? {};
  store.delete('pods', namespace, name, { ...options, preconditions });
}

/** A deletion would check them after the budget was charged. */
function checkPreconditions(pod: Pod, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  if (uid === undefined && resourceVersion === undefined) return;
  if (
    (uid ?? pod.metadata.uid) === pod.metadata.uid &&
    (resourceVersion ?? pod.metadata.resourceVersion) === pod.metadata.resourceVersion
  )
    return;
  throw preconditionFailed(pod, uid, resourceVersion);
}

function preconditionFailed(pod: Pod, uid: string | undefined, version: string | undefined): Error {
  const what =
    uid !== undefined && uid !== pod.metadata.uid
      ? `UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`
      : `ResourceVersion in precondition: ${version}, ResourceVersion in object meta: ${pod.metadata.resourceVersion}`;
  return conflict({ group: '', plural: 'pods' }, pod.metadata.name, `Precondition failed: ${what}`);
}

/** Pods that no budget counts: those that end, have ended or were never started. */
const isUncounted = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(status.phase ?? '');

function budgetOf(store: Store, pod: Pod): PodDisruptionBudget | undefined {
  const covering = [...store.list<PodDisruptionBudget>(BUDGETS, pod.metadata.namespace)].filter(({ spec }) =>
    matches(fromLabelSelector(spec.selector), pod.metadata.labels),
  );
  if (covering.length > 1)
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  return covering[0];
}

/** An unhealthy pod may go where the budget is met without it, or where the budget does not protect such pods. */
function isSpare({ spec, status = {} }: PodDisruptionBudget, pod: Pod): boolean {
  if (isPodReady(pod)) return false;
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  return spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || (desiredHealthy > 0 && currentHealthy >= desiredHealthy);
}

/** Takes one disruption of those that the budget allows (as checkAndDecrement). */
function take(store: Store, budget: PodDisruptionBudget, pod: Pod, { dryRun }: DeleteOptions, now: number): void {
  const { metadata, status = {} } = budget;
  const refuse = (message: string, retryAfterSeconds?: number): Error =>
    tooManyRequests(VIOLATION, [{ reason: 'DisruptionBudget', message }], retryAfterSeconds);
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    throw refuse(`The disruption budget ${metadata.name} is still being processed by the server.`, 10);
  const { disruptionsAllowed = 0, disruptedPods = {} } = status;
  const resource = { group: 'policy', plural: 'poddisruptionbudget' };
  if (disruptionsAllowed < 0) throw forbidden(resource, metadata.name, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > MAX_DISRUPTED)
    throw forbidden(
      resource,
      metadata.name,
      'DisruptedPods map too big - too many evictions not confirmed by PDB controller',
    );
  if (disruptionsAllowed === 0) throw refuse(refusalOf(budget));
  if (dryRun) return;
  store.updateStatus<PodDisruptionBudget>(budget, {
    ...status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...disruptedPods, [pod.metadata.name]: toTime(now) },
  });
}

function refusalOf({ metadata: { name }, status = {} }: PodDisruptionBudget): string {
  const { conditions = [], currentHealthy = 0, desiredHealthy = 0 } = status;
  const condition = (conditions as readonly Condition[]).find(({ type }) => type === 'DisruptionAllowed');
  const told = condition?.status === 'False' && condition.message ? condition : undefined;
  if (told?.reason === 'SyncFailed')
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${told.message}`;
  if (currentHealthy <= desiredHealthy)
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  const why = told ? ` (${told.reason}): ${told.message}` : '';
  return `The disruption budget ${name} does not allow evicting pods currently${why}`;
}
