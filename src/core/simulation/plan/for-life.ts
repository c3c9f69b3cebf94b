/** What a StatefulSet keeps for life, and what its pods need when it is made anew with other values. */
import { withDefaults } from '../../api/defaults';
import { invalid, type StatusCause } from '../../api/status';
import type { ClaimTemplate, KubeObject, LabelSelector, Pod, StatefulSet } from '../../api/types';
import { validateCreate } from '../../api/validation';
import type { Store } from '../../apiserver/store';
import { isMemberOf, ordinalOf } from '../../controllers/statefulset/utils';
import { deepEqual } from '../../meta/equal';
import { isObject } from '../../meta/objects';
import { controllerOf } from './sets';

/** A set that was to become another one, and can't. */
export interface Remaking {
  /** Fields that can't be changed and would be others, as paths (`spec.serviceName`). At least one. */
  readonly fields: readonly string[];
  /** What a new set of these values would be refused for. */
  readonly faults: readonly StatusCause[];
  /** Labels that the pods need so that the new set finds them; absent where they need none, or no labels would do. */
  readonly relabel?: { readonly from: string; readonly to: readonly string[] };
  /** Whether the new selector can't be met by labels that one could name. */
  readonly selectsOtherwise: boolean;
  /** Claim templates that the pods have no volume of: they can't take the new ones over while they live. */
  readonly newTemplates: readonly string[];
  /** Claim templates whose claims are there and were made with other values. */
  readonly changedTemplates: readonly string[];
  /** Claim templates that are no more. */
  readonly lostTemplates: readonly string[];
  /** The set's pods, from the lowest ordinal on. */
  readonly pods: readonly string[];
}

/** Fields that a StatefulSet keeps for life (as ValidateStatefulSetUpdate), in the order of its reference page. */
const FOR_LIFE = ['serviceName', 'selector', 'podManagementPolicy', 'volumeClaimTemplates'] as const;

/** Undefined where the written set says nothing else about what the stored one keeps for life. */
export function remakingOf(store: Store, written: object, old: StatefulSet): Remaking | undefined {
  const spec = 'spec' in written && isObject(written.spec) ? written.spec : {};
  const before = old.spec as unknown as Record<string, unknown>;
  const differs = FOR_LIFE.filter((field) => (field in spec || field in before) && !says(spec[field], before[field]));
  if (differs.length === 0) return undefined;
  const templates = templatesOf(spec.volumeClaimTemplates);
  const known = new Map((old.spec.volumeClaimTemplates ?? []).map((each) => [each.metadata.name, each]));
  const names = templates.map(({ metadata }) => metadata.name);
  const selector = differs.includes('selector') ? otherSelector(old.spec.selector, spec.selector) : undefined;
  return {
    fields: differs.map((field) => `spec.${field}`),
    faults: faultsOf(written as KubeObject),
    ...(selector?.relabel && { relabel: selector.relabel }),
    selectsOtherwise: selector !== undefined && !selector.relabel,
    newTemplates: names.filter((name) => !known.has(name)),
    changedTemplates: templates
      .filter((each) => {
        const template = known.get(each.metadata.name);
        return template !== undefined && !says(each, template);
      })
      .map(({ metadata }) => metadata.name),
    lostTemplates: [...known.keys()].filter((name) => !names.includes(name)),
    pods: podsOf(store, old),
  };
}

/** What creating it would be refused for: an update is told of some of that only. */
function faultsOf(written: KubeObject): readonly StatusCause[] {
  const errors = validateCreate(withDefaults(written) as KubeObject);
  return errors.length === 0 ? [] : (invalid('apps', 'StatefulSet', '', errors).status.details?.causes ?? []);
}

function otherSelector(from: LabelSelector, to: unknown): Pick<Remaking, 'relabel'> {
  const wanted = isObject(to) ? (to as LabelSelector) : {};
  const isSimple = ({ matchExpressions = [] }: LabelSelector): boolean => matchExpressions.length === 0;
  const [old, labels] = [pairs(from.matchLabels), pairs(wanted.matchLabels)];
  if (!isSimple(from) || !isSimple(wanted) || old.length === 0 || labels.length === 0) return {};
  return { relabel: { from: old.join(','), to: labels.filter((pair) => !old.includes(pair)) } };
}

const pairs = (labels: LabelSelector['matchLabels'] = {}): string[] =>
  Object.entries(labels).map(([key, value]) => `${key}=${value}`);

const templatesOf = (value: unknown): ClaimTemplate[] =>
  Array.isArray(value) ? value.filter((each) => isObject(each) && isObject(each.metadata)) : [];

function podsOf(store: Store, set: StatefulSet): string[] {
  const pods = [...store.list<Pod>('pods', set.metadata.namespace ?? '')].filter(
    (pod) => controllerOf(pod) === set.metadata.uid && isMemberOf(set, pod),
  );
  return pods.sort((a, b) => ordinalOf(a) - ordinalOf(b)).map(({ metadata }) => metadata.name);
}

/** Whether the stored value holds all that is written: defaults that only the stored one has are no difference. */
function says(written: unknown, stored: unknown): boolean {
  if (Array.isArray(written) && Array.isArray(stored))
    return written.length === stored.length && written.every((each, i) => says(each, stored[i]));
  if (isObject(written) && isObject(stored))
    return Object.keys(written).every((key) => key === 'status' || says(written[key], stored[key]));
  return written === undefined ? isEmpty(stored) : deepEqual(written, stored);
}

const isEmpty = (stored: unknown): boolean =>
  stored === undefined || stored === '' || stored === 'OrderedReady' || (Array.isArray(stored) && stored.length === 0);
