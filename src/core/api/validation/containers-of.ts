/** All containers of a pod spec with their paths: init containers, containers, ephemeral ones (as VisitContainersWithPath). */
import { asList, type Json } from '../json';

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

export function containersOf(spec: Json, path: string): [container: Json, path: string][] {
  const all: [Json, string][] = [];
  for (const list of LISTS) {
    if (!Array.isArray(spec[list])) continue;
    for (const [i, container] of asList(spec[list]).entries()) all.push([container, `${path}.${list}[${i}]`]);
  }
  return all;
}
