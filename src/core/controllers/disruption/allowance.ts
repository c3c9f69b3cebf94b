/** The numbers of a budget (as getExpectedPodCount and updatePdbStatus). */
import type { PodDisruptionBudget } from '../../api/types';
import { scaledValue } from '../../meta/intstr';

export interface Counts {
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly disruptionsAllowed: number;
  readonly expectedPods: number;
}

/** `scale` is what the pods' controllers ask for; percentages and maxUnavailable count by it, not by the pods there are. */
export function allowance(
  spec: PodDisruptionBudget['spec'],
  pods: number,
  scale: () => number,
  currentHealthy: number,
): Counts {
  const { expectedPods, desiredHealthy } = expectation(spec, pods, scale);
  const spare = currentHealthy - desiredHealthy;
  return {
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed: expectedPods > 0 && spare > 0 ? spare : 0,
    expectedPods,
  };
}

function expectation(spec: PodDisruptionBudget['spec'], pods: number, scale: () => number) {
  if (spec.maxUnavailable !== undefined) {
    const expectedPods = scale();
    const desired = expectedPods - scaledValue(spec.maxUnavailable, expectedPods, true);
    return { expectedPods, desiredHealthy: Math.max(0, desired) };
  }
  if (typeof spec.minAvailable === 'number') return { expectedPods: pods, desiredHealthy: spec.minAvailable };
  if (spec.minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  const expectedPods = scale();
  return { expectedPods, desiredHealthy: scaledValue(spec.minAvailable, expectedPods, true) };
}
