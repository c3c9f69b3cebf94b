/** The words that tables have for how pods and claims are, for the end of a plan. */
import { findResources, type ResourceInfo } from '../../api/resources';
import type { KubeObject } from '../../api/types';
import { tableFor } from '../../apiserver/tables';
import type { Cluster } from '../../simulation/cluster';
import type { EndTables } from '../../simulation/plan';

/** As they are at the cluster's present instant. */
export function endTables(engine: Cluster): EndTables {
  const statuses = (kind: string, objects: readonly KubeObject[]): string[] => {
    const resource = findResources(kind) as ResourceInfo;
    const { columns, rows } = tableFor(resource, objects, engine.now);
    const column = columns.findIndex(({ name }) => name === 'Status');
    return rows.map(({ cells }) => String(cells[column]));
  };
  return {
    podStatuses: (pods) => statuses('pods', pods),
    claimStatuses: (claims) => statuses('persistentvolumeclaims', claims),
  };
}
