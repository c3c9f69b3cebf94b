/** ResourceQuotas: what may be limited, and in which scopes (as ValidateResourceQuota). */
import { compareText } from '../../meta/text';
import { asList, asObject, asString, asStrings, entriesOf, type Json } from '../json';
import type { FieldError } from '../status';
import { IMMUTABLE, invalid, key, required } from './errors';
import { subdomainName, validateObjectMeta, validateObjectMetaUpdate } from './metadata';
import { isQuotaHugePages, STANDARD_RESOURCES, validateResourceName, validateResourceQuantity } from './resources';

const ONLY_EXISTS = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'CrossNamespacePodAffinity'];
const SCOPES = [...ONLY_EXISTS, 'PriorityClass', 'VolumeAttributesClass'];
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;
const COMPUTE = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];

export const validateQuota = (quota: Json): FieldError[] => [
  ...validateObjectMeta(asObject(quota.metadata), true, subdomainName),
  ...validateSpec(asObject(quota.spec)),
  ...validateQuotaAmounts(quota),
];

export function validateQuotaUpdate(quota: Json, old: Json): FieldError[] {
  const spec = asObject(quota.spec);
  const scopes = (of: unknown): string => [...new Set(asStrings(asObject(of).scopes))].sort(compareText).join();
  return [
    ...validateObjectMetaUpdate(asObject(quota.metadata), asObject(old.metadata)),
    ...validateSpec(spec),
    ...(scopes(spec) === scopes(old.spec) ? [] : [invalid('spec.scopes', spec.scopes ?? null, IMMUTABLE)]),
  ];
}

/** The names and amounts of a status (as ValidateResourceQuotaStatus). */
export function validateQuotaAmounts(quota: Json): FieldError[] {
  const status = asObject(quota.status);
  return [...validateAmounts(status.hard, 'status.hard'), ...validateAmounts(status.used, 'status.used')];
}

function validateSpec(spec: Json): FieldError[] {
  return [...validateAmounts(spec.hard, 'spec.hard'), ...validateScopes(spec), ...validateScopeSelector(spec)];
}

function validateAmounts(list: unknown, path: string): FieldError[] {
  return entriesOf(list)
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, amount]) => {
      const at = key(path, name);
      const errors = validateResourceName(name, at);
      if (!name.includes('/') && !isStandard(name))
        errors.push(invalid(at, name, 'must be a standard resource for quota'));
      return [...errors, ...validateResourceQuantity(name, amount, at)];
    });
}

const isStandard = (name: string): boolean =>
  (name !== 'storage' && STANDARD_RESOURCES.includes(name)) || isQuotaHugePages(name);

/** As IsResourceQuotaScopeValidForResource. */
function isValidFor(scope: string, resource: string): boolean {
  switch (scope) {
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
    case 'CrossNamespacePodAffinity':
      return resource === 'pods' || COMPUTE.includes(resource);
    case 'BestEffort':
      return resource === 'pods';
    case 'VolumeAttributesClass':
      return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
    default:
      return true;
  }
}

const limited = (spec: Json): string[] => Object.keys(asObject(spec.hard)).filter(isStandard).sort(compareText);

const inConflict = (scopes: readonly string[]): number =>
  CONFLICTS.filter((pair) => pair.every((scope) => scopes.includes(scope))).length;

function validateScopes(spec: Json): FieldError[] {
  const path = 'spec.scopes';
  const scopes = asStrings(spec.scopes);
  const errors = scopes.flatMap((scope) => [
    ...(SCOPES.includes(scope) ? [] : [invalid(path, scopes, 'unsupported scope')]),
    ...limited(spec)
      .filter((name) => !isValidFor(scope, name))
      .map(() => invalid(path, scopes, 'unsupported scope applied to resource')),
  ]);
  for (let i = 0; i < inConflict(scopes); i++) errors.push(invalid(path, scopes, 'conflicting scopes'));
  return errors;
}

function validateScopeSelector(spec: Json): FieldError[] {
  const selector = asObject(spec.scopeSelector);
  const path = 'spec.scopeSelector.matchExpressions';
  const requirements = asList(selector.matchExpressions);
  const errors = requirements.flatMap((requirement) => {
    const scope = asString(requirement.scopeName);
    const operator = asString(requirement.operator);
    const values = asStrings(requirement.values);
    const found: FieldError[] = [];
    if (!SCOPES.includes(scope)) found.push(invalid(`${path}.scopeName`, scope, 'unsupported scope'));
    for (const name of limited(spec))
      if (!isValidFor(scope, name)) found.push(invalid(path, selector, 'unsupported scope applied to resource'));
    if (ONLY_EXISTS.includes(scope) && operator !== 'Exists') {
      const why =
        "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      found.push(invalid(`${path}.operator`, operator, why));
    }
    if (operator === 'In' || operator === 'NotIn') {
      const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      if (values.length === 0) found.push(required(`${path}.values`, why));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      if (values.length > 0) found.push(invalid(`${path}.values`, values, why));
    } else found.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
    return found;
  });
  const scopes = requirements.map(({ scopeName }) => asString(scopeName));
  for (let i = 0; i < inConflict(scopes); i++) errors.push(invalid(path, spec.scopes ?? null, 'conflicting scopes'));
  return errors;
}
