/** What an earlier import brought, and what has come of it since: pods that were replaced here, claims that were made here. */
import type { KubeObject, PersistentVolume, StatefulSet } from '../../../api/types';
import { resourceKey } from '../../../apiserver/storage';
import type { Store } from '../../../apiserver/store';
import { isNamedBy } from '../../../client/import/related';
import type { Reading } from '../../../client/import/types';

/** uids by `resource/namespace/name`, as kept with the cluster. */
export type ImportRecord = Readonly<Record<string, string>>;

export function keyOf(store: Store, object: KubeObject): string {
  const resource = store.resourceOf(object);
  if (!resource) throw new Error(`an object of an unknown kind: ${object.apiVersion} ${object.kind}`);
  return `${resourceKey(resource)}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** Objects of this cluster that a new reading takes the place of, whether or not it still has them; by their keys. */
export function belongings(store: Store, reading: Reading, record: ImportRecord): Map<string, KubeObject> {
  const found = new Map<string, KubeObject>();
  const unread = new Set(reading.unread);
  const take = (object: KubeObject | undefined): void => {
    if (!object) return;
    const key = keyOf(store, object);
    if (found.has(key) || unread.has(key.slice(0, key.indexOf('/')))) return;
    found.set(key, object);
    for (const dependent of store.dependents(object.metadata.uid))
      if (dependent.kind !== 'EndpointSlice') take(dependent);
  };
  const recorded = (key: string): KubeObject | undefined => {
    const [resource = '', namespace = '', name = ''] = partsOf(key);
    const object = store.get(resource, namespace, name);
    return object && record[key] === object.metadata.uid ? object : undefined;
  };
  for (const object of reading.objects) {
    const key = store.resourceOf(object) && keyOf(store, object);
    if (key !== undefined && record[key] !== undefined) take(recorded(key));
  }
  for (const key of Object.keys(record)) if (reading.whole.includes(partsOf(key)[1] ?? '')) take(recorded(key));
  const sets = [...found.values()].filter(({ kind }) => kind === 'StatefulSet') as StatefulSet[];
  for (const set of sets)
    for (const claim of store.list('persistentvolumeclaims', set.metadata.namespace))
      if (isNamedBy(set, claim)) take(claim);
  const claims = new Set([...found.values()].map(({ metadata }) => metadata.uid));
  for (const volume of store.list<PersistentVolume>('persistentvolumes'))
    if (claims.has(volume.spec.claimRef?.uid ?? '')) take(volume);
  return found;
}

/** Names of custom resources hold dots, none holds a slash. */
const partsOf = (key: string): string[] => key.split('/');
