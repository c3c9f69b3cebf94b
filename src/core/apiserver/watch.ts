/** What the store tells its watchers: one change of one object, in the order of resource versions. */
import type { ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceInfo;
  readonly object: KubeObject;
  /** The version before; absent for ADDED. */
  readonly old?: KubeObject;
  readonly resourceVersion: number;
}
