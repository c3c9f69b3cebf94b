/** Objects of which nothing but their deletion can be explained. */
import type { KubeObject } from '../../api/types';
import type { Explanation } from '../../reports/why';
import { deletionReasons } from './deletion';
import { subjectOf } from './words';
import type { World } from './world';

export function explainOther(world: World, object: KubeObject): Explanation {
  return {
    subject: subjectOf(object),
    summary:
      object.metadata.deletionTimestamp === undefined
        ? 'nothing that is known here: only StatefulSets, pods and claims wait; of other objects it is known why they are not gone yet'
        : 'it is being deleted',
    reasons: deletionReasons(world, object),
    notes: [],
  };
}
