/** Finding what was applied once and is not any more (as kubectl's prune package and pruner). */
import { gvOf, type ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';
import type { Backend } from './backend';
import type { Info } from './builder';
import { CommandError } from './errors';
import { lastApplied } from './last-applied';

const NAMESPACED = `v1/ConfigMap v1/Endpoints v1/PersistentVolumeClaim v1/Pod v1/ReplicationController v1/Secret v1/Service
batch/v1/Job batch/v1/CronJob networking.k8s.io/v1/Ingress apps/v1/DaemonSet apps/v1/Deployment apps/v1/ReplicaSet
apps/v1/StatefulSet`;
const CLUSTER_WIDE = 'v1/Namespace v1/PersistentVolume';

/** Said when a namespace was named and kinds outside of namespaces would be pruned all the same. */
export const OUTSIDE_WARNING =
  'Deprecated: stsctl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. ' +
  'To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.';

export interface PruneScope {
  readonly namespaced: readonly ResourceInfo[];
  readonly clusterWide: readonly ResourceInfo[];
  /** Nobody chose the kinds. */
  readonly isDefault: boolean;
}

/** `core/v1/ConfigMap` words, or the default kinds without any. @throws CommandError */
export async function pruneScope(backend: Backend, allowlist: readonly string[]): Promise<PruneScope> {
  const known = await backend.resources();
  const find = (group: string, version: string, kind: string): ResourceInfo | undefined =>
    known.find((r) => r.group === group && r.version === version && r.kind === kind);
  const isDefault = allowlist.length === 0;
  const chosen = isDefault
    ? `${NAMESPACED} ${CLUSTER_WIDE}`.split(/\s+/).flatMap((word) => {
        const parts = word.split('/');
        const kind = parts.pop() ?? '';
        const resource = known.find((r) => gvOf(r) === parts.join('/') && r.kind === kind);
        return resource ? [resource] : [];
      })
    : allowlist.map((word) => {
        const parts = word.split('/');
        if (parts.length !== 3)
          throw new CommandError(`invalid GroupVersionKind format: ${word}, please follow <group/version/kind>`);
        const [group, version, kind] = parts as [string, string, string];
        const resource = find(group === 'core' ? '' : group, version, kind);
        if (!resource)
          throw new CommandError(
            `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(group === 'core' ? version : `${group}/${version}`)}`,
          );
        return resource;
      });
  return {
    namespaced: chosen.filter((r) => r.namespaced),
    clusterWide: chosen.filter((r) => !r.namespaced),
    isDefault,
  };
}

export interface Stale {
  readonly resource: ResourceInfo;
  readonly object: KubeObject;
}

/** Objects that carry the annotation of apply and are none of `visited` (uids), in the namespaces that were applied to. */
export async function* staleObjects(
  backend: Backend,
  scope: PruneScope,
  applied: readonly Info[],
  visited: ReadonlySet<string>,
  labelSelector: string,
): AsyncIterable<Stale> {
  const namespaces = new Set(
    applied.flatMap((i) => (i.resource.namespaced && i.namespace !== undefined ? [i.namespace] : [])),
  );
  const places = [
    ...[...namespaces].flatMap((namespace) => scope.namespaced.map((resource) => ({ resource, namespace }))),
    ...scope.clusterWide.map((resource) => ({ resource, namespace: undefined })),
  ];
  for (const { resource, namespace } of places) {
    const { items } = await backend.list(resource, namespace, { ...(labelSelector && { labelSelector }) });
    for (const object of items)
      if (lastApplied(object) !== undefined && !visited.has(object.metadata.uid)) yield { resource, object };
  }
}
