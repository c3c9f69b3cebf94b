/**
 * Ownership of what the cluster's own actors wrote. They write too often to keep books: what a real cluster's books
 * would say is read off the object when somebody asks.
 */
import type { KubeObject, ManagedFieldsEntry, Pod } from '../../api/types';
import { deepEqual } from '../../meta/equal';
import { compare } from '../../meta/fieldpath/compare';
import {
  canonical,
  difference,
  type Fields,
  fieldsOf,
  intersection,
  isEmptySet,
  union,
} from '../../meta/fieldpath/fields';
import { compareElements } from '../../meta/fieldpath/path';
import { TOPOLOGY_LABELS } from '../topology-labels';
import { sortEntries } from './entries';
import { comparable, rulesFor, withoutSystemFields } from './rules';

const CONTROLLER_MANAGER = 'kube-controller-manager';
const KUBELET = 'kubelet';
const SCHEDULER = 'kube-scheduler';
const API_SERVER = 'kube-apiserver';

/** The name under which a controller of the engine writes. */
export const managerOfActor = (actor: string): string =>
  actor === 'kubelet' ? KUBELET : actor === 'scheduler' ? SCHEDULER : CONTROLLER_MANAGER;

/** Finds the claim that a pod mounts: whether it was there before the pod decides what the scheduler wrote. */
export type ClaimFinder = (namespace: string, name: string) => KubeObject | undefined;

/** All entries of an object, as the API server shows them; undefined when there are none. */
export function entriesOf(object: KubeObject, claim: ClaimFinder): readonly ManagedFieldsEntry[] | undefined {
  if (!known.has(object)) known.set(object, allEntries(object, claim));
  return known.get(object);
}

/** A write asks several times, and stored objects never change. */
const known = new WeakMap<KubeObject, readonly ManagedFieldsEntry[] | undefined>();

function allEntries(object: KubeObject, claim: ClaimFinder): readonly ManagedFieldsEntry[] | undefined {
  const stored = object.metadata.managedFields;
  const entries =
    stored === undefined
      ? [...birthEntries(object), ...statusEntries(object, claim)]
      : stored.flatMap((entry) => (isOpen(entry) ? filled(entry, object, claim) : [entry]));
  return entries.length > 0 ? sortEntries(entries) : undefined;
}

/** An entry whose fields follow from the object's status. */
export const isOpen = (entry: ManagedFieldsEntry): boolean => entry.fieldsV1 === undefined;

export const openEntry = (manager: string, apiVersion: string, time: string): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  apiVersion,
  time,
  subresource: 'status',
});

function filled(entry: ManagedFieldsEntry, object: KubeObject, claim: ClaimFinder): ManagedFieldsEntry[] {
  return statusEntries(object, claim)
    .filter(({ manager }) => manager === entry.manager)
    .map((derived) => ({ ...derived, ...(entry.time !== undefined && { time: entry.time }) }));
}

function entry(
  object: KubeObject,
  manager: string,
  time: string,
  fields: Fields,
  subresource?: string,
): ManagedFieldsEntry[] {
  if (isEmptySet(fields)) return [];
  return [
    {
      manager,
      operation: 'Update',
      apiVersion: object.apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: canonical(fields, compareElements),
      ...(subresource && { subresource }),
    },
  ];
}

function birthEntries(object: KubeObject): ManagedFieldsEntry[] {
  const { status: _, ...born } = comparable(withoutAdmission(object)) as KubeObject;
  const { shape } = rulesFor(object, undefined, true);
  const { added, modified } = compare(shape, {}, born, deepEqual);
  return entry(object, makerOf(object), object.metadata.creationTimestamp, withoutSystemFields(union(added, modified)));
}

function makerOf({ kind, metadata, ...object }: KubeObject): string {
  if (kind === 'Namespace' || (kind === 'Service' && metadata.name === 'kubernetes')) return API_SERVER;
  if (kind === 'Node') return KUBELET;
  if (kind !== 'Event') return CONTROLLER_MANAGER;
  const { component } = (object.source ?? {}) as { component?: string };
  return component === 'kubelet' ? KUBELET : component === 'default-scheduler' ? SCHEDULER : CONTROLLER_MANAGER;
}

/** Fields that admission, strategies and the binding set: no manager owns them. */
const ADMITTED: Readonly<Record<string, readonly string[]>> = {
  Pod: ['nodeName', 'priority', 'preemptionPolicy', 'serviceAccount', 'serviceAccountName'],
  PersistentVolumeClaim: ['storageClassName'],
  Service: ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'],
  Namespace: ['finalizers'],
};

function withoutAdmission(object: KubeObject): KubeObject {
  const names = ADMITTED[object.kind];
  const spec = asRecord(object.spec);
  const { finalizers, ...metadata } = withoutTopology(object);
  const own = finalizers?.filter((finalizer) => !/^kubernetes\.io\/pvc?-protection$/.test(finalizer));
  const bare = { ...object, metadata: { ...metadata, ...(own?.length && { finalizers: own }) } };
  if (!names || !spec) return bare;
  const kept = Object.entries(spec).filter(
    ([name, value]) => !names.includes(name) && !isDefaultTolerations(name, value),
  );
  return { ...bare, spec: Object.fromEntries(kept) };
}

