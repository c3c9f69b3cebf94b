/** The backend over a real cluster: each call is a request to its API server. Nothing is asked before the first call. */
import type { ResourceInfo } from '../../api/resources';
import type { Table } from '../../api/table';
import type { KubeObject, Manifest } from '../../api/types';
import type {
  Backend,
  DeleteOptions,
  ListOptions,
  ListResult,
  PatchType,
  Subresource,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../../client/backend';
import type { AttachOptions, CopiedFile, ExecOptions, LogOptions, PortEars } from '../../client/container-backend';
import type { ClusterChoice, KubeConfigView, RawRequest, Remote } from '../../client/remote';
import { stringifyJson } from '../../meta/json';
import type { Rehearsal, RehearsalOptions } from '../local/plan';
import { Client } from './client';
import { discover } from './discovery';
import type { ClusterHost } from './host';
import { Known } from './known';
import { type Connection, connectionOf, namespaceOf } from './kubeconfig/connection';
import { kubeFiles, loadKubeConfig } from './kubeconfig/load';
import { KubeStore } from './kubeconfig/store';
import { viewOf } from './kubeconfig/view';
import { listAll } from './lists';
import { readLog } from './logs';
import { aboutOf, pathOf, query, selection, writing } from './paths';
import { readFrom, statIn, writeTo } from './streams/files';
import { forwardTo } from './streams/forward';
import { attachTo, execIn } from './streams/run';
import { AS_TABLE, columnsIn, isTable, plainTable, rowsIn, typed } from './tables';
import { Transport } from './transport';
import { watchCluster } from './watch';

export type { ClusterHost } from './host';
export { editKubeConfig } from './kubeconfig/edit';

export interface ClusterOptions {
  readonly choice: ClusterChoice;
  readonly host: ClusterHost;
  readonly userAgent: string;
  /** Called with the text of each warning of the server. */
  onWarning?(text: string): void;
}

/** A copy of it in memory can be played on. */
export interface ClusterBackend extends Backend {
  readonly remote: Remote;
  rehearse(options?: RehearsalOptions): Promise<Rehearsal>;
}

/**
 * Where commands would work. `first`: what a command asks for first, which decides how a kubeconfig that can't be used is
 * refused. @throws CommandError in kubectl's words for one
 */
export function locateCluster(
  choice: ClusterChoice,
  host: ClusterHost,
  first: 'namespace' | 'server' = 'namespace',
): Pick<Connection, 'name' | 'namespace' | 'server'> {
  const config = loadKubeConfig(kubeFiles(choice.kubeconfig, host.env));
  if (first === 'namespace') namespaceOf(config, choice);
  return connectionOf(config, choice, host.env);
}

/** What the kubeconfig says. @throws CommandError for one that can't be read */
export const viewKubeConfig = (choice: ClusterChoice, host: ClusterHost): KubeConfigView =>
  viewOf(new KubeStore(choice.kubeconfig, host.env), choice.context);

/** @throws CommandError as `locateCluster` */
export function openCluster({ choice, host, userAgent, onWarning }: ClusterOptions): ClusterBackend {
  const connection = connectionOf(loadKubeConfig(kubeFiles(choice.kubeconfig, host.env)), choice, host.env);
  const transport = new Transport(connection, {
    host,
    userAgent,
    ...(choice.requestTimeoutMs !== undefined && { requestTimeoutMs: choice.requestTimeoutMs }),
    onWarning: (text) => onWarning?.(text),
  });
  return new Cluster(connection, new Client(transport, host), host);
}

const PATCH_TYPES: Readonly<Record<PatchType, string>> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

class Cluster implements ClusterBackend {
  readonly name: string;
  readonly remote: Remote;
  private discovered: Promise<readonly ResourceInfo[]> | undefined;
  /** What the last list of each kind showed: a watch that goes on from it knows what its consumer has seen. */
  private readonly listed = new Map<string, ListResult>();

  constructor(
    { name, server }: Connection,
    private readonly client: Client,
    private readonly host: ClusterHost,
  ) {
    this.name = name;
    this.remote = {
      server,
      raw: (request) => this.raw(request),
      passOn: async (request) => (await import('./proxy')).passOn(this.client.transport, request),
    };
  }

  resources(): Promise<readonly ResourceInfo[]> {
    this.discovered ??= discover(this.client);
    return this.discovered;
  }

  async now(): Promise<number> {
    return this.host.now();
  }

  async get(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    { subresource }: { subresource?: Subresource } = {},
  ): Promise<KubeObject> {
    const path = pathOf(resource, namespace, name, subresource);
    return this.object(await this.client.json({ method: 'GET', path, about: aboutOf(resource, name) }), resource);
  }

  async getTable(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    { subresource }: { subresource?: Subresource } = {},
  ): Promise<Table> {
    const path = `${pathOf(resource, namespace, name, subresource)}${query({ includeObject: 'Object' })}`;
    const answer = await this.client.json({ method: 'GET', path, accept: AS_TABLE, about: aboutOf(resource, name) });
    if (isTable(answer)) return { columns: columnsIn(answer), rows: rowsIn(answer, resource) };
    return plainTable([this.object(answer, resource)], this.host.now());
  }

  async list(resource: ResourceInfo, namespace: string | undefined, options: ListOptions = {}): Promise<ListResult> {
    const result = await listAll({ client: this.client, resource, namespace, options, now: this.host.now() });
    this.listed.set(listKey(resource, namespace, options), result);
    return result;
  }

  async create(
    resource: ResourceInfo,
    namespace: string | undefined,
    manifest: Manifest,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const path = `${pathOf(resource, namespace)}${query(writing(options))}`;
    return this.write('POST', path, resource, manifest, aboutOf(resource));
  }

  async update(
    resource: ResourceInfo,
    namespace: string | undefined,
    manifest: Manifest,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const name = manifest.metadata?.name ?? '';
    const path = `${pathOf(resource, namespace, name, options.subresource)}${query(writing(options))}`;
    return this.write('PUT', path, resource, manifest, aboutOf(resource, name));
  }

  async patch(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const path = `${pathOf(resource, namespace, name, options.subresource)}${query(writing(options))}`;
    const answer = await this.client.json({
      method: 'PATCH',
      path,
      body: stringifyJson(patch),
      contentType: PATCH_TYPES[type],
      about: aboutOf(resource, name),
    });
    return this.object(answer, resource);
  }

  async delete(
    resource: ResourceInfo,
    namespace: string | undefined,
    name: string,
    { dryRun, ...options }: DeleteOptions = {},
  ): Promise<KubeObject> {
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...options, ...(dryRun && { dryRun: ['All'] }) };
    const answer = await this.client.json({
      method: 'DELETE',
      path: pathOf(resource, namespace, name),
      body: stringifyJson(body),
      about: aboutOf(resource, name),
    });
    return deleted(answer, resource, namespace, name);
  }

  async evict(namespace: string, name: string, { dryRun, ...options }: DeleteOptions = {}): Promise<void> {
    const eviction = {
      kind: 'Eviction',
      apiVersion: 'policy/v1',
      metadata: { name, namespace },
      deleteOptions: { ...options, ...(dryRun && { dryRun: ['All'] }) },
    };
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`;
    await this.client.json({ method: 'POST', path, body: stringifyJson(eviction), isPatient: true });
  }

  watch(resource: ResourceInfo, namespace: string | undefined, options: WatchOptions = {}): AsyncIterable<WatchEvent> {
    const { client, host } = this;
    const listed = this.listed.get(listKey(resource, namespace, options));
    const known = new Known(listed?.resourceVersion === options.resourceVersion ? listed?.items : undefined);
    return watchCluster({ client, host, resource, namespace, options, known });
  }

  exec(namespace: string, pod: string, options: ExecOptions) {
    return execIn(this.client, namespace, pod, options);
  }

  attach(namespace: string, pod: string, options: AttachOptions) {
    return attachTo(this.client, namespace, pod, options);
  }

  forward(namespace: string, pod: string, port: number, ears: PortEars) {
    return forwardTo(this.client, namespace, pod, port, ears);
  }

  logs(namespace: string, pod: string, options: LogOptions): AsyncIterable<string> {
    return readLog(this.client, namespace, pod, options);
  }

  readFiles(namespace: string, pod: string, container: string, path: string) {
    return readFrom({ client: this.client, namespace, pod, container }, path);
  }

  statFile(namespace: string, pod: string, container: string, path: string) {
    return statIn({ client: this.client, namespace, pod, container }, path);
  }

  writeFiles(
    namespace: string,
    pod: string,
    container: string,
    path: string,
    files: readonly CopiedFile[],
  ): Promise<void> {
    return writeTo({ client: this.client, namespace, pod, container }, path, files);
  }

  /** What a command would do here, on a copy: the cluster is only read. */
  async rehearse(options?: RehearsalOptions) {
    return (await import('./rehearse')).rehearseCluster(this, this.host, options);
  }

  /** The server has kept every write before it answered. */
  async commit(): Promise<void> {}

  close(): Promise<void> {
    return this.client.transport.close();
  }

  private async write(method: 'POST' | 'PUT', path: string, resource: ResourceInfo, manifest: Manifest, about: string) {
    const answer = await this.client.json({ method, path, body: stringifyJson(manifest), about });
    return this.object(answer, resource);
  }

  private raw({ method, path, body }: RawRequest): Promise<string> {
    return this.client.text({ method, path, ...(body !== undefined && { body }), accept: 'application/json, */*' });
  }

  private object(answer: unknown, resource: ResourceInfo): KubeObject {
    return typed(answer, resource);
  }
}

const listKey = (resource: ResourceInfo, namespace: string | undefined, options: WatchOptions): string =>
  `${pathOf(resource, namespace)}${query(selection(options))}`;

/** What is gone at once is answered by a Status that names it. */
function deleted(answer: unknown, resource: ResourceInfo, namespace: string | undefined, name: string): KubeObject {
  if (typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind !== 'Status')
    return typed(answer, resource);
  const { details } = answer as { details?: { uid?: string } };
  return typed(
    { metadata: { name, ...(namespace && { namespace }), ...(details?.uid && { uid: details.uid }) } },
    resource,
  );
}
