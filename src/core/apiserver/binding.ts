/** The assignment of a pod to a node by a scheduler of somebody's own (as the BindingREST of the pod registry). */
import type { BindingTarget } from '../api/binding';
import { conflict, type FieldError, invalid, notFound } from '../api/status';
import type { Pod, PodCondition } from '../api/types';
import { toTime } from '../meta/time';
import type { Store } from './store';

const PODS = { group: '', plural: 'pods' };

/**
 * Assigns a pod to a node. `now` in ms. Throws Invalid where the target is no node, NotFound for a pod or node that is not
 * there, Conflict for a pod that has a node, that goes, or that is held back.
 */
export function bind(store: Store, namespace: string, name: string, target: BindingTarget, now: number): void {
  const { node = '', kind = '', annotations, uid } = target;
  const errors: FieldError[] = [];
  if (kind !== '' && kind !== 'Node')
    errors.push({
      type: 'Unsupported value',
      field: 'target.kind',
      value: kind,
      detail: 'supported values: "Node", "<empty>"',
    });
  if (node === '') errors.push({ type: 'Required value', field: 'target.name', detail: '' });
  if (errors.length > 0) throw invalid('', 'Binding', name, errors);
  const pod = store.get<Pod>('pods', namespace, name);
  if (!pod) throw notFound(PODS, name);
  if (!store.get('nodes', '', node)) throw notFound({ group: '', plural: 'nodes' }, node);
  const refuse = (why: string): Error => conflict({ group: '', plural: 'pods/binding' }, name, why);
  if (uid !== undefined && uid !== pod.metadata.uid)
    throw refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`);
  if (pod.metadata.deletionTimestamp !== undefined)
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
  const { schedulingGates } = pod.spec;
  if (Array.isArray(schedulingGates) && schedulingGates.length > 0)
    throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  if (target.dryRun) return;
  const scheduled: PodCondition = {
    lastProbeTime: null,
    lastTransitionTime: toTime(now),
    status: 'True',
    type: 'PodScheduled',
  };
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const noted = { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } };
  store.bind(annotations ? { ...pod, metadata: noted } : pod, {
    spec: { ...pod.spec, nodeName: node },
    status: { ...pod.status, conditions: [...others, scheduled] },
  });
}
