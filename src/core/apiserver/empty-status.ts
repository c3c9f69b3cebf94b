/** What the API server writes of a status that holds nothing: the counts that Go's types never leave out. */
import { asObject, type Json, withAbsent } from '../api/json';
import type { ResourceKey } from './storage';

const NEVER_LEFT_OUT: Readonly<Record<string, Json>> = {
  'statefulsets.apps': { replicas: 0, availableReplicas: 0 },
  'replicasets.apps': { replicas: 0 },
  replicationcontrollers: { replicas: 0 },
  'daemonsets.apps': { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  'poddisruptionbudgets.policy': { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  services: { loadBalancer: {} },
  'ingresses.networking.k8s.io': { loadBalancer: {} },
  'horizontalpodautoscalers.autoscaling': { currentMetrics: null, desiredReplicas: 0 },
};

/** The status of a built-in kind as it is written, `status` being what was given of it. */
export const writtenStatus = (key: ResourceKey, status: unknown): Json =>
  withAbsent(asObject(status), NEVER_LEFT_OUT[key] ?? {});
