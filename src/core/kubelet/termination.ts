/** How a deleted pod ends on its node: preStop hooks, containers told to end, and the object that goes when they have. */
import { everyStatus } from '../api/pod';
import type { Pod } from '../api/types';
import type { ContainerRun, RunOutcome } from '../apiserver/container-runtime';
import type { ControllerContext } from '../apiserver/controller';
import { endedStatus } from './ended';
import { isStarted } from './lifecycle';
import type { KubeletPods } from './pods';
import { hookOf } from './probing';
import type { Happening } from './progress';
import { STOP_TIMER } from './timers';

const DEFAULT_GRACE_SECONDS = 30;
/** What containers get at least, even of a pod that is deleted without grace and held by finalizers (as calculateEffectiveGracePeriod). */
const LEAST_GRACE_SECONDS = 1;

const graceMs = ({ metadata }: Pod): number =>
  Math.max(Number(metadata.deletionGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS), LEAST_GRACE_SECONDS) * 1000;

/** What is told of each container that runs, sidecars too, when the pod ends (as killContainersWithSyncResult goes over them). */
export const stopping = (pod: Pod): readonly Happening[] =>
  everyStatus(pod).flatMap(({ name, state }) =>
    state?.running
      ? [{ type: 'Normal', reason: 'Killing', message: `Stopping container ${name}`, container: name } as const]
      : [],
  );

export class Termination {
  constructor(
    private readonly context: ControllerContext,
    private readonly pods: KubeletPods,
  ) {}

  /** Tells the containers to end, or asks for their hooks first. */
  stop(pod: Pod): void {
    const now = this.context.now();
    if (this.pods.recall(pod).ended) return;
    const grace = graceMs(pod);
    this.pods.tell(pod, stopping(pod));
    const hooks = this.preStopRuns(pod, grace);
    this.pods.schedule(pod, now + Math.min(this.context.config.stop, grace), STOP_TIMER);
    if (hooks.length === 0) return;
    this.pods.remember(pod, { ...this.pods.recall(pod), hooks: hooks.length, hooksUntil: now });
    for (const run of hooks) this.context.requestRun(run);
  }

  /** The containers are told to end once their hooks are over, and get no more than the grace period in all. */
  hookEnded(pod: Pod, container: string, { elapsedMs, exitCode, message }: RunOutcome): void {
    const now = this.context.now();
    const record = this.pods.recall(pod);
    if (exitCode !== 0)
      this.pods.tell(pod, [
        { type: 'Warning', reason: 'FailedPreStopHook', message: message ?? 'PreStopHook failed', container },
      ]);
    const hooks = (record.hooks ?? 1) - 1;
    const grace = graceMs(pod);
    const hooksUntil = Math.min(Math.max(record.hooksUntil ?? now, now + elapsedMs), now + grace);
    this.pods.remember(pod, { ...record, hooks, hooksUntil });
    if (hooks > 0) return;
    this.pods.schedule(pod, Math.min(hooksUntil + this.context.config.stop, now + grace), STOP_TIMER);
  }

  /** The containers have ended, unless hooks or a fault keep them: the pod's object goes, or waits for its finalizers. */
  finish(pod: Pod): void {
    if (pod.metadata.deletionTimestamp === undefined) return;
    const record = this.pods.recall(pod);
    if ((record.hooks ?? 0) > 0) return;
    if ((record.hooksUntil ?? 0) > this.context.now()) return;
    if (this.context.faults.isStuck(pod)) {
      this.pods.remember(pod, { ...record, stuck: true });
      return;
    }
    const { store } = this.context;
    const { namespace = '', name, uid } = pod.metadata;
    store.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    const held = store.get<Pod>('pods', namespace, name);
    if (held?.metadata.uid !== uid) return;
    this.pods.remember(held, { ...this.pods.recall(held), ended: true });
    const status = endedStatus(held, this.context.now());
    if (status) store.updateStatus(held, status);
  }

  /** The preStop hooks of the containers that run, unless they were asked for already. */
  private preStopRuns(pod: Pod, grace: number): readonly ContainerRun[] {
    const { runtime } = this.context;
    if (!runtime || !isStarted(pod) || this.pods.recall(pod).hooks !== undefined) return [];
    const { namespace = '', name, uid } = pod.metadata;
    return pod.spec.containers.flatMap((container) => {
      const action = hookOf(container, 'preStop');
      const status = pod.status.containerStatuses?.find((candidate) => candidate.name === container.name);
      if (!action || !status?.state?.running || !runtime.models(container.image ?? '')) return [];
      const ref = { namespace, pod: name, uid, container: container.name, restart: status.restartCount };
      return [
        {
          id: `${uid}/${container.name}/preStop`,
          ref,
          purpose: { kind: 'hook', hook: 'preStop', action },
          timeoutMs: grace,
        },
      ];
    });
  }
}
