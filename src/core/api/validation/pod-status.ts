/** Writes of a pod's status: what its node, its quality and its containers may become (as ValidatePodStatusUpdate). */
import { isDns1123Subdomain, isQualifiedName } from '../../meta/names';
import { asList, asNumber, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, IMMUTABLE, invalid, invalids } from './errors';
import { isIPv6, validateIP } from './ip';
import { validateAnnotationUpdates } from './pod-annotations';

const SYSTEM_CONDITIONS = new Set(['PodScheduled', 'Ready', 'Initialized']);
const NEGATIVE = 'must be a non-negative integer';

export function validatePodStatus(pod: Json, old: Json): FieldError[] {
  const [spec, status, before] = [asObject(old.spec), asObject(pod.status), asObject(old.status)];
  const errors = validateAnnotationUpdates(
    asObject(pod.metadata).annotations,
    asObject(old.metadata).annotations,
    'metadata.annotations',
  );
  errors.push(...validateConditions(asList(status.conditions)));
  if (asString(asObject(pod.spec).nodeName) !== asString(spec.nodeName)) {
    errors.push(forbidden('status.nodeName', 'may not be changed directly'));
  }
  const nominated = asString(status.nominatedNodeName);
  if (nominated && nominated !== asString(before.nominatedNodeName)) {
    const at = 'status.nominatedNodeName';
    errors.push(...invalids(at, nominated, isDns1123Subdomain(nominated)));
    const why = 'may not be set on pods that are already bound to a node';
    if (asString(spec.nodeName)) errors.push(forbidden(at, why));
  }
  if (asNumber(status.observedGeneration) < 0) {
    errors.push(invalid('status.observedGeneration', status.observedGeneration, NEGATIVE));
  }
  const quality = asString(before.qosClass);
  if (quality && asString(status.qosClass) !== quality) {
    errors.push(invalid('status.qosClass', asString(status.qosClass), IMMUTABLE));
  }
  for (const [list, containers] of [
    ['containerStatuses', asList(spec.containers)],
    ['initContainerStatuses', asList(spec.initContainers)],
    ['ephemeralContainerStatuses', undefined],
  ] as const) {
    if (status[list] === before[list]) continue;
    errors.push(...validateTransitions(asList(status[list]), asList(before[list]), spec, containers, `status.${list}`));
  }
  return [...errors, ...validateIPs(asList(status.podIPs), asList(before.podIPs), 'status.podIPs')];
}

function validateConditions(conditions: readonly Json[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, condition] of conditions.entries()) {
    const at = `status.conditions[${i}]`;
    const generation = asNumber(condition.observedGeneration);
    if (generation < 0) errors.push(invalid(`${at}.observedGeneration`, generation, NEGATIVE));
    const type = asString(condition.type);
    if (!SYSTEM_CONDITIONS.has(type)) errors.push(...invalids(`${at}.Type`, type, isQualifiedName(type)));
  }
  return errors;
}

/** A container that ended stays so unless its policy starts it again. Without `containers`: nothing is started again. */
function validateTransitions(
  next: readonly Json[],
  before: readonly Json[],
  spec: Json,
  containers: readonly Json[] | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, old] of before.entries()) {
    const { terminated } = asObject(old.state);
    if (!isSet(terminated)) continue;
    const now = next.find((status) => status.name === old.name);
    if (!now || isSet(asObject(now.state).terminated)) continue;
    const container = containers?.find((c) => c.name === old.name);
    if (container && mayRestart(container, spec, asNumber(asObject(terminated).exitCode))) continue;
    errors.push(forbidden(`${path}[${i}].state`, 'may not be transitioned to non-terminated state'));
  }
  return errors;
}

/** As ContainerShouldRestart: the first rule that names the exit code, else the container's policy, else the pod's. */
function mayRestart(container: Json, spec: Json, exitCode: number): boolean {
  for (const rule of asList(container.restartPolicyRules)) {
    const { operator, values } = asObject(rule.exitCodes);
    const listed = Array.isArray(values) && values.includes(exitCode);
    if (isSet(rule.exitCodes) && listed === (operator === 'In')) return true;
  }
  const policy = container.restartPolicy ?? spec.restartPolicy;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** Addresses that were there before may stay; one of each family. */
function validateIPs(next: readonly Json[], before: readonly Json[], path: string): FieldError[] {
  const known = new Set(before.map(({ ip }) => ip));
  const errors = next.flatMap(({ ip }, i) => (known.has(ip) ? [] : validateIP(`${path}[${i}]`, asString(ip))));
  if (next.length < 2) return errors;
  const families = new Set(next.map(({ ip }) => isIPv6(asString(ip))));
  if (next.length > 2 || families.size < 2) {
    const shown = next.map(({ ip }) => ({ IP: asString(ip) }));
    errors.push(invalid(path, shown, 'may specify no more than one IP for each IP family'));
  }
  return errors;
}
