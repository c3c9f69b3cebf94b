/** `describe serviceaccount`. */
import type { KubeObject } from '../../core/api/types';
import { asMaps, asText } from './json';
import { writeBlock, writeEvents, writeHeader } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeServiceAccount(account: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  writeHeader(w, account);
  const secrets = asMaps(account.imagePullSecrets).map(({ name }) => asText(name));
  writeBlock(w, 'Image pull secrets', secrets);
  writeEvents(w, related.events, now);
  return w.toString();
}
