/** What a path of the API names: a kind in a version, perhaps a namespace, an object, a part of it. */
import type { ResourceInfo } from '../api/resources';
import { noSuchPath } from '../api/status';

export interface Target {
  readonly resource: ResourceInfo;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Parts of a namespace's own path that are not the plural of something inside it. */
const NAMESPACE_PARTS = new Set(['status', 'finalize']);

/** The kinds served in a version, each as that version shows it. */
export function kindsIn(resources: readonly ResourceInfo[], group: string, version: string): readonly ResourceInfo[] {
  return resources.flatMap((resource) => {
    if (resource.group !== group) return [];
    if (resource.version === version) return [resource];
    return resource.otherVersions?.includes(version) ? [inVersion(resource, version)] : [];
  });
}

function inVersion(resource: ResourceInfo, version: string): ResourceInfo {
  const others = (resource.otherVersions ?? []).filter((other) => other !== version);
  return { ...resource, version, otherVersions: [resource.version, ...others] };
}

/** Reads what stands behind `/api/v1` or `/apis/GROUP/VERSION`. Throws NotFound for paths that nothing answers. */
export function targetOf(kinds: readonly ResourceInfo[], parts: readonly string[]): Target {
  const inside = parts[0] === 'namespaces' && parts.length > 2 && !NAMESPACE_PARTS.has(parts[2]!);
  const namespace = inside ? parts[1] : undefined;
  const [plural, name, subresource, ...more] = inside ? parts.slice(2) : parts;
  const resource = kinds.find((kind) => kind.plural === plural);
  if (!resource || more.length > 0 || (inside && !resource.namespaced)) throw noSuchPath();
  if (name !== undefined && resource.namespaced && namespace === undefined) throw noSuchPath();
  return { resource, namespace, name, subresource };
}
