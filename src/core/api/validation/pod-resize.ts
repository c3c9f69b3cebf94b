/**
 * What may change when a pod is resized: cpu and memory of its containers, and of the pod as a whole, as long as nothing is
 * taken away and the class of service stays (as ValidatePodResize).
 */
import { semanticEqual } from '../../meta/equal';
import { asList, asObject, asString, isSet, type Json } from '../json';
import { qosClass } from '../qos';
import type { FieldError } from '../status';
import type { PodSpec } from '../types';
import { forbidden, invalid } from './errors';
import { validateObjectMetaUpdate } from './metadata';
import { validateMetadataAndSpec } from './pods';

const LISTS = ['initContainers', 'containers'] as const;
const ONLY = 'only cpu and memory resources';

/** What is wrong with resizing `old` to `pod`, after defaulting. */
export function validatePodResize(pod: Json, old: Json): FieldError[] {
  const [metadata, oldMetadata] = [asObject(pod.metadata), asObject(old.metadata)];
  const [spec, oldSpec] = [asObject(pod.spec), asObject(old.spec)];
  if (isSet(asObject(oldMetadata.annotations)['kubernetes.io/config.mirror']))
    return [forbidden('', 'static pods cannot be resized')];
  if (asObject(oldSpec.os).name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const errors = [...validateObjectMetaUpdate(metadata, oldMetadata), ...validateMetadataAndSpec(pod)];
  const before = asObject(old.status).qosClass || qosClass(oldSpec as unknown as PodSpec);
  if (before !== qosClass(spec as unknown as PodSpec))
    errors.push(invalid('spec', asObject(pod.status).qosClass, 'Pod QOS Class may not change as a result of resizing'));
  if (!isSupported(old)) errors.push(forbidden('spec', 'Pod running on node without support for resize'));
  if (hasAmounts(spec.resources) || hasAmounts(oldSpec.resources)) errors.push(...validateWhole(spec, oldSpec));
  const order = validateOrder(spec, oldSpec);
  if (order.length > 0) return [...errors, ...order];
  for (const list of LISTS)
    for (const [i, container] of asList(oldSpec[list]).entries())
      errors.push(...validateKept(asList(spec[list])[i], container, `spec.${list}[${i}].resources`, 'resource'));
  const other = validateOthers(spec, oldSpec);
  errors.push(...other);
  if (errors.length > 0) return errors;
  const containers = { containers: oldSpec.containers, initContainers: oldSpec.initContainers };
  const rest = { ...spec, ...containers, resources: oldSpec.resources };
  return semanticEqual(rest, oldSpec) ? [] : [forbidden('spec', `${ONLY} are mutable`)];
}

/** A node that can resize says in the status of its running containers what they have (as isPodResizeRequestSupported). */
function isSupported(pod: Json): boolean {
  const running = asList(asObject(pod.status).containerStatuses).find((one) => isSet(asObject(one.state).running));
  return !running || isSet(running.resources);
}

const hasAmounts = (resources: unknown): boolean => {
  const { requests, limits } = asObject(resources);
  return Object.keys(asObject(requests)).length + Object.keys(asObject(limits)).length > 0;
};

/** As validatePodLevelResourcesResize. */
function validateWhole(spec: Json, old: Json): FieldError[] {
  if (isSet(old.resources) && !isSet(spec.resources))
    return [forbidden('spec.resources', 'pod-level resources cannot be removed')];
  const errors = isSet(old.resources) ? validateKept(spec, old, 'spec.resources', 'pod-level resource') : [];
  if (!semanticEqual(withOldAmounts(spec, old).resources, old.resources))
    errors.push(forbidden('spec', `${ONLY} are mutable at pod-level`));
  return errors;
}

/** As validatePodResizeContainerOrdering. */
function validateOrder(spec: Json, old: Json): FieldError[] {
  return (['containers', 'initContainers'] as const).flatMap((list) => {
    const [now, before] = [asList(spec[list]), asList(old[list])];
    if (now.length !== before.length)
      return [forbidden(`spec.${list}`, `${list} may not be added or removed on resize`)];
    return before.flatMap(({ name }, i) =>
      now[i]?.name === name
        ? []
        : [forbidden(`spec.${list}[${i}].name`, `${list} may not be renamed or reordered on resize`)],
    );
  });
}

/** Amounts that were there stay, whatever they are now. */
function validateKept(now: Json | undefined, before: Json, path: string, what: string): FieldError[] {
  return ['requests', 'limits'].flatMap((kind) => {
    const kept = asObject(asObject(now?.resources)[kind]);
    const isLess = Object.keys(asObject(asObject(before.resources)[kind])).some((name) => !Object.hasOwn(kept, name));
    return isLess ? [forbidden(`${path}.${kind}`, `${what} ${kind} cannot be removed`)] : [];
  });
}

function validateOthers(spec: Json, old: Json): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, container] of asList(spec.containers).entries()) {
    const before = asObject(asList(old.containers)[i]);
    if (!semanticEqual(withOldAmounts(container, before), before))
      errors.push(forbidden('spec', `${ONLY} are mutable`));
  }
  for (const [i, container] of asList(spec.initContainers).entries()) {
    const before = asObject(asList(old.initContainers)[i]);
    if (semanticEqual(container, before)) continue;
    const path = `spec.initContainers[${i}]`;
    if (!semanticEqual(withOldAmounts(container, before), before))
      errors.push(forbidden(path, `${ONLY} for init or sidecar containers are mutable`));
    const restarts = asList(container.resizePolicy).some((policy) => policy.restartPolicy === 'RestartContainer');
    if (restarts && asString(container.restartPolicy) !== 'Always')
      errors.push(
        forbidden(path, 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized'),
      );
  }
  return errors;
}

/** A container, or a pod's spec, with the cpu and memory that it had before. */
function withOldAmounts(now: Json, before: Json): Json {
  const resources = asObject(now.resources);
  const amounts = (kind: string): Json => {
    const { cpu: _cpu, memory: _memory, ...others } = asObject(resources[kind]);
    const { cpu, memory } = asObject(asObject(before.resources)[kind]);
    return { ...others, ...(isSet(cpu) && { cpu }), ...(isSet(memory) && { memory }) };
  };
  return { ...now, resources: { ...resources, requests: amounts('requests'), limits: amounts('limits') } };
}
