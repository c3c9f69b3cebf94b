/** `describe configmap` and `describe secret`. */

import type { ConfigMap, Secret } from '../../core/api/types';
import { compareText } from '../../core/meta/text';
import { writeEvents, writeHeader } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

/** Keys in order (upstream's map has none to keep). */
export function describeConfigMap(configMap: ConfigMap, related: Related, now: number): string {
  const w = new DetailWriter();
  writeHeader(w, configMap);
  w.line(0, '\nData\n====');
  for (const key of sorted(configMap.data)) w.line(0, `${key}:\n----\n${configMap.data?.[key] ?? ''}\n`);
  w.line(0, '\nBinaryData\n====');
  for (const key of sorted(configMap.binaryData)) {
    w.line(0, `${key}: ${decodedLength(configMap.binaryData?.[key] ?? '')} bytes`);
  }
  w.line(0, '');
  writeEvents(w, related.events, now);
  return w.toString();
}

/** Sizes instead of values; only a ServiceAccount token is shown, as kubectl does. Never has events. */
export function describeSecret(secret: Secret): string {
  const w = new DetailWriter();
  writeHeader(w, secret);
  w.line(0, `\nType:\t${secret.type ?? ''}`);
  w.line(0, '\nData\n====');
  for (const key of sorted(secret.data)) {
    const value = secret.data?.[key] ?? '';
    const open = key === 'token' && secret.type === 'kubernetes.io/service-account-token';
    w.field(0, key, open ? decode(value) : `${decodedLength(value)} bytes`);
  }
  return w.toString();
}

const sorted = (map: Readonly<Record<string, string>> | undefined): string[] =>
  Object.keys(map ?? {}).sort(compareText);

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString();

const decodedLength = (base64: string): number => Buffer.from(base64, 'base64').length;
