/**
 * LimitRanger admission: the LimitRanges of a namespace fill in what containers leave open, and refuse pods and claims that
 * ask for too much or too little (as plugin/pkg/admission/limitranger).
 */
import { forbidden } from '../../api/status';
import type { KubeObject, PersistentVolumeClaim, Pod } from '../../api/types';
import { compareText } from '../../meta/text';
import type { ResourceKey, Storage } from '../storage';
import { claimComplaints, podComplaints } from './constraints';
import { withDefaults } from './defaults';

const LIMITS: ResourceKey = 'limitranges';

/** A new pod with the defaults of its namespace. */
export function withLimitDefaults(storage: Storage, pod: Pod): Pod {
  return rangesFor(storage, pod).reduce(withDefaults, pod);
}

/**
 * Throws Forbidden with everything that the first LimitRange has against a new pod, or against a claim that is new or
 * changed. `shown` is the name that a refusal tells.
 */
export function checkLimits(storage: Storage, key: ResourceKey, object: KubeObject, shown: string): void {
  if (key !== 'pods' && key !== 'persistentvolumeclaims') return;
  for (const range of rangesFor(storage, object)) {
    const complaints = new Set(
      key === 'pods' ? podComplaints(range, object as Pod) : claimComplaints(range, object as PersistentVolumeClaim),
    );
    if (complaints.size === 0) continue;
    const all = [...complaints].join(', ');
    throw forbidden({ group: '', plural: key }, shown, complaints.size === 1 ? all : `[${all}]`);
  }
}

/** Upstream's order is a map's; ours is by name. */
function rangesFor(storage: Storage, { metadata }: KubeObject): readonly KubeObject[] {
  const namespace = metadata.namespace ?? '';
  if (!storage.has(LIMITS, namespace)) return NONE;
  return [...storage.list(LIMITS, namespace)].sort((a, b) => compareText(a.metadata.name, b.metadata.name));
}

const NONE: readonly KubeObject[] = [];
