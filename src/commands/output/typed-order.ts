/** The order in which Go's structs print an object that was put together here: kind first, maps of text sorted. */
import type { KubeObject, Manifest } from '../../core/api/types';
import { inStructOrder } from './struct-order';

const METADATA = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** Fields that are maps in Go: their keys are sorted. */
const MAPS = new Set([
  ...['labels', 'annotations', 'matchLabels', 'data', 'binaryData', 'hard', 'nodeSelector'],
  ...['limits', 'requests', 'capacity', 'allocatable'],
]);

/** Kinds that come from the cluster in any order. */
const ORDERED = new Set(['StatefulSet', 'Pod', 'Service', 'Node', 'PodDisruptionBudget']);

/** `object` must name the fields of its spec in the order of their struct, unless it is of a kind whose order is known. */
export function typedOrder({ kind, apiVersion, metadata, ...rest }: KubeObject | Manifest): object {
  const known = METADATA.filter((key) => key in metadata);
  const others = Object.keys(metadata).filter((key) => !METADATA.includes(key));
  const ordered = Object.fromEntries([...known, ...others].map((key) => [key, Reflect.get(metadata, key)]));
  const inOrder = sortMaps(rest, '', ORDERED.has(kind)) as object;
  return { kind, apiVersion, metadata: sortMaps(ordered), ...inOrder };
}

function sortMaps(value: unknown, key = '', known = false): unknown {
  if (Array.isArray(value)) return value.map((item) => sortMaps(item, '', known));
  if (typeof value !== 'object' || value === null) return value;
  let entries: (readonly [string, unknown])[] = Object.entries(value);
  const isText = entries.every(([, item]) => typeof item === 'string');
  if (MAPS.has(key) || (key === 'selector' && isText)) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  else if (known) entries = inStructOrder(entries);
  return Object.fromEntries(entries.map(([name, item]) => [name, sortMaps(item, name, known)]));
}
