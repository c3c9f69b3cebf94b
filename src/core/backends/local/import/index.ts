/**
 * Takes objects of another cluster over as they are: with their uids, times and status. The controllers see them appear and
 * find nothing to do where all is well. A second time what was imported is replaced.
 */
import type { ResourceInfo } from '../../../api/resources';
import type { KubeObject } from '../../../api/types';
import { resourceKey } from '../../../apiserver/storage';
import type { ImportedObject, ImportOptions, ImportReport, Reading } from '../../../client/import/types';
import { deepEqual } from '../../../meta/equal';
import type { Cluster } from '../../../simulation/cluster';
import { asTheyAre } from './as-they-are';
import { belongings, keyOf } from './belongings';
import { isFurniture, superfluous } from './furniture';
import { standInsFor } from './stand-ins';
import { checkFree } from './strangers';
import { withOwnUids } from './uids';

export { instantOf } from './instant';
export { checkFree } from './strangers';

/**
 * The cluster's present instant is the import's. @throws CommandError where an object of another origin stands in the way;
 * nothing has changed then
 */
export function takeOver(engine: Cluster, given: Reading, options: ImportOptions = {}): ImportReport {
  checkFree(engine, given, options);
  const { store, now } = engine;
  const reading = { ...given, objects: withOwnUids(store, given.objects) };
  const record = engine.imported;
  const old = belongings(store, reading, record);
  const { known, warnings: skipped } = ofKnownKinds(engine, reading.objects);
  const standIns = standInsFor(store, known, now, (object) => old.has(keyOf(store, object)));
  const isStandIn = new Set(standIns.map(({ metadata }) => metadata.uid));
  const fitted = asTheyAre(store, inOrder([...known, ...standIns]), now, record);
  const wanted = fitted.objects.filter((object) => !isFurniture(engine, object));

  const objects: ImportedObject[] = [];
  const report = (object: KubeObject, change: ImportedObject['change']): void => {
    const { namespace, name } = object.metadata;
    const resource = store.resourceOf(object) as ResourceInfo;
    objects.push({ kind: resource.kind, group: resource.group, name, ...(namespace && { namespace }), change });
  };
  const remove = (object: KubeObject): void => {
    store.storage.remove(resourceKey(store.resourceOf(object) as ResourceInfo), object);
  };
  const kept: Record<string, string> = { ...record };
  const put = (object: KubeObject): void => {
    const key = resourceKey(store.resourceOf(object) as ResourceInfo);
    const { namespace = '', name, uid } = object.metadata;
    const before = store.get(key, namespace, name);
    kept[keyOf(store, object)] = uid;
    if (before && before.metadata.uid === uid && isSame(before, object)) {
      report(before, 'unchanged');
      return;
    }
    if (before && before.metadata.uid !== uid) remove(before);
    report(store.storage.put(key, object), isStandIn.has(uid) ? 'stand-in' : before ? 'updated' : 'imported');
  };
  // What they define has no place before them.
  const isDefinition = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition';
  for (const object of wanted.filter(isDefinition)) put(object);
  const keys = new Set(wanted.map((object) => keyOf(store, object)));
  for (const fault of fitted.faults) if (!isBroken(engine, fault.target, fault.name)) engine.fail(fault);
  for (const [key, object] of old) {
    delete kept[key];
    if (keys.has(key)) continue;
    remove(object);
    report(object, 'removed');
  }
  for (const object of wanted) if (!isDefinition(object)) put(object);
  for (const object of superfluous(engine, wanted, isStandIn)) {
    remove(object);
    report(object, 'removed');
  }
  engine.imported = kept;
  engine.drain();
  return { objects, warnings: [...reading.warnings, ...skipped, ...fitted.warnings, ...aboutStandIns(standIns)] };
}

/** Objects of kinds that neither are built in nor defined, here or among the objects, can't be kept. */
function ofKnownKinds({ store }: Cluster, objects: readonly KubeObject[]) {
  const defined = new Set(
    objects
      .filter(({ kind }) => kind === 'CustomResourceDefinition')
      .map(({ spec }) => spec as { group?: string; names?: { kind?: string } })
      .map(({ group, names }) => `${group}/${names?.kind}`),
  );
  const unknown = new Map<string, number>();
  const known = objects.filter((object) => {
    const [group = ''] = object.apiVersion.split('/');
    if (store.resourceOf(object) || defined.has(`${group}/${object.kind}`)) return true;
    const kind = `${object.kind} (${object.apiVersion})`;
    unknown.set(kind, (unknown.get(kind) ?? 0) + 1);
    return false;
  });
  const warnings = [...unknown].map(
    ([kind, count]) =>
      `${count} object${count > 1 ? 's' : ''} of the kind ${kind} left out: import its CustomResourceDefinition with ${count > 1 ? 'them' : 'it'}`,
  );
  return { known, warnings };
}

/** Definitions before what they define, places before what is in them, owners before what they own. */
function inOrder(objects: readonly KubeObject[]): KubeObject[] {
  const kinds = ['CustomResourceDefinition', 'Namespace', 'Node', 'StorageClass', 'PersistentVolume'];
  const rank = ({ kind }: KubeObject): number => {
    const at = kinds.indexOf(kind);
    return at < 0 ? kinds.length : at;
  };
  const born = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? '';
  return objects.toSorted((a, b) => rank(a) - rank(b) || (born(a) < born(b) ? -1 : born(a) > born(b) ? 1 : 0));
}

const isBroken = ({ faults }: Cluster, target: string, name: string | undefined): boolean =>
  faults.list().some((fault) => fault.target === target && fault.name === name);

/** Versions are this cluster's own, and who wrote what is derived. */
function isSame(a: KubeObject, b: KubeObject): boolean {
  const plain = ({ metadata: { resourceVersion: _, managedFields: __, ...metadata }, ...rest }: KubeObject) => ({
    ...rest,
    metadata,
  });
  return deepEqual(plain(a), plain(b));
}

function aboutStandIns(standIns: readonly KubeObject[]): string[] {
  const named = (kind: string): string[] =>
    standIns.filter((object) => object.kind === kind).map(({ metadata }) => JSON.stringify(metadata.name));
  const nodes = named('Node');
  const volumes = named('PersistentVolume');
  return [
    ...(nodes.length > 0
      ? [`in place of nodes that are not known, roomy ones without taints: ${nodes.join(', ')}`]
      : []),
    ...(volumes.length > 0
      ? [`in place of volumes that are not known, those that their claims tell of: ${volumes.join(', ')}`]
      : []),
  ];
}
