/** What single words say of objects: ready, available, updated, terminating; and the phases that a kind goes through. */
import type { ResourceInfo } from '../api/resources';
import type { KubeObject, StatefulSet } from '../api/types';
import { daemonSetStatus, deploymentStatus } from './rollout/state';
import { statefulSetStatus } from './rollout/status';

/** What an object lacks, behind its name as in `has 1 of 3 pods ready`; true where it lacks nothing. */
export type Lacks = (object: KubeObject) => true | string;

/** For each word: what is to be looked at in an object of a kind; undefined where the word says nothing of it. */
export const STATES: Readonly<Record<string, (resource: ResourceInfo) => Lacks | undefined>> = {
  ready: (resource) => counted(resource, 'ready') ?? byCondition(resource, 'Ready'),
  available: (resource) =>
    counted(resource, 'available') ?? phased(resource, 'available') ?? byCondition(resource, 'Available'),
  updated: (resource) => {
    const status = STATUS[resource.kind];
    if (!status || resource.group !== 'apps') return undefined;
    return (object) => {
      const { done, message } = status(object);
      return done || `is not updated: ${message.trim().replace(/\.+$/, '')}`;
    };
  },
  terminating: () => (object) => object.metadata.deletionTimestamp !== undefined || 'is not being deleted',
};

/** Every word, in the order in which mistakes list them. */
export const WORDS: readonly string[] = [...Object.keys(STATES), 'exists', 'gone'];

/** The phases of a kind, in small letters. */
export const phaseOf = ({ kind, group }: ResourceInfo): readonly string[] => (group === '' ? (PHASES[kind] ?? []) : []);

const PHASES: Readonly<Record<string, readonly string[]>> = {
  Pod: ['pending', 'running', 'succeeded', 'failed', 'unknown'],
  PersistentVolumeClaim: ['pending', 'bound', 'lost'],
  PersistentVolume: ['pending', 'available', 'bound', 'released', 'failed'],
  Namespace: ['active'],
};

const STATUS: Readonly<Record<string, (object: KubeObject) => { done: boolean; message: string }>> = {
  StatefulSet: (object) => setStatus(object as StatefulSet),
  Deployment: (object) => deploymentStatus(object, 0),
  DaemonSet: daemonSetStatus,
};

/** A set whose pods are replaced when somebody deletes them is updated when all of them have been. */
function setStatus(set: StatefulSet): { done: boolean; message: string } {
  if (set.spec.updateStrategy.type === 'RollingUpdate') return statefulSetStatus(set);
  const { updatedReplicas = 0, observedGeneration = 0 } = set.status ?? {};
  const done = observedGeneration >= (set.metadata.generation ?? 0) && updatedReplicas >= set.spec.replicas;
  return { done, message: `${updatedReplicas} of ${set.spec.replicas} pods are of the update revision` };
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** The controller has seen the present spec, and all the pods that it asks for, and no others, are ready or available. */
function counted({ kind, group }: ResourceInfo, what: 'ready' | 'available'): Lacks | undefined {
  const isSet = kind === 'ReplicationController' ? group === '' : group === 'apps' && SETS.has(kind);
  if (!isSet) return undefined;
  return (object) => {
    const status = record(object.status);
    if (number(status.observedGeneration) < (object.metadata.generation ?? 0))
      return 'has a spec that nobody has seen yet';
    const daemons = kind === 'DaemonSet';
    const wanted = daemons ? number(status.desiredNumberScheduled) : number(record(object.spec).replicas ?? 1);
    const there = daemons ? number(status.currentNumberScheduled) : number(status.replicas);
    const good = daemons
      ? number(status[what === 'ready' ? 'numberReady' : 'numberAvailable'])
      : number(status[`${what}Replicas`]);
    if (good < wanted) return `has ${good} of ${wanted} pods ${what}`;
    return there <= wanted || `still has ${there} pods where ${wanted} are wanted`;
  };
}

const SETS: ReadonlySet<string> = new Set(['StatefulSet', 'Deployment', 'ReplicaSet', 'DaemonSet']);

const phased = (resource: ResourceInfo, phase: string): Lacks | undefined =>
  phaseOf(resource).includes(phase)
    ? (object) => {
        const is = String(record(object.status).phase ?? 'of no phase').toLowerCase();
        return is === phase || `is ${is}`;
      }
    : undefined;

/** Pods and nodes are ready by their condition, and so may objects of custom kinds be. */
function byCondition(resource: ResourceInfo, name: string): Lacks | undefined {
  const known = resource.group === '' && (resource.kind === 'Pod' || (resource.kind === 'Node' && name === 'Ready'));
  if (known && name === 'Available') return undefined;
  if (!known && BUILT_IN.test(resource.group)) return undefined;
  return (object) => {
    const { conditions } = record(object.status);
    const found = (Array.isArray(conditions) ? conditions.map(record) : []).find(({ type }) => type === name);
    return found?.status === 'True' || `is not ${name.toLowerCase()}`;
  };
}

/** Groups of Kubernetes itself: the core, those without a dot, and those of k8s.io. */
const BUILT_IN = /^[^.]*$|\.k8s\.io$/;