/** A pod's region and zone came with its binding. */
function withoutTopology({ kind, metadata }: KubeObject): KubeObject['metadata'] {
  const labels = kind === 'Pod' ? metadata.labels : undefined;
  if (!labels || !TOPOLOGY_LABELS.some((key) => key in labels)) return metadata;
  const own = Object.entries(labels).filter(([key]) => !TOPOLOGY_LABELS.includes(key));
  return { ...metadata, labels: Object.fromEntries(own) };
}

const isDefaultTolerations = (name: string, value: unknown): boolean =>
  name === 'tolerations' &&
  Array.isArray(value) &&
  value.every(
    ({ key, tolerationSeconds }) =>
      /^node\.kubernetes\.io\/(not-ready|unreachable)$/.test(key) && tolerationSeconds === 300,
  );

const asRecord = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

/** Statuses of new objects: nobody wrote them. */
const INITIAL: Readonly<Record<string, object>> = {
  Pod: { phase: 'Pending' },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  PersistentVolumeClaim: { phase: 'Pending' },
  PersistentVolume: { phase: 'Pending' },
  Namespace: { phase: 'Active' },
};

const UNSCHEDULED = ['f:status', 'f:conditions', 'k:{"type":"PodScheduled"}'];

/** The entries of whoever keeps the object's status. */
export function statusEntries(object: KubeObject, claim: ClaimFinder): readonly ManagedFieldsEntry[] {
  let entries = knownOfStatus.get(object);
  if (!entries) {
    entries = entriesOfStatus(object, claim);
    knownOfStatus.set(object, entries);
  }
  return entries;
}

const knownOfStatus = new WeakMap<KubeObject, readonly ManagedFieldsEntry[]>();

function entriesOfStatus(object: KubeObject, claim: ClaimFinder): ManagedFieldsEntry[] {
  const { qosClass: _, ...status } = asRecord(object.status) ?? {};
  const { shape } = rulesFor(object, 'status', true);
  const { added, modified } = compare(shape, { status: INITIAL[object.kind] ?? {} }, { status }, deepEqual);
  const fields = union(added, modified);
  const { creationTimestamp } = object.metadata;
  if (object.kind === 'Pod') return podEntries(object as Pod, fields, claim);
  const manager =
    object.kind === 'Node' ? KUBELET : object.kind === 'CustomResourceDefinition' ? API_SERVER : CONTROLLER_MANAGER;
  return entry(object, manager, creationTimestamp, fields, 'status');
}

/** The binding makes PodScheduled, which nobody owns; the scheduler owns it only once it found no place. */
function podEntries(pod: Pod, fields: Fields, claim: ClaimFinder): ManagedFieldsEntry[] {
  const parts = ['type', 'status', 'lastProbeTime', 'lastTransitionTime', 'reason', 'message', 'observedGeneration'];
  const scheduled = fieldsOf(
    UNSCHEDULED.slice(0, 2),
    UNSCHEDULED,
    ...parts.map((part) => [...UNSCHEDULED, `f:${part}`]),
  );
  const rest = difference(fields, scheduled);
  const kubelet = entry(pod, KUBELET, lastChange(pod), rest, 'status');
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const waited = condition?.status === 'False' || (condition && waitedForClaims(pod, claim));
  if (!waited) return kubelet;
  const own = condition.status === 'False' ? intersection(fields, scheduled) : scheduled;
  return [
    ...entry(pod, SCHEDULER, condition.lastTransitionTime ?? pod.metadata.creationTimestamp, own, 'status'),
    ...kubelet,
  ];
}

/** A claim as young as its pod was not bound when the scheduler first looked. */
function waitedForClaims({ metadata, spec }: Pod, claim: ClaimFinder): boolean {
  return (spec.volumes ?? []).some(({ persistentVolumeClaim }) => {
    const found = persistentVolumeClaim && claim(metadata.namespace ?? '', persistentVolumeClaim.claimName);
    return found !== undefined && found.metadata.creationTimestamp >= metadata.creationTimestamp;
  });
}

/** When the kubelet last had something to say. */
function lastChange({ metadata, status }: Pod): string {
  const times = [status?.startTime, ...(status?.conditions ?? []).map(({ lastTransitionTime }) => lastTransitionTime)];
  for (const { state } of status?.containerStatuses ?? [])
    for (const moment of Object.values(state ?? {})) {
      const { startedAt, finishedAt } = (moment ?? {}) as { startedAt?: string; finishedAt?: string };
      times.push(startedAt, finishedAt);
    }
  return times.reduce<string>(
    (last, time) => (time !== undefined && time !== null && time > last ? time : last),
    metadata.creationTimestamp,
  );
}
