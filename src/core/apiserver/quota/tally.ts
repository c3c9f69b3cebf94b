/**
 * What the objects of a namespace use of what a quota limits, counted once and then kept as they come and go (as
 * CalculateUsage, which counts everything each time).
 */
import { asObject } from '../../api/json';
import { addTo, type ResourceList } from '../../api/resource-list';
import type { KubeObject } from '../../api/types';
import { Quantity } from '../../meta/quantity';
import type { ResourceKey } from '../storage';
import type { Evaluator, ScopeRequirement } from './evaluator';
import { countedKind, evaluatorOf, MEASURED, NAMED_COUNTS } from './evaluators';
import { isInScopes, requirementsOf } from './scopes';

/** What is counted. */
export interface Counted {
  list(key: ResourceKey, namespace: string): Iterable<KubeObject>;
  /** Whether objects of the kind live in namespaces and can be counted. */
  isCountable(key: ResourceKey): boolean;
  now(): number;
}

/** The objects of one kind. */
interface Users {
  readonly evaluator: Evaluator;
  /** The resources of the quota that they use. */
  readonly names: readonly string[];
  readonly usageOf: Map<string, ResourceList>;
  /** How many use the same. */
  readonly count: Map<ResourceList, number>;
}

export class Tally {
  private readonly users = new Map<ResourceKey, Users>();
  private readonly requirements: readonly ScopeRequirement[];

  constructor(
    private readonly quota: KubeObject,
    private readonly counted: Counted,
  ) {
    this.requirements = requirementsOf(quota);
    const hard = Object.keys(asObject(asObject(quota.spec).hard));
    for (const key of kindsOf(hard, counted)) {
      const evaluator = evaluatorOf(key);
      const names = hard.filter((name) => evaluator?.concerns(name));
      if (!evaluator || names.length === 0) continue;
      this.users.set(key, { evaluator, names, usageOf: new Map(), count: new Map() });
      for (const object of counted.list(key, quota.metadata.namespace ?? '')) this.note(key, object);
    }
  }

  /** Whether this counts for the quota as it is now. */
  isOf(quota: KubeObject): boolean {
    return quota.metadata.uid === this.quota.metadata.uid && quota.spec === this.quota.spec;
  }

  /** Counts an object as it is now, or as it is no more. True where that makes a difference. */
  note(key: ResourceKey, object: KubeObject, isGone = false): boolean {
    const users = this.users.get(key);
    if (!users) return false;
    const { uid } = object.metadata;
    const before = users.usageOf.get(uid);
    const counts = !isGone && isInScopes(this.requirements, users.evaluator, object);
    const now = counts ? users.evaluator.usage(object, this.counted.now()) : undefined;
    if (now === before) return false;
    if (before) add(users.count, before, -1);
    if (now) {
      add(users.count, now, 1);
      users.usageOf.set(uid, now);
    } else users.usageOf.delete(uid);
    return true;
  }

  /** The resources that can be counted, each with what is used of it. */
  used(): Map<string, Quantity> {
    const used = new Map<string, Quantity>();
    for (const { names, count } of this.users.values()) {
      for (const name of names) {
        let sum = Quantity.parse('0');
        for (const [usage, users] of count) {
          const amount = usage.get(name);
          if (amount) sum = sum.add(times(amount, users));
        }
        addTo(used, new Map([[name, sum]]));
      }
    }
    return used;
  }
}

function add(count: Map<ResourceList, number>, usage: ResourceList, by: number): void {
  const next = (count.get(usage) ?? 0) + by;
  if (next > 0) count.set(usage, next);
  else count.delete(usage);
}

function kindsOf(names: readonly string[], counted: Counted): Set<ResourceKey> {
  const kinds = new Set<ResourceKey>([...MEASURED, ...NAMED_COUNTS]);
  for (const name of names) {
    const kind = countedKind(name);
    if (kind !== undefined && counted.isCountable(kind)) kinds.add(kind);
  }
  return kinds;
}

/** The amount so many times, in its own format. */
function times(amount: Quantity, count: number): Quantity {
  if (count <= 1) return amount;
  const half = times(amount, Math.floor(count / 2));
  const double = half.add(half);
  return count % 2 === 0 ? double : double.add(amount);
}
