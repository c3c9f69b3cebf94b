/** The command that deletes a pod, as advice: one that does not go at once is not waited for. */
import type { Pod } from '../../api/types';
import { faultsOf, nodeFaults } from './faults';
import { command } from './words';
import type { World } from './world';

export function deletePod(world: World, pod: Pod): string {
  const { name, namespace, finalizers = [] } = pod.metadata;
  const stays =
    finalizers.length > 0 ||
    faultsOf(world, 'pod', pod, ['stuck-terminating']).length > 0 ||
    nodeFaults(world, pod.spec.nodeName ?? '').length > 0;
  return command(namespace, `delete pod ${name}${stays ? ' --wait=false' : ''}`);
}
