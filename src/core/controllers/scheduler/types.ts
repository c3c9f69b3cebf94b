/** The parts of a pod's spec that say where it may run, as the scheduler reads them. */
import type { NodeSelector, NodeTerm } from '../../api/node-selection';
import type { LabelSelector, Labels, Pod } from '../../api/types';

/** The name that the scheduler's events come from, and that pods ask for it by. */
export const COMPONENT = 'default-scheduler';

/** Why a pod is marked that had to make room (as PodReasonPreemptionByScheduler). */
export const PREEMPTED = 'PreemptionByScheduler';

export interface PodTerm {
  readonly labelSelector?: LabelSelector;
  readonly topologyKey: string;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

export interface WeightedPodTerm {
  readonly weight: number;
  readonly podAffinityTerm: PodTerm;
}

export interface PodTerms {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodTerm[];
}

export interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
    readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
      readonly weight: number;
      readonly preference: NodeTerm;
    }[];
  };
  readonly podAffinity?: PodTerms;
  readonly podAntiAffinity?: PodTerms;
}

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  readonly labelSelector?: LabelSelector;
  readonly minDomains?: number;
  readonly nodeAffinityPolicy?: 'Honor' | 'Ignore';
  readonly nodeTaintsPolicy?: 'Honor' | 'Ignore';
  readonly matchLabelKeys?: readonly string[];
}

export const affinityOf = (pod: Pod): Affinity | undefined => pod.spec.affinity as Affinity | undefined;

export const constraintsOf = (pod: Pod): readonly SpreadConstraint[] =>
  (pod.spec.topologySpreadConstraints as readonly SpreadConstraint[] | undefined) ?? [];

export const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
export const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
export const HOSTNAME = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';

/** Why a node can't take a pod. */
export interface Refusal {
  /** `node(s) were unschedulable`; several where resources lack. */
  readonly reasons: readonly string[];
  /** No pod that goes from the node would change it. */
  readonly isFinal: boolean;
}

export const final = (reason: string): Refusal => ({ reasons: [reason], isFinal: true });
export const passing = (reason: string): Refusal => ({ reasons: [reason], isFinal: false });

/** A selector with the values that the pod itself has at some label keys (as the merge of matchLabelKeys). */
export function withLabelKeys(
  selector: LabelSelector | undefined,
  labels: Labels | undefined,
  keys: readonly string[] = [],
  otherKeys: readonly string[] = [],
): LabelSelector | undefined {
  if (!selector || (keys.length === 0 && otherKeys.length === 0)) return selector;
  const requirements = (names: readonly string[], operator: 'In' | 'NotIn') =>
    names.flatMap((key) => {
      const value = labels?.[key];
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    });
  const added = [...requirements(keys, 'In'), ...requirements(otherKeys, 'NotIn')];
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] };
}
