/**
 * What containers printed, up to the present instant: the log of a command that goes on is written ahead of its time, and
 * shows as the clock reaches it.
 */
import { everyStatus } from '../../api/pod';
import { badRequest } from '../../api/status';
import type { ContainerStatus, Pod } from '../../api/types';
import type { LogOptions } from '../../client/container-backend';
import { findContainer } from '../../client/pod-containers';
import { toTime } from '../../meta/time';
import type { Cluster } from '../../simulation/cluster';
import type { PodFolders } from './pods/folders';
import { type LogLine, readLog } from './pods/log-file';
import type { Session } from './session';
import type { Turns } from './turns';

/** How often new lines are looked for on a wall clock, ms. */
const POLL_MS = 200;

export interface LogSource {
  readonly session: Session;
  readonly folders: PodFolders;
  readonly turns: Pick<Turns, 'take'>;
  /**
   * Waits for time to bring more lines, where it passes by itself; `next` is when the next known line was printed (ms).
   * Resolves to `nothing` once nobody reads any more.
   */
  rest?(next: number | undefined): Promise<'wait' | 'nothing'>;
  /** The pod as it is. Throws ApiError where there is none. */
  look(): Promise<Pod>;
}

export async function* readLogs(
  { session, folders, turns, look }: LogSource,
  options: LogOptions,
): AsyncIterable<string> {
  const lines = await turns.take(async () => {
    const path = logPath(folders, await look(), options);
    return path === undefined ? [] : chosen(readLog(path), (await session.read()).now, options);
  });
  yield* limited(lines, options);
}

/** Goes on after the first lines until the container has ended, or nothing more would come. */
export async function* followLog(source: LogSource, options: LogOptions): AsyncIterable<string> {
  const { session, folders, turns, look, rest } = source;
  const pod = await turns.take(look);
  const path = logPath(folders, pod, options);
  if (path === undefined) return;
  const limit = { left: options.limitBytes ?? Number.POSITIVE_INFINITY };
  let shown: number | undefined;
  for (;;) {
    const { fresh, goesOn, next } = await turns.take(async () => {
      const engine = await session.read();
      const lines = readLog(path);
      const due = lines.filter(({ at }) => at <= engine.now);
      const news = shown === undefined ? chosen(lines, engine.now, options) : due.slice(shown);
      shown = due.length;
      const next = lines[due.length]?.at;
      return { fresh: news, next, goesOn: next !== undefined || isAlive(engine, pod, options.container) };
    });
    for (const line of fresh) {
      const text = cut(textOf(line, options), limit);
      if (text !== '') yield text;
    }
    if (!goesOn || limit.left <= 0) return;
    // What was shown must not keep others from the cluster while nothing happens.
    if (fresh.length > 0) continue;
    const moved = rest ? await rest(next) : await turns.take(() => playOn(session, path));
    if (moved === 'nothing') return;
    if (moved === 'wait' && !rest) await session.host.sleep(session.msUntil(Number.POSITIVE_INFINITY, POLL_MS));
  }
}

/** Whether the container is still in the life whose log is followed. */
function isAlive(engine: Cluster, pod: Pod, container: string): boolean {
  const { name, namespace = '', uid } = pod.metadata;
  const current = engine.store.get<Pod>('pods', namespace, name);
  if (current?.metadata.uid !== uid) return false;
  const status = statusOf(current, container);
  return status?.state?.running !== undefined && status.restartCount === statusOf(pod, container)?.restartCount;
}

/** Lets time pass until something may have been printed; `nothing` where, on a virtual clock, nothing more would come. */
async function playOn(session: Session, path: string): Promise<'played' | 'wait' | 'nothing'> {
  const engine = await session.read();
  if (engine.clockMode === 'wall') {
    await session.commit();
    return 'wait';
  }
  const playing = await session.write();
  const next = readLog(path).find(({ at }) => at > playing.now)?.at;
  session.touched();
  const due = playing.nextDue();
  if (next !== undefined && (due === undefined || next <= due)) {
    await session.playTo(next);
    return 'played';
  }
  if (next === undefined && playing.isSettled()) return 'nothing';
  return (await session.step(undefined)) ? 'played' : 'nothing';
}

/** As the kubelet's checks before it opens a log. Undefined where there is no node yet, and so no log. */
function logPath(folders: PodFolders, pod: Pod, { container, previous }: LogOptions): string | undefined {
  const { name, namespace = '', uid } = pod.metadata;
  if (!findContainer(pod, container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  if (!pod.spec.nodeName) return undefined;
  const status = statusOf(pod, container);
  const what = `container "${container}" in pod "${name}"`;
  if (!status) throw badRequest(`${what} is not available`);
  const { state, lastState, restartCount } = status;
  const isHere = state?.running !== undefined || state?.terminated !== undefined;
  const path = (restart: number) => folders.log({ namespace, pod: name, uid, container, restart });
  if (previous) {
    if (!lastState?.terminated) throw badRequest(`previous terminated ${what} not found`);
    return path(isHere ? restartCount - 1 : restartCount);
  }
  if (isHere || lastState?.terminated) return path(restartCount);
  const reason = state?.waiting?.reason;
  if (reason === 'ErrImagePull') throw badRequest(`${what} is waiting to start: image can't be pulled`);
  if (reason === 'ImagePullBackOff') throw badRequest(`${what} is waiting to start: trying and failing to pull image`);
  throw badRequest(reason ? `${what} is waiting to start: ${reason}` : `${what} is waiting to start - no logs yet`);
}

const statusOf = (pod: Pod, container: string): ContainerStatus | undefined =>
  everyStatus(pod).find(({ name }) => name === container);

function chosen(lines: readonly LogLine[], now: number, options: LogOptions): readonly LogLine[] {
  const { sinceSeconds, sinceTime, tailLines } = options;
  const since = sinceTime ?? (sinceSeconds === undefined ? Number.NEGATIVE_INFINITY : now - sinceSeconds * 1000);
  const due = lines.filter(({ at }) => at <= now && at >= since);
  return tailLines === undefined || tailLines < 0 ? due : due.slice(Math.max(0, due.length - tailLines));
}

function* limited(lines: readonly LogLine[], options: LogOptions): Iterable<string> {
  const limit = { left: options.limitBytes ?? Number.POSITIVE_INFINITY };
  for (const line of lines) {
    const text = cut(textOf(line, options), limit);
    if (text !== '') yield text;
  }
}

const textOf = ({ at, text, complete }: LogLine, { timestamps }: LogOptions): string =>
  `${timestamps ? `${toTime(at).slice(0, 19)}.${String(at % 1000).padStart(3, '0')}000000Z ` : ''}${text}${complete ? '\n' : ''}`;

/** As much of the text as may still be shown, in bytes. */
function cut(text: string, limit: { left: number }): string {
  const bytes = new TextEncoder().encode(text);
  const kept = bytes.length <= limit.left ? text : new TextDecoder().decode(bytes.slice(0, Math.max(0, limit.left)));
  limit.left -= bytes.length;
  return kept;
}
