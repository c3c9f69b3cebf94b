/**
 * Clients that keep a copy of the cluster by listing and watching, through a rolling update and a restart of the server: an
 * informer of the client library, and one that does nothing but what the API's rules say. Each must have been told of every
 * change once, in order, and end with what is there.
 */
import { CoreV1Api, KubeConfig, type KubernetesObject, makeInformer, type V1Pod } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import type { Change } from '../../src/core/client/served';
import { LONG } from '../oracle/support/kubectl';
import { BEARER, CERTIFICATE, PODS, SETS, type SentEvent, type Served, serve, webSet } from '../support/served';

const REPLICAS = LONG ? 1000 : 300;
const PATIENCE_MS = LONG ? 600_000 : 120_000;

interface Told {
  readonly type: string;
  readonly name: string;
  readonly uid: string;
  readonly version: number;
}

/** What the server really did, as its own history has it. */
const history: Told[] = [];

function remember(changes: readonly Change[] | 'restarted'): void {
  if (changes === 'restarted') throw new Error('the cluster was replaced');
  for (const { type, resource, object, resourceVersion } of changes)
    if (resource.plural === 'pods')
      history.push({ type, name: object.metadata.name, uid: object.metadata.uid, version: resourceVersion });
}

/** Lists, watches from there, goes on from the last version that it heard of, and lists anew where that is too old. */
class PlainClient {
  readonly told: Told[] = [];
  readonly known = new Map<string, number>();
  lists = 0;
  watches = 0;
  private stopped = false;
  private current: { close(): void } | undefined;

  constructor(private readonly at: Served) {}

