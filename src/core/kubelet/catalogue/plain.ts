/** What an image that nobody models has beside the usual programs of a small Unix: the network clients of busybox. */
import type { Program } from '../shell/program';

/** Loads them when they are asked for. */
export async function plainPrograms(): Promise<readonly Program[]> {
  const { busyboxClients } = await import('../network/programs');
  return busyboxClients();
}
