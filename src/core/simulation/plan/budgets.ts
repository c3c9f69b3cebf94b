/** Which disruption budgets stop holding, and when: counted as the disruption controller counts, at the end of every instant. */
import { isPodReady, isTerminating } from '../../api/pod';
import type { KubeObject, Pod, PodDisruptionBudget } from '../../api/types';
import { resourceKey } from '../../apiserver/storage';
import type { Store } from '../../apiserver/store';
import type { StoreEvent } from '../../apiserver/watch';
import { allowance } from '../../controllers/disruption/allowance';
import { fromLabelSelector, matches, type Selector } from '../../meta/labels';
import type { BudgetBreach } from '../../reports/plan';

export const BUDGETS = 'poddisruptionbudgets.policy';

interface Counted {
  readonly healthy: boolean;
  readonly owner: string | undefined;
}

interface Budget {
  readonly namespace: string;
  readonly name: string;
  spec: PodDisruptionBudget['spec'];
  selector: Selector | 'nothing';
  readonly pods: Map<string, Counted>;
  /** How many pods each owner has among them. */
  readonly owners: Map<string, number>;
  healthy: number;
  held: boolean;
  open: { from: number; healthy: number; desired: number } | undefined;
}

export class BudgetLog {
  private readonly budgets = new Map<string, Budget>();
  private readonly byNamespace = new Map<string, Set<Budget>>();
  private readonly scales = new Map<string, number>();
  private readonly changed = new Set<Budget>();
  private readonly breaches: BudgetBreach[] = [];
  private instant: number;

  constructor(
    private readonly store: Store,
    start: number,
  ) {
    this.instant = start;
    for (const budget of store.list<PodDisruptionBudget>(BUDGETS)) this.add(budget);
    this.endInstant();
  }

  observe({ type, resource, object, old }: StoreEvent, now: number): void {
    if (now > this.instant) {
      this.endInstant();
      this.instant = now;
    }
    const key = resourceKey(resource);
    if (key === BUDGETS) this.noteBudget(type, object as PodDisruptionBudget, old as PodDisruptionBudget);
    else if (key === 'pods') this.notePod(object as Pod, type === 'DELETED');
    else this.noteScale(object);
  }

  private noteScale(object: KubeObject): void {
    const replicas = replicasOf(object);
    if (replicas === undefined || this.scales.get(object.metadata.uid) === replicas) return;
    this.scales.set(object.metadata.uid, replicas);
    for (const budget of this.byNamespace.get(object.metadata.namespace ?? '') ?? []) this.changed.add(budget);
  }

  /** Every breach, in the order in which they begin. */
  finish(): BudgetBreach[] {
    this.endInstant();
    for (const budget of this.budgets.values()) this.close(budget, undefined);
    return this.breaches.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  }

  private add({ metadata: { namespace = '', name }, spec }: PodDisruptionBudget): void {
    const budget: Budget = {
      namespace,
      name,
      spec,
      selector: fromLabelSelector(spec.selector),
      pods: new Map(),
      owners: new Map(),
      healthy: 0,
      held: false,
      open: undefined,
    };
    this.budgets.set(`${namespace}/${name}`, budget);
    const inNamespace = this.byNamespace.get(namespace) ?? new Set();
    this.byNamespace.set(namespace, inNamespace.add(budget));
    for (const pod of this.store.list<Pod>('pods', namespace)) this.count(budget, pod, false);
    this.changed.add(budget);
  }

  private noteBudget(
    type: StoreEvent['type'],
    object: PodDisruptionBudget,
    old: PodDisruptionBudget | undefined,
  ): void {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    // The status is written by the controller and says nothing new.
    if (type === 'MODIFIED' && old && JSON.stringify(old.spec) === JSON.stringify(object.spec)) return;
    const known = this.budgets.get(key);
    if (known) {
      this.close(known, this.instant);
      this.budgets.delete(key);
      this.byNamespace.get(known.namespace)?.delete(known);
      this.changed.delete(known);
    }
    if (type !== 'DELETED') this.add(object);
  }

  private notePod(pod: Pod, gone: boolean): void {
    for (const budget of this.byNamespace.get(pod.metadata.namespace ?? '') ?? []) this.count(budget, pod, gone);
  }

  private count(budget: Budget, pod: Pod, gone: boolean): void {
    const { uid } = pod.metadata;
    const before = budget.pods.get(uid);
    const counts = !gone && matches(budget.selector, pod.metadata.labels);
    if (!before && !counts) return;
    this.changed.add(budget);
    if (before) {
      budget.healthy -= before.healthy ? 1 : 0;
      if (before.owner) addTo(budget.owners, before.owner, -1);
      budget.pods.delete(uid);
    }
    if (!counts) return;
    const healthy = !isTerminating(pod) && isPodReady(pod);
    const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller)?.uid;
    budget.pods.set(uid, { healthy, owner });
    budget.healthy += healthy ? 1 : 0;
    if (owner) addTo(budget.owners, owner, 1);
  }

  private endInstant(): void {
    for (const budget of this.changed) {
      const { spec, pods, healthy } = budget;
      const { desiredHealthy: desired } = allowance(spec, pods.size, () => this.scaleOf(budget), healthy);
      if (healthy >= desired) {
        budget.held = true;
        this.close(budget, this.instant);
      } else if (budget.held) {
        budget.open ??= { from: this.instant, healthy, desired };
        if (healthy < budget.open.healthy) budget.open = { ...budget.open, healthy, desired };
      }
    }
    this.changed.clear();
  }

  private close(budget: Budget, to: number | undefined): void {
    if (!budget.open) return;
    const { from, healthy, desired } = budget.open;
    budget.open = undefined;
    const { namespace, name } = budget;
    const end = to === undefined ? {} : { to: new Date(to).toISOString() };
    this.breaches.push({ namespace, budget: name, from: new Date(from).toISOString(), ...end, healthy, desired });
  }

  private scaleOf({ owners }: Budget): number {
    let total = 0;
    for (const uid of owners.keys()) {
      let replicas = this.scales.get(uid);
      if (replicas === undefined) {
        const owner = this.store.byUid(uid);
        replicas = (owner && replicasOf(owner)) ?? 0;
        this.scales.set(uid, replicas);
      }
      total += replicas;
    }
    return total;
  }
}

function addTo(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

function replicasOf({ spec }: KubeObject): number | undefined {
  if (typeof spec !== 'object' || spec === null || !('replicas' in spec)) return undefined;
  return typeof spec.replicas === 'number' ? spec.replicas : undefined;
}
