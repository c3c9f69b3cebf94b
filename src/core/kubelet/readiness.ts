/** What keeps a running container from being ready, whatever its probes would say. */
import type { Container, ContainerStatus } from '../api/types';
import type { Progress } from './progress';

/** A pod that carries it as "false" runs without being ready until it becomes "true". */
export const READY_ANNOTATION = 'stsctl.dev/ready';

/** Whether the pod's annotation or a fault holds the container back; a failing probe is told of when it begins to fail. */
export function isHeld(
  { pod, facts, happenings }: Progress,
  container: Container,
  status: ContainerStatus,
  hasJustStarted: boolean,
): boolean {
  if (pod.metadata.annotations?.[READY_ANNOTATION] === 'false') return true;
  // Whoever is about to crash does not get as far as being ready.
  const life = { pod, container: container.name, restart: status.restartCount };
  if (facts.faults?.crash(life)) return true;
  if (!facts.faults?.isUnready(pod, container.name)) return false;
  if (container.readinessProbe && (status.ready || hasJustStarted)) {
    const message = `Readiness probe failed: ${failureOf(container, pod.status.podIP ?? facts.podIP)}`;
    happenings.push({ type: 'Warning', reason: 'Unhealthy', message, container: container.name });
  }
  return true;
}

/** As the prober of that kind puts it. */
function failureOf({ readinessProbe }: Container, podIP: string): string {
  if (readinessProbe?.httpGet) return 'HTTP probe failed with statuscode: 503';
  if (readinessProbe?.tcpSocket) {
    const { port } = readinessProbe.tcpSocket as { readonly port?: number | string };
    return `dial tcp ${podIP}:${port}: connect: connection refused`;
  }
  if (readinessProbe?.grpc) return 'service unhealthy (responded with "NOT_SERVING")';
  return '';
}
