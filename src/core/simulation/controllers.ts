/**
 * Which controllers a cluster runs, and in which order they look at one instant. The build keeps them apart: they load where
 * a cluster wakes.
 */

import type { Controller, ControllerContext } from '../apiserver/controller';
import { DisruptionController } from '../controllers/disruption';
import { EndpointsController } from '../controllers/endpoints';
import { EndpointSliceController } from '../controllers/endpointslice';
import { EphemeralVolumeController } from '../controllers/ephemeral-volume';
import { GarbageCollector } from '../controllers/garbage-collector';
import { NamespaceController } from '../controllers/namespace';
import { NodeLifecycleController } from '../controllers/node-lifecycle';
import { PersistentVolumeController, PROVISION_TIMER } from '../controllers/persistentvolume';
import { PodGarbageCollector } from '../controllers/pod-gc';
import { ProtectionController } from '../controllers/pvc-protection';
import { ResourceQuotaController } from '../controllers/resourcequota';
import { Scheduler } from '../controllers/scheduler';
import { BACK_OFF_TIMER, StatefulSetController } from '../controllers/statefulset';
import { TaintEvictionController } from '../controllers/taint-eviction';
import { Kubelet } from '../kubelet';
import { CRASH_TIMER, POLL_TIMER, PULL_TIMER } from '../kubelet/timers';

export { POLL_TIMER };

/** What failed is tried again and again: that changes nothing, unless what was in the way has gone. */
export const RETRIES: readonly string[] = [BACK_OFF_TIMER, PROVISION_TIMER];
/** Timers that fire again and again without changing anything by themselves. */
export const LOOPS: readonly string[] = [...RETRIES, CRASH_TIMER, PULL_TIMER];

export interface Controllers {
  readonly all: readonly Controller[];
  /** Work at every instant. */
  readonly eager: readonly Controller[];
  /** Keep derived objects: work when somebody is about to look. */
  readonly lazy: readonly Controller[];
  readonly statefulSets: StatefulSetController;
  readonly kubelet: Kubelet;
  /** The controller that a timer's kind (`<name>/<what>`) names. */
  byName(kind: string): Controller | undefined;
}

export function createControllers(context: ControllerContext): Controllers {
  const statefulSets = new StatefulSetController(context);
  const kubelet = new Kubelet(context);
  const eager: Controller[] = [
    new NamespaceController(context),
    // Before those who make pods: what has gone leaves room at once.
    new ResourceQuotaController(context),
    new EphemeralVolumeController(context),
    new PersistentVolumeController(context),
    new NodeLifecycleController(context),
    new TaintEvictionController(context),
    new PodGarbageCollector(context),
    new Scheduler(context),
    kubelet,
    new ProtectionController(context),
    statefulSets,
    new GarbageCollector(context),
  ];
  const lazy: Controller[] = [
    new EndpointsController(context),
    new EndpointSliceController(context),
    new DisruptionController(context),
  ];
  const all = [...eager, ...lazy];
  const names = new Map(all.map((controller) => [controller.name, controller]));
  return { all, eager, lazy, statefulSets, kubelet, byName: (kind) => names.get(kind.slice(0, kind.indexOf('/'))) };
}
