/** Pods and claims that do not exist though a StatefulSet asks for them: why it has not made them yet. */
import type { StatefulSet } from '../../api/types';
import { claimNamesFor } from '../../controllers/statefulset/claims';
import { isInOrdinalRange, parentAndOrdinal, podNameFor } from '../../controllers/statefulset/utils';
import type { Explanation } from '../../reports/why';
import { explainSet } from './statefulset';
import type { World } from './world';

/** Undefined where no set asks for a pod of this name. */
export function explainFuturePod(world: World, namespace: string, name: string): Explanation | undefined {
  const { parent, ordinal } = parentAndOrdinal(name);
  const set = world.get<StatefulSet>('statefulsets.apps', namespace, parent);
  return set && explain(world, set, ordinal, { kind: 'Pod', namespace, name });
}

/** Undefined where no set asks for a claim of this name. */
export function explainFutureClaim(world: World, namespace: string, name: string): Explanation | undefined {
  const { ordinal } = parentAndOrdinal(name);
  const set = world
    .list<StatefulSet>('statefulsets.apps', namespace)
    .find((one) => claimNamesFor(one, ordinal).includes(name));
  return set && explain(world, set, ordinal, { kind: 'PersistentVolumeClaim', namespace, name });
}

function explain(
  world: World,
  set: StatefulSet,
  ordinal: number,
  subject: Explanation['subject'],
): Explanation | undefined {
  if (set.metadata.deletionTimestamp !== undefined || !isInOrdinalRange(set, ordinal)) return undefined;
  const { reasons } = explainSet(world, set);
  if (reasons.length === 0) return undefined;
  const maker = `StatefulSet ${set.metadata.name}`;
  const when =
    subject.kind === 'Pod'
      ? `${maker} has yet to create it`
      : `${maker} makes it together with ${podNameFor(set, ordinal)}`;
  return { subject, exists: false, summary: `it does not exist yet: ${when}`, reasons, notes: [] };
}
