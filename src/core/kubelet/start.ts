/** How a container starts, or why it can't: its configuration, its image. */
import type { Container, ContainerStatus } from '../api/types';
import { toTime } from '../meta/time';
import { containerId, imageId } from './ids';
import { backOffMessage, isPullable, pullError } from './images';
import { type Progress, wake } from './progress';
import { pulling } from './pulls';
import { BACK_OFF, ERR_PULL, PULL_ERROR_MS, waiting } from './waiting';

const CONFIG_ERROR = 'CreateContainerConfigError';

/** The status of the container as it runs, or waits with a reason. `before` is its status until now. */
export function start(progress: Progress, container: Container, before: ContainerStatus | undefined): ContainerStatus {
  const { pod, now, happenings } = progress;
  const { name } = container;
  const image = container.image ?? '';
  const restartCount = before?.restartCount ?? 0;
  const lastState = before?.lastState ?? {};
  const missing = progress.facts.missing(container.name);
  if (missing) {
    if (before?.state?.waiting?.message !== missing.message) {
      happenings.push({ type: 'Warning', reason: 'Failed', message: `Error: ${missing.message}`, container: name });
    }
    return { ...waiting(container, CONFIG_ERROR, missing.message), restartCount, lastState };
  }
  if (!isPullable(image)) {
    const reason = before?.state?.waiting?.reason;
    if (reason === BACK_OFF) return before as ContainerStatus;
    if (reason === ERR_PULL) {
      happenings.push({ type: 'Normal', reason: 'BackOff', message: backOffMessage(image), container: name });
      happenings.push({ type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff', container: name });
      return waiting(container, BACK_OFF, `${backOffMessage(image)}: ${ERR_PULL}: ${pullError(image)}`);
    }
    happenings.push({ type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"`, container: name });
    happenings.push({
      type: 'Warning',
      reason: 'Failed',
      message: `Failed to pull image "${image}": ${pullError(image)}`,
      container: name,
    });
    happenings.push({ type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull', container: name });
    wake(progress, now + PULL_ERROR_MS);
    return waiting(container, ERR_PULL, pullError(image));
  }
  // An image that the pod has run before is on its node.
  const pull = restartCount === 0 ? pulling(progress, container, before) : undefined;
  if (typeof pull === 'object') return pull;
  if (pull === undefined)
    happenings.push({
      type: 'Normal',
      reason: 'Pulled',
      message: `Container image "${image}" already present on machine and can be accessed by the pod`,
      container: name,
    });
  happenings.push({ type: 'Normal', reason: 'Created', message: 'Container created', container: name });
  happenings.push({ type: 'Normal', reason: 'Started', message: 'Container started', container: name });
  return {
    containerID: containerId(pod.metadata.uid, container.name, restartCount),
    image,
    imageID: imageId(image),
    lastState,
    name: container.name,
    ready: false,
    restartCount,
    started: false,
    state: { running: { startedAt: toTime(now) } },
  };
}
