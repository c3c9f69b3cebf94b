/** The status of a container that waits, and the reasons that the kubelet gives for it. */
import type { Container, ContainerStatus } from '../api/types';

export const ERR_PULL = 'ErrImagePull';
export const BACK_OFF = 'ImagePullBackOff';
export const CRASH_LOOP = 'CrashLoopBackOff';
/** How long a failed pull shows as an error before it shows as backing off, ms. */
export const PULL_ERROR_MS = 1000;

export const waiting = (container: Container, reason: string, message?: string): ContainerStatus => ({
  name: container.name,
  image: container.image ?? '',
  imageID: '',
  ready: false,
  restartCount: 0,
  started: false,
  state: { waiting: message === undefined ? { reason } : { message, reason } },
  lastState: {},
});
