/**
 * Values as messages show them: the API server validates its internal types, whose Go structs print every field, under the
 * Go name, in the order of the declaration (pkg/apis/core/types.go).
 */
import { asList, asObject, asString, entriesOf, isSet, type Json } from '../json';

type Shown = Record<string, unknown>;

const orNull = (value: unknown): unknown => value ?? null;

/** A struct behind a pointer: null where it is not set. */
const pointer = (value: unknown, show: (struct: Json) => Shown): Shown | null =>
  isSet(value) ? show(asObject(value)) : null;

/** A profile of seccomp or AppArmor. */
export const profileStruct = (profile: Json): Shown => ({
  Type: asString(profile.type),
  LocalhostProfile: orNull(profile.localhostProfile),
});

const capabilities = (c: Json): Shown => ({ Add: orNull(c.add), Drop: orNull(c.drop) });

const seLinuxOptions = (o: Json): Shown => ({
  User: asString(o.user),
  Role: asString(o.role),
  Type: asString(o.type),
  Level: asString(o.level),
});

const windowsOptions = (o: Json): Shown => ({
  GMSACredentialSpecName: orNull(o.gmsaCredentialSpecName),
  GMSACredentialSpec: orNull(o.gmsaCredentialSpec),
  RunAsUserName: orNull(o.runAsUserName),
  HostProcess: orNull(o.hostProcess),
});

export const securityContextStruct = (c: Json): Shown => ({
  Capabilities: pointer(c.capabilities, capabilities),
  Privileged: orNull(c.privileged),
  SELinuxOptions: pointer(c.seLinuxOptions, seLinuxOptions),
  WindowsOptions: pointer(c.windowsOptions, windowsOptions),
  RunAsUser: orNull(c.runAsUser),
  RunAsGroup: orNull(c.runAsGroup),
  RunAsNonRoot: orNull(c.runAsNonRoot),
  ReadOnlyRootFilesystem: orNull(c.readOnlyRootFilesystem),
  AllowPrivilegeEscalation: orNull(c.allowPrivilegeEscalation),
  ProcMount: orNull(c.procMount),
  SeccompProfile: pointer(c.seccompProfile, profileStruct),
  AppArmorProfile: pointer(c.appArmorProfile, profileStruct),
});

export const resourceClaimStruct = (claim: Json): Shown => ({
  Name: asString(claim.name),
  ResourceClaimName: orNull(claim.resourceClaimName),
  ResourceClaimTemplateName: orNull(claim.resourceClaimTemplateName),
});

const nodeRequirements = (list: unknown): Shown[] | null =>
  Array.isArray(list)
    ? asList(list).map((r) => ({ Key: asString(r.key), Operator: asString(r.operator), Values: orNull(r.values) }))
    : null;

export const nodeSelectorTermStruct = (term: Json): Shown => ({
  MatchExpressions: nodeRequirements(term.matchExpressions),
  MatchFields: nodeRequirements(term.matchFields),
});

/** A map of texts: its keys in order, null where there is none. */
export const mapValue = (map: unknown): Shown | null => {
  const entries = entriesOf(map);
  return entries.length > 0 ? Object.fromEntries(entries) : null;
};

/** A label selector, which prints as JSON does: only what is set. */
export function labelSelectorValue(selector: unknown): unknown {
  if (!isSet(selector)) return null;
  const { matchLabels, matchExpressions } = asObject(selector);
  const labels = mapValue(matchLabels);
  const expressions = asList(matchExpressions).map(({ key, operator, values }) => ({
    key: asString(key),
    operator: asString(operator),
    ...(Array.isArray(values) && values.length > 0 && { values }),
  }));
  return { ...(labels && { matchLabels: labels }), ...(expressions.length > 0 && { matchExpressions: expressions }) };
}
