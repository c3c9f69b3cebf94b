/** LimitRanges: each type once, and amounts that don't contradict one another (as ValidateLimitRange). */
import { isQualifiedName } from '../../meta/names';
import type { Quantity } from '../../meta/quantity';
import { compareText } from '../../meta/text';
import { asList, asObject, asString, isSet, type Json } from '../json';
import { resourceList } from '../resource-list';
import type { FieldError } from '../status';
import { duplicate, forbidden, invalid, invalids, key, required } from './errors';
import { subdomainName, validateObjectMeta } from './metadata';
import { allowsOvercommit, validateContainerResourceName, validateResourceName } from './resources';

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];
const FIELDS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
/** Greater amounts are compared in whole units. */
const MAX_MILLI_VALUE = 9_223_372_036_854_775n;

export function validateLimitRange(range: Json): FieldError[] {
  const errors = validateObjectMeta(asObject(range.metadata), true, subdomainName);
  const seen = new Set<string>();
  for (const [i, item] of asList(asObject(range.spec).limits).entries()) {
    const path = `spec.limits[${i}]`;
    const type = asString(item.type);
    errors.push(...validateType(type, `${path}.type`));
    if (seen.has(type)) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
    errors.push(...validateItem(item, type, path));
  }
  return errors;
}

function validateType(type: string, path: string): FieldError[] {
  const errors = invalids(path, type, isQualifiedName(type));
  if (errors.length > 0 || type.includes('/') || TYPES.includes(type)) return errors;
  return [invalid(path, type, 'must be a standard limit type or fully qualified')];
}

type Amounts = Readonly<Record<(typeof FIELDS)[number], ReadonlyMap<string, Quantity>>>;

function validateItem(item: Json, type: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const amounts = Object.fromEntries(FIELDS.map((field) => [field, resourceList(item[field])])) as Record<
    (typeof FIELDS)[number],
    Map<string, Quantity>
  >;
  const validateName = type === 'Pod' || type === 'Container' ? validateContainerResourceName : validateResourceName;
  for (const field of FIELDS) {
    if (type === 'Pod' && field.startsWith('default')) {
      if (amounts[field].size > 0)
        errors.push(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
      amounts[field].clear();
    }
    if (field === 'maxLimitRequestRatio' && type === 'PersistentVolumeClaim') {
      const why = 'either minimum or maximum storage value is required, but neither was provided';
      if (!amounts.min.has('storage') && !amounts.max.has('storage')) errors.push(required(`${path}.limits`, why));
    }
    for (const name of [...amounts[field].keys()].sort(compareText))
      errors.push(...validateName(name, key(`${path}.${field}`, name)));
  }
  const names = new Set(FIELDS.flatMap((field) => [...amounts[field].keys()]));
  for (const name of [...names].sort(compareText)) errors.push(...validateAmounts(amounts, name, path));
  return errors;
}

/** What contradicts itself among the amounts of one resource. */
function validateAmounts(amounts: Amounts, name: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const of = (field: (typeof FIELDS)[number]): Quantity | undefined => amounts[field].get(name);
  const [min, max, limit, request, ratio] = [
    of('min'),
    of('max'),
    of('default'),
    of('defaultRequest'),
    of('maxLimitRequestRatio'),
  ];
  const order = (
    less: Quantity | undefined,
    more: Quantity | undefined,
    wrong: [field: string, value: Quantity | undefined],
    words: readonly [string, string],
  ): void => {
    if (!less || !more || less.compare(more) <= 0) return;
    const why = `${words[0]} value ${less} is greater than ${words[1]} value ${more}`;
    errors.push(invalid(key(`${path}.${wrong[0]}`, name), String(wrong[1]), why));
  };
  order(min, max, ['min', min], ['min', 'max']);
  order(min, request, ['defaultRequest', request], ['min', 'default request']);
  order(request, max, ['defaultRequest', request], ['default request', 'max']);
  order(request, limit, ['defaultRequest', request], ['default request', 'default limit']);
  order(min, limit, ['default', min], ['min', 'default']);
  order(limit, max, ['default', max], ['default', 'max']);
  const atRatio = key(`${path}.maxLimitRequestRatio`, name);
  if (ratio && ratio.milliValue() < 1000n)
    errors.push(invalid(atRatio, ratio.toString(), `ratio ${ratio} is less than 1`));
  if (ratio && min && max) {
    const most = widest(min, max, ratio);
    const value = ratio.value() < MAX_MILLI_VALUE ? Number(ratio.milliValue()) / 1000 : Number(ratio.value());
    if (value > most)
      errors.push(invalid(atRatio, ratio.toString(), `ratio ${ratio} is greater than max/min = ${inGo(most)}`));
  }
  if (!allowsOvercommit(name) && isSet(limit) && limit && request && limit.compare(request) !== 0) {
    const why = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
    errors.push(invalid(key(`${path}.defaultRequest`, name), request.toString(), why));
  }
  return errors;
}

function widest(min: Quantity, max: Quantity, ratio: Quantity): number {
  const fits = [min, max, ratio].every((amount) => amount.value() < MAX_MILLI_VALUE);
  return fits ? Number(max.milliValue()) / Number(min.milliValue()) : Number(max.value()) / Number(min.value());
}

/** As %f writes it. */
const inGo = (value: number): string =>
  Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? value.toFixed(6) : '+Inf';
