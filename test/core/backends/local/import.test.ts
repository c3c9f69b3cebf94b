/** What an import makes of what it may not read, of what is broken, and of what servers of other versions wrote. */
import { describe, expect, it } from 'vitest';
import { type ResourceInfo, resourceKey } from '../../../../src/core/api/resources';
import { ApiError, forbidden, notFound } from '../../../../src/core/api/status';
import type { KubeObject, Manifest, Node, Pod, StatefulSet } from '../../../../src/core/api/types';
import { takeOver } from '../../../../src/core/backends/local/import';
import { type Reader, readCluster } from '../../../../src/core/client/import/read-cluster';
import type { Reading } from '../../../../src/core/client/import/types';
import { Cluster } from '../../../../src/core/simulation/cluster';

const NOW = Date.UTC(2026, 5, 1);
const create = (seed: number, now = NOW): Cluster => Cluster.create({ now, clock: 'virtual', seed });

const set = (replicas: number, image = 'example.com/db:1', more: object = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'default' },
  spec: {
    serviceName: 'db',
    replicas,
    selector: { matchLabels: { app: 'db' } },
    template: {
      metadata: { labels: { app: 'db' } },
      spec: {
        containers: [
          {
            name: 'main',
            image,
            env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
    ...more,
  },
});

const SECRET: Manifest = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login', namespace: 'default' },
  data: { password: 'aHVudGVyMg==', other: 'aHVudGVyMg==' },
};

/** A cluster with a set that has settled. */
function source(manifest = set(3), prepare: (engine: Cluster) => void = () => {}): Cluster {
  const engine = create(1);
  prepare(engine);
  engine.store.create(SECRET);
  engine.store.create(manifest);
  engine.settle();
  engine.flush();
  return engine;
}

/** Reads the engine as a server would answer; what is forbidden is refused. */
function reader({ store }: Cluster, denied: readonly string[] = []): Reader {
  const check = (resource: ResourceInfo, name = ''): void => {
    if (denied.includes(resource.plural)) throw forbidden(resource, name, 'User "me" cannot do that');
  };
  return {
    get: async (resource, namespace, name) => {
      check(resource, name);
      const object = store.get(resourceKey(resource), namespace ?? '', name);
      if (!object) throw notFound(resource, name);
      return object;
    },
    list: async (resource, namespace) => {
      check(resource);
      return { items: [...store.list(resourceKey(resource), namespace)], resourceVersion: '1' };
    },
  };
}

const read = (engine: Cluster, denied?: readonly string[]): Promise<Reading> =>
  readCluster(reader(engine, denied), { namespace: 'default', sets: ['db'] });

const objects = ({ store }: Cluster): KubeObject[] => [...store.storage.all()].filter(({ kind }) => kind !== 'Event');

/** Everything that happens by itself within an hour. */
function happenings(engine: Cluster): string[] {
  const seen: string[] = [];
  engine.onEvent(({ type, object: { kind, metadata } }) => seen.push(`${type} ${kind} ${metadata.name}`));
  engine.settle();
  engine.advanceTo(engine.now + 3600_000);
  engine.flush();
  return seen;
}

const pod = (engine: Cluster, name: string): Pod => engine.store.get<Pod>('pods', 'default', name) as Pod;
const there = (engine: Cluster): StatefulSet =>
  engine.store.get<StatefulSet>('statefulsets.apps', 'default', 'db') as StatefulSet;

describe('an import', () => {
  it.each([
    ['OrderedReady', {}],
    ['Parallel', { podManagementPolicy: 'Parallel' }],
    ['OnDelete', { updateStrategy: { type: 'OnDelete' } }],
    ['a partition', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }],
    ['minReadySeconds', { minReadySeconds: 20 }],
    ['retention', { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } }],
    ['ordinals', { ordinals: { start: 3 } }],
  ])('leaves a healthy set alone: %s', async (_, more) => {
    const from = source(set(3, undefined, more));
    const { template, ...spec } = there(from).spec;
    const changed = { ...template, metadata: { ...template.metadata, annotations: { a: 'b' } } };
    from.store.update({ ...there(from), spec: { ...spec, template: changed } });
    from.settle();
    const to = create(2, from.now);
    takeOver(to, await read(from));
    to.flush();
    expect(happenings(to)).toEqual([]);
    expect(there(to).status).toEqual(there(from).status);
    expect(Cluster.restore(to.snapshot()).snapshot()).toEqual(to.snapshot());
  });

  it('does not mix up uids of clusters of the same seed', async () => {
    const from = source();
    const to = create(1, from.now);
    for (let i = 0; i < 20; i++)
      to.store.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${i}`, namespace: 'default' } });
    takeOver(to, await read(from));
    to.flush();
    expect(happenings(to)).toEqual([]);
    const all = objects(to);
    expect(new Set(all.map(({ metadata }) => metadata.uid)).size).toBe(all.length);
    expect(all.filter(({ kind }) => kind === 'ConfigMap')).toHaveLength(24);
    to.store.update({ ...there(to), spec: { ...there(to).spec, replicas: 5 } });
    to.settle();
    const more = objects(to);
    expect(new Set(more.map(({ metadata }) => metadata.uid)).size).toBe(more.length);
    expect(there(to).status.readyReplicas).toBe(5);
  });

  it('goes on without nodes, volumes and Secrets that may not be read', async () => {
    const from = source();
    const reading = await read(from, ['nodes', 'persistentvolumes', 'secrets', 'namespaces', 'storageclasses']);
    expect(reading.warnings.map((text) => text.split(':')[0])).toEqual([
      'namespaces could not be read',
      'nodes could not be read',
      'storageclasses.storage.k8s.io could not be read',
      'secrets could not be read',
      'persistentvolumes could not be read',
      'the values of Secrets are left out, their keys are kept; --with-secrets takes them too',
    ]);
    const to = create(2, from.now);
    to.store.delete('nodes', '', 'node-1');
    const { warnings, objects: report } = takeOver(to, reading);
    to.flush();
    expect(happenings(to)).toEqual([]);
    expect(warnings).toContain('in place of nodes that are not known, roomy ones without taints: "node-1"');
    expect(report.filter(({ change }) => change === 'stand-in').map(({ kind }) => kind)).toEqual([
      'Node',
      'PersistentVolume',
      'PersistentVolume',
      'PersistentVolume',
    ]);
    expect(to.store.get('secrets', 'default', 'login')?.data).toEqual({ password: expect.any(String) });
    expect(JSON.stringify(objects(to))).not.toContain('aHVudGVyMg==');
    to.store.delete('pods', 'default', 'db-1');
    to.settle();
    expect(there(to).status.readyReplicas).toBe(3);
  });

  it('refuses what the server refuses otherwise', async () => {
    const failing: Reader = {
      ...reader(source()),
      list: async () => {
        throw new ApiError({ ...forbidden({ group: '', plural: 'pods' }, '', '').status, code: 500, message: 'no' });
      },
    };
    await expect(readCluster(failing, { namespace: 'default' })).rejects.toThrow('no');
  });

  it('keeps broken what is broken', async () => {
    const from = source(set(3), (engine) => {
      engine.fail({ target: 'pod', what: 'unready', namespace: 'default', name: 'db-1', untilHealed: true });
    });
    from.advanceTo(from.now + 600_000);
    const to = create(2, from.now);
    const { warnings } = takeOver(to, await read(from));
    expect(warnings).toContainEqual(expect.stringMatching(/^the pod "db-1" is not ready, and stays so/));
    expect(happenings(to)).toEqual([]);
    expect(pod(to, 'db-1').status.containerStatuses?.[0]?.ready).toBe(false);
    expect(pod(to, 'db-2')).toBeUndefined();
    const db1 = pod(to, 'db-1');
    to.store.update({
      ...db1,
      metadata: { ...db1.metadata, annotations: { ...db1.metadata.annotations, 'stsctl.dev/ready': 'true' } },
    });
    to.settle();
    expect(there(to).status.readyReplicas).toBe(3);
  });

  it('can pull no image that could not be pulled there, until that is healed', async () => {
    const from = source(set(2), (engine) => {
      engine.fail({ target: 'image', what: 'not-found', name: 'example.com/db:1', untilHealed: true });
    });
    from.advanceTo(from.now + 60_000);
    const to = create(2, from.now);
    takeOver(to, await read(from));
    to.settle();
    expect(pod(to, 'db-0').status.containerStatuses?.[0]?.state?.waiting?.reason).toMatch(/ImagePull/);
    const [fault] = to.faults.list();
    expect(fault).toMatchObject({ target: 'image', name: 'example.com/db:1' });
    to.heal(fault?.id ?? '');
    to.settle();
    expect(there(to).status.readyReplicas).toBe(2);
  });

  it('goes on with a pod that is being made, and with one that is being deleted', async () => {
    const from = create(1);
    from.store.create(SECRET);
    from.store.create(set(3));
    from.advanceTo(from.now + 1500);
    from.store.delete('pods', 'default', 'db-0');
    from.drain();
    expect(pod(from, 'db-0').metadata.deletionTimestamp).toBeDefined();
    const to = create(2, from.now);
    takeOver(to, await read(from));
    to.settle();
    expect(there(to).status).toMatchObject({ readyReplicas: 3, replicas: 3 });
  });

  it('knows a revision again that an older server wrote', async () => {
    const from = source();
    const reading = await read(from);
    const older = reading.objects.map((object): KubeObject => {
      if (object.kind !== 'ControllerRevision') return object;
      const data = structuredClone(object.data) as { spec: { template: { spec: object; metadata: object } } };
      Object.assign(data.spec.template.metadata, { creationTimestamp: null });
      Object.assign(data.spec.template.spec, { volumes: [], schedulerName: undefined });
      return { ...object, data: JSON.parse(JSON.stringify(data)) };
    });
    const to = create(2, from.now);
    takeOver(to, { ...reading, objects: older });
    to.flush();
    expect(happenings(to)).toEqual([]);
    to.store.update({ ...there(to), spec: { ...there(to).spec, replicas: 4 } });
    to.settle();
    expect([...to.store.list('controllerrevisions.apps')]).toHaveLength(1);
    expect(to.timeline().filter(({ event }) => event === 'terminate')).toEqual([]);
  });

  it('leaves out owners that are not there, and says so', async () => {
    const from = source();
    const owner = { apiVersion: 'db.example.com/v1', kind: 'Database', name: 'main', uid: 'u-1', controller: true };
    const reading = await read(from);
    const owned = reading.objects.map((object) =>
      object.kind === 'StatefulSet'
        ? { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } }
        : object,
    );
    const to = create(2, from.now);
    const { warnings } = takeOver(to, { ...reading, objects: owned });
    to.flush();
    expect(warnings).toContain('Database "main" was not imported: what it owns has no owner here');
    expect(happenings(to)).toEqual([]);
  });

  it.each([['nodes,persistentvolumes,secrets'], ['']])('changes nothing a second time, without %s', async (denied) => {
    const from = source();
    const reading = await read(from, denied.split(','));
    const partly = {
      ...reading,
      objects: reading.objects.filter(({ kind, spec }) => {
        const { claimRef } = (spec ?? {}) as { claimRef?: { name?: string } };
        return kind !== 'PersistentVolume' || claimRef?.name === 'data-db-0';
      }),
    };
    const to = create(2, from.now);
    takeOver(to, partly);
    to.flush();
    const first = objects(to).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const { objects: report } = takeOver(to, partly);
    expect(report.filter(({ change, kind }) => change !== 'unchanged' && kind !== 'PersistentVolume')).toEqual([]);
    expect(happenings(to).filter((text) => !/Event|Budget/.test(text))).toEqual([]);
    expect(
      objects(to)
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .toSorted(),
    ).toEqual(first.toSorted());
    expect([...to.store.list('persistentvolumeclaims')].map(({ status }) => status)).toEqual(
      [...from.store.list('persistentvolumeclaims')].map(({ status }) => status),
    );
  });

  it('cannot reach a node that cannot be reached there', async () => {
    const from = source(set(2), (engine) => {
      engine.store.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-2' } });
    });
    const node = [...from.store.list<Pod>('pods')][0]?.spec.nodeName ?? '';
    from.fail({ target: 'node', what: 'lost', name: node, untilHealed: true });
    from.advanceTo(from.now + 120_000);
    const to = create(2, from.now);
    const { warnings } = takeOver(to, await read(from));
    expect(warnings).toContain(`the node "${node}" can't be reached there, and not here: "sim heal" ends that`);
    to.advanceTo(to.now + 60_000);
    const status = to.store.get<Node>('nodes', '', node)?.status.conditions?.find(({ type }) => type === 'Ready');
    expect(status?.status).toBe('Unknown');
    to.heal(to.faults.list()[0]?.id ?? '');
    to.settle();
    expect(there(to).status.readyReplicas).toBe(2);
  });

  it('keeps what the conditions of a pod say beside their status', async () => {
    const from = source();
    const reading = await read(from);
    const noted = reading.objects.map((object) => {
      if (object.kind !== 'Pod') return object;
      const { status } = object as Pod;
      return {
        ...object,
        status: { ...status, conditions: status.conditions?.map((one) => ({ ...one, observedGeneration: 1 })) },
      };
    });
    const to = create(2, from.now);
    takeOver(to, { ...reading, objects: noted });
    to.flush();
    expect(happenings(to)).toEqual([]);
    expect(pod(to, 'db-0').status.conditions?.map((one) => 'observedGeneration' in one)).toEqual(
      pod(from, 'db-0').status.conditions?.map(() => true),
    );
  });

  it('takes hundreds of pods over', async () => {
    const from = source(set(300, undefined, { podManagementPolicy: 'Parallel' }));
    const to = create(2, from.now);
    takeOver(to, await read(from));
    to.flush();
    expect(happenings(to)).toEqual([]);
    expect(there(to).status.readyReplicas).toBe(300);
  });
});
