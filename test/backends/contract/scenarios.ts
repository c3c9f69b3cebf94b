/** What every backend must answer alike: each scenario works in a namespace of its own and returns what it saw. */

import { isPodReady } from '../../../src/core/api/pod';
import type { ResourceInfo } from '../../../src/core/api/resources';
import { ApiError } from '../../../src/core/api/status';
import type { KubeObject, Manifest, Pod, StatefulSet } from '../../../src/core/api/types';
import type { Backend, WatchEvent, WriteOptions } from '../../../src/core/client/backend';
import { type Info, mapResource } from '../../../src/core/client/builder';
import { waitUntilGone } from '../../../src/core/client/delete';
import { followRollout } from '../../../src/core/client/rollout/status';
import { until } from '../../../src/core/client/watching';

export interface Stage {
  readonly backend: Backend;
  readonly namespace: string;
  /** The warnings so far. */
  readonly warnings: string[];
  kind(word: string): Promise<ResourceInfo>;
}

export interface Scenario {
  readonly name: string;
  run(stage: Stage): Promise<unknown>;
}

const map = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(labels && { labels }) },
  data,
});

export const setManifest = (replicas: number, image = 'nginx:1.25'): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    serviceName: 'web',
    replicas,
    podManagementPolicy: 'Parallel',
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'nginx', image }] },
    },
  },
});

const dataOf = (object: KubeObject): unknown => (object as { data?: unknown }).data;
const names = (objects: readonly KubeObject[]): string[] => objects.map(({ metadata }) => metadata.name);
const LABELLED = { labelSelector: 'contract=yes' };

