/** Why a pod that has a node is not ready: its containers one by one, as the kubelet reports them. */
import { isSidecar, podCondition } from '../../api/pod';
import type { Container, ContainerStatus, Pod } from '../../api/types';
import { READY_ANNOTATION } from '../../kubelet/lifecycle';
import { START_TIMER, WAKE_TIMER } from '../../kubelet/timers';
import type { Reason } from '../../reports/why';
import { crashLoop } from './crash-loop';
import { faultsOf, imageFaults } from './faults';
import { mountTrouble } from './mounts';
import { probeReason } from './probes';
import { allUntil, at, command, endAlone, endsWith, quoted, reason, remedies, subjectOf, timerKeyOf } from './words';
import type { World } from './world';

const KUBELET_TIMERS = [START_TIMER, WAKE_TIMER];
const PULL_REASONS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
];
const CONFIG_REASONS = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];
const CREATING = ['ContainerCreating', 'PodInitializing'];

/** The kubelet looks at the pod again at this instant, and something will have changed. */
export const nextStep = (world: World, pod: Pod): number | undefined =>
  world.nextTimer(KUBELET_TIMERS, timerKeyOf(pod));

/** Each container that is not ready, init containers first; empty when all are. */
export function containerReasons(world: World, pod: Pod): readonly Reason[] {
  const mount = mountTrouble(world, pod);
  if (mount) return [mount];
  for (const container of pod.spec.initContainers ?? []) {
    const status = pod.status.initContainerStatuses?.find(({ name }) => name === container.name);
    if (!status) continue;
    const over = isSidecar(container) ? status.started === true : status.state?.terminated?.exitCode === 0;
    if (!over) return [containerReason(world, pod, container, status, true)];
  }
  const reasons: Reason[] = [];
  for (const container of pod.spec.containers) {
    const status = pod.status.containerStatuses?.find(({ name }) => name === container.name);
    if (!status?.ready) reasons.push(containerReason(world, pod, container, status, false));
  }
  return reasons.length > 0 ? reasons : readinessGates(pod);
}

