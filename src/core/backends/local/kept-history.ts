/**
 * The last changes that a server told of, kept in a file beside the state file until the next server starts, so that watches
 * go on across a restart. It counts only for the very state file that it was written for: where anybody has written since, or
 * a server was killed, watches begin anew.
 */
import * as nodeFs from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ResourceInfo } from '../../api/resources';
import type { KubeObject } from '../../api/types';
import type { Change } from '../../client/served';
import { parseJson, stringifyJson } from '../../meta/json';
import type { Recent } from './history';
import type { FileIdentity } from './state-file';

/** A change as a line: its version before stands in an earlier line where there is one of the same object. */
type Row = Pick<Change, 'type' | 'object' | 'resourceVersion'> & { readonly old?: KubeObject };

interface Head extends FileIdentity {
  readonly start: number;
}

export interface KeptHistory {
  readonly identity: FileIdentity;
  /** Undefined where it names a kind that `kindOf` does not know. */
  recent(kindOf: (object: KubeObject) => ResourceInfo | undefined): Recent | undefined;
}

const LEVEL = 1;
/** No file of this many bytes is read, and none that is larger when it is unpacked. */
const MAX_BYTES = 256 * 1024 * 1024;

const pathOf = (statePath: string): string => `${statePath}.watches`;

/** Writes them for the state file as it is now. Nothing is lost but convenience where that fails. */
export function keepHistory(statePath: string, { ino, mtimeMs, size }: FileIdentity, recent: Recent): void {
  const head: Head = { ino, mtimeMs, size, start: recent.start };
  const told = new Set<string>();
  const rows = recent.changes.map(({ type, object, old, resourceVersion }): Row => {
    const isKnown = told.has(object.metadata.uid);
    told.add(object.metadata.uid);
    return { type, resourceVersion, object, ...(old && !isKnown && { old }) };
  });
  const path = pathOf(statePath);
  const next = `${path}.tmp`;
  try {
    const text = [head, ...rows].map((row) => stringifyJson(row)).join('\n');
    nodeFs.writeFileSync(next, new Uint8Array(gzipSync(text, { level: LEVEL })), { mode: 0o600 });
    nodeFs.renameSync(next, path);
  } catch {
    nodeFs.rmSync(next, { force: true });
  }
}

/** Reads and removes what was kept; undefined where there is none, or none that can be read. */
export function takeHistory(statePath: string): KeptHistory | undefined {
  const path = pathOf(statePath);
  try {
    if (nodeFs.statSync(path).size > MAX_BYTES) return undefined;
    const bytes = new Uint8Array(nodeFs.readFileSync(path));
    const text = gunzipSync(bytes, { maxOutputLength: MAX_BYTES }).toString('utf8');
    const [head, ...rows] = text.split('\n').map(parseJson) as [Head, ...Row[]];
    const { ino, mtimeMs, size, start } = head;
    return { identity: { ino, mtimeMs, size }, recent: (kindOf) => recentOf(start, rows, kindOf) };
  } catch {
    return undefined;
  } finally {
    remove(path);
  }
}

function recentOf(
  start: number,
  rows: readonly Row[],
  kindOf: (object: KubeObject) => ResourceInfo | undefined,
): Recent | undefined {
  const last = new Map<string, KubeObject>();
  const changes: Change[] = [];
  for (const { type, object, resourceVersion, ...row } of rows) {
    const resource = kindOf(object);
    if (!resource) return undefined;
    const { uid } = object.metadata;
    const old = row.old ?? last.get(uid);
    last.set(uid, object);
    changes.push({ type, resource, object, resourceVersion, ...(old && { old }) });
  }
  return { start, changes };
}

function remove(path: string): void {
  try {
    nodeFs.rmSync(path, { force: true });
  } catch {
    // It is out of date as soon as the state file is saved.
  }
}
