/** The order in which Go's structs print an object that was put together here: kind first, maps of text sorted. */
import type { Manifest } from '../../core/api/types';

const METADATA = ['name', 'generateName', 'namespace', 'uid', 'labels', 'annotations', 'ownerReferences'];

/** Fields that are maps in Go: their keys are sorted. */
const MAPS = new Set(['labels', 'annotations', 'matchLabels', 'data', 'binaryData', 'hard', 'nodeSelector']);

/** `object` must name the fields of its spec in the order of their struct. */
export function typedOrder({ kind, apiVersion, metadata, ...rest }: Manifest): object {
  const known = METADATA.filter((key) => key in metadata);
  const others = Object.keys(metadata).filter((key) => !METADATA.includes(key));
  const ordered = Object.fromEntries([...known, ...others].map((key) => [key, Reflect.get(metadata, key)]));
  return sortMaps({ kind, apiVersion, metadata: ordered, ...rest }) as object;
}

function sortMaps(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => sortMaps(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const isText = entries.every(([, item]) => typeof item === 'string');
  if (MAPS.has(key) || (key === 'selector' && isText)) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, sortMaps(item, name)]));
}
