/** What is wrong with a cluster that somebody wrote by hand: values of another type than their fields', and objects that no API server would hold. */
import { typeError } from '../../api/decode';
import { fieldErrorText } from '../../api/status';
import type { KubeObject } from '../../api/types';
import { validateCreate } from '../../api/validation';
import { isDns1123Label } from '../../meta/names';
import { fromTime } from '../../meta/time';
import type { ClusterState } from '../../simulation/cluster-state';

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

/** The end of the year 9999, ms: what comes later has no time of RFC 3339. */
const LATEST = Date.UTC(9999, 11, 31);

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isInstant: Check = (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= LATEST;
const isTime: Check = (value) => typeof value === 'string' && !Number.isNaN(fromTime(value));
const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const absentOr =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isMap(value) && Object.values(value).every(check);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const fits =
  (fields: Fields): Check =>
  (value) =>
    isMap(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const ref: Fields = { namespace: isText, pod: isText, uid: isText, container: isText, restart: isCount };
const event: Fields = { time: isTime, event: isText, namespace: isText, pod: isText, revision: isText };
const mark: Fields = { time: isTime, kind: isText, event: isText, namespace: isText, name: isText };
const timer: Fields = { at: isInstant, seq: isCount, kind: isText, key: isText };
const column: Fields = { name: isText, type: isText, jsonPath: isText };
const custom: Fields = {
  ...{ group: isText, version: isText, kind: isText, plural: isText, singular: isText },
  ...{ shortNames: listOf(isText), categories: listOf(isText), subresources: listOf(isText) },
  ...{ namespaced: oneOf(true, false), simulated: oneOf(true, false), printerColumns: absentOr(listOf(fits(column))) },
  ...{ otherVersions: absentOr(listOf(isText)), deprecations: absentOr(mapOf(isText)), scalePaths: absentOr(isMap) },
};
const fault: Fields = {
  ...{ id: isText, target: isText, what: isText, since: isInstant, until: absentOr(isInstant), struck: isCount },
  ...{ seed: Number.isFinite, namespace: absentOr(isText), name: absentOr(isText), selector: absentOr(isText) },
  ...{ set: absentOr(isText), container: absentOr(isText), resource: absentOr(isText), message: absentOr(isText) },
  ...{ slowMs: absentOr(isCount), code: absentOr(isCount), left: absentOr(isCount), asked: absentOr(isCount) },
  ...{ probability: absentOr(Number.isFinite) },
};

const STATE: Readonly<Record<keyof ClusterState, Check>> = {
  clock: fits({ mode: oneOf('wall', 'virtual'), now: isInstant }),
  config: fits({
    ...{ start: isCount, stop: isCount, init: isCount, seed: Number.isSafeInteger, undo: absentOr(isCount) },
    ...{ storage: oneOf('lenient', 'strict'), gates: mapOf(oneOf(true, false)) },
  }),
  resourceVersion: isCount,
  entropy: (value) => listOf(Number.isSafeInteger)(value) && (value as readonly number[]).length === 4,
  counters: mapOf(isCount),
  objects: listOf(isMap),
  events: absentOr(listOf(isMap)),
  eventsSince: absentOr(isInstant),
  customResources: listOf(fits(custom)),
  timers: listOf(fits(timer)),
  lastTimer: isCount,
  changedAfter: absentOr(isCount),
  timeline: listOf(fits(event)),
  timelineMarks: absentOr(listOf(fits(mark))),
  runs: absentOr(listOf(fits({ ref: fits(ref), purpose: isMap }))),
  memory: absentOr(mapOf(isMap)),
  faults: absentOr(listOf(fits(fault))),
};

/** The first mistake, with the field or the object that has it; undefined where there is none. */
export function mistakeIn(state: ClusterState): string | undefined {
  for (const [field, check] of Object.entries(STATE))
    if (!check(state[field as keyof ClusterState])) return `its field ${JSON.stringify(field)} makes no sense`;
  const uids = new Set<string>();
  const events = Array.isArray(state.events) ? (state.events as readonly KubeObject[]) : [];
  for (const object of [...state.objects, ...events]) {
    const mistake = mistakeOf(object);
    if (mistake !== undefined) return `${object.kind} ${JSON.stringify(object.metadata?.name)}: ${mistake}`;
    if (uids.has(object.metadata.uid)) return `two objects have the uid ${object.metadata.uid}`;
    uids.add(object.metadata.uid);
  }
  return undefined;
}

function mistakeOf(object: KubeObject): string | undefined {
  const { apiVersion, kind, metadata } = object;
  if (!isText(apiVersion) || !isText(kind)) return 'it has no kind';
  if (!isMap(metadata) || !isText(metadata.name)) return 'it has no name';
  const wrong = typeError(object);
  if (wrong !== undefined) return wrong;
  const { uid, namespace, resourceVersion, creationTimestamp } = metadata;
  // Names of folders are made of it.
  if (!/^[\w-]{1,64}$/.test(uid ?? '')) return 'its uid is none';
  if (!/^\d{1,15}$/.test(resourceVersion ?? '')) return 'its resourceVersion is none';
  if (!isTime(creationTimestamp)) return 'its creationTimestamp is none';
  if (namespace !== undefined && isDns1123Label(namespace).length > 0) return 'its namespace is none';
  const [error] = validateCreate(object);
  return error && fieldErrorText(error);
}
