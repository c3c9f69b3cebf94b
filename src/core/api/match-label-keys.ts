/**
 * Label keys whose values a new pod gives itself: they join the selectors of its spread constraints and of its affinities
 * (as mutateTopologySpreadConstraints and mutatePodAffinity). Templates keep the keys alone.
 */
import { asList, asObject, asStrings, isSet, type Json, mapField, mapList } from './json';

export function withMatchLabelKeys(spec: Json, labels: Json): Json {
  const terms = (affinity: Json): Json => {
    const required = mapList(affinity, 'requiredDuringSchedulingIgnoredDuringExecution', (term) =>
      merged(term, labels),
    );
    return mapList(required, 'preferredDuringSchedulingIgnoredDuringExecution', (weighted) =>
      mapField(weighted, 'podAffinityTerm', (term) => merged(term, labels)),
    );
  };
  const spread = mapList(spec, 'topologySpreadConstraints', (constraint) => merged(constraint, labels));
  return mapField(spread, 'affinity', (affinity) =>
    mapField(mapField(affinity, 'podAffinity', terms), 'podAntiAffinity', terms),
  );
}

/** Keys that the pod does not have are left out. */
function merged(holder: Json, labels: Json): Json {
  if (!isSet(holder.labelSelector)) return holder;
  const requirements = (field: string, operator: string): Json[] =>
    asStrings(holder[field]).flatMap((key) =>
      typeof labels[key] === 'string' ? [{ key, operator, values: [labels[key]] }] : [],
    );
  const added = [...requirements('matchLabelKeys', 'In'), ...requirements('mismatchLabelKeys', 'NotIn')];
  if (added.length === 0) return holder;
  const selector = asObject(holder.labelSelector);
  const matchExpressions = [...asList(selector.matchExpressions), ...added];
  return { ...holder, labelSelector: { ...selector, matchExpressions } };
}
