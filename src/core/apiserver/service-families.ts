/**
 * Which IP families a Service is of, before it gets its addresses: what was left out is inferred, and what this cluster,
 * which has IPv4 alone, can't give is refused (as initIPFamilyFields of pkg/registry/core/service/storage/alloc.go).
 */
import type { FieldError } from '../api/status';
import { invalid } from '../api/status';
import type { Service } from '../api/types';
import { isIPv6 } from '../api/validation/ip';
import { validateAddresses } from '../api/validation/services';

type Spec = Service['spec'];

const CONFIGURED = ['IPv4'];

/** The Service with its policy and families. Throws Invalid. */
export function withFamilies(service: Service, old?: Service): Service {
  if (service.spec.type === 'ExternalName') return service;
  const { clusterIP } = service.spec;
  const synced = clusterIP && !service.spec.clusterIPs?.length ? { clusterIPs: [clusterIP] } : {};
  const policy = service.spec.ipFamilyPolicy ?? (isFree(service.spec) ? 'RequireDualStack' : 'SingleStack');
  const spec: Spec = { ...service.spec, ...synced, ipFamilyPolicy: policy };
  check(service, validateAddresses(spec));
  const { addresses, families, errors } = released(spec, old);
  const wrong = (field: string, value: unknown, detail: string): void => {
    errors.push({ type: 'Invalid value', field, value, detail });
  };
  const many = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  if (policy === 'SingleStack' && addresses.length === 2) {
    wrong('spec.ipFamilyPolicy', policy, `${many} cluster IPs are specified`);
  }
  if (policy === 'SingleStack' && families.length === 2) {
    wrong('spec.ipFamilyPolicy', policy, `${many} IP families are specified`);
  }
  const inferred = [...families];
  for (const [i, address] of addresses.entries()) {
    if (address === 'None') break;
    const family = isIPv6(address) ? 'IPv6' : 'IPv4';
    if (i < families.length) continue;
    if (CONFIGURED.includes(family)) inferred.push(family);
    else wrong(`spec.clusterIPs[${i}]`, addresses, `${family} is not configured on this cluster`);
  }
  check(service, errors);
  if (isFree(spec)) return withSpec(service, spec, addresses, bothFamilies(inferred, policy));
  if (policy === 'RequireDualStack') {
    wrong('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services');
  }
  for (const [i, family] of inferred.entries()) {
    if (!CONFIGURED.includes(family)) wrong(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster');
  }
  check(service, errors);
  return withSpec(service, spec, addresses, inferred.length > 0 ? inferred : CONFIGURED);
}

/** A headless Service whose endpoints somebody else writes may be of any family. */
const isFree = (spec: Spec): boolean => spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;

function bothFamilies(families: readonly string[], policy: string): readonly string[] {
  const [first = 'IPv4', second] = families;
  if (second !== undefined || policy === 'SingleStack') return second === undefined ? [first] : families;
  return [first, first === 'IPv4' ? 'IPv6' : 'IPv4'];
}

/** What an update keeps of a second address and family. */
function released(spec: Spec, old: Service | undefined) {
  const addresses = spec.clusterIPs ?? [];
  const families = spec.ipFamilies ?? [];
  const errors: FieldError[] = [];
  if (!old) return { addresses, families, errors };
  const before = { addresses: old.spec.clusterIPs ?? [], families: old.spec.ipFamilies ?? [] };
  const same = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();
  if (spec.ipFamilyPolicy === 'SingleStack') {
    return {
      addresses: same(addresses, before.addresses) ? addresses.slice(0, 1) : addresses,
      families: same(families, before.families) ? families.slice(0, 1) : families,
      errors,
    };
  }
  const refuse = (what: string): void => {
    const detail = `must be 'SingleStack' to release the secondary ${what}`;
    errors.push({ type: 'Invalid value', field: 'spec.ipFamilyPolicy', value: spec.ipFamilyPolicy, detail });
  };
  const reduced = (now: readonly string[], then: readonly string[]): boolean =>
    now.length > 0 && now.length < then.length && now[0] === then[0];
  if (reduced(addresses, before.addresses)) refuse('cluster IP');
  if (reduced(families, before.families)) refuse('IP family');
  return { addresses, families, errors };
}

const withSpec = (
  service: Service,
  spec: Spec,
  addresses: readonly string[],
  families: readonly string[],
): Service => ({
  ...service,
  spec: { ...spec, ...(addresses.length > 0 && { clusterIPs: addresses }), ipFamilies: families },
});

function check(service: Service, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid('', 'Service', service.metadata.name, errors);
}
