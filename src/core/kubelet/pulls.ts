/** Pulls of images that a fault spoils: those that fail are tried again ever more slowly (as kubelet's image back-off). */
import type { Container, ContainerStatus } from '../api/types';
import { formatDuration } from '../meta/duration';
import { fnv32a } from '../meta/hash';
import { backOffMessage, pullError } from './images';
import type { PullRecord } from './memory';
import { type Progress, wake } from './progress';
import { BACK_OFF, ERR_PULL, PULL_ERROR_MS, waiting } from './waiting';

const FIRST_HOLD_MS = 10_000;
const LAST_HOLD_MS = 300_000;
/** How long a pull takes that goes well after one that failed, ms. */
const PULL_MS = 1000;

/** The container as it waits for its image; undefined where the image is there. */
export function pulling(
  progress: Progress,
  container: Container,
  before: ContainerStatus | undefined,
): ContainerStatus | 'pulled' | undefined {
  const { now } = progress;
  const known = progress.record.pulls?.[container.name];
  if (!known && !progress.facts.faults) return undefined;
  if (known?.state === 'pulling') {
    if (now >= known.at) return finish(progress, container, known);
    wake(progress, known.at);
    return before ?? waiting(container, 'ContainerCreating');
  }
  if (known && now < known.at) return hold(progress, container, known, before);
  return attempt(progress, container, known, before);
}

function attempt(
  progress: Progress,
  container: Container,
  known: PullRecord | undefined,
  before: ContainerStatus | undefined,
): ContainerStatus | undefined {
  const { pod, now, happenings } = progress;
  const { faults } = progress.facts;
  const image = container.image ?? '';
  const attempts = known?.attempts ?? 0;
  const blow = faults?.pull(image, pod, container.name, attempts);
  if (!blow && !known) return undefined;
  happenings.push({
    type: 'Normal',
    reason: 'Pulling',
    message: `Pulling image "${image}"`,
    container: container.name,
  });
  if (blow) faults?.struck(blow);
  if (!blow || blow.slowMs !== undefined) {
    const at = now + (blow?.slowMs ?? PULL_MS);
    note(progress, container, { state: 'pulling', attempts: attempts + 1, at, since: now });
    wake(progress, at);
    return before ?? waiting(container, 'ContainerCreating');
  }
  happenings.push({
    type: 'Warning',
    reason: 'Failed',
    message: `Failed to pull image "${image}": ${pullError(image)}`,
    container: container.name,
  });
  happenings.push({ type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull', container: container.name });
  const holdMs = Math.min(FIRST_HOLD_MS * 2 ** attempts, LAST_HOLD_MS);
  const record: PullRecord = { state: 'failed', attempts: attempts + 1, at: now + holdMs, since: now };
  note(progress, container, blow.passes ? { ...record, passes: true } : record);
  wake(progress, now + PULL_ERROR_MS);
  return waiting(container, ERR_PULL, pullError(image));
}

/** After a while a failed pull shows as backing off, until it is tried again. */
function hold(
  progress: Progress,
  container: Container,
  { at, since, passes }: PullRecord,
  before: ContainerStatus | undefined,
): ContainerStatus {
  const { now, happenings } = progress;
  const image = container.image ?? '';
  if (before && now < since + PULL_ERROR_MS) {
    wake(progress, since + PULL_ERROR_MS);
    return before;
  }
  wake(progress, at, passes ? 'wakeAt' : 'pullAt');
  if (before?.state?.waiting?.reason === BACK_OFF) return before;
  happenings.push({ type: 'Normal', reason: 'BackOff', message: backOffMessage(image), container: container.name });
  happenings.push({ type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff', container: container.name });
  return waiting(container, BACK_OFF, `${backOffMessage(image)}: ${ERR_PULL}: ${pullError(image)}`);
}

function finish(progress: Progress, container: Container, { since }: PullRecord): 'pulled' {
  const image = container.image ?? '';
  const took = formatDuration(progress.now - since);
  note(progress, container, undefined);
  progress.happenings.push({
    type: 'Normal',
    reason: 'Pulled',
    message: `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${sizeOf(image)} bytes.`,
    container: container.name,
  });
  return 'pulled';
}

/** A stand-in that follows from the name: 20 to 200 MB. */
const sizeOf = (image: string): number => 20_000_000 + (fnv32a(image) % 180_000_000);

function note(progress: Progress, container: Container, record: PullRecord | undefined): void {
  const { [container.name]: _old, ...others } = progress.record.pulls ?? {};
  const pulls = record ? { ...others, [container.name]: record } : others;
  const { pulls: _pulls, ...rest } = progress.record;
  progress.record = Object.keys(pulls).length > 0 ? { ...rest, pulls } : rest;
}
