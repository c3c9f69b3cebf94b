/** What a kind of patch is to the API server: a merge into the object that is there. */
import type { ResourceInfo } from '../../api/resources';
import type { KubeObject } from '../../api/types';

export type PatchType = 'strategic' | 'merge' | 'json';

export interface Merged {
  readonly patched: unknown;
  /** The text with which a refusal names what it refuses: the patch, or what came of it. */
  shown(): string;
  /** The result can't be of another kind than the object. */
  readonly keepsKind?: boolean;
}

/** Throws BadRequest and its like for a patch that can't be applied; `current` is not changed. */
export type Merge = (resource: ResourceInfo, current: KubeObject, patch: unknown) => Merged;
