/** Faults that the user put there, as what lies behind the trouble they make: healing them is a way out. */
import type { Container, KubeObject } from '../../api/types';
import type { Reason } from '../../reports/why';
import type { Fault, Target } from '../faults';
import { isImage } from '../faults/match';
import { COUNTED } from '../faults/types';
import { lifeOf, targetOf, whatOf } from '../faults/words';
import { reason } from './words';
import type { World } from './world';

/** Those of an object, of these sorts. */
export const faultsOf = (
  world: World,
  target: Target,
  object: { readonly metadata: Pick<KubeObject['metadata'], 'namespace' | 'name'> },
  whats: readonly string[],
): readonly Reason[] =>
  world.faults
    .filter(
      (fault) =>
        fault.target === target &&
        whats.includes(fault.what) &&
        world.isAffected(fault, object.metadata.namespace, object.metadata.name),
    )
    .map(told);

/** Those that keep a container's image from being there. */
export const imageFaults = (world: World, { image = '' }: Container): readonly Reason[] =>
  world.faults.filter(({ target, name = '*' }) => target === 'image' && isImage(name, image)).map(told);

/** Those that refuse the calls of controllers. */
export const callFaults = (world: World): readonly Reason[] =>
  world.faults.filter(({ target, caller }) => target === 'api' && caller !== 'user').map(told);

/** Those that cut a node off. */
export const nodeFaults = (world: World, node: string): readonly Reason[] =>
  faultsOf(world, 'node', { metadata: { name: node } }, ['lost']);

function told(fault: Fault): Reason {
  const endsAlone = fault.until !== undefined || (fault.left !== undefined && COUNTED.includes(fault.what));
  return reason({
    rule: 'fault',
    message: `${targetOf(fault)} is broken on purpose: ${whatOf(fault)}, ${lifeOf(fault)} (fault ${fault.id})`,
    source: 'sim fail',
    since: fault.since,
    until: fault.until,
    endsAlone,
    ends: endsAlone ? `fault ${fault.id} is over or healed` : `fault ${fault.id} is healed`,
    remedy: [`sim heal ${fault.id}`],
  });
}
