/** Objects as `-o name` prints them: `statefulset.apps/web`. */
import type { KubeObject } from '../core/api/types';

/** `pod/web-0`, `statefulset.apps/web`. */
export function nameOf(object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): string {
  const slash = object.apiVersion.indexOf('/');
  const kind = object.kind.toLowerCase();
  const qualified = slash < 0 ? kind : `${kind}.${object.apiVersion.slice(0, slash)}`;
  return `${qualified}/${object.metadata.name}`;
}