/** What a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return 'no refusal';
  } catch (e) {
    if (!(e instanceof ApiError)) throw e;
    const { code, details, reason } = e.status;
    const message = e.status.message.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/g, 'UID');
    return {
      code,
      reason,
      message,
      ...(details && {
        details: { ...details, group: details.group || undefined, uid: undefined, retryAfterSeconds: undefined },
      }),
    };
  }
}

async function infoOf({ backend, kind, namespace }: Stage, word: string, name: string): Promise<Info> {
  const resource = await kind(word);
  return { resource, namespace, name, object: await backend.get(resource, namespace, name) };
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'objects are created, read, updated and deleted',
    run: async ({ backend, kind, namespace }) => {
      const maps = await kind('configmaps');
      const created = await backend.create(maps, namespace, map('one', { a: '1' }));
      const read = await backend.get(maps, namespace, 'one');
      const updated = await backend.update(maps, namespace, { ...read, data: { a: '2' } } as Manifest);
      const deleted = await backend.delete(maps, namespace, 'one');
      const gone = await refusal(backend.get(maps, namespace, 'one'));
      return {
        created: [created.apiVersion, created.kind, dataOf(created)],
        same: created.metadata.uid === read.metadata.uid && created.metadata.uid === updated.metadata.uid,
        newer: BigInt(updated.metadata.resourceVersion ?? 0) > BigInt(read.metadata.resourceVersion ?? 0),
        updated: dataOf(updated),
        deleted: [deleted.metadata.name, deleted.metadata.uid === created.metadata.uid],
        gone,
      };
    },
  },
  {
    name: 'refusals carry the same Status',
    run: async ({ backend, kind, namespace }) => {
      const maps = await kind('cm');
      const sets = await kind('sts');
      const stored = await backend.create(maps, namespace, map('taken'));
      await backend.create(sets, namespace, setManifest(0));
      return {
        notFound: await refusal(backend.get(sets, namespace, 'nobody')),
        taken: await refusal(backend.create(maps, namespace, map('taken'))),
        conflict: await refusal(
          backend.update(maps, namespace, {
            ...stored,
            metadata: { ...stored.metadata, resourceVersion: '1' },
          } as Manifest),
        ),
        invalid: await refusal(
          backend.create(sets, namespace, { ...setManifest(1), metadata: { name: 'Not_A_Name' } }),
        ),
        frozen: await refusal(backend.patch(sets, namespace, 'web', 'merge', { spec: { serviceName: 'other' } })),
        uid: await refusal(backend.delete(maps, namespace, 'taken', { preconditions: { uid: 'another' } })),
        noScale: await refusal(backend.get(maps, namespace, 'taken', { subresource: 'scale' })),
        noNamespace: await refusal(backend.create(maps, 'not-there', map('x'))),
        badSelector: (
          (await refusal(backend.list(maps, namespace, { fieldSelector: 'no.such=field' }))) as { code: number }
        ).code,
      };
    },
  },
  {
    name: 'every type of patch',
    run: async ({ backend, kind, namespace }) => {
      const sets = await kind('statefulsets.apps');
      await backend.create(sets, namespace, setManifest(0));
      const containers = (object: KubeObject) =>
        (object as StatefulSet).spec.template.spec.containers.map(({ name, image }) => [name, image]);
      const strategic = await backend.patch(sets, namespace, 'web', 'strategic', {
        spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'busybox:1' }] } } },
      });
      const json = await backend.patch(sets, namespace, 'web', 'json', [
        { op: 'remove', path: '/spec/template/spec/containers/0' },
      ]);
      const merge = await backend.patch(sets, namespace, 'web', 'merge', { metadata: { labels: { merged: 'yes' } } });
      const failedTest = await refusal(
        backend.patch(sets, namespace, 'web', 'json', [{ op: 'test', path: '/spec/replicas', value: 9 }]),
      );
      return {
        strategic: containers(strategic),
        json: containers(json),
        merge: merge.metadata.labels,
        failedTest: (failedTest as { code: number }).code,
      };
    },
  },
  {
    name: 'server-side apply: created, owned, defended, taken',
    run: async ({ backend, kind, namespace }) => {
      const maps = await kind('configmaps');
      const apply = (manager: string, data: Record<string, string>, force = false) =>
        backend.patch(maps, namespace, 'applied', 'apply', map('applied', data), { fieldManager: manager, force });
      const created = await apply('one', { a: '1', b: '1' });
      const smaller = await apply('one', { a: '2' });
      const conflict = await refusal(apply('two', { a: '3' }));
      const taken = await apply('two', { a: '3' }, true);
      const managers = taken.metadata.managedFields?.map(({ manager, operation }) => [manager, operation]);
      return { created: dataOf(created), smaller: dataOf(smaller), conflict, taken: dataOf(taken), managers };
    },
  },
  {
    name: 'who wrote is recorded, by default as kubectl',
    run: async ({ backend, kind, namespace }) => {
      const maps = await kind('configmaps');
      await backend.create(maps, namespace, map('owned', { a: '1' }), { fieldManager: 'kubectl-create' });
      const patched = await backend.patch(maps, namespace, 'owned', 'merge', { data: { b: '2' } });
      // Those of one second are in the order of their names.
      return patched.metadata.managedFields?.map(({ manager, operation }) => [manager, operation]).toSorted();
    },
  },
  {
    name: 'lists: selectors, order, all namespaces, versions',
    run: async ({ backend, kind, namespace }) => {
      const maps = await kind('configmaps');
      for (const [name, tier] of [
        ['c', 'front'],
        ['a', 'back'],
        ['b', 'front'],
      ] as const)
        await backend.create(maps, namespace, map(name, {}, { contract: 'yes', tier }));
      const all = await backend.list(maps, namespace, LABELLED);
      const front = await backend.list(maps, namespace, { labelSelector: 'contract=yes,tier in (front)' });
      const byName = await backend.list(maps, namespace, { fieldSelector: 'metadata.name=b' });
      const everywhere = await backend.list(maps, undefined, LABELLED);
      const none = await backend.list(maps, namespace, { labelSelector: 'contract=no' });
      return {
        all: names(all.items),
        typed: all.items.every((item) => item.apiVersion === 'v1' && item.kind === 'ConfigMap'),
        front: names(front.items),
        byName: names(byName.items),
        everywhere: names(everywhere.items.filter(({ metadata }) => metadata.namespace === namespace)),
        none: names(none.items),
        hasVersion: Number(none.resourceVersion) > 0,
      };
    },
  },
  {
    name: 'tables of lists and of single objects',
    run: async ({ backend, kind, namespace }) => {
      const sets = await kind('sts');
      await backend.create(sets, namespace, setManifest(0));
      const { items, table } = await backend.list(sets, namespace, { table: true });
      const single = await backend.getTable(sets, namespace, 'web');
      const aged = (cells: readonly unknown[] | undefined) =>
        cells?.map((cell) => (/^\d+s$/.test(String(cell)) ? 'age' : cell));
      return {
        columns: table?.columns.map(({ name, type, format, priority }) => [name, type, format ?? '', priority]),
        rows: table?.rows.map(({ cells }) => aged(cells)),
        sameObjects:
          table?.rows.map(({ object }) => object.metadata.uid).join() ===
          items.map(({ metadata }) => metadata.uid).join(),
        single: [single.columns.length, aged(single.rows[0]?.cells), single.rows[0]?.object.kind],
      };
    },
  },
  {
    name: 'dry runs keep nothing',
    run: async ({ backend, kind, namespace }) => {
      const maps = await kind('configmaps');
      await backend.create(maps, namespace, map('kept', { a: '1' }));
      const dry = await backend.create(maps, namespace, map('dry'), { dryRun: true });
      const patched = await backend.patch(maps, namespace, 'kept', 'merge', { data: { a: '2' } }, { dryRun: true });
      await backend.delete(maps, namespace, 'kept', { dryRun: true });
      return {
        dry: [dry.metadata.name, typeof dry.metadata.uid],
        missing: await refusal(backend.get(maps, namespace, 'dry')),
        patched: dataOf(patched),
        kept: dataOf(await backend.get(maps, namespace, 'kept')),
      };
    },
  },
  {
    name: 'unknown fields are refused, warned of or dropped, as asked',
    run: async ({ backend, kind, namespace, warnings }) => {
      const maps = await kind('configmaps');
      const wrong = (name: string) => ({ ...map(name), dota: { a: '1' } }) as Manifest;
      const write = (name: string, fieldValidation: WriteOptions['fieldValidation']) =>
        backend.create(maps, namespace, wrong(name), fieldValidation && { fieldValidation });
      const strict = await refusal(write('strict', 'Strict'));
      const heard: string[][] = [];
      for (const [name, validation] of [
        ['warned', 'Warn'],
        ['ignored', 'Ignore'],
      ] as const) {
        const before = warnings.length;
        await write(name, validation);
        heard.push(warnings.slice(before));
      }
      return { strict, heard };
    },
  },
  {
    name: 'scale and status are parts of their own',
    run: async ({ backend, kind, namespace }) => {
      const sets = await kind('sts');
      await backend.create(sets, namespace, setManifest(0));
      const scale = await backend.get(sets, namespace, 'web', { subresource: 'scale' });
      const patched = await backend.patch(
        sets,
        namespace,
        'web',
        'merge',
        { spec: { replicas: 2 } },
        { subresource: 'scale' },
      );
      const read = await backend.get(sets, namespace, 'web', { subresource: 'scale' });
      // Without a version: a cluster that lives on may have written the set's status meanwhile.
      const { resourceVersion: _, ...metadata } = read.metadata;
      const put = await backend.update(sets, namespace, { ...read, metadata, spec: { replicas: 0 } } as Manifest, {
        subresource: 'scale',
      });
      const spec = (object: KubeObject) => (object as { spec?: unknown }).spec;
      return {
        scale: [scale.apiVersion, scale.kind, spec(scale)],
        patched: spec(patched),
        put: spec(put),
        set: (spec(await backend.get(sets, namespace, 'web')) as { replicas: number }).replicas,
        status: (await backend.get(sets, namespace, 'web', { subresource: 'status' })).kind,
      };
    },
  },
  {
    name: 'a watch tells each change once, in order, from where a list stood',
    run: async ({ backend, kind, namespace }) => {
      const maps = await kind('configmaps');
      await backend.create(maps, namespace, map('before', {}, { contract: 'yes' }));
      const { resourceVersion } = await backend.list(maps, namespace, LABELLED);
      await backend.create(maps, namespace, map('made', { a: '1' }, { contract: 'yes' }));
      await backend.create(maps, namespace, map('other'));
      await backend.patch(maps, namespace, 'made', 'merge', { data: { a: '2' } });
      await backend.patch(maps, namespace, 'before', 'merge', { metadata: { labels: { contract: 'no' } } });
      await backend.delete(maps, namespace, 'made');
      await backend.commit();
      const events: WatchEvent[] = [];
      for await (const event of backend.watch(maps, namespace, {
        ...LABELLED,
        resourceVersion,
        table: true,
        timeoutMs: 20_000,
      })) {
        events.push(event);
        if (events.length === 4) break;
      }
      return events.map(({ type, object, row, columns }) => [
        type,
        object.metadata.name,
        dataOf(object),
        row?.cells[0],
        columns?.map(({ name }) => name),
      ]);
    },
  },
  {
    name: 'a set rolls out, is followed, scaled down and deleted with its pods',
    run: async (stage) => {
      const { backend, kind, namespace } = stage;
      const sets = await kind('sts');
      const pods = await kind('pods');
      await backend.create(sets, namespace, setManifest(2));
      await backend.commit();
      const said: string[] = [];
      const info = await infoOf(stage, 'sts', 'web');
      const deadline = (await backend.now()) + 120_000;
      await followRollout(backend, info, {
        once: false,
        deadline,
        revision: 0,
        say: ({ message }) => void said.push(message),
      });
      const { items, table } = await backend.list(pods, namespace, { labelSelector: 'app=web', table: true });
      await backend.patch(sets, namespace, 'web', 'merge', { spec: { replicas: 1 } }, { subresource: 'scale' });
      await backend.commit();
      await until(
        backend,
        { resource: sets, namespace, name: 'web' },
        { deadline },
        (object) => (object as StatefulSet).status?.replicas === 1,
      );
      const deleted = await backend.delete(sets, namespace, 'web', { propagationPolicy: 'Foreground' });
      await backend.commit();
      await waitUntilGone(backend, { info, uid: deleted.metadata.uid }, deadline);
      return {
        last: said.at(-1),
        pods: names(items),
        cells: table?.rows.map(({ cells }) => cells.slice(0, 4)),
        finalizers: deleted.metadata.finalizers,
        left: names((await backend.list(pods, namespace, { labelSelector: 'app=web' })).items),
      };
    },
  },
  {
    name: 'an eviction asks the disruption budget',
    run: async (stage) => {
      const { backend, kind, namespace } = stage;
      const [sets, budgets, pods] = [await kind('sts'), await kind('pdb'), await kind('pods')];
      await backend.create(budgets, namespace, {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'guard' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
      });
      await backend.create(sets, namespace, setManifest(2));
      await backend.commit();
      const deadline = (await backend.now()) + 120_000;
      const isAllowed = (object: KubeObject | undefined) =>
        (object as { status?: { disruptionsAllowed?: number } } | undefined)?.status?.disruptionsAllowed === 1;
      await until(backend, { resource: budgets, namespace, name: 'guard' }, { deadline }, isAllowed);
      const { uid } = (await backend.get(pods, namespace, 'web-1')).metadata;
      await backend.evict(namespace, 'web-1', { dryRun: true });
      await backend.evict(namespace, 'web-1');
      const refused = (await refusal(backend.evict(namespace, 'web-0'))) as {
        code: number;
        reason: string;
        message: string;
      };
      const { metadata } = (await backend.get(pods, namespace, 'web-1').catch(() => undefined)) ?? {};
      return {
        gone: metadata?.uid !== uid || metadata.deletionTimestamp !== undefined,
        refused: [refused.code, refused.reason, refused.message],
        nobody: await refusal(backend.evict(namespace, 'nobody')),
      };
    },
  },
  {
    name: 'orphaned pods stay behind',
    run: async (stage) => {
      const { backend, kind, namespace } = stage;
      const [sets, pods] = [await kind('sts'), await kind('pods')];
      await backend.create(sets, namespace, setManifest(1));
      await backend.commit();
      const info = await infoOf(stage, 'sts', 'web');
      const deadline = (await backend.now()) + 120_000;
      await followRollout(backend, info, { once: false, deadline, revision: 0, say: () => {} });
      const deleted = await backend.delete(sets, namespace, 'web', { propagationPolicy: 'Orphan' });
      await backend.commit();
      await waitUntilGone(backend, { info, uid: deleted.metadata.uid }, deadline);
      const { items } = await backend.list(pods, namespace, { labelSelector: 'app=web' });
      for (const { metadata } of items) await backend.delete(pods, namespace, metadata.name, { gracePeriodSeconds: 0 });
      return items.map(({ metadata }) => [metadata.name, metadata.ownerReferences?.length ?? 0]);
    },
  },
  {
    name: 'kinds: names, scope, categories, subresources',
    run: async ({ backend }) => {
      const resources = await backend.resources();
      const words = [
        'po',
        'statefulset',
        'sts',
        'pvc',
        'nodes',
        'events',
        'pdb',
        'controllerrevisions',
        'deployments.apps',
      ];
      const found: unknown[] = [];
      for (const word of words) {
        const { group, version, kind, plural, singular, namespaced, categories, subresources } = await mapResource(
          backend,
          word,
        );
        const known = subresources.filter((one) => one !== 'eviction');
        found.push([word, group, version, kind, plural, singular, namespaced, categories, known]);
      }
      const core = resources.filter(({ group }) => group === '' || group === 'apps').map(({ plural }) => plural);
      return { found, core: core.toSorted() };
    },
  },
  {
    name: 'commands in a container: output, exit codes, input, refusals',
    run: async (stage) => {
      const { backend, namespace } = stage;
      await runBox(stage);
      const exec = async (command: readonly string[], typed?: string) => {
        const said = { out: '', err: '' };
        const { exitCode } = await backend.exec(namespace, 'box', {
          container: 'box',
          command,
          ...(typed !== undefined && { input: { kind: 'piped', bytes: new TextEncoder().encode(typed) } }),
          stdout: (bytes) => {
            said.out += new TextDecoder().decode(bytes);
          },
          stderr: (bytes) => {
            said.err += new TextDecoder().decode(bytes);
          },
        });
        return { ...said, exitCode };
      };
      return [
        await exec(['echo', 'hello']),
        await exec(['sh', '-c', 'echo out; echo err >&2; exit 3']),
        await exec(['cat'], 'piped in\n'),
        await exec(['sh', '-c', 'echo kept > /tmp/file']),
        await exec(['cat', '/tmp/file']),
        await refusal(backend.exec(namespace, 'none', { container: 'box', command: ['true'], ...SILENT })),
      ];
    },
  },
  {
    name: 'the log of a container',
    run: async (stage) => {
      const { backend, namespace } = stage;
      await runBox(stage);
      const log = async (options: { readonly tailLines?: number; readonly limitBytes?: number } = {}) => {
        let text = '';
        for await (const line of backend.logs(namespace, 'box', { container: 'box', ...options })) text += line;
        return text;
      };
      const missing = async () => {
        for await (const _ of backend.logs(namespace, 'none', { container: 'box' })) return 'a line';
      };
      return [await log(), await log({ tailLines: 1 }), await log({ limitBytes: 5 }), await refusal(missing())];
    },
  },
  {
    name: 'files into a container and out of it',
    run: async (stage) => {
      const { backend, namespace } = stage;
      await runBox(stage);
      const content = new TextEncoder().encode('one\ntwo\n');
      const files = [
        { path: [], mode: 0o755 },
        { path: ['a.txt'], content, mode: 0o644 },
        { path: ['below'], mode: 0o755 },
        { path: ['below', 'b.txt'], content: new Uint8Array(), mode: 0o600 },
      ];
      await backend.writeFiles(namespace, 'box', 'box', '/tmp/tree', files);
      const read = await backend.readFiles(namespace, 'box', 'box', '/tmp/tree');
      return {
        read: read
          ?.map((file) => [file.path.join('/'), file.content && new TextDecoder().decode(file.content)])
          .toSorted(),
        missing: await backend.readFiles(namespace, 'box', 'box', '/tmp/none'),
        kinds: [
          await backend.statFile(namespace, 'box', 'box', '/tmp/tree'),
          await backend.statFile(namespace, 'box', 'box', '/tmp/tree/a.txt'),
          await backend.statFile(namespace, 'box', 'box', '/tmp/none'),
        ],
      };
    },
  },
];

const SILENT = { stdout: () => {}, stderr: () => {} };

/** A pod that says two words and then waits. */
async function runBox({ backend, kind, namespace }: Stage): Promise<void> {
  const pods = await kind('pods');
  const command = ['sh', '-c', 'echo first; echo second; sleep 3600'];
  const spec = { terminationGracePeriodSeconds: 1, containers: [{ name: 'box', image: 'busybox:1.36', command }] };
  await backend.create(pods, namespace, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'box' }, spec });
  await backend.commit();
  const deadline = (await backend.now()) + 120_000;
  const pod = { resource: pods, namespace, name: 'box' };
  await until(backend, pod, { deadline }, (object) => object !== undefined && isPodReady(object as Pod));
}
