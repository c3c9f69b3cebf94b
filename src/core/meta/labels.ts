/**
 * Label selectors: the command line's syntax, the API's LabelSelector, and matching, as k8s.io/apimachinery/pkg/labels. The
 * messages for bad selectors are upstream's.
 */

import { goQuote } from './gofmt';
import { parseRequirements } from './label-parser';
import { newRequirement, type Operator, parseInt64, type Requirement } from './label-requirement';
import { compareText, sortedKeys } from './text';

export type { Operator, Requirement } from './label-requirement';

/** All requirements must hold; none at all matches everything. */
export type Selector = readonly Requirement[];

/** The API's form of a selector. */
export interface LabelSelectorLike {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

type LabelSet = Readonly<Record<string, string>>;

/** The selector that a text such as "app in (a,b),!old" writes, sorted by key, as labels.Parse. Throws Error. */
export function parseSelector(text: string): Selector {
  return parseRequirements(text).sort(byKey);
}

/** Whether the labels meet every requirement. 'nothing' (a nil LabelSelector) matches no labels at all. */
export function matches(selector: Selector | 'nothing', labels: LabelSet | undefined): boolean {
  if (selector === 'nothing') return false;
  return selector.every((requirement) => meets(requirement, labels));
}

/**
 * The selector of an API object, as LabelSelectorAsSelector: undefined matches nothing, an empty one everything. Throws
 * Error for an unknown operator or a key or value that no label can have.
 */
export function fromLabelSelector(labelSelector: LabelSelectorLike | undefined): Selector | 'nothing' {
  if (labelSelector === undefined || labelSelector === null) return 'nothing';
  const { matchLabels = {}, matchExpressions = [] } = labelSelector;
  const requirements = sortedKeys(matchLabels ?? {}).map((key) => newRequirement(key, '=', [matchLabels[key]!]));
  for (const { key, operator, values } of matchExpressions ?? []) {
    if (!Object.hasOwn(API_OPERATORS, operator)) {
      throw new Error(`${goQuote(operator)} is not a valid label selector operator`);
    }
    requirements.push(newRequirement(key, API_OPERATORS[operator]!, values ?? []));
  }
  return requirements.sort(byKey);
}

/** The selector's text, as labels.Selector.String: parses back to an equal selector; '' for everything and for nothing. */
export function formatSelector(selector: Selector | 'nothing'): string {
  return selector === 'nothing' ? '' : selector.map(formatRequirement).join(',');
}

/** As metav1.FormatLabelSelector, for columns: "<none>" when empty, "<error>" when it can't be converted. */
export function formatLabelSelector(labelSelector: LabelSelectorLike | undefined): string {
  try {
    return formatSelector(fromLabelSelector(labelSelector)) || '<none>';
  } catch {
    return '<error>';
  }
}

/** "a=b,c=d" in key order, "<none>" when there are none, as labels.FormatLabels. */
export function formatLabels(labels: LabelSet | undefined): string {
  const text = sortedKeys(labels ?? {})
    .map((key) => `${key}=${labels?.[key]}`)
    .join(',');
  return text === '' ? '<none>' : text;
}

const API_OPERATORS: Readonly<Record<string, Operator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

function meets({ key, operator, values }: Requirement, labels: LabelSet | undefined): boolean {
  const value = labels !== undefined && labels !== null && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    default: {
      const left = value === undefined ? undefined : parseInt64(value);
      const right = values.length === 1 ? parseInt64(values[0]!) : undefined;
      if (left === undefined || right === undefined) return false;
      return operator === 'gt' ? left > right : left < right;
    }
  }
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const list = [...values].sort(compareText).join(',');
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${list})`;
    case 'gt':
      return `${key}>${list}`;
    case 'lt':
      return `${key}<${list}`;
    default:
      return key + operator + list;
  }
}

function byKey(a: Requirement, b: Requirement): number {
  return compareText(a.key, b.key);
}
