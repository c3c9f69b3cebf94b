/** Where a pod may run: affinity, tolerations, spread constraints (as validateAffinity, ValidateTolerations, …). */
import { isDns1123Label, isDns1123Subdomain, isLabelValue } from '../../meta/names';
import { asList, asNumber, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate, forbidden, invalid, invalids, notSupported, required } from './errors';
import { validateLabelKey, validateLabelSelector, validateOperator } from './metadata';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

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
  for (const field of ['matchLabelKeys', 'mismatchLabelKeys']) {
    const keys = asStrings(term[field]);
    if (keys.length === 0) continue;
    if (!isSet(term.labelSelector)) {
      errors.push(forbidden(`${path}.${field}`, 'must not be specified when labelSelector is not set'));
    } else for (const [i, name] of keys.entries()) errors.push(...validateLabelKey(name, `${path}.${field}[${i}]`));
  }
  const mismatched = asStrings(term.mismatchLabelKeys);
  for (const [i, name] of asStrings(term.matchLabelKeys).entries()) {
    const why = 'exists in both matchLabelKeys and mismatchLabelKeys';
    if (mismatched.includes(name)) errors.push(invalid(`${path}.matchLabelKeys[${i}]`, name, why));
  }
  const topologyKey = asString(term.topologyKey);
  if (!topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'));
  return [...errors, ...validateLabelKey(topologyKey, `${path}.topologyKey`)];
}

export function validateTolerations(tolerations: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, toleration] of tolerations.entries()) {
    const at = `${path}[${i}]`;
    const name = asString(toleration.key);
    const operator = asString(toleration.operator);
    const value = asString(toleration.value);
    const effect = asString(toleration.effect);
    if (name) errors.push(...validateLabelKey(name, `${at}.key`));
    else if (operator !== 'Exists') {
      const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalid(`${at}.operator`, operator, why));
    }
    if (isSet(toleration.tolerationSeconds) && effect !== 'NoExecute') {
      errors.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    if (operator === 'Equal' || operator === '') {
      const messages = isLabelValue(value);
      if (messages.length > 0) errors.push(invalid(`${at}.operator`, value, messages.join(';')));
    } else if (operator === 'Exists') {
      if (value) errors.push(invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else errors.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']));
    if (effect && !EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, EFFECTS));
  }
  return errors;
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
    else if (!EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, EFFECTS));
    const pair = `${asString(taint.key)}:${effect}`;
    if (seen.has(pair)) {
      const shown = { Key: taint.key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null };
      errors.push(duplicate(at, shown, 'taints must be unique by key and effect pair'));
    }
    seen.add(pair);
  }
  return errors;
}

export function validateSpread(constraints: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, constraint] of constraints.entries()) {
    const at = `${path}[${i}]`;
    const { topologyKey, whenUnsatisfiable: action, minDomains } = constraint;
    const skew = asNumber(constraint.maxSkew);
    if (skew <= 0) errors.push(invalid(`${at}.maxSkew`, skew, 'must be greater than zero'));
    if (!asString(topologyKey)) errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    const actions = ['DoNotSchedule', 'ScheduleAnyway'];
    if (!actions.includes(asString(action)))
      errors.push(notSupported(`${at}.whenUnsatisfiable`, asString(action), actions));
    const later = constraints.slice(i + 1);
    if (later.some((c) => c.topologyKey === topologyKey && c.whenUnsatisfiable === action)) {
      errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${action}}`));
    }
    if (typeof minDomains === 'number') {
      if (minDomains <= 0) errors.push(invalid(`${at}.minDomains`, minDomains, 'must be greater than zero'));
      if (action !== 'DoNotSchedule') {
        const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${asString(action)}`;
        errors.push(invalid(`${at}.minDomains`, minDomains, why));
      }
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      const policy = constraint[field];
      if (typeof policy === 'string' && policy !== 'Honor' && policy !== 'Ignore') {
        errors.push(notSupported(`${at}.${field}`, policy, ['Honor', 'Ignore']));
      }
    }
    errors.push(...validateSpreadKeys(constraint, `${at}.matchLabelKeys`));
    errors.push(...validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`));
  }
  return errors;
}

function validateSpreadKeys(constraint: Json, path: string): FieldError[] {
  const keys = asStrings(constraint.matchLabelKeys);
  if (keys.length === 0) return [];
  const selector = asObject(constraint.labelSelector);
  const taken = [
    ...Object.keys(asObject(selector.matchLabels)),
    ...asList(selector.matchExpressions).map((e) => e.key),
  ];
  const errors = isSet(constraint.labelSelector)
    ? []
    : [forbidden(path, 'must not be specified when labelSelector is not set')];
  for (const [i, name] of keys.entries()) {
    errors.push(...validateLabelKey(name, `${path}[${i}]`));
    if (taken.includes(name)) {
      errors.push(invalid(`${path}[${i}]`, name, 'exists in both matchLabelKeys and labelSelector'));
    }
  }
  return errors;
}
