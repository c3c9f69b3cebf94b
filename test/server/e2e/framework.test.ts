/** What upstream's end-to-end framework asks of a cluster before, between and after its tests. */
import { expect } from 'vitest';
import { type Loose, Refused, scenarios, webSet } from './suite';

const refused = async (asked: Promise<unknown>): Promise<Loose> => {
  const error = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(Refused);
  return (error as Refused).status;
};

scenarios('the framework around the end-to-end suite', (plays) => {
  plays('finds a cluster that is up', async (suite) => {
    const get = (path: string): Promise<Loose> => suite.call('GET', path);
    const schedulable = '/api/v1/nodes?fieldSelector=spec.unschedulable%3Dfalse&resourceVersion=0';
    const nodes = (await get(schedulable)).items as Loose[];
    const ready = nodes.filter(
      ({ spec, status }) =>
        !spec.taints?.length && status.conditions.some((one: Loose) => one.type === 'Ready' && one.status === 'True'),
    );
    expect(ready.length).toBeGreaterThan(0);
    for (const { metadata, status } of ready) {
      expect(metadata.labels['kubernetes.io/hostname']).toBe(metadata.name);
      expect(Object.keys(status.allocatable)).toEqual(expect.arrayContaining(['cpu', 'memory', 'pods']));
      expect(status.addresses.map((one: Loose) => one.type)).toEqual(
        expect.arrayContaining(['InternalIP', 'Hostname']),
      );
    }
    for (const { status } of (await get('/api/v1/namespaces/kube-system/pods')).items as Loose[])
      expect(status.phase).toBe('Running');
    for (const { status } of (await get('/apis/apps/v1/namespaces/kube-system/daemonsets')).items as Loose[])
      expect(status.numberReady).toBe(status.desiredNumberScheduled);
    expect((await get('/api/v1/namespaces/default/services/kubernetes')).spec.clusterIP).toMatch(/^\d+(\.\d+){3}$/);
    const isDefault = 'storageclass.kubernetes.io/is-default-class';
    const classes = (await get('/apis/storage.k8s.io/v1/storageclasses')).items as Loose[];
    expect(classes.filter(({ metadata }) => metadata.annotations?.[isDefault] === 'true')).toHaveLength(1);
    expect((await suite.raw('GET', '/version')).gitVersion).toMatch(/^v1\.\d+\.\d+/);
  });

  plays('finds its way without aggregated discovery', async (suite) => {
    expect(await suite.raw('GET', '/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { groups } = await suite.raw('GET', '/apis');
    for (const { versions } of [{ versions: [{ groupVersion: 'v1' }] }, ...groups] as Loose[])
      for (const { groupVersion } of versions) {
        const path = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
        const { kind, resources } = await suite.raw('GET', path);
        expect([kind, resources.length > 0], path).toEqual(['APIResourceList', true]);
        for (const one of resources as Loose[])
          expect([typeof one.kind, typeof one.namespaced, Array.isArray(one.verbs)]).toEqual([
            'string',
            'boolean',
            true,
          ]);
      }
  });

  plays('is told by a watch that it has seen everything there was', (suite) =>
    suite.within(async (ns) => {
      // As reflectors begin that list by watching.
      const path = `/api/v1/namespaces/${ns.name}/serviceaccounts?fieldSelector=metadata.name%3Ddefault`;
      const first = `${path}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`;
      const seen: string[] = [];
      await suite.until(
        first,
        '',
        (type, { metadata }) => {
          seen.push(`${type} ${metadata.name ?? ''}`.trim());
          return metadata.annotations?.['k8s.io/initial-events-end'] === 'true';
        },
        true,
      );
      expect(seen).toEqual(['ADDED default', 'BOOKMARK']);
    }),
  );

  plays(
    'gets rid of a namespace with all that lives in it',
    (suite) =>
      suite.within(async (ns) => {
        const set = await ns.create(webSet('ss', { replicas: 2, claim: true }));
        await ns.runningAndReady(set, 2);
        const own = `/api/v1/namespaces/${ns.name}`;
        const claims = (await suite.call('GET', ns.claims)).items as Loose[];
        const volumes = claims.map(({ spec }) => spec.volumeName as string);
        const events = (await suite.call('GET', `${own}/events`)).items as Loose[];
        expect(events.map(({ reason }) => reason)).toEqual(
          expect.arrayContaining(['SuccessfulCreate', 'Scheduled', 'Started']),
        );

        const gone = await suite.call('DELETE', own, { kind: 'DeleteOptions', apiVersion: 'v1' });
        expect(gone.status.phase).toBe('Terminating');
        const late = await refused(suite.call('POST', ns.sets, webSet('late')));
        expect([late.code, late.reason, late.details.causes[0].reason]).toEqual([
          403,
          'Forbidden',
          'NamespaceTerminating',
        ]);
        await suite.eventually(
          'the namespace goes',
          () => suite.exists(own),
          (there) => !there,
        );
        expect((await suite.call('GET', ns.pods)).items).toEqual([]);
        await suite.eventually(
          'the volumes go',
          async () => (await suite.call('GET', '/api/v1/persistentvolumes')).items as Loose[],
          (left) => !left.some(({ metadata }) => volumes.includes(metadata.name)),
        );
      }),
    { brief: true },
  );

  plays('tells what went wrong in a way that it can take apart', (suite) =>
    suite.within(async (ns) => {
      const missing = await refused(suite.call('GET', `${ns.sets}/none`));
      expect(missing).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'statefulsets.apps "none" not found',
        reason: 'NotFound',
        details: { name: 'none', group: 'apps', kind: 'statefulsets' },
        code: 404,
      });
      const set = await ns.create(webSet('ss', { replicas: 1 }));
      const there = await refused(ns.create(webSet('ss')));
      expect([there.code, there.reason]).toEqual([409, 'AlreadyExists']);
      await ns.status(set, 'readyReplicas', 1);
      const stale = await refused(suite.call('PUT', `${ns.sets}/ss`, set));
      expect([stale.code, stale.reason]).toEqual([409, 'Conflict']);
      const wrong = await refused(
        suite.call('PATCH', `${ns.sets}/ss`, { spec: { replicas: -1 } }, 'application/merge-patch+json'),
      );
      expect([wrong.code, wrong.reason, wrong.details.causes[0].field]).toEqual([422, 'Invalid', 'spec.replicas']);
      // What is looked at once a test has failed.
      const pod = (await suite.kubectl(`--namespace=${ns.name} describe po ss-0`)).stdout;
      expect(pod).toMatch(/^Name: +ss-0\n[\s\S]*\nEvents:\n/);
      expect((await suite.kubectl(`--namespace=${ns.name} logs ss-0 --tail=100`)).code).toBe(0);
    }),
  );
});
