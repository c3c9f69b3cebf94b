/** Which taints the node controller keeps on a node: what its conditions say, and whether it is closed. */
import type { Node } from '../../api/types';
import { readiness } from '../../apiserver/nodes';
import type { Taint } from '../../apiserver/tolerations';

const NOT_READY = 'node.kubernetes.io/not-ready';
export const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Condition -> status -> taint (as nodeConditionToTaintKeyStatusMap). */
const BY_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const NO_SCHEDULE: ReadonlySet<string> = new Set([
  UNSCHEDULABLE,
  ...Object.values(BY_CONDITION).flatMap((byStatus) => Object.values(byStatus)),
]);
const NO_EXECUTE: ReadonlySet<string> = new Set([NOT_READY, UNREACHABLE]);

/** How pods of lost nodes are dealt with in the node's zone: `slow` ever so slowly, `hold` evicts nobody else, `stop` nobody at all. */
export type Evictions = 'go' | 'slow' | 'hold' | 'stop';

/** The taint by which the node is to drive its pods away; undefined while it is well. */
function drivingTaint(node: Node): string | undefined {
  const state = readiness(node);
  return state === 'False' ? NOT_READY : state === 'Unknown' ? UNREACHABLE : undefined;
}

const drives = (node: Node): boolean =>
  (node.spec?.taints ?? []).some(({ key, effect }) => effect === 'NoExecute' && NO_EXECUTE.has(key));

/** The node is down and drives nobody away yet. */
export const waitsToDrive = (node: Node): boolean => drivingTaint(node) !== undefined && !drives(node);

/** The node's taints as they are to be, those of others as they are; undefined when nothing changes. */
export function wantedTaints(node: Node, evictions: Evictions, timeAdded: string): readonly Taint[] | undefined {
  const present: readonly Taint[] = node.spec?.taints ?? [];
  const wanted = new Set<string>();
  if (node.spec?.unschedulable) wanted.add(`${UNSCHEDULABLE}:NoSchedule`);
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = BY_CONDITION[type]?.[status];
    if (key !== undefined) wanted.add(`${key}:NoSchedule`);
  }
  const execute = drivingTaint(node);
  if (execute !== undefined && evictions !== 'stop' && (evictions !== 'hold' || drives(node)))
    wanted.add(`${execute}:NoExecute`);
  const text = ({ key, effect }: Taint): string => `${key}:${effect}`;
  const isOurs = ({ key, effect }: Taint): boolean =>
    (effect === 'NoSchedule' && NO_SCHEDULE.has(key)) || (effect === 'NoExecute' && NO_EXECUTE.has(key));
  const kept = present.filter((taint) => !isOurs(taint) || wanted.has(text(taint)));
  const missing = [...wanted].filter((one) => !present.some((taint) => text(taint) === one));
  if (missing.length === 0 && kept.length === present.length) return undefined;
  const added = missing.map((one) => {
    const at = one.lastIndexOf(':');
    return { effect: one.slice(at + 1), key: one.slice(0, at), timeAdded };
  });
  return [...kept, ...added];
}

/** Where most nodes are gone the fault is likely elsewhere: nobody is evicted (as ComputeZoneState and handleDisruption). */
export function evictionsOf(node: Node, nodes: readonly Node[]): Evictions {
  const isDown = (one: Node): boolean => readiness(one) !== 'True';
  const zones = new Map<string, { up: number; down: number }>();
  for (const one of nodes) {
    const zone = zones.get(zoneOf(one)) ?? { up: 0, down: 0 };
    zones.set(zoneOf(one), zone);
    if (isDown(one)) zone.down += 1;
    else zone.up += 1;
  }
  if ([...zones.values()].every(({ up, down }) => up === 0 && down > 0)) return 'stop';
  const { up = 0, down = 0 } = zones.get(zoneOf(node)) ?? {};
  if (up === 0 || down <= 2 || down / (up + down) < UNHEALTHY_ZONE) return 'go';
  return up + down > LARGE_ZONE ? 'slow' : 'hold';
}

/** The defaults of --unhealthy-zone-threshold and --large-cluster-size-threshold. */
const UNHEALTHY_ZONE = 0.55;
const LARGE_ZONE = 50;

export const zoneOf = ({ metadata: { labels = {} } }: Node): string =>
  `${labels['topology.kubernetes.io/region'] ?? ''}/${labels['topology.kubernetes.io/zone'] ?? ''}`;