  async run(): Promise<void> {
    let version: string | undefined;
    while (!this.stopped) {
      try {
        version ??= await this.list();
        version = await this.watch(version);
      } catch {
        // The server is down: try again.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  stop(): void {
    this.stopped = true;
    this.current?.close();
  }

  /** As a reflector replaces what it knows: what has changed since is told. */
  private async list(): Promise<string> {
    const { body } = await this.at.call('GET', PODS);
    this.lists++;
    const before = new Map(this.known);
    this.known.clear();
    for (const { metadata } of body.items) {
      const version = Number(metadata.resourceVersion);
      this.known.set(metadata.name, version);
      if (before.get(metadata.name) !== version) this.tell('LISTED', metadata);
    }
    return body.metadata.resourceVersion;
  }

  /** The version to go on from; undefined where it is gone. */
  private async watch(from: string): Promise<string | undefined> {
    this.watches++;
    let version: string | undefined = from;
    const heard = (event: SentEvent): void => {
      // A watch that is refused is answered with a Status.
      if (event.type === undefined) return;
      const { metadata } = event.object;
      if (event.type === 'ERROR') version = undefined;
      else version = metadata.resourceVersion;
      if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
      this.tell(event.type, metadata);
      if (event.type === 'DELETED') this.known.delete(metadata.name);
      else this.known.set(metadata.name, Number(metadata.resourceVersion));
    };
    const watch = this.at.watch(`${PODS}?watch=1&allowWatchBookmarks=true&resourceVersion=${from}`, {}, heard);
    this.current = watch;
    const code = await watch.code;
    if (code === 410) return undefined;
    if (code !== 200) throw new Error(`answered ${code}`);
    await watch.ended;
    return version;
  }

  private tell(type: string, { name, uid, resourceVersion }: Readonly<Record<string, string>>): void {
    this.told.push({ type, name: name!, uid: uid!, version: Number(resourceVersion) });
  }
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain until ${what}`);
}

function informerOf(at: Served) {
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromClusterAndUser(
    { name: 'c', server: at.server.url, caData: Buffer.from(CERTIFICATE).toString('base64'), skipTLSVerify: false },
    { name: 'u', token: BEARER.slice('Bearer '.length) },
  );
  const api = kubeconfig.makeApiClient(CoreV1Api);
  const told: Told[] = [];
  const informer = makeInformer<V1Pod>(kubeconfig, PODS, () => api.listNamespacedPod({ namespace: 'default' }));
  const note =
    (type: string) =>
    ({ metadata = {} }: KubernetesObject): void => {
      const { name = '', uid = '', resourceVersion } = metadata;
      told.push({ type, name, uid, version: Number(resourceVersion) });
    };
  informer.on('add', note('ADDED'));
  informer.on('update', note('MODIFIED'));
  informer.on('delete', note('DELETED'));
  // As the library's documentation has it: an informer is started again after an error.
  informer.on('error', () => {
    setTimeout(() => void informer.start(), 50);
  });
  return { informer, told };
}

/**
 * Every name comes, changes only forward, and goes; never the same version twice. What was replaced while the informer was cut
 * off is a change of its name, for it goes by names.
 */
function checkOrder(told: readonly Told[]): void {
  const last = new Map<string, Told>();
  for (const event of told) {
    const before = last.get(event.name);
    last.set(event.name, event);
    const what = `${event.type} ${event.name} at ${event.version} after ${before?.type} at ${before?.version}`;
    const isThere = before !== undefined && before.type !== 'DELETED';
    expect(isThere, what).toBe(event.type !== 'ADDED');
    if (before) expect(event.version, what).toBeGreaterThan(before.version);
  }
}

it(
  `tell of ${REPLICAS} pods and a rolling update through a restart, each change once`,
  async () => {
    const at = await serve({ paceMs: 1 }, {}, { onBackend: (backend) => void backend.onChanges(remember) });
    const plain = new PlainClient(at);
    const running = plain.run();
    const { informer, told } = informerOf(at);
    await informer.start();
    const set = webSet(REPLICAS) as { spec: object };
    await at.call('POST', SETS, { ...set, spec: { ...set.spec, podManagementPolicy: 'Parallel' } });
    const status = async () => (await at.call('GET', `${SETS}/web`)).body.status;
    await until('all pods are ready', async () => (await status()).readyReplicas === REPLICAS);
    const image = { spec: { template: { spec: { containers: [{ name: 'nginx', image: 'nginx:1.22' }] } } } };
    const type = { 'content-type': 'application/strategic-merge-patch+json' };
    expect((await at.call('PATCH', `${SETS}/web`, image, type)).code).toBe(200);
    const third = Math.ceil(REPLICAS / 3);
    await until('a third is updated', async () => (await status()).updatedReplicas >= third);
    const restartedAt = history.at(-1)!.version;
    await at.restart();
    expect((await status()).updatedReplicas).toBeLessThan(REPLICAS);
    await until('all are updated', async () => {
      const { readyReplicas, updatedReplicas, currentRevision, updateRevision } = await status();
      return readyReplicas === REPLICAS && updatedReplicas === REPLICAS && currentRevision === updateRevision;
    });
    const { items } = (await at.call('GET', PODS)).body;
    const present = new Map<string, number>(
      items.map(({ metadata }: { metadata: { name: string; resourceVersion: string } }) => [
        metadata.name,
        Number(metadata.resourceVersion),
      ]),
    );
    const sorted = (map: ReadonlyMap<string, number>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    await until('the plain client knows all', () => sorted(plain.known).join() === sorted(present).join());
    const cached = () =>
      new Map(informer.list('default').map(({ metadata }) => [metadata!.name!, Number(metadata!.resourceVersion)]));
    await until('the informer knows all', () => sorted(cached()).join() === sorted(present).join());
    plain.stop();
    await informer.stop();
    await running;

    // The last bookmark before the restart let the plain client go on: it has listed once, and heard all there ever was.
    expect(plain.lists).toBe(1);
    expect(plain.watches).toBeGreaterThan(1);
    expect(plain.told).toEqual(history);
    checkOrder(told);
    const gone = (list: readonly Told[]) => list.filter(({ type: kind }) => kind === 'DELETED').length;
    const came = told.filter(({ type: kind }) => kind === 'ADDED').length;
    expect(came - gone(told)).toBe(REPLICAS);
    expect(new Set(told.map(({ uid }) => uid)).size).toBe(2 * REPLICAS);

    // What was told shortly before the restart may be asked for again after it.
    const before = history[history.findIndex(({ version }) => version >= restartedAt) - 5]!;
    const again = at.watch(`${PODS}?watch=1&resourceVersion=${before.version}`);
    const retold = await again.until((events) => events.length >= 5);
    const some = retold.slice(0, 5).map(({ object }) => Number(object.metadata.resourceVersion));
    const at0 = history.indexOf(before) + 1;
    expect(some).toEqual(history.slice(at0, at0 + 5).map(({ version }) => version));
    again.close();
    expect(at.troubles).toEqual([]);
    await at.stop();
  },
  PATIENCE_MS * 2,
);
