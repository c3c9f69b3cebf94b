/** The kubelet's timers. Each names a pod by its uid too, so that one which outlives its pod does nothing. */
import type { Pod } from '../api/types';

export const START_TIMER = 'kubelet/start';
export const WAKE_TIMER = 'kubelet/wake';
export const STOP_TIMER = 'kubelet/stop';
/** Looks whether something has changed that nobody tells of: a probe that fails, a command that waits for others. */
export const POLL_TIMER = 'kubelet/poll';
/** Starts a crashed container again. */
export const CRASH_TIMER = 'kubelet/crash';
/** Tries again to pull an image that can't be pulled. */
export const PULL_TIMER = 'kubelet/pull';

/** The key of a pod's timers, and of the pod in the kubelet's queue. */
export const podKey = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}/${metadata.uid}`;
