/** Rows of admission policies, of flow control, and of devices that pods claim. */
import type { KubeObject } from '../../api/types';
import { AGE, ageOf, asMap, asMaps, asText, at, integer, type Json, NAME, type TablePrinter, text } from './printer';

/** The printer of `plural.group`; undefined for other kinds. */
export function policyPrinter(key: string): TablePrinter | undefined {
  switch (key) {
    case 'mutatingadmissionpolicies.admissionregistration.k8s.io':
      return admissionPrinter('Mutations');
    case 'validatingadmissionpolicies.admissionregistration.k8s.io':
      return admissionPrinter('Validations');
    case 'mutatingadmissionpolicybindings.admissionregistration.k8s.io':
    case 'validatingadmissionpolicybindings.admissionregistration.k8s.io':
      return admissionBindingPrinter();
    case 'flowschemas.flowcontrol.apiserver.k8s.io':
      return flowPrinter();
    case 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io':
      return levelPrinter();
    case 'resourceclaims.resource.k8s.io':
      return deviceClaimPrinter();
    case 'resourceslices.resource.k8s.io':
      return devicesPrinter();
    default:
      return undefined;
  }
}

const admissionPrinter = (rules: 'Mutations' | 'Validations'): TablePrinter => ({
  columns: [NAME, integer(rules), text('ParamKind'), AGE],
  cells(object, now) {
    const kind = asMap(at(object, 'spec', 'paramKind'));
    return [
      object.metadata.name,
      asMaps(at(object, 'spec', rules.toLowerCase())).length,
      kind ? `${asText(kind.apiVersion)}/${asText(kind.kind)}` : '<unset>',
      ageOf(object, now),
    ];
  },
});

const admissionBindingPrinter = (): TablePrinter => ({
  columns: [NAME, text('PolicyName'), text('ParamRef'), AGE],
  cells: (object, now) => [
    object.metadata.name,
    asText(at(object, 'spec', 'policyName')),
    parameterOf(asMap(at(object, 'spec', 'paramRef'))),
    ageOf(object, now),
  ],
});

/** Nobody knows here whether parameters live in a namespace. */
function parameterOf(ref: Json | undefined): string {
  const name = asText(ref?.name);
  if (name !== '') return `${asText(ref?.namespace) || '*'}/${name}`;
  const selector = asMap(ref?.selector);
  return selector ? selectorText(selector) : '<unset>';
}

/** As LabelSelector's String. */
function selectorText(selector: Json): string {
  const labels = Object.entries(asMap(selector.matchLabels) ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${asText(value)},`);
  const terms = asMaps(selector.matchExpressions).map(
    ({ key, operator, values }) =>
      `LabelSelectorRequirement{Key:${asText(key)},Operator:${asText(operator)},Values:[${Array.isArray(values) ? values.join(' ') : ''}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${terms.join('')}},}`;
}

const flowPrinter = (): TablePrinter => ({
  columns: [
    NAME,
    text('PriorityLevel'),
    text('MatchingPrecedence'),
    text('DistinguisherMethod'),
    AGE,
    text('MissingPL'),
  ],
  cells(object, now) {
    const dangling = asMaps(at(object, 'status', 'conditions')).find(({ type }) => type === 'Dangling');
    return [
      object.metadata.name,
      asText(at(object, 'spec', 'priorityLevelConfiguration', 'name')),
      numberOf(at(object, 'spec', 'matchingPrecedence'), 1000),
      asText(at(object, 'spec', 'distinguisherMethod', 'type')) || '<none>',
      ageOf(object, now),
      dangling ? asText(dangling.status) : '?',
    ];
  },
});

const levelPrinter = (): TablePrinter => ({
  columns: [
    NAME,
    text('Type'),
    text('NominalConcurrencyShares'),
    text('Queues'),
    text('HandSize'),
    text('QueueLengthLimit'),
    AGE,
  ],
  cells(object, now) {
    const limited = asMap(at(object, 'spec', 'limited'));
    const queuing = asMap(at(object, 'spec', 'limited', 'limitResponse', 'queuing'));
    return [
      object.metadata.name,
      asText(at(object, 'spec', 'type')),
      limited ? numberOf(limited.nominalConcurrencyShares, 30) : '<none>',
      queuing ? numberOf(queuing.queues, 64) : '<none>',
      queuing ? numberOf(queuing.handSize, 8) : '<none>',
      queuing ? numberOf(queuing.queueLengthLimit, 50) : '<none>',
      ageOf(object, now),
    ];
  },
});

/** What a field says, or what the API server sets where it is open. */
const numberOf = (value: unknown, byDefault: number): number => (typeof value === 'number' ? value : byDefault);

const deviceClaimPrinter = (): TablePrinter => ({
  columns: [NAME, text('State'), AGE],
  cells: (object, now) => [object.metadata.name, stateOf(object), ageOf(object, now)],
});

/** As resourceClaimState. */
function stateOf(claim: KubeObject): string {
  const isGoing = claim.metadata.deletionTimestamp !== undefined;
  const isAllocated = asMap(at(claim, 'status', 'allocation')) !== undefined;
  const states = isGoing ? ['deleted'] : [];
  if (!isAllocated) return isGoing ? 'deleted' : 'pending';
  states.push('allocated');
  if (asMaps(at(claim, 'status', 'reservedFor')).length > 0) states.push('reserved');
  return states.join(',');
}

const devicesPrinter = (): TablePrinter => ({
  columns: [NAME, text('Node'), text('Driver'), text('Pool'), AGE],
  cells: (object, now) => [
    object.metadata.name,
    asText(at(object, 'spec', 'nodeName')),
    asText(at(object, 'spec', 'driver')),
    asText(at(object, 'spec', 'pool', 'name')),
    ageOf(object, now),
  ],
});
