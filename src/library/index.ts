/** `import { Cluster } from 'stsctl'`: a simulated cluster, for tests of what is to run on a real one (docs/api.md). */
export { ApiError, type Status, type StatusCause } from '../core/api/status';
export type {
  ConfigMap,
  Container,
  ControllerRevision,
  Event,
  KubeObject,
  Namespace,
  Node,
  ObjectMeta,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  PodSpec,
  Secret,
  Service,
  StatefulSet,
  StorageClass,
} from '../core/api/types';
export type { TimelineEvent } from '../core/reports/timeline';
export type { Fault, Target } from '../core/simulation/faults';
export type { PlanReport } from '../core/simulation/plan';
export type { Explanation, Reason, Subject } from '../core/simulation/why';
export { Cluster } from './cluster';
export { ManifestError, TimeoutError } from './errors';
export type { FaultOptions } from './faults';
export type { Kinds, ObjectOf } from './kinds';
export type { Manifests } from './manifests';
export { Snapshot } from './snapshot';
export type {
  ApplyOptions,
  Change,
  ClusterOptions,
  DeleteOptions,
  Duration,
  InNamespace,
  ListOptions,
  PatchOptions,
  Settings,
  Within,
  WriteOptions,
} from './types';
