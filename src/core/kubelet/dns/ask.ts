/** A question to the cluster's DNS from outside of any pod, as a pod of a namespace would ask it. */
import type { Store } from '../../apiserver/store';
import type { DnsAnswer, RecordType } from '../../reports/dns';
import { answer, reverseName, search, ZONE } from '.';

const NDOTS = 5;

export function resolve(store: Store, name: string, type: RecordType, namespace: string): DnsAnswer {
  if (type === 'PTR') return answer(store, reverseName(name), type);
  return search(store, name, type, { domains: [`${namespace}.svc.${ZONE}`, `svc.${ZONE}`, ZONE], ndots: NDOTS });
}
