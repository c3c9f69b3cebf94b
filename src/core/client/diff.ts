/** What apply would make of an object: the live state and the merged one (as kubectl's diff). */
import { gvOf, type ResourceInfo } from '../api/resources';
import { isConflict, isNotFound } from '../api/status';
import type { KubeObject, Manifest } from '../api/types';
import { threeWay } from './apply';
import type { Backend } from './backend';
import type { Info } from './builder';
import { withoutLastApplied } from './last-applied';
import { type PruneScope, staleObjects } from './prune';

export interface Difference {
  /** `apps.v1.StatefulSet.default.web`. */
  readonly name: string;
  /** Undefined where apply would create the object. */
  readonly live: KubeObject | undefined;
  /** Undefined where apply --prune would delete it. */
  readonly merged: KubeObject | undefined;
}

const nameOf = (resource: ResourceInfo, namespace: string | undefined, name: string): string =>
  `${gvOf(resource).replace('/', '.')}.${resource.kind}.${namespace ?? ''}.${name}`;

/** What apply --prune would delete after these. */
export async function pruned(
  backend: Backend,
  scope: PruneScope,
  infos: readonly Info[],
  differences: readonly Difference[],
  labelSelector: string,
): Promise<Difference[]> {
  const visited = new Set(differences.flatMap(({ live }) => (live?.metadata.uid ? [live.metadata.uid] : [])));
  const found: Difference[] = [];
  for await (const { resource, object } of staleObjects(backend, scope, infos, visited, labelSelector))
    found.push({
      name: nameOf(resource, object.metadata.namespace, object.metadata.name),
      live: object,
      merged: undefined,
    });
  return found;
}

const MAX_RETRIES = 4;

export interface DiffOptions {
  readonly fieldManager: string;
  /** Merged by the server, as `apply --server-side` would. */
  readonly serverSide: boolean;
  /** With that: takes the fields that others own. */
  readonly force: boolean;
}

/** Asks the cluster by a dry run; nothing is changed. @throws ApiError */
export async function differenceOf(backend: Backend, info: Info, options: DiffOptions): Promise<Difference> {
  const write = { dryRun: true, fieldManager: options.fieldManager };
  const manifest = info.object as Manifest;
  const name = nameOf(info.resource, info.namespace, info.name);
  const serverSide = (): Promise<KubeObject> =>
    backend.patch(info.resource, info.namespace, info.name, 'apply', manifest, { ...write, force: options.force });
  for (let attempt = 1; ; attempt++) {
    let live: KubeObject;
    try {
      live = await backend.get(info.resource, info.namespace, info.name);
    } catch (e) {
      if (!isNotFound(e)) throw e;
      return {
        name,
        live: undefined,
        merged: options.serverSide
          ? await serverSide()
          : await backend.create(info.resource, info.namespace, manifest, write),
      };
    }
    try {
      if (options.serverSide) return { name, live, merged: await serverSide() };
      const { patch, type } = await threeWay(info, live, withoutLastApplied(manifest));
      const merged =
        Object.keys(patch).length === 0
          ? live
          : await backend.patch(info.resource, info.namespace, info.name, type, patch, write);
      return { name, live, merged };
    } catch (e) {
      if (!isConflict(e) || attempt >= MAX_RETRIES) throw e;
    }
  }
}

const MASK = '***';

/** Secrets with their values hidden: equal ones alike, others as before and after. */
export function masked({ name, live, merged }: Difference): Difference {
  if ((merged ?? live)?.kind !== 'Secret') return { name, live, merged };
  const before = dataOf(live);
  const after = dataOf(merged);
  const hide = (own: Data, other: Data, word: string): Data =>
    Object.fromEntries(
      Object.entries(own).map(([key, value]) => [
        key,
        other[key] !== undefined && other[key] !== value ? `${MASK} (${word})` : MASK,
      ]),
    );
  const withData = (object: KubeObject, data: Data): KubeObject =>
    Object.keys(data).length === 0 ? object : { ...object, data };
  return {
    name,
    live: live && withData(live, hide(before, after, 'before')),
    merged: merged && withData(merged, hide(after, before, 'after')),
  };
}

type Data = { readonly [key: string]: unknown };

const dataOf = (object: KubeObject | undefined): Data =>
  typeof object?.data === 'object' && object.data !== null ? (object.data as Data) : {};
