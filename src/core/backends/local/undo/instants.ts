/** The instant at which a saved cluster is, and the same cluster going on from an instant now. */
import { WallClock } from '../clock';
import { encodeDocument, type JsonObject } from '../codec';
import type { HostPort } from '../host';

type Host = Pick<HostPort, 'now'>;

function timeOf({ clock }: JsonObject): { readonly isVirtual: boolean; readonly now: number } {
  const { mode, now } = (typeof clock === 'object' && clock !== null ? clock : {}) as Readonly<Record<string, unknown>>;
  return { isVirtual: mode === 'virtual', now: typeof now === 'number' ? now : 0 };
}

/** The cluster's time, ms: on a wall clock it goes on between commands. */
export function instantOf(document: JsonObject, host: Host): number {
  const { isVirtual, now } = timeOf(document);
  return isVirtual ? now : WallClock.restore(host, document.local).present(now);
}

/**
 * The text of the state file for a cluster that is to go on from `instant` now. On a virtual clock it is `text` itself. On a
 * wall clock what happened up to the instant since the state was saved is played again, with the same outcome.
 */
export function resumed(text: string, document: JsonObject, schema: number, instant: number, host: Host): string {
  if (timeOf(document).isVirtual) return text;
  const { local, ...rest } = document;
  const clock = WallClock.restore(host, local);
  clock.goOnFrom(instant);
  const others = typeof local === 'object' && local !== null ? local : {};
  return encodeDocument({ schema, local: { ...others, ...clock.save() }, ...rest });
}
