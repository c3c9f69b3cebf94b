/** Where pods may run, said with labels of old, or with selectors that match nothing (as pkg/api/pod/warnings.go). */
import { isLabelValue } from '../../meta/names';
import { asList, asObject, asString, asStrings, entriesOf, isSet, type Json } from '../json';
import { key } from './errors';

const DEPRECATED_LABELS: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const MATCHES_NOTHING = 'a null labelSelector results in matching no pod';

/** Labels of nodes that have newer names, in selectors, affinities and spread constraints. */
export function placementWarnings(spec: Json, path: string): string[] {
  const warnings: string[] = [];
  for (const [label] of entriesOf(spec.nodeSelector)) {
    const text = DEPRECATED_LABELS.get(label);
    if (text) warnings.push(`${key(`${path}.nodeSelector`, label)}: ${text}`);
  }
  const node = asObject(asObject(spec.affinity).nodeAffinity);
  const at = `${path}.affinity.nodeAffinity`;
  for (const [i, term] of asList(asObject(node[REQUIRED]).nodeSelectorTerms).entries()) {
    warnings.push(...termWarnings(term, false, `${at}.${REQUIRED}.nodeSelectorTerms[${i}]`));
  }
  for (const [i, { preference }] of asList(node[PREFERRED]).entries()) {
    warnings.push(...termWarnings(asObject(preference), true, `${at}.${PREFERRED}[${i}].preference`));
  }
  for (const [i, constraint] of asList(spec.topologySpreadConstraints).entries()) {
    const own = `${path}.topologySpreadConstraints[${i}]`;
    const label = asString(constraint.topologyKey);
    const text = DEPRECATED_LABELS.get(label);
    if (text) warnings.push(`${own}.topologyKey: ${label} is ${text}`);
    if (!isSet(constraint.labelSelector)) warnings.push(`${own}.labelSelector: ${MATCHES_NOTHING}`);
  }
  return warnings;
}

/** `values`: their form is looked at as well, where it is not refused. */
function termWarnings(term: Json, values: boolean, path: string): string[] {
  return asList(term.matchExpressions).flatMap((expression, i) => {
    const at = `${path}.matchExpressions[${i}]`;
    const label = asString(expression.key);
    const text = DEPRECATED_LABELS.get(label);
    const wrong = values
      ? asStrings(expression.values).flatMap((value, j) =>
          isLabelValue(value).map((message) => `${at}.values[${j}]: ${value} is invalid, ${message}`),
        )
      : [];
    return text ? [`${at}.key: ${label} is ${text}`, ...wrong] : wrong;
  });
}

export function affinityWarnings(affinity: Json, path: string): string[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
    const terms = asObject(affinity[kind]);
    const at = `${path}.${kind}`;
    return [
      ...asList(terms[REQUIRED]).flatMap((term, i) =>
        isSet(term.labelSelector) ? [] : [`${at}.${REQUIRED}[${i}].labelSelector: ${MATCHES_NOTHING}`],
      ),
      ...asList(terms[PREFERRED]).flatMap(({ podAffinityTerm: term }, i) =>
        isSet(asObject(term).labelSelector)
          ? []
          : [`${at}.${PREFERRED}[${i}].podAffinityTerm.labelSelector: ${MATCHES_NOTHING}`],
      ),
    ];
  });
}
