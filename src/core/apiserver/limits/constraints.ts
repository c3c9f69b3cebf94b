/** What a LimitRange has against a pod or a claim: too little, too much, or limits too far above requests. */
import { asList, asObject, type Json } from '../../api/json';
import { podResources } from '../../api/pod-resources';
import { type ResourceList, resourceList } from '../../api/resource-list';
import type { KubeObject, PersistentVolumeClaim, Pod } from '../../api/types';
import type { Quantity } from '../../meta/quantity';
import { compareText } from '../../meta/text';

const NOTHING: ResourceList = new Map();
/** Greater amounts are compared in whole units: thousandths of them would not fit an int64. */
const MAX_MILLI_VALUE = 9_223_372_036_854_775n;

/** As PodValidateLimitFunc. */
export function podComplaints(range: KubeObject, { spec }: Pod): string[] {
  return itemsOf(range).flatMap((item) => {
    if (item.type === 'Pod') return constraints(item, podResources(spec, 'requests'), podResources(spec, 'limits'));
    if (item.type !== 'Container') return [];
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
      constraints(item, resourceList(resources?.requests), resourceList(resources?.limits)),
    );
  });
}

/** As PersistentVolumeClaimValidateLimitFunc: what is requested alone counts. */
export function claimComplaints(range: KubeObject, { spec }: PersistentVolumeClaim): string[] {
  const requests = resourceList(spec.resources?.requests);
  return itemsOf(range)
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((item) => [
      ...each(item, 'min', (name, least) => tooLittle(item, name, least, requests, NOTHING)),
      ...each(item, 'max', (name, most) => {
        const request = requests.get(name);
        if (!request) return `maximum ${name} usage per ${item.type} is ${most}.  No request is specified`;
        const [asked, allowed] = comparable(request, most);
        return asked! > allowed! ? `maximum ${name} usage per ${item.type} is ${most}, but request is ${request}` : '';
      }),
    ]);
}

const itemsOf = (range: KubeObject): readonly Json[] => asList(asObject(range.spec).limits);

function constraints(item: Json, requests: ResourceList, limits: ResourceList): string[] {
  return [
    ...each(item, 'min', (name, least) => tooLittle(item, name, least, requests, limits)),
    ...each(item, 'max', (name, most) => tooMuch(item, name, most, requests, limits)),
    ...each(item, 'maxLimitRequestRatio', (name, ratio) => tooFar(item, name, ratio, requests, limits)),
  ];
}

/** Asks for each resource of a field, by name; nothing said is nothing wrong. */
function each(item: Json, field: string, ask: (name: string, amount: Quantity) => string): string[] {
  return [...resourceList(item[field])]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, amount]) => ask(name, amount))
    .filter(Boolean);
}

/** As minConstraint. */
function tooLittle(item: Json, name: string, least: Quantity, requests: ResourceList, limits: ResourceList): string {
  const rule = `minimum ${name} usage per ${item.type} is ${least}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (!request) return `${rule}.  No request is specified`;
  const [asked, bound, enforced] = comparable(request, limit, least);
  if (asked! < enforced!) return `${rule}, but request is ${request}`;
  return limit && bound! < enforced! ? `${rule}, but limit is ${limit}` : '';
}

/** As maxConstraint. */
function tooMuch(item: Json, name: string, most: Quantity, requests: ResourceList, limits: ResourceList): string {
  const rule = `maximum ${name} usage per ${item.type} is ${most}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (!limit) return `${rule}.  No limit is specified`;
  const [asked, bound, enforced] = comparable(request, limit, most);
  if (bound! > enforced!) return `${rule}, but limit is ${limit}`;
  return request && asked! > enforced! ? `${rule}, but request is ${request}` : '';
}

/** As limitRequestRatioConstraint. */
function tooFar(item: Json, name: string, ratio: Quantity, requests: ResourceList, limits: ResourceList): string {
  const rule = `${name} max limit to request ratio per ${item.type} is ${ratio}`;
  const [asked, bound] = comparable(requests.get(name), limits.get(name), ratio);
  if (!asked) return `${rule}, but no request is specified or request is 0`;
  if (!bound) return `${rule}, but no limit is specified or limit is 0`;
  const observed = Number(bound) / Number(asked);
  const isFine =
    ratio.value() <= MAX_MILLI_VALUE
      ? observed * 1000 <= Number(ratio.milliValue())
      : observed <= Number(ratio.value());
  return isFine ? '' : `${rule}, but provided ratio is ${observed.toFixed(6)}`;
}

/** The amounts as whole numbers of one precision, what is absent as 0 (as requestLimitEnforcedValues). */
function comparable(...amounts: readonly (Quantity | undefined)[]): bigint[] {
  const whole = amounts.map((amount) => amount?.value() ?? 0n);
  if (whole.some((value) => value > MAX_MILLI_VALUE)) return whole;
  return amounts.map((amount) => amount?.milliValue() ?? 0n);
}
