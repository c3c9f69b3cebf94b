/** What the pods of a node ask for, each and together (as describeNodeResource). */

import type { Pod } from '../../core/api/types';
import { Quantity } from '../../core/meta/quantity';
import { compareText } from '../../core/meta/text';
import { asStringMap, at } from './json';
import { ageOf } from './parts';
import type { DetailWriter } from './writer';

type Amounts = Map<string, Quantity>;
type Side = 'requests' | 'limits';

export function writeNodeResources(
  w: DetailWriter,
  pods: readonly Pod[],
  allocatable: Readonly<Record<string, string>>,
  now: number,
): void {
  const share = (amounts: Amounts, name: string): string => {
    const amount = amounts.get(name);
    return `${amount?.toString() ?? '0'} (${percent(amount, allocatable[name], name)}%)`;
  };
  w.field(0, 'Non-terminated Pods', `(${pods.length} in total)`);
  w.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  w.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  const totals: Record<Side, Amounts> = { requests: new Map(), limits: new Map() };
  for (const pod of pods) {
    const requests = podAmounts(pod, 'requests');
    const limits = podAmounts(pod, 'limits');
    addAll(totals.requests, requests);
    addAll(totals.limits, limits);
    const cells = ['cpu', 'memory'].flatMap((name) => [share(requests, name), share(limits, name)]);
    const { namespace, name, creationTimestamp } = pod.metadata;
    w.line(1, `${namespace ?? ''}\t${name}\t\t${cells.join('\t')}\t${ageOf(creationTimestamp, now)}`);
  }
  w.line(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)');
  w.line(1, 'Resource\tRequests\tLimits');
  w.line(1, '--------\t--------\t------');
  const names = Object.keys(allocatable).sort(compareText);
  const huge = names.filter((name) => name.startsWith('hugepages-'));
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...huge]) {
    w.line(1, `${name}\t${share(totals.requests, name)}\t${share(totals.limits, name)}`);
  }
  for (const name of names) {
    if (['cpu', 'memory', 'ephemeral-storage', 'pods'].includes(name) || huge.includes(name)) continue;
    w.line(1, `${name}\t${totals.requests.get(name) ?? '0'}\t${totals.limits.get(name) ?? '0'}`);
  }
}

/** Whole percent, rounded down. Nothing to share counts as none. */
function percent(amount: Quantity | undefined, total: string | undefined, name: string): string {
  if (!amount || !total) return '0';
  const of = Quantity.parse(total);
  const [part, whole] = name === 'cpu' ? [amount.milliValue(), of.milliValue()] : [amount.value(), of.value()];
  return whole === 0n ? '0' : String((part * 100n) / whole);
}

/**
 * The larger of what the containers need together and what any init container needs beside the sidecars started before it
 * (as PodRequestsAndLimits); what the pod asks for as a whole stands instead, its overhead comes on top.
 */
function podAmounts(pod: Pod, side: Side): Amounts {
  const running: Amounts = new Map();
  for (const container of pod.spec.containers) addAll(running, amounts(container.resources, side));
  const peaks: Amounts = new Map();
  const sidecars: Amounts = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const own = amounts(container.resources, side);
    const sidecar = container.restartPolicy === 'Always';
    if (sidecar) {
      addAll(running, own);
      addAll(sidecars, own);
      raise(peaks, sidecars);
    } else {
      const beside: Amounts = new Map(own);
      addAll(beside, sidecars);
      raise(peaks, beside);
    }
  }
  raise(running, peaks);
  for (const [name, amount] of amounts(at(pod.spec, 'resources'), side))
    if (isPodLevel(name)) running.set(name, amount);
  const overhead = amounts({ [side]: at(pod.spec, 'overhead') }, side);
  for (const [name, amount] of overhead) {
    const there = running.get(name);
    if (there ? !there.isZero() : side === 'requests') running.set(name, there ? there.add(amount) : amount);
  }
  return running;
}

/** What a pod may ask for as a whole, whatever its containers ask for (as IsSupportedPodLevelResource). */
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

function amounts(resources: unknown, side: Side): Amounts {
  const list = asStringMap(at(resources, side));
  return new Map(Object.entries(list).map(([name, text]) => [name, Quantity.parse(text)]));
}

function addAll(to: Amounts, from: Amounts): void {
  for (const [name, amount] of from) to.set(name, to.get(name)?.add(amount) ?? amount);
}

function raise(to: Amounts, from: Amounts): void {
  for (const [name, amount] of from) {
    const there = to.get(name);
    if (!there || amount.compare(there) > 0) to.set(name, amount);
  }
}
