/** When a container that has ended is started again, and after which hold (as ShouldContainerBeRestarted and doBackOff). */

const FIRST_MS = 10_000;
const LAST_MS = 300_000;
/** A life longer than this makes the next crash a first one again. */
const FORGIVEN_AFTER_MS = 2 * LAST_MS;

export type ContainerRole = 'init' | 'sidecar' | 'main' | 'ephemeral';

/** Whether a container that ended like this is started again. */
export function restarts(policy: string | undefined, role: ContainerRole, exitCode: number): boolean {
  if (role === 'ephemeral') return false;
  if (role === 'sidecar') return true;
  if (policy === 'Never') return false;
  if (role === 'init' || policy === 'OnFailure') return exitCode !== 0;
  return true;
}

/** The hold (ms) before this restart, and before the next one. The first restart is not held back. */
export function backOff(
  previous: number | undefined,
  livedMs: number,
): { readonly holdMs: number; readonly nextMs: number } {
  if (previous === undefined || livedMs > FORGIVEN_AFTER_MS) return { holdMs: 0, nextMs: FIRST_MS };
  return { holdMs: previous, nextMs: Math.min(previous * 2, LAST_MS) };
}
