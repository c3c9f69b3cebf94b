/** Which nodes a pod may run on: affinity, node selectors, and the nodes' taints (as validateAffinity and its kin). */
import { isDns1123Label, isDns1123Subdomain, isLabelValue } from '../../meta/names';
import { asList, asNumber, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate, invalid, invalids, notSupported, required } from './errors';
import { validateLabelKey, validateLabelSelector, validateOperator } from './metadata';
import { TAINT_EFFECTS } from './tolerations';
import { validateMatchLabelKeys } from './topology';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Json, path: string): FieldError[] {
  const node = asObject(affinity.nodeAffinity);
  const at = `${path}.nodeAffinity`;
  const errors: FieldError[] = [];
  if (isSet(node[REQUIRED])) errors.push(...validateNodeSelector(asObject(node[REQUIRED]), `${at}.${REQUIRED}`));
  for (const [i, term] of asList(node[PREFERRED]).entries()) {
    const own = `${at}.${PREFERRED}[${i}]`;
    errors.push(...validateWeight(term.weight, `${own}.weight`));
    errors.push(...validateNodeTerm(asObject(term.preference), `${own}.preference`, true));
  }
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const pods = asObject(affinity[kind]);
    for (const [i, term] of asList(pods[REQUIRED]).entries()) {
      errors.push(...validatePodTerm(term, `${path}.${kind}.${REQUIRED}[${i}]`));
    }
    for (const [i, term] of asList(pods[PREFERRED]).entries()) {
      const at = `${path}.${kind}.${PREFERRED}[${i}]`;
      errors.push(...validateWeight(term.weight, `${at}.weight`));
      errors.push(...validatePodTerm(asObject(term.podAffinityTerm), `${at}.podAffinityTerm`));
    }
  }
  return errors;
}

const validateWeight = (weight: unknown, path: string): FieldError[] =>
  asNumber(weight) <= 0 || asNumber(weight) > 100
    ? [invalid(path, asNumber(weight), 'must be in the range 1-100')]
    : [];

export function validateNodeSelector(selector: Json, path: string): FieldError[] {
  const terms = asList(selector.nodeSelectorTerms);
  const at = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) return [required(at, 'must have at least one node selector term')];
  return terms.flatMap((term, i) => validateNodeTerm(term, `${at}[${i}]`, false));
}

function validateNodeTerm(term: Json, path: string, anyValue: boolean): FieldError[] {
  return [
    ...asList(term.matchExpressions).flatMap((r, i) =>
      validateNodeRequirement(r, `${path}.matchExpressions[${i}]`, anyValue),
    ),
    ...asList(term.matchFields).flatMap((r, i) => validateNodeField(r, `${path}.matchFields[${i}]`)),
  ];
}

function validateNodeRequirement(requirement: Json, path: string, anyValue: boolean): FieldError[] {
  const values = asStrings(requirement.values);
  const compares = requirement.operator === 'Gt' || requirement.operator === 'Lt';
  const errors = compares ? [] : validateOperator(requirement, path);
  if (compares && values.length !== 1) {
    errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  }
  errors.push(...validateLabelKey(asString(requirement.key), `${path}.key`));
  if (anyValue) return errors;
  return [...errors, ...values.flatMap((value, i) => invalids(`${path}.values[${i}]`, value, isLabelValue(value)))];
}

function validateNodeField(requirement: Json, path: string): FieldError[] {
  const values = asStrings(requirement.values);
  const errors: FieldError[] = [];
  if (requirement.operator !== 'In' && requirement.operator !== 'NotIn') {
    errors.push(invalid(`${path}.operator`, asString(requirement.operator), 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(`${path}.values`, why));
  }
  if (requirement.key !== 'metadata.name') {
    return [...errors, invalid(`${path}.key`, asString(requirement.key), 'not a valid field selector key')];
  }
  return [...errors, ...values.flatMap((v, i) => invalids(`${path}.values[${i}]`, v, isDns1123Subdomain(v)))];
}

function validatePodTerm(term: Json, path: string): FieldError[] {
  const errors = [
    ...validateLabelSelector(term.labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
  ];
  for (const name of asStrings(term.namespaces))
    errors.push(...invalids(`${path}.namespace`, name, isDns1123Label(name)));
  errors.push(...validateMatchLabelKeys(term, path));
  const topologyKey = asString(term.topologyKey);
  if (!topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'));
  return [...errors, ...validateLabelKey(topologyKey, `${path}.topologyKey`)];
}

export function validateTaints(taints: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, taint] of taints.entries()) {
    const at = `${path}[${i}]`;
    const value = asString(taint.value);
    const effect = asString(taint.effect);
    errors.push(...validateLabelKey(asString(taint.key), `${at}.key`));
    const messages = isLabelValue(value);
    if (messages.length > 0) errors.push(invalid(`${at}.value`, value, messages.join(';')));
    if (!effect) errors.push(required(`${at}.effect`));
    else if (!TAINT_EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, TAINT_EFFECTS));
    const pair = `${asString(taint.key)}:${effect}`;
    if (seen.has(pair)) {
      const shown = { Key: taint.key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null };
      errors.push(duplicate(at, shown, 'taints must be unique by key and effect pair'));
    }
    seen.add(pair);
  }
  return errors;
}
