/**
 * Objects of another cluster made fit for this one: nothing refers to an owner that is not here, and what is broken there is
 * broken here too, because containers are healthy here unless something says otherwise.
 */
import { withDefaults } from '../../../api/defaults';
import { isPodTerminal, isTerminating } from '../../../api/pod';
import type { KubeObject, Node, Pod } from '../../../api/types';
import { readiness } from '../../../apiserver/nodes';
import type { Store } from '../../../apiserver/store';
import { READY_ANNOTATION } from '../../../kubelet/lifecycle';
import { probeDeadlines } from '../../../kubelet/probes';
import { fromTime, toTime } from '../../../meta/time';
import type { NewFault } from '../../../simulation/faults';
import { type ImportRecord, keyOf } from './belongings';

/** Kinds that are read with a status, whatever it says. */
const WITH_STATUS = new Set(['Pod', 'StatefulSet', 'PersistentVolumeClaim', 'PersistentVolume', 'Node', 'Service']);
const PULL_FAILED = new Set(['ImagePullBackOff', 'ErrImagePull']);

export interface Adapted {
  readonly objects: readonly KubeObject[];
  /** What is to be broken for that. */
  readonly faults: readonly NewFault[];
  readonly warnings: readonly string[];
}

export function asTheyAre(store: Store, given: readonly KubeObject[], now: number, record: ImportRecord = {}): Adapted {
  const warnings = new Set<string>();
  const images = new Set<string>();
  const nodes = new Set<string>();
  const identified = given.map((object) => identify(store, object, now, record));
  const uids = new Set(identified.map(({ metadata }) => metadata.uid));
  const objects = identified.map((object) => {
    const owned = withoutStrangers(object, (uid) => uids.has(uid) || store.byUid(uid) !== undefined, warnings);
    if (owned.kind === 'Node' && readiness(owned as Node) === 'Unknown') nodes.add(owned.metadata.name);
    if (owned.kind !== 'Pod') return owned;
    for (const image of notPulled(owned as Pod)) images.add(image);
    return takenOver(owned as Pod, now, warnings);
  });
  for (const image of images)
    warnings.add(`the image "${image}" can't be pulled there, and not here: "sim heal" ends that`);
  for (const node of nodes)
    warnings.add(`the node "${node}" can't be reached there, and not here: "sim heal" ends that`);
  return {
    objects,
    warnings: [...warnings],
    faults: [
      ...[...images].map((name) => ({ target: 'image', what: 'not-found', name, untilHealed: true }) as const),
      ...[...nodes].map((name) => ({ target: 'node', what: 'lost', name, untilHealed: true }) as const),
    ],
  };
}

/** What was written by hand has no uid yet; what came without one before keeps the one that it got. Managers of what controllers made are left to be derived. */
function identify(store: Store, object: KubeObject, now: number, record: ImportRecord): KubeObject {
  const { managedFields, ...rest } = object.metadata;
  const isMade = rest.ownerReferences?.some(({ controller }) => controller) || object.kind === 'PersistentVolumeClaim';
  const metadata = { ...rest, ...(managedFields && !isMade && { managedFields }) };
  const whole = object.status === undefined && WITH_STATUS.has(object.kind) ? { ...object, status: {} } : object;
  if (rest.uid !== '') return { ...whole, metadata };
  const before = store.resourceOf(object) && store.byUid(record[keyOf(store, object)] ?? '');
  const uid = before?.metadata.uid ?? store.entropy.uid();
  const creationTimestamp = rest.creationTimestamp || before?.metadata.creationTimestamp || toTime(now);
  return withDefaults({ ...whole, metadata: { ...metadata, uid, creationTimestamp } }) as KubeObject;
}

/** The garbage collector would take an owner that was not imported for one that is gone. */
function withoutStrangers(object: KubeObject, isHere: (uid: string) => boolean, warnings: Set<string>): KubeObject {
  const { ownerReferences, ...metadata } = object.metadata;
  if (!ownerReferences || ownerReferences.every(({ uid }) => isHere(uid))) return object;
  for (const { kind, name, uid } of ownerReferences)
    if (!isHere(uid)) warnings.add(`${kind} "${name}" was not imported: what it owns has no owner here`);
  const known = ownerReferences.filter(({ uid }) => isHere(uid));
  return { ...object, metadata: known.length > 0 ? { ...metadata, ownerReferences: known } : metadata };
}

const notPulled = (pod: Pod): string[] =>
  [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])].flatMap((status) =>
    PULL_FAILED.has(status.state?.waiting?.reason ?? '') ? [imageOf(pod, status.name)] : [],
  );

const imageOf = ({ spec }: Pod, name: string): string =>
  [...(spec.initContainers ?? []), ...spec.containers].find((container) => container.name === name)?.image ?? '';

/** A pod that is being made is made here; one that can't get ready does not get ready here. */
function takenOver(given: Pod, now: number, warnings: Set<string>): Pod {
  const pod = given.status.phase ? given : { ...given, status: { ...given.status, phase: 'Pending' } };
  if (isPodTerminal(pod) || isTerminating(pod)) return pod;
  if (pod.status.podIP === undefined) {
    const { containerStatuses: _, initContainerStatuses: __, ...status } = pod.status;
    return pod.spec.nodeName ? { ...pod, status } : pod;
  }
  if (!isUnwell(pod, now)) return pod;
  const { name, annotations } = pod.metadata;
  warnings.add(
    `the pod "${name}" is not ready, and stays so: annotate it with ${READY_ANNOTATION}=true to let it become ready`,
  );
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...annotations, [READY_ANNOTATION]: 'false' } },
  };
}

/** Whether a container crashes again and again, or has been unready for longer than its probes take. */
function isUnwell(pod: Pod, now: number): boolean {
  return pod.spec.containers.some((container) => {
    const status = pod.status.containerStatuses?.find(({ name }) => name === container.name);
    if (status?.state?.waiting?.reason === 'CrashLoopBackOff') return true;
    const startedAt = status?.state?.running?.startedAt;
    if (!status || status.ready || startedAt === undefined) return false;
    return now - fromTime(startedAt) > probeDeadlines(container).ready + 10_000;
  });
}
