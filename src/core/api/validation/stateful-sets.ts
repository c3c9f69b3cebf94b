/** StatefulSets (as ValidateStatefulSet, ValidateStatefulSetUpdate and ValidateStatefulSetStatusUpdate). */
import { deepEqual, semanticEqual } from '../../meta/equal';
import { fromLabelSelector, type LabelSelectorLike, matches } from '../../meta/labels';
import { isDns1123Label } from '../../meta/names';
import { asList, asNumber, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateClaimSpec } from './claims';
import { forbidden, invalid, invalids, nonNegative, notSupported, required } from './errors';
import { labelSelectorValue, mapValue } from './go-structs';
import { isZero, validateIntOrPercent } from './int-or-percent';
import { labelName, validateLabelSelector, validateObjectMeta, validateObjectMetaUpdate } from './metadata';
import { validateTemplate } from './pod-spec';

/** What was accepted before is not looked at again on updates. */
interface SpecOptions {
  readonly skipTemplate?: boolean;
  readonly skipClaims?: boolean;
  readonly skipServiceName?: boolean;
}

export const validateStatefulSet = (set: Json): FieldError[] => [
  ...validateObjectMeta(asObject(set.metadata), true, labelName),
  ...validateSpec(asObject(set.spec), {}),
];

const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export function validateStatefulSetUpdate(set: Json, old: Json): FieldError[] {
  const errors = validateObjectMetaUpdate(asObject(set.metadata), asObject(old.metadata));
  if (set.spec === old.spec) return errors;
  const spec = asObject(set.spec);
  const oldSpec = asObject(old.spec);
  const skipTemplate = deepEqual(spec.template, oldSpec.template);
  errors.push(...validateSpec(spec, { skipTemplate, skipClaims: true, skipServiceName: true }));
  const restored = { ...spec, ...Object.fromEntries(MUTABLE.map((field) => [field, oldSpec[field]])) };
  if (!semanticEqual(restored, oldSpec)) {
    const list = `${MUTABLE.slice(0, -1)
      .map((field) => `'${field}'`)
      .join(', ')} and '${MUTABLE.at(-1)}'`;
    errors.push(forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`));
  }
  return errors;
}

function validateSpec(spec: Json, options: SpecOptions): FieldError[] {
  const errors = [
    ...validateManagementPolicy(asString(spec.podManagementPolicy)),
    ...validateUpdateStrategy(asObject(spec.updateStrategy)),
    ...validateRetention(spec.persistentVolumeClaimRetentionPolicy),
  ];
  if (!options.skipClaims) {
    for (const [i, claim] of asList(spec.volumeClaimTemplates).entries()) {
      errors.push(...validateClaimSpec(asObject(claim.spec), `spec.volumeClaimTemplates[${i}].spec`));
    }
  }
  errors.push(...nonNegative('spec.replicas', spec.replicas));
  errors.push(...nonNegative('spec.minReadySeconds', spec.minReadySeconds));
  errors.push(...nonNegative('spec.ordinals.start', asObject(spec.ordinals).start));
  const serviceName = asString(spec.serviceName);
  if (serviceName && !options.skipServiceName) {
    errors.push(...invalids('spec.serviceName', serviceName, isDns1123Label(serviceName)));
  }
  errors.push(...validateSelector(spec));
  if (!options.skipTemplate) errors.push(...validateTemplate(withClaimVolumes(spec), 'spec.template'));
  const template = asObject(asObject(spec.template).spec);
  if (template.restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', asString(template.restartPolicy), ['Always']));
  }
  if (isSet(template.activeDeadlineSeconds)) {
    const why = 'activeDeadlineSeconds in StatefulSet is not Supported';
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', why));
  }
  return errors;
}

function validateManagementPolicy(policy: string): FieldError[] {
  if (!policy) return [required('spec.podManagementPolicy')];
  if (policy === 'OrderedReady' || policy === 'Parallel') return [];
  return [invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")];
}

function validateUpdateStrategy(strategy: Json): FieldError[] {
  const type = asString(strategy.type);
  const rolling = isSet(strategy.rollingUpdate) ? goRollingUpdate(asObject(strategy.rollingUpdate)) : null;
  const path = 'spec.updateStrategy.rollingUpdate';
  switch (type) {
    case '':
      return [required('spec.updateStrategy')];
    case 'OnDelete':
      return rolling ? [invalid(path, rolling, "only allowed for updateStrategy 'RollingUpdate'")] : [];
    case 'RollingUpdate': {
      if (!rolling) return [];
      const { partition, maxUnavailable } = asObject(strategy.rollingUpdate);
      const errors = nonNegative(`${path}.partition`, partition);
      if (!isSet(maxUnavailable)) return errors;
      const at = `${path}.maxUnavailable`;
      errors.push(...validateIntOrPercent(maxUnavailable, at));
      if (isZero(maxUnavailable)) errors.push(invalid(at, maxUnavailable, 'cannot be 0'));
      return errors;
    }
    default: {
      const shown = { Type: type, RollingUpdate: rolling };
      return [invalid('spec.updateStrategy', shown, "must be 'RollingUpdate' or 'OnDelete'")];
    }
  }
}

/** The block as Go prints its internal struct. */
const goRollingUpdate = (rolling: Json): Json => ({
  Partition: asNumber(rolling.partition),
  MaxUnavailable: rolling.maxUnavailable ?? null,
});

function validateRetention(policy: unknown): FieldError[] {
  if (!isSet(policy)) return [];
  return ['whenDeleted', 'whenScaled'].flatMap((field) => {
    const value = asString(asObject(policy)[field]);
    const path = `spec.persistentVolumeClaimRetentionPolicy.${field}`;
    return value === 'Retain' || value === 'Delete' ? [] : [notSupported(path, value, ['Retain', 'Delete'])];
  });
}

/** A missing selector matches nothing, so the template's labels fail as well. */
function validateSelector(spec: Json): FieldError[] {
  const selector = spec.selector;
  const labels = asObject(asObject(asObject(spec.template).metadata).labels);
  const errors: FieldError[] = [];
  if (!isSet(selector)) errors.push(required('spec.selector'));
  else {
    errors.push(...validateLabelSelector(selector, 'spec.selector'));
    const { matchLabels, matchExpressions } = asObject(selector);
    if (Object.keys(asObject(matchLabels)).length + asList(matchExpressions).length === 0) {
      errors.push(invalid('spec.selector', labelSelectorValue(selector), 'empty selector is invalid for statefulset'));
    }
  }
  return [...errors, ...validateTemplateLabels(selector, labels)];
}

/** Shared by every workload: the selector must match the template's labels. */
export function validateTemplateLabels(selector: unknown, labels: Json): FieldError[] {
  try {
    const parsed = fromLabelSelector(isSet(selector) ? (selector as LabelSelectorLike) : undefined);
    if (parsed !== 'nothing' && parsed.length === 0) return [];
    if (matches(parsed, labels as Record<string, string>)) return [];
    const why = '`selector` does not match template `labels`';
    return [invalid('spec.template.metadata.labels', mapValue(labels), why)];
  } catch {
    return [invalid('spec.selector', labelSelectorValue(selector), '')];
  }
}

/** The template with a volume for each claim template: the controller will put it there. */
function withClaimVolumes(spec: Json): Json {
  const template = asObject(spec.template);
  const claims = asList(spec.volumeClaimTemplates).map((claim) => asString(asObject(claim.metadata).name));
  if (claims.length === 0) return template;
  const podSpec = asObject(template.spec);
  const own = asList(podSpec.volumes);
  const volumeOf = (name: string): Json => ({ name, persistentVolumeClaim: { claimName: name } });
  const volumes = [
    ...own.map((volume) => (claims.includes(asString(volume.name)) ? volumeOf(asString(volume.name)) : volume)),
    ...claims.filter((name) => name && !own.some((volume) => volume.name === name)).map(volumeOf),
  ];
  return { ...template, spec: { ...podSpec, volumes } };
}

const COUNTERS = ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'];

export function validateStatefulSetStatus(set: Json, old: Json): FieldError[] {
  const status = asObject(set.status);
  const fields = [...COUNTERS, 'observedGeneration', 'collisionCount'];
  const errors = fields.flatMap((field) => nonNegative(`status.${field}`, status[field]));
  const all = asNumber(status.replicas);
  for (const field of COUNTERS.slice(1)) {
    const count = asNumber(status[field]);
    if (count > all) errors.push(invalid(`status.${field}`, count, 'cannot be greater than status.replicas'));
  }
  const available = asNumber(status.availableReplicas);
  if (available > asNumber(status.readyReplicas)) {
    errors.push(invalid('status.availableReplicas', available, 'cannot be greater than status.readyReplicas'));
  }
  errors.push(...validateObjectMetaUpdate(asObject(set.metadata), asObject(old.metadata)));
  const before = asObject(old.status).collisionCount;
  if (isSet(before) && asNumber(status.collisionCount) < asNumber(before)) {
    errors.push(invalid('status.collisionCount', asNumber(status.collisionCount), 'cannot be decremented'));
  }
  return errors;
}
