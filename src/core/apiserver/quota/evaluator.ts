/** What the quotas ask of a kind (as quota.Evaluator). */
import type { ResourceList } from '../../api/resource-list';
import type { KubeObject } from '../../api/types';
import { Quantity } from '../../meta/quantity';

/** What a quota asks of objects beside their kind. */
export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface Evaluator {
  /** Whether a resource that a quota limits is one that the kind uses. */
  concerns(resource: string): boolean;
  /** What an object uses at an instant (ms). Objects that use the same share the answer. */
  usage(object: KubeObject, now: number): ResourceList;
  /** Absent where objects of the kind are in no scope. */
  readonly inScope?: (requirement: ScopeRequirement, object: KubeObject) => boolean;
  /** What an object must say and doesn't, of the resources that a quota limits. */
  readonly missing?: (limited: readonly string[], object: KubeObject) => string | undefined;
  /** Updates can use more. */
  readonly countsUpdates?: boolean;
}

/** One object. */
export const one = (): Quantity => Quantity.parse('1');
