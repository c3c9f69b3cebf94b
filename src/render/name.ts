/** Objects as `-o name` prints them: `statefulset.apps/web`. */
import type { KubeObject } from '../core/api/types';

/** A line for each object: lower-cased kind, group when there is one, slash, name (as cli-runtime's NamePrinter). */
export function toName(objects: readonly KubeObject[]): string {
  return objects.map((object) => `${nameOf(object)}\n`).join('');
}

/** `pod/web-0`, `statefulset.apps/web`. */
export function nameOf(object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): string {
  const slash = object.apiVersion.indexOf('/');
  const kind = object.kind.toLowerCase();
  const qualified = slash < 0 ? kind : `${kind}.${object.apiVersion.slice(0, slash)}`;
  return `${qualified}/${object.metadata.name}`;
}
