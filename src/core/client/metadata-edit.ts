/** Changing labels or annotations of one object (as labelFunc and updateAnnotations). */
import type { KubeObject, Labels, ObjectMeta } from '../api/types';
import { CommandError } from './errors';

export interface MapEdit {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
  readonly resourceVersion?: string;
}

/** The object with the edit done. */
export function edited(object: KubeObject, field: 'labels' | 'annotations', edit: MapEdit): KubeObject {
  const map: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...object.metadata[field], ...edit.set }))
    if (!edit.remove.includes(key)) map[key] = value;
  const { [field]: _, ...rest } = object.metadata;
  const metadata =
    Object.keys(map).length === 0 && object.metadata[field] === undefined ? rest : { ...rest, [field]: map };
  return {
    ...object,
    metadata: { ...metadata, ...(edit.resourceVersion && { resourceVersion: edit.resourceVersion }) },
  };
}

/** What the edit changes, before and after: metadata with the edited map and the version alone. All else is as it was. */
export function change(
  object: KubeObject,
  field: 'labels' | 'annotations',
  edit: MapEdit,
): [{ metadata: object }, { metadata: object }] {
  const { resourceVersion, [field]: map } = object.metadata;
  const metadata = {
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(map !== undefined && { [field]: map }),
  };
  return [{ metadata }, { metadata: edited({ ...object, metadata: metadata as ObjectMeta }, field, edit).metadata }];
}

/** Keys that have another value now and would be overwritten. */
export const overwritten = (current: Labels | undefined, set: Readonly<Record<string, string>>): [string, string][] =>
  Object.keys(set).flatMap((key) => {
    const value = current?.[key];
    return value !== undefined && value !== set[key] ? [[key, value] as [string, string]] : [];
  });

/** Splits `pods web-0 a=b c-` into resources and pairs (as GetResourcesAndPairs). */
export function splitPairs(args: readonly string[], what: string): { resources: string[]; pairs: string[] } {
  const resources: string[] = [];
  const pairs: string[] = [];
  for (const arg of args) {
    const pair = (arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && arg !== '-');
    if (pair) pairs.push(arg);
    else if (pairs.length > 0) throw new CommandError(`all resources must be specified before ${what} changes: ${arg}`);
    else resources.push(arg);
  }
  return { resources, pairs };
}

/** Reads pairs whose value may hold anything (as ParsePairs). */
export function parsePairs(pairs: readonly string[], what: string, removable: boolean): MapEdit {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  const wrong: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) set[pair.slice(0, equals)] = pair.slice(equals + 1);
    else if (removable && pair.endsWith('-') && pair !== '-') remove.push(pair.slice(0, -1));
    else wrong.push(pair);
  }
  if (wrong.length > 0) throw new CommandError(`invalid ${what} format: ${wrong.join(', ')}`);
  return { set, remove };
}
