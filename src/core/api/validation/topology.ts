/** How pods spread over the cluster, and label keys whose values the pod itself gives (as validateTopologySpreadConstraints). */
import { asList, asNumber, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate, forbidden, invalid, notSupported, required } from './errors';
import { validateLabelKey, validateLabelSelector } from './metadata';

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];

export function validateSpread(constraints: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, constraint] of constraints.entries()) {
    const at = `${path}[${i}]`;
    const { minDomains } = constraint;
    const topologyKey = asString(constraint.topologyKey);
    const action = asString(constraint.whenUnsatisfiable);
    errors.push(...positive(asNumber(constraint.maxSkew), `${at}.maxSkew`));
    if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    if (!ACTIONS.includes(action)) errors.push(notSupported(`${at}.whenUnsatisfiable`, action, ACTIONS));
    const later = constraints.slice(i + 1);
    if (later.some((c) => asString(c.topologyKey) === topologyKey && asString(c.whenUnsatisfiable) === action)) {
      errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${action}}`));
    }
    if (typeof minDomains === 'number') {
      errors.push(...positive(minDomains, `${at}.minDomains`));
      if (action !== 'DoNotSchedule') {
        const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
        errors.push(invalid(`${at}.minDomains`, minDomains, why));
      }
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      const policy = constraint[field];
      if (typeof policy === 'string' && policy !== 'Honor' && policy !== 'Ignore') {
        errors.push(notSupported(`${at}.${field}`, policy, ['Honor', 'Ignore']));
      }
    }
    errors.push(...validateMatchLabelKeys(constraint, at));
    errors.push(...validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`));
  }
  return errors;
}

const positive = (value: number, path: string): FieldError[] =>
  value > 0 ? [] : [invalid(path, value, 'must be greater than zero')];

/**
 * As ValidateMatchLabelKeysAndMismatchLabelKeys. By the time a pod is looked at, its own labels have joined the selector for
 * each of the keys: a key that the selector had before is there twice, and is reported at the holder, not at its list.
 */
export function validateMatchLabelKeys(holder: Json, path: string): FieldError[] {
  const keys = asStrings(holder.matchLabelKeys);
  const mismatched = asStrings(holder.mismatchLabelKeys);
  if (keys.length === 0 && mismatched.length === 0) return [];
  const errors = [
    ...validateKeys(keys, holder.labelSelector, `${path}.matchLabelKeys`),
    ...validateKeys(mismatched, holder.labelSelector, `${path}.mismatchLabelKeys`),
  ];
  if (isSet(holder.labelSelector)) {
    const { matchLabels, matchExpressions } = asObject(holder.labelSelector);
    const seen = new Set(Object.keys(asObject(matchLabels)));
    for (const { key } of asList(matchExpressions)) {
      const name = asString(key);
      const i = keys.lastIndexOf(name);
      if (i >= 0 && seen.has(name)) {
        errors.push(invalid(`${path}[${i}]`, name, 'exists in both matchLabelKeys and labelSelector'));
      }
      seen.add(name);
    }
  }
  for (const [i, name] of keys.entries()) {
    if (!mismatched.includes(name)) continue;
    errors.push(invalid(`${path}.matchLabelKeys[${i}]`, name, 'exists in both matchLabelKeys and mismatchLabelKeys'));
  }
  return errors;
}

function validateKeys(keys: readonly string[], selector: unknown, path: string): FieldError[] {
  if (keys.length === 0) return [];
  if (!isSet(selector)) return [forbidden(path, 'must not be specified when labelSelector is not set')];
  return keys.flatMap((name, i) => validateLabelKey(name, `${path}[${i}]`));
}
