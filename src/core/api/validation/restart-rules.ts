/** When a container of its own accord is started again (as validateContainerRestartPolicy). */
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { notSupported, required, tooMany } from './errors';

const POLICIES = ['Always', 'Never', 'OnFailure'];
const ACTIONS = ['Restart', 'RestartAllContainers'];
const OPERATORS = ['In', 'NotIn'];
const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;

/** For containers of every sort; `path` is the container's. */
export function validateRestartPolicy(container: Json, path: string): FieldError[] {
  const rules = asList(container.restartPolicyRules);
  const at = `${path}.restartPolicy`;
  const errors: FieldError[] = [];
  if (isSet(container.restartPolicy)) {
    const policy = asString(container.restartPolicy);
    if (!POLICIES.includes(policy)) errors.push(notSupported(at, policy, POLICIES));
  } else if (rules.length > 0) {
    errors.push(required(at, 'must specify restartPolicy when restart rules are used'));
  }
  if (rules.length > MAX_RULES) errors.push(tooMany(`${path}.restartPolicyRules`, rules.length, MAX_RULES));
  for (const [i, rule] of rules.entries()) errors.push(...validateRule(rule, `${path}.restartPolicyRules[${i}]`));
  return errors;
}

function validateRule(rule: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const action = asString(rule.action);
  if (!ACTIONS.includes(action)) errors.push(notSupported(`${path}.action`, action, ACTIONS));
  if (!isSet(rule.exitCodes)) return [...errors, required(`${path}.exitCodes`, 'must be specified')];
  const { operator, values } = asObject(rule.exitCodes);
  if (!OPERATORS.includes(asString(operator))) {
    errors.push(notSupported(`${path}.exitCodes.operator`, asString(operator), OPERATORS));
  }
  const count = Array.isArray(values) ? values.length : 0;
  if (count > MAX_EXIT_CODES) errors.push(tooMany(`${path}.exitCodes.values`, count, MAX_EXIT_CODES));
  return errors;
}
