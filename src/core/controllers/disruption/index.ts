/** The disruption controller: how many pods of a budget may be taken away at present (as disruption.go). */
import { isPodReady } from '../../api/pod';
import { ApiError } from '../../api/status';
import type { KubeObject, Pod, PodDisruptionBudget } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { deepEqual } from '../../meta/equal';
import { fromLabelSelector, matches, type Selector } from '../../meta/labels';
import { toTime } from '../../meta/time';
import { allowance, type Counts } from './allowance';

const BUDGETS = 'poddisruptionbudgets.policy';
const COMPONENT = 'controllermanager';

type Budgets = Map<string, Selector | 'nothing'>;

export class DisruptionController implements Controller {
  readonly name = 'disruption';
  private readonly queue = new WorkQueue();
  /** Namespace -> budget -> selector. */
  private readonly budgets = new Map<string, Budgets>();

  constructor(private readonly context: ControllerContext) {}

  start(): void {
    for (const budget of this.context.store.list<PodDisruptionBudget>(BUDGETS)) this.note(budget);
  }

  observe(event: StoreEvent): void {
    const { namespace = '', name } = event.object.metadata;
    if (resourceKey(event.resource) === BUDGETS) {
      if (event.type === 'DELETED') this.budgets.get(namespace)?.delete(name);
      else this.note(event.object as PodDisruptionBudget);
      this.queue.add(`${namespace}/${name}`);
      return;
    }
    const budgets = this.budgets.get(namespace);
    if (!budgets || budgets.size === 0) return;
    if (isScaled(event)) {
      for (const budget of budgets.keys()) this.queue.add(`${namespace}/${budget}`);
    } else if (resourceKey(event.resource) === 'pods') {
      for (const [budget, selector] of budgets) {
        const concerned =
          matches(selector, event.object.metadata.labels) || matches(selector, event.old?.metadata.labels);
        if (concerned) this.queue.add(`${namespace}/${budget}`);
      }
    }
  }

  processNext(): boolean {
    const key = this.queue.take();
    if (key === undefined) return false;
    const at = key.indexOf('/');
    const budget = this.context.store.get<PodDisruptionBudget>(BUDGETS, key.slice(0, at), key.slice(at + 1));
    try {
      if (budget) this.sync(budget);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return true;
  }

  private note(budget: PodDisruptionBudget): void {
    const { namespace = '', name } = budget.metadata;
    let budgets = this.budgets.get(namespace);
    if (!budgets) {
      budgets = new Map();
      this.budgets.set(namespace, budgets);
    }
    budgets.set(name, fromLabelSelector(budget.spec.selector));
  }

  private sync(budget: PodDisruptionBudget): void {
    const selector = fromLabelSelector(budget.spec.selector);
    const pods: Pod[] = [];
    for (const pod of this.context.store.list<Pod>('pods', budget.metadata.namespace)) {
      if (matches(selector, pod.metadata.labels)) pods.push(pod);
    }
    if (pods.length === 0) this.context.recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found', COMPONENT);
    const healthy = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isPodReady(pod)).length;
    const status = this.status(
      budget,
      allowance(budget.spec, pods.length, () => this.scaleOf(pods), healthy),
    );
    if (!deepEqual(budget.status, status)) this.context.store.updateStatus(budget, status);
  }

  /** What the pods' controllers are scaled to, each counted once; pods without one are not counted. */
  private scaleOf(pods: readonly Pod[]): number {
    const owners = new Set<string>();
    for (const pod of pods) {
      const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller);
      if (owner) owners.add(owner.uid);
    }
    let total = 0;
    for (const uid of owners) total += replicasOf(this.context.store.byUid(uid));
    return total;
  }

  private status(budget: PodDisruptionBudget, counts: Counts): NonNullable<PodDisruptionBudget['status']> {
    const allowed = counts.disruptionsAllowed > 0;
    const observedGeneration = budget.metadata.generation;
    const before = budget.status?.conditions?.find(isDisruptionAllowed);
    const state = allowed ? 'True' : 'False';
    return {
      conditions: [
        {
          lastTransitionTime: before?.status === state ? before.lastTransitionTime : toTime(this.context.now()),
          message: '',
          observedGeneration,
          reason: allowed ? 'SufficientPods' : 'InsufficientPods',
          status: state,
          type: 'DisruptionAllowed',
        },
      ],
      ...counts,
      ...(observedGeneration !== undefined && { observedGeneration }),
    };
  }
}

interface DisruptionCondition {
  readonly status: string;
  readonly lastTransitionTime: string;
}

const isDisruptionAllowed = (condition: unknown): condition is DisruptionCondition =>
  typeof condition === 'object' && condition !== null && 'type' in condition && condition.type === 'DisruptionAllowed';

function replicasOf(object: KubeObject | undefined): number {
  const spec = object?.spec;
  if (typeof spec !== 'object' || spec === null || !('replicas' in spec)) return 0;
  return typeof spec.replicas === 'number' ? spec.replicas : 0;
}

/** Whether a controller's replicas changed: the other kinds that own pods come and go with them. */
function isScaled(event: StoreEvent): boolean {
  return event.type === 'MODIFIED' && replicasOf(event.object) !== replicasOf(event.old);
}
