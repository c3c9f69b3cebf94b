/** A pod that waits behind scheduling gates may still be told more narrowly where to run, never less (as ValidatePodUpdate). */
import { deepEqual, semanticEqual } from '../../meta/equal';
import { asList, asObject, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { invalid } from './errors';
import { mapValue, nodeSelectorTermStruct } from './go-structs';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

export function validateGatedChanges(spec: Json, old: Json): FieldError[] {
  const errors: FieldError[] = [];
  const selector = asObject(spec.nodeSelector);
  if (entriesOf(old.nodeSelector).some(([name, value]) => selector[name] !== value)) {
    const why = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    errors.push(invalid('spec.nodeSelector', mapValue(selector), why));
  }
  return [...errors, ...validateNodeAffinity(nodeAffinity(spec), nodeAffinity(old))];
}

const nodeAffinity = (spec: Json): Json => asObject(asObject(spec.affinity).nodeAffinity);

function validateNodeAffinity(next: Json, old: Json): FieldError[] {
  const path = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
  const before = asList(asObject(old[REQUIRED]).nodeSelectorTerms);
  const given = asObject(next[REQUIRED]).nodeSelectorTerms;
  const terms = asList(given);
  if (before.length > 0 && before.length !== terms.length) {
    const why = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    return [invalid(path, isSet(given) ? terms.map(nodeSelectorTermStruct) : null, why)];
  }
  return before.flatMap((term, i) => {
    if (onlyAdds(terms[i]!, term)) return [];
    const why = 'only additions are allowed (no mutations or deletions)';
    return [invalid(`${path}[${i}]`, nodeSelectorTermStruct(terms[i]!), why)];
  });
}

function onlyAdds(next: Json, old: Json): boolean {
  const fields = ['matchExpressions', 'matchFields'];
  const isEmpty = (term: Json): boolean => fields.every((field) => asList(term[field]).length === 0);
  // An empty term matches nothing: a requirement would make it match something.
  if (isEmpty(old)) return isEmpty(next);
  return fields.every((field) => {
    const before = asList(old[field]);
    return semanticEqual(asList(next[field]).slice(0, before.length), before);
  });
}

/** The new spec with the old node selector and node affinity: what was looked at here is no further change. */
export function withOldPlacement(spec: Json, old: Json): Json {
  const next = { ...spec, nodeSelector: old.nodeSelector };
  const before = asObject(old.affinity).nodeAffinity;
  if (deepEqual(asObject(spec.affinity).nodeAffinity, before)) return next;
  return { ...next, affinity: { ...asObject(spec.affinity), nodeAffinity: before } };
}
