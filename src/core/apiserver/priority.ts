/** The priority of a new pod, which follows from its class alone (as the Priority admission plug-in). */
import { forbidden } from '../api/status';
import type { KubeObject, Pod } from '../api/types';
import type { Storage } from './storage';

const SYSTEM: Readonly<Record<string, number>> = {
  'system-node-critical': 2000001000,
  'system-cluster-critical': 2000000000,
};
const CLASSES = 'priorityclasses.scheduling.k8s.io';

interface Priority {
  readonly priority: number;
  readonly preemptionPolicy: string;
  readonly priorityClassName?: string;
}

/** The pod's fields as its class makes them. Throws Forbidden for a class that is not there and for numbers of the user's own. */
export function priorityOf(storage: Storage, pod: Pod): Priority {
  const refuse = (why: string): Error => forbidden({ group: '', plural: 'pods' }, pod.metadata.name, why);
  const { spec } = pod;
  const name =
    typeof spec.priorityClassName === 'string' && spec.priorityClassName ? spec.priorityClassName : undefined;
  const computed = name === undefined ? byDefault(storage) : named(storage, name);
  if (!computed) throw refuse(`no PriorityClass with name ${name} was found`);
  if (typeof spec.priority === 'number' && spec.priority !== computed.priority) {
    throw refuse(
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${computed.priority} from the given PriorityClass name`,
    );
  }
  const { preemptionPolicy } = spec;
  if (typeof preemptionPolicy === 'string' && preemptionPolicy !== computed.preemptionPolicy) {
    throw refuse(
      `the string value of PreemptionPolicy (${preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${computed.preemptionPolicy} from the given PriorityClass name`,
    );
  }
  return computed;
}

function named(storage: Storage, name: string): Priority | undefined {
  const found = storage.get(CLASSES, '', name);
  if (found) return fromClass(found);
  const system = Object.hasOwn(SYSTEM, name) ? SYSTEM[name] : undefined;
  return system === undefined ? undefined : { priority: system, preemptionPolicy: 'PreemptLowerPriority' };
}

/** The global default; the lowest where there are several. */
function byDefault(storage: Storage): Priority {
  let chosen: KubeObject | undefined;
  for (const candidate of storage.list(CLASSES)) {
    if (candidate.globalDefault === true && (!chosen || numberOf(candidate) < numberOf(chosen))) chosen = candidate;
  }
  if (!chosen) return { priority: 0, preemptionPolicy: 'PreemptLowerPriority' };
  return { ...fromClass(chosen), priorityClassName: chosen.metadata.name };
}

const numberOf = (found: KubeObject): number => (typeof found.value === 'number' ? found.value : 0);

const fromClass = (found: KubeObject): Priority => ({
  priority: numberOf(found),
  preemptionPolicy: typeof found.preemptionPolicy === 'string' ? found.preemptionPolicy : 'PreemptLowerPriority',
});
