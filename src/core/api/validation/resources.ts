/** Requests, limits and the names of resources (as ValidateContainerResourceRequirements). */
import { isDns1123Label, isQualifiedName } from '../../meta/names';
import { Quantity } from '../../meta/quantity';
import { asList, asObject, asString, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate, forbidden, invalid, invalids, key, NEGATIVE, notFound, notSupported, required } from './errors';

const CONTAINER_RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];
/** Resources that need no prefix. */
export const STANDARD_RESOURCES = [
  ...CONTAINER_RESOURCES,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
];
const INTEGER_RESOURCES = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
/** As IsQuotaHugePageResourceName. */
export const isQuotaHugePages = (name: string): boolean => /^(requests\.)?hugepages-/.test(name);
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;
/** As IsOvercommitAllowed. */
export const allowsOvercommit = (name: string): boolean => isNative(name) && !isHugePages(name);

/** As validateResourceName. */
export function validateResourceName(name: string, path: string): FieldError[] {
  const messages = isQualifiedName(name);
  if (messages.length > 0) return invalids(path, name, messages);
  if (!name.includes('/') && !STANDARD_RESOURCES.includes(name) && !isQuotaHugePages(name)) {
    return [invalid(path, name, 'must be a standard resource type or fully qualified')];
  }
  return [];
}

/** As validateContainerResourceName. */
export function validateContainerResourceName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes('/')) {
    if (!CONTAINER_RESOURCES.includes(name) && !isHugePages(name)) {
      errors.push(invalid(path, name, 'must be a standard resource for containers'));
    }
  } else if (!isNative(name) && !isExtended(name)) {
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

function validatePodResourceName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (errors.length > 0) return errors;
  if (name === 'cpu' || name === 'memory' || isHugePages(name)) return [];
  return [notSupported(path, name, ['cpu', 'hugepages-', 'memory'])];
}

/** As ValidateResourceQuantityValue. */
export function validateResourceQuantity(name: string, quantity: string, path: string): FieldError[] {
  const value = Quantity.parse(quantity);
  const errors: FieldError[] = value.sign() < 0 ? [invalid(path, value.toString(), NEGATIVE)] : [];
  const integer = INTEGER_RESOURCES.includes(name) || (!isNative(name) && isExtended(name));
  if (integer && value.milliValue() % 1000n !== 0n) errors.push(invalid(path, value.toString(), 'must be an integer'));
  return errors;
}

/** `claims` are the names of the pod's resource claims; `podLevel` for requirements of the pod as a whole. */
export function validateResources(
  resources: Json,
  claims: readonly string[],
  path: string,
  podLevel = false,
): FieldError[] {
  const validateName = podLevel ? validatePodResourceName : validateContainerResourceName;
  const errors: FieldError[] = [];
  const limits = asObject(resources.limits);
  const named = new Set<string>();
  for (const [name, quantity] of entriesOf(limits)) {
    const at = key(`${path}.limits`, name);
    named.add(name);
    errors.push(...validateName(name, at), ...validateResourceQuantity(name, quantity, at));
    errors.push(...validateHugePages(name, quantity, at));
  }
  for (const [name, quantity] of entriesOf(resources.requests)) {
    const at = key(`${path}.requests`, name);
    named.add(name);
    errors.push(...validateName(name, at), ...validateResourceQuantity(name, quantity, at));
    const limit = limits[name];
    if (isSet(limit)) errors.push(...validateAgainstLimit(name, quantity, String(limit), `${path}.requests`));
    else if (!allowsOvercommit(name)) {
      errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
    }
    errors.push(...validateHugePages(name, quantity, at));
  }
  const huge = [...named].some(isHugePages);
  if (huge && !named.has('cpu') && !named.has('memory'))
    errors.push(forbidden(path, 'HugePages require cpu or memory'));
  return [...errors, ...validateClaimNames(asList(resources.claims), claims, `${path}.claims`)];
}

function validateAgainstLimit(name: string, request: string, limit: string, path: string): FieldError[] {
  const order = Quantity.parse(request).compare(Quantity.parse(limit));
  if (order !== 0 && !allowsOvercommit(name))
    return [invalid(path, request, `must be equal to ${name} limit of ${limit}`)];
  return order > 0 ? [invalid(path, request, `must be less than or equal to ${name} limit of ${limit}`)] : [];
}

function validateHugePages(name: string, quantity: string, path: string): FieldError[] {
  if (!isHugePages(name)) return [];
  try {
    const page = Quantity.parse(name.slice('hugepages-'.length)).value();
    if (page > 0n && Quantity.parse(quantity).value() % page === 0n) return [];
  } catch {
    // A page size that is no quantity divides nothing.
  }
  return [invalid(path, quantity, `${quantity} is not positive integer multiple of ${name}`)];
}

function validateClaimNames(wanted: readonly Json[], claims: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, claim] of wanted.entries()) {
    const at = `${path}[${i}]`;
    const name = asString(claim.name);
    const request = asString(claim.request);
    if (!name) {
      errors.push(required(at));
      continue;
    }
    const full = request ? `${name}/${request}` : name;
    if (seen.has(name)) errors.push(duplicate(at, name));
    else {
      if (request) errors.push(...invalids(`${at}.request`, request, isDns1123Label(request)));
      if (seen.has(full)) errors.push(duplicate(at, full));
      else if (!request) {
        // The claim as a whole, after some of its requests.
        for (const other of seen) if (other.startsWith(`${name}/`)) errors.push(duplicate(at, name));
      }
      seen.add(full);
    }
    if (claims.includes(name)) continue;
    const list = claims.length === 0 ? ' which is empty' : `: ${[...claims].sort().join(', ')}`;
    errors.push(notFound(at, name, `must be one of the names in pod.spec.resourceClaims${list}`));
  }
  return errors;
}
