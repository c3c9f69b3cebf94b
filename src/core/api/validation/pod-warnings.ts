/** What is doubtful about a pod or a template without being wrong (as pkg/api/pod/warnings.go). */
import { goQuote } from '../../meta/gofmt';
import { asList, asNumber, asObject, asString, asStrings, isSet, type Json } from '../json';
import { fractionWarnings } from './claim-warnings';
import { containersOf } from './containers-of';
import { key } from './errors';
import { ipWarnings } from './ip';
import { affinityWarnings, placementWarnings } from './placement-warnings';
import { portWarnings } from './port-warnings';
import { volumeWarnings } from './volume-warnings';

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const USE_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';

const DEPRECATED_ANNOTATIONS: readonly (readonly [name: string, text: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

/** `path` is the template's, `spec.template`; empty for a pod. */
export function podWarnings(pod: Json, path: string): string[] {
  const prefix = path === '' ? '' : `${path}.`;
  const at = `${prefix}spec`;
  const spec = asObject(pod.spec);
  const annotations = asObject(asObject(pod.metadata).annotations);
  const annotation = (name: string): string => key(`${prefix}metadata.annotations`, name);
  const warnings = [...placementWarnings(spec, at)];
  for (const [name, text] of DEPRECATED_ANNOTATIONS) {
    if (isSet(annotations[name])) warnings.push(`${annotation(name)}: ${text}`);
  }
  warnings.push(...volumeWarnings(asList(spec.volumes), `${at}.volumes`));
  warnings.push(...repeated(asList(spec.hostAliases), 'ip', `${at}.hostAliases`));
  const secrets = asList(spec.imagePullSecrets);
  warnings.push(...repeated(secrets, 'name', `${at}.imagePullSecrets`));
  for (const [i, secret] of secrets.entries()) {
    if (!asString(secret.name)) warnings.push(`${at}.imagePullSecrets[${i}].name: invalid empty name ""`);
  }
  for (const name of ['memory', 'ephemeral-storage']) {
    warnings.push(...fractionWarnings(spec.overhead, name, `${at}.overhead`));
  }
  const context = asObject(spec.securityContext);
  if (!isSet(context.seccompProfile) && isSet(annotations[SECCOMP_POD])) {
    warnings.push(`${annotation(SECCOMP_POD)}: ${USE_SECCOMP}`);
  }
  for (const [container, own] of containersOf(spec, at)) {
    const { seccompProfile, appArmorProfile } = asObject(container.securityContext);
    const seccomp = SECCOMP_CONTAINER + asString(container.name);
    if (!isSet(seccompProfile) && isSet(annotations[seccomp])) warnings.push(`${annotation(seccomp)}: ${USE_SECCOMP}`);
    const appArmor = APPARMOR + asString(container.name);
    if (path && !isSet(context.appArmorProfile ?? appArmorProfile) && isSet(annotations[appArmor])) {
      warnings.push(`${annotation(appArmor)}: deprecated since v1.30; use the "appArmorProfile" field instead`);
    }
    warnings.push(...containerWarnings(container, own));
  }
  warnings.push(...portWarnings(spec, at));
  if (asNumber(spec.terminationGracePeriodSeconds) < 0) {
    const why = 'must be >= 0; negative values are invalid and will be treated as 1';
    warnings.push(`${at}.terminationGracePeriodSeconds: ${why}`);
  }
  warnings.push(...affinityWarnings(asObject(spec.affinity), `${at}.affinity`));
  for (const [i, server] of asStrings(asObject(spec.dnsConfig).nameservers).entries()) {
    warnings.push(...ipWarnings(`${at}.dnsConfig.nameservers[${i}]`, server));
  }
  for (const [i, alias] of asList(spec.hostAliases).entries()) {
    warnings.push(...ipWarnings(`${at}.hostAliases[${i}].ip`, asString(alias.ip)));
  }
  return warnings;
}

/** `duplicate ip "…"` for each element whose value an earlier one has. */
function repeated(list: readonly Json[], field: string, path: string): string[] {
  const seen = new Set<string>();
  return list.flatMap((item, i) => {
    const value = asString(item[field]);
    if (seen.has(value)) return [`${path}[${i}].${field}: duplicate ${field} ${goQuote(value)}`];
    seen.add(value);
    return [];
  });
}

function containerWarnings(container: Json, path: string): string[] {
  const { limits, requests } = asObject(container.resources);
  const warnings: string[] = [];
  for (const name of ['memory', 'ephemeral-storage']) {
    warnings.push(...fractionWarnings(limits, name, `${path}.resources.limits`));
    warnings.push(...fractionWarnings(requests, name, `${path}.resources.requests`));
  }
  const names = new Set<string>();
  for (const [i, variable] of asList(container.env).entries()) {
    const name = asString(variable.name);
    const value = asString(variable.value);
    const reference = `$(${name})`;
    // A value that builds on the earlier one is no mistake.
    const builds = !isSet(variable.valueFrom) && value !== reference && value.includes(reference);
    if (names.has(name) && !builds) {
      const why = `hides previous definition of ${goQuote(name)}, which may be dropped when using apply`;
      warnings.push(`${path}.env[${i}]: ${why}`);
    }
    names.add(name);
  }
  return warnings;
}
