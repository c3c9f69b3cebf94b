/**
 * ResourceQuota admission: what a new or changed object would use must fit into every quota of its namespace that counts it,
 * and is written into their status at once (as apiserver/pkg/admission/plugin/resourcequota).
 */
import { asObject } from '../../api/json';
import {
  addTo,
  pickFrom,
  printedList,
  type ResourceList,
  resourceList,
  withoutList,
  writtenList,
} from '../../api/resource-list';
import { forbidden, type ResourceName } from '../../api/status';
import type { KubeObject } from '../../api/types';
import { compareText } from '../../meta/text';
import { type ResourceKey, resourceKey, type Storage } from '../storage';
import type { Evaluator } from './evaluator';
import { evaluatorOf } from './evaluators';
import { isInScopes, requirementsOf } from './scopes';

export const QUOTAS: ResourceKey = 'resourcequotas';

/** What is about to be stored. */
export interface QuotaRequest {
  readonly resource: ResourceName & { readonly group: string };
  readonly object: KubeObject;
  /** What it replaces; absent for a new object. */
  readonly old?: KubeObject;
  /** Of the changes of pods only this one uses more. */
  readonly isResize?: boolean;
  /** The name that a refusal tells. */
  readonly shown: string;
  /** ms */
  readonly now: number;
}

/** The quotas of the namespace with the status that they have once the object is stored. Throws Forbidden. */
export function chargeQuotas(storage: Storage, request: QuotaRequest): readonly KubeObject[] {
  const { resource, object, old, isResize = false, shown, now } = request;
  const namespace = object.metadata.namespace;
  if (namespace === undefined || !storage.has(QUOTAS, namespace)) return NONE;
  const evaluator = evaluatorOf(resourceKey(resource));
  if (!evaluator || (old && !evaluator.countsUpdates && !isResize)) return NONE;
  const refuse = (why: string): Error => forbidden(resource, shown, why);
  const quotas = [...storage.list(QUOTAS, namespace)]
    .sort((a, b) => compareText(a.metadata.name, b.metadata.name))
    .filter((quota) => counts(quota, evaluator, object));
  for (const quota of quotas) {
    const { name } = quota.metadata;
    const { hard, used } = statusOf(quota);
    const limited = [...hard.keys()].filter((one) => evaluator.concerns(one)).sort(compareText);
    const missing = evaluator.missing?.(limited, object);
    if (missing !== undefined) throw refuse(`failed quota: ${name}: ${missing}`);
    if (!limited.every((one) => used.has(one)))
      throw refuse(`status unknown for quota: ${name}, resources: ${limited.join(',')}`);
  }
  if (quotas.length === 0) return NONE;
  const usage = evaluator.usage(object, now);
  const negative = [...pickFrom(usage, (_, amount) => amount.sign() < 0).keys()];
  if (negative.length > 0)
    throw refuse(`quota usage is negative for resource(s): ${negative.sort(compareText).join(',')}`);
  const more = old ? withoutList(usage, evaluator.usage(old, now)) : usage;
  return quotas.flatMap((quota) => {
    // What was not counted before is new to this quota.
    const delta = old && counts(quota, evaluator, old) ? more : usage;
    const charged = charge(quota, delta, refuse);
    return charged ? [charged] : [];
  });
}

const NONE: readonly KubeObject[] = [];

/** Whether the quota limits something that the object uses. */
function counts(quota: KubeObject, evaluator: Evaluator, object: KubeObject): boolean {
  return (
    Object.keys(asObject(asObject(quota.status).hard)).some((name) => evaluator.concerns(name)) &&
    isInScopes(requirementsOf(quota), evaluator, object)
  );
}

function statusOf(quota: KubeObject): { readonly hard: ResourceList; readonly used: ResourceList } {
  const status = asObject(quota.status);
  return { hard: resourceList(status.hard), used: resourceList(status.used) };
}

/** The quota with so much more in use; undefined where that is nothing. */
function charge(quota: KubeObject, delta: ResourceList, refuse: (why: string) => Error): KubeObject | undefined {
  const { hard, used } = statusOf(quota);
  const requested = pickFrom(delta, (name, amount) => hard.has(name) && !amount.isZero());
  if (requested.size === 0) return undefined;
  const next = new Map(used);
  addTo(next, requested);
  const exceeded = pickFrom(requested, (name) => {
    const most = hard.get(name);
    return most !== undefined && (next.get(name)?.compare(most) ?? 0) > 0;
  });
  if (exceeded.size > 0) {
    const of = (list: ResourceList): string => printedList(pickFrom(list, (name) => exceeded.has(name)));
    throw refuse(
      `exceeded quota: ${quota.metadata.name}, requested: ${of(requested)}, used: ${of(used)}, limited: ${of(hard)}`,
    );
  }
  return { ...quota, status: { ...asObject(quota.status), used: writtenList(next) } };
}
