/** Tolerations of taints (as ValidateTolerations; TaintTolerationComparisonOperators is off). */
import { isLabelValue } from '../../meta/names';
import { asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { invalid, notSupported } from './errors';
import { validateLabelKey } from './metadata';

export const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTolerations(tolerations: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, toleration] of tolerations.entries()) {
    const at = `${path}[${i}]`;
    const name = asString(toleration.key);
    const operator = asString(toleration.operator);
    const effect = asString(toleration.effect);
    if (name) errors.push(...validateLabelKey(name, `${at}.key`));
    else if (operator !== 'Exists') {
      const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalid(`${at}.operator`, operator, why));
    }
    if (isSet(toleration.tolerationSeconds) && effect !== 'NoExecute') {
      errors.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    errors.push(...validateOperator(operator, asString(toleration.value), `${at}.operator`));
    if (effect && !TAINT_EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, TAINT_EFFECTS));
  }
  return errors;
}

function validateOperator(operator: string, value: string, path: string): FieldError[] {
  switch (operator) {
    case '':
    case 'Equal': {
      const messages = isLabelValue(value);
      return messages.length > 0 ? [invalid(path, value, messages.join(';'))] : [];
    }
    case 'Exists':
      return value ? [invalid(path, value, "value must be empty when `operator` is 'Exists'")] : [];
    case 'Lt':
    case 'Gt':
      return [notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt'])];
    default:
      return [notSupported(path, operator, ['Equal', 'Exists'])];
  }
}