function containerReason(
  world: World,
  pod: Pod,
  container: Container,
  status: ContainerStatus | undefined,
  isInit: boolean,
): Reason {
  const called = `${isInit ? 'init container' : 'container'} ${container.name}`;
  const waiting = status?.state?.waiting;
  const word = waiting?.reason ?? '';
  const since = at(podCondition(pod, isInit ? 'Initialized' : 'ContainersReady')?.lastTransitionTime);
  const common = { on: subjectOf(pod), since };
  const faults = PULL_REASONS.includes(word) ? imageFaults(world, container) : [];
  if (PULL_REASONS.includes(word)) {
    return reason({
      ...common,
      rule: 'image-pull',
      message: `${called} can't start: its image ${container.image ?? ''} can't be pulled (${word})`,
      source: 'kubelet: EnsureImageExists',
      until: allUntil(faults),
      endsAlone: faults.length > 0 && endAlone(faults),
      ends:
        faults.length > 0
          ? endsWith('the image can be pulled', faults)
          : `the image can be pulled, or ${called} gets another one`,
      remedy: remedies(faults),
      because: faults,
    });
  }
  if (CONFIG_REASONS.includes(word)) {
    return reason({
      ...common,
      rule: 'container-config',
      message: `${called} can't be made (${word}): ${waiting?.message ?? ''}`,
      source: 'kubelet: generateContainerConfig',
      endsAlone: false,
      ends: `what ${called} refers to is there: ${waiting?.message ?? 'its configuration'}`,
    });
  }
  if (word === 'CrashLoopBackOff') return crashLoop(world, pod, container, status, called, since);
  const ended = status?.state?.terminated;
  if (ended) {
    return reason({
      ...common,
      rule: 'container-ended',
      message: `${called} ended with exit code ${ended.exitCode}${ended.reason ? ` (${ended.reason})` : ''}`,
      source: 'kubelet: ShouldContainerBeRestarted',
      since: at(ended.finishedAt) ?? since,
      endsAlone: false,
      ends: `${called} is run again: by its restart policy, or in a new pod`,
    });
  }
  const step = nextStep(world, pod);
  if (!status?.state?.running) {
    const slow = imageFaults(world, container);
    const doing =
      slow.length > 0 && step !== undefined ? `waits for its image ${container.image ?? ''}` : 'is being started';
    return reason({
      ...common,
      rule: 'container-creating',
      message: CREATING.includes(word) || word === '' ? `${called} ${doing}` : `${called} waits: ${word}`,
      source: 'kubelet: syncPod',
      until: step,
      endsAlone: step !== undefined,
      ends: `${called} runs`,
      because: slow,
    });
  }
  if (isInit && !isSidecar(container)) {
    return reason({
      ...common,
      rule: 'init-container-running',
      message: `${called} is still running, and the containers start after it`,
      source: 'kubelet: findNextInitContainerToRun',
      since: at(status.state.running.startedAt),
      until: step,
      endsAlone: step !== undefined,
      ends: `${called} ends with exit code 0`,
    });
  }
  const unready = faultsOf(world, 'pod', pod, ['unready']);
  if (unready.length > 0 && status.started) {
    return reason({
      ...common,
      rule: 'container-not-ready',
      message: `${called} runs but is not ready`,
      source: 'kubelet: UpdatePodStatus',
      until: allUntil(unready),
      endsAlone: endAlone(unready),
      ends: endsWith(`${called} is ready`, unready),
      remedy: remedies(unready),
      because: unready,
    });
  }
  if (pod.metadata.annotations?.[READY_ANNOTATION] === 'false' && status.started) {
    return reason({
      ...common,
      rule: 'held-unready',
      message: `${called} runs but is held unready by the annotation ${READY_ANNOTATION}=false`,
      source: `annotation ${READY_ANNOTATION}`,
      endsAlone: false,
      ends: `the annotation is set to "true" or removed`,
      remedy: [
        command(pod.metadata.namespace, `annotate pod ${pod.metadata.name} ${READY_ANNOTATION}=true --overwrite`),
      ],
    });
  }
  const ending =
    container.readinessProbe || container.startupProbe ? [] : faultsOf(world, 'pod', pod, ['crash', 'oom']);
  if (ending.length > 0) {
    return reason({
      ...common,
      rule: 'container-not-ready',
      message: `${called} runs and is about to end again`,
      source: 'kubelet: UpdatePodStatus',
      until: allUntil(ending),
      endsAlone: endAlone(ending),
      ends: endsWith(`${called} stays up`, ending),
      remedy: remedies(ending),
      because: ending,
    });
  }
  return probeReason(world, pod, container, status, called, step);
}

function readinessGates(pod: Pod): readonly Reason[] {
  const gates = (pod.spec.readinessGates ?? []) as readonly { readonly conditionType: string }[];
  return gates
    .filter(({ conditionType }) => podCondition(pod, conditionType)?.status !== 'True')
    .map(({ conditionType }) =>
      reason({
        on: subjectOf(pod),
        rule: 'readiness-gate',
        message: `the readiness gate ${conditionType} of ${pod.metadata.name} is not True`,
        source: 'kubelet: GeneratePodReadyCondition',
        since: at(
          podCondition(pod, conditionType)?.lastTransitionTime ?? podCondition(pod, 'Ready')?.lastTransitionTime,
        ),
        endsAlone: false,
        ends: `whoever keeps the condition ${conditionType} sets it to True`,
        remedy: [setCondition(pod, conditionType)],
      }),
    );
}

/** By hand, as the controller that is missing would. */
function setCondition({ metadata: { name, namespace } }: Pod, type: string): string {
  const patch = JSON.stringify({ status: { conditions: [{ type, status: 'True' }] } });
  return command(namespace, `patch pod ${name} --subresource=status -p ${quoted(patch)}`);
}
