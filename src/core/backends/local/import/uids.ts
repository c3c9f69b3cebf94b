/**
 * A uid names one object. Clusters that were simulated with the same seed give the same ones to different objects: what is
 * imported gets others then, everywhere where it is referred to.
 */
import type { KubeObject } from '../../../api/types';
import type { Store } from '../../../apiserver/store';

export function withOwnUids(store: Store, objects: readonly KubeObject[]): readonly KubeObject[] {
  const others = new Map<string, string>();
  const taken = new Set(objects.map(({ metadata }) => metadata.uid));
  for (const { kind, metadata } of objects) {
    const here = store.byUid(metadata.uid);
    if (!here || (here.kind === kind && isSameName(here, metadata))) continue;
    let other = turned(metadata.uid);
    while (taken.has(other) || isOther(store.byUid(other), kind, metadata)) other = turned(other);
    others.set(metadata.uid, other);
    taken.add(other);
  }
  return others.size === 0 ? objects : objects.map((object) => renamed(object, others));
}

const isSameName = (here: KubeObject, { name, namespace }: KubeObject['metadata']): boolean =>
  here.metadata.name === name && here.metadata.namespace === namespace;

const isOther = (here: KubeObject | undefined, kind: string, metadata: KubeObject['metadata']): boolean =>
  here !== undefined && (here.kind !== kind || !isSameName(here, metadata));

/** Another uid that follows from the first: the next import of the same object gives the same. */
const turned = (uid: string): string => `${uid.slice(0, -12)}${uid.slice(-11)}${uid.slice(-12, -11)}`;

function renamed(object: KubeObject, others: ReadonlyMap<string, string>): KubeObject {
  const { metadata, spec, involvedObject } = object;
  const own = (uid: string): string => others.get(uid) ?? uid;
  const { claimRef } = (spec ?? {}) as { claimRef?: { uid?: string } };
  const { uid: involved } = (involvedObject ?? {}) as { uid?: string };
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: own(metadata.uid),
      ...(metadata.ownerReferences && {
        ownerReferences: metadata.ownerReferences.map((reference) => ({ ...reference, uid: own(reference.uid) })),
      }),
    },
    ...(claimRef?.uid !== undefined && {
      spec: { ...(spec as object), claimRef: { ...claimRef, uid: own(claimRef.uid) } },
    }),
    ...(involved !== undefined && { involvedObject: { ...(involvedObject as object), uid: own(involved) } }),
  };
}
