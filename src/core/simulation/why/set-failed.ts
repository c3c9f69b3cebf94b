/** What a sync of the StatefulSet controller failed with: a name that is taken, a claim that goes away, a refusal of the API. */
import type { KubeObject, Namespace, Pod } from '../../api/types';
import { controllerOf } from '../../controllers/statefulset/adoption';
import type { Reason } from '../../reports/why';
import { admissionReason } from './admission';
import { deletePod } from './deleting';
import { deletionReasons } from './deletion';
import { callFaults } from './faults';
import type { SetView } from './set';
import { nextTry } from './set-retry';
import { at, endAlone, endsWith, reason, remedies, subjectOf } from './words';
import type { World } from './world';

const TAKEN = /^pods "(.+)" already exists$/;
const LEAVING = /pvc (\S+) is being deleted/;
const NO_PRIORITY = /no PriorityClass with name (\S+) was found/;
const QUOTA = /exceeded quota: ([^,\s]+)/;

export function failureReason(world: World, view: SetView, failure: string): Reason {
  const taken = TAKEN.exec(failure)?.[1];
  if (taken !== undefined) return nameTaken(world, view, taken);
  const leaving = LEAVING.exec(failure)?.[1];
  if (leaving !== undefined) return claimLeaving(world, view, leaving);
  const namespace = world.get<Namespace>('namespaces', undefined, view.namespace);
  if (namespace?.metadata.deletionTimestamp !== undefined) return namespaceLeaving(world, namespace);
  const quota = QUOTA.exec(failure)?.[1];
  const faults = callFaults(world);
  const priorityClass = NO_PRIORITY.exec(failure)?.[1];
  const event = world.event(view.set, ['FailedCreate', 'FailedUpdate', 'FailedDelete']);
  const message = `the controller is refused: ${failure}`;
  const since = at(event?.firstTimestamp);
  const refused =
    faults.length === 0 && admissionReason(world, view, failure, { message, since, tries: tries(world, view) });
  if (refused) return refused;
  if (priorityClass !== undefined && faults.length === 0)
    return reason({
      rule: 'missing-priority-class',
      on: { kind: 'PriorityClass', name: priorityClass },
      message,
      source: 'Priority admission',
      since,
      endsAlone: false,
      ends: `PriorityClass ${priorityClass} is created, or the template names another one; ${tries(world, view)}`,
      remedy: [`create priorityclass ${priorityClass} --value=0`],
    });
  return reason({
    rule: quota === undefined ? 'api-refused' : 'quota-exceeded',
    on: quota === undefined ? subjectOf(view.set) : { kind: 'ResourceQuota', namespace: view.namespace, name: quota },
    message,
    source: quota === undefined ? 'StatefulSet controller: sync' : 'ResourceQuota admission',
    since,
    until: faults.length > 0 && endAlone(faults) ? nextTry(world, view) : undefined,
    endsAlone: faults.length > 0 && endAlone(faults),
    ends: `${endsWith('the call succeeds', faults)}; ${tries(world, view)}`,
    remedy: remedies(faults),
    because: faults,
  });
}

function tries(world: World, view: SetView): string {
  const next = nextTry(world, view);
  return next === undefined
    ? 'the controller tries again with the next change'
    : `the controller tries again at ${new Date(next).toISOString().slice(11, 19)}`;
}

function nameTaken(world: World, view: SetView, name: string): Reason {
  const pod = world.get<Pod>('pods', view.namespace, name);
  const owner = pod && controllerOf(pod);
  const leaving = pod ? deletionReasons(world, pod) : [];
  const whose = owner
    ? `belongs to ${owner.kind} ${owner.name}`
    : 'belongs to nobody, and its labels do not match the selector';
  return reason({
    rule: 'name-taken',
    on: { kind: 'Pod', namespace: view.namespace, name },
    message: `${name} can't be created: a pod of this name is there already; it ${whose}`,
    source: 'StatefulSet controller: CreateStatefulPod',
    since: at(pod?.metadata.creationTimestamp),
    endsAlone: leaving.length > 0 && endAlone(leaving),
    ends: owner ? 'that pod is gone' : 'that pod is gone, or wears the labels of the selector: then it is adopted',
    remedy: leaving.length > 0 ? remedies(leaving) : pod && [deletePod(world, pod)],
    because: leaving,
  });
}

function claimLeaving(world: World, view: SetView, name: string): Reason {
  const claim = world.get<KubeObject>('persistentvolumeclaims', view.namespace, name);
  const because = claim ? deletionReasons(world, claim) : [];
  return reason({
    rule: 'claim-terminating',
    on: { kind: 'PersistentVolumeClaim', namespace: view.namespace, name },
    message: `claim ${name} is Terminating: its pod is made when the claim is gone and a new one is there`,
    source: 'StatefulSet controller: createPersistentVolumeClaims',
    since: at(claim?.metadata.deletionTimestamp),
    endsAlone: endAlone(because),
    ends: `claim ${name} is gone; ${tries(world, view)}`,
    remedy: remedies(because),
    because,
  });
}

function namespaceLeaving(world: World, namespace: Namespace): Reason {
  const because = deletionReasons(world, namespace);
  return reason({
    rule: 'namespace-terminating',
    on: subjectOf(namespace),
    message: `namespace ${namespace.metadata.name} is Terminating: nothing new can be created in it`,
    source: 'NamespaceLifecycle admission',
    since: at(namespace.metadata.deletionTimestamp),
    endsAlone: endAlone(because),
    ends: endsWith('the namespace is gone, and the set with it', because),
    remedy: remedies(because),
    because,
  });
}
