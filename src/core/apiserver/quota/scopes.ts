/** The scopes of a quota: which objects it counts at all. */
import { asList, asObject, asString, asStrings } from '../../api/json';
import type { KubeObject } from '../../api/types';
import type { Evaluator, ScopeRequirement } from './evaluator';

/** What a quota asks of the objects that it counts (as getScopeSelectorsFromQuota). */
export function requirementsOf(quota: KubeObject): readonly ScopeRequirement[] {
  const spec = asObject(quota.spec);
  const scopes = asStrings(spec.scopes).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  const chosen = asList(asObject(spec.scopeSelector).matchExpressions).map((requirement) => ({
    scopeName: asString(requirement.scopeName),
    operator: asString(requirement.operator),
    values: asStrings(requirement.values),
  }));
  return [...scopes, ...chosen];
}

/** Whether an object is in all scopes of a quota. */
export const isInScopes = (
  requirements: readonly ScopeRequirement[],
  { inScope }: Evaluator,
  object: KubeObject,
): boolean => requirements.every((requirement) => inScope?.(requirement, object) ?? false);

/** Whether the name of a class, or that there is none, is as the requirement wants it. */
export function requires({ operator, values = [] }: ScopeRequirement, name: string | undefined): boolean {
  switch (operator) {
    case 'Exists':
      return name !== undefined;
    case 'DoesNotExist':
      return name === undefined;
    case 'In':
      return name !== undefined && values.includes(name);
    case 'NotIn':
      return name === undefined || !values.includes(name);
    default:
      return false;
  }
}
