/**
 * What a verb talks to: the local engine or a real cluster. Every verb is written once against this interface.
 * Refusals are thrown as ApiError; warnings go to the handler given when the backend was made.
 */
import type { ResourceInfo } from '../api/resources';
import type { Table, TableRow } from '../api/table';
import type { KubeObject, Manifest } from '../api/types';
import type { ContainerBackend } from './container-backend';
import type { Remote } from './remote';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';
/** `apply` is server-side apply: its patch is a configuration, and an object that is missing is created. */
export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';
export type Propagation = 'Background' | 'Foreground' | 'Orphan';
export type Subresource = 'status' | 'scale' | 'finalize' | 'ephemeralcontainers' | 'resize';

export interface ListOptions {
  /** kubectl's textual form: `app in (a,b),tier!=x`. */
  readonly labelSelector?: string;
  /** `metadata.name=x,status.phase!=Running`. */
  readonly fieldSelector?: string;
  /** Ask for the server's table beside the objects. */
  readonly table?: boolean;
}

export interface ListResult {
  readonly items: readonly KubeObject[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
  /** Present when asked for; its rows are in the order of `items`. */
  readonly table?: Table;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldValidation?: FieldValidation;
  /** Who writes: `kubectl-client-side-apply`, `kubectl-create`, … */
  readonly fieldManager?: string;
  /** Of an apply: takes the fields that others own. */
  readonly force?: boolean;
  readonly subresource?: Subresource;
}

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: Propagation;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** Present when a table was asked for. */
  readonly row?: TableRow;
  readonly columns?: Table['columns'];
}

export interface WatchOptions extends ListOptions {
  /** Only this object. */
  readonly name?: string;
  /** Events after this version; without it, from now. */
  readonly resourceVersion?: string;
  /** The watch ends by itself after this long on the cluster's clock, in ms. */
  readonly timeoutMs?: number;
}

export interface Backend extends ContainerBackend {
  /** What `config current-context` shows: `local`, or the context's name. */
  readonly name: string;
  /** Present for a real cluster. Then only `resources` tells what kinds there are. */
  readonly remote?: Remote;
  /** Every kind that can be asked for, custom resources included. */
  resources(): Promise<readonly ResourceInfo[]>;
  /** The cluster's time in ms since 1970: ages are counted from it. */
  now(): Promise<number>;
  /** Throws NotFound. `namespace` is undefined for cluster-scoped kinds. */
  get(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options?: { subresource?: Subresource },
  ): Promise<KubeObject>;
  /** Like `get`, with the server's table of one row. */
  getTable(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options?: { subresource?: Subresource },
  ): Promise<Table>;
  /** All namespaces where `namespace` is undefined. Ordered as etcd orders: namespace, then name. */
  list(resource: ResourceInfo, namespace: string | undefined, options?: ListOptions): Promise<ListResult>;
  create(
    resource: ResourceInfo,
    namespace: string | undefined,
    manifest: Manifest,
    options?: WriteOptions,
  ): Promise<KubeObject>;
  /** Refused with Conflict when the manifest carries a resourceVersion that is not the stored one. */
  update(
    resource: ResourceInfo,
    namespace: string | undefined,
    manifest: Manifest,
    options?: WriteOptions,
  ): Promise<KubeObject>;
  patch(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    patch: unknown,
    options?: WriteOptions,
  ): Promise<KubeObject>;
  /** Returns the object as it is after the call (terminating), or as it last was (gone). */
  delete(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): Promise<KubeObject>;
  /**
   * Deletes a pod unless a disruption budget forbids it (the eviction subresource). Refused with TooManyRequests when none of
   * the budget's disruptions is left. Throws NotFound.
   */
  evict(namespace: string, name: string, options?: DeleteOptions): Promise<void>;
  /**
   * Plays time forward (local) or waits (cluster) and yields what happens, in order. Ends when `timeoutMs` is over or,
   * on a virtual clock, when nothing would ever change again; the consumer ends it by leaving the loop.
   */
  watch(resource: ResourceInfo, namespace: string | undefined, options?: WatchOptions): AsyncIterable<WatchEvent>;
  /** Makes every write so far durable; called before anything that acknowledges a write is printed. */
  commit(): Promise<void>;
  /** Ends the session without writing what was not committed. */
  close(): Promise<void>;
}
