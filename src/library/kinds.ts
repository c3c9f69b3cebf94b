/** How a kind is named in a call, and what type its objects have. */
import {
  allResources,
  findResources,
  gvOf,
  inVersion,
  type ResourceInfo,
  resourceForKind,
} from '../core/api/resources';
import { ApiError, failure } from '../core/api/status';
import type {
  ConfigMap,
  ControllerRevision,
  EndpointSlice,
  Endpoints,
  Event,
  KubeObject,
  Manifest,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  Secret,
  Service,
  StatefulSet,
  StorageClass,
} from '../core/api/types';
import type { Store } from '../core/apiserver/store';

/** The kinds whose objects have a type of their own. */
export interface Kinds {
  readonly ConfigMap: ConfigMap;
  readonly ControllerRevision: ControllerRevision;
  readonly EndpointSlice: EndpointSlice;
  readonly Endpoints: Endpoints;
  readonly Event: Event;
  readonly Namespace: Namespace;
  readonly Node: Node;
  readonly PersistentVolume: PersistentVolume;
  readonly PersistentVolumeClaim: PersistentVolumeClaim;
  readonly Pod: Pod;
  readonly PodDisruptionBudget: PodDisruptionBudget;
  readonly Secret: Secret;
  readonly Service: Service;
  readonly StatefulSet: StatefulSet;
  readonly StorageClass: StorageClass;
}

/** The type of the objects of a kind: its own by the kind's name, KubeObject by any other word for it. */
export type ObjectOf<K extends string> = K extends keyof Kinds ? Kinds[K] : KubeObject;

/** The kind that a word means: `StatefulSet`, `sts`, `statefulsets.apps`. @throws ApiError NotFound */
export function resourceNamed(store: Store, word: string): ResourceInfo {
  const custom = store.customResources();
  const isMeant = ({ kind }: ResourceInfo): boolean => kind === word;
  const found = allResources().find(isMeant) ?? custom.find(isMeant) ?? findResources(word, custom);
  if (!found) throw unknown(`the server doesn't have a resource type ${JSON.stringify(word)}`);
  return found;
}

/** The kind of a manifest. @throws ApiError NotFound */
export function resourceOf(store: Store, { apiVersion, kind }: Manifest): ResourceInfo {
  const builtIn = resourceForKind(apiVersion, kind);
  if (builtIn) return builtIn;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  for (const resource of store.customResources()) {
    const asked = inVersion(resource, version);
    if (asked.kind === kind && gvOf(asked) === apiVersion) return asked;
  }
  throw unknown(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
}

const unknown = (message: string): ApiError => new ApiError(failure('NotFound', 404, message));
