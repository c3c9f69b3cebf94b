/** Scaling in order and in bursts, the scale and status subresources, and start ordinals, as upstream's end-to-end suite checks them. */
import { expect } from 'vitest';
import { HTTP_PROBE, HTTPD, imageOf, LABELS, type Loose, type Namespace, PAUSE, scenarios, webSet } from './suite';

const STRATEGIC = 'application/strategic-merge-patch+json';

scenarios('scaling, as the end-to-end suite has them', (plays) => {
  const selector = encodeURIComponent(
    Object.entries(LABELS)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
  );

  /** Begins to watch, and resolves to what ends once events of the type came for the pods in this order. */
  const inOrder = async (ns: Namespace, type: string, names: readonly string[]): Promise<{ seen: Promise<void> }> => {
    const path = `${ns.pods}?labelSelector=${selector}`;
    const { metadata } = await ns.suite.call('GET', path);
    const left = [...names];
    const seen = ns.suite.until(path, metadata.resourceVersion, (event, pod) => {
      if (event === type && pod.metadata.name === left[0]) left.shift();
      return left.length === 0;
    });
    seen.catch(() => {});
    return { seen };
  };
  const replicas =
    (count: number) =>
    ({ spec }: Loose): void => {
      spec.replicas = count;
    };
  const count = (ns: Namespace, set: Loose) => async () => (await ns.podsOf(set)).length;

  plays('scales in order, and halts while a pod is unhealthy', (suite) =>
    suite.within(async (ns) => {
      const up = await inOrder(ns, 'ADDED', ['ss-0', 'ss-1', 'ss-2']);
      const set = await ns.create(webSet('ss', { replicas: 1, probe: HTTP_PROBE }));
      await ns.runningAndReady(set, 1);
      await ns.breakProbes(set);
      await ns.runningAndNotReady(set, 1);
      await ns.status(set, 'readyReplicas', 0);
      await ns.updateSet('ss', replicas(3));
      await suite.holds(count(ns, set), 1);
      await ns.restoreProbes(set);
      await ns.runningAndReady(set, 3);
      await up.seen;

      const down = await inOrder(ns, 'DELETED', ['ss-2', 'ss-1', 'ss-0']);
      await ns.breakProbes(set);
      await ns.status(set, 'readyReplicas', 0);
      await ns.runningAndNotReady(set, 3);
      await ns.updateSet('ss', replicas(0));
      await suite.holds(count(ns, set), 3);
      await ns.restoreProbes(set);
      await ns.scale(set, 0);
      await down.seen;
    }),
  );

  plays('scales in bursts even while pods are unhealthy', (suite) =>
    suite.within(async (ns) => {
      const spec = { podManagementPolicy: 'Parallel' };
      const set = await ns.create(webSet('ss', { replicas: 1, probe: HTTP_PROBE, spec }));
      await ns.runningAndReady(set, 1);
      await ns.breakProbes(set);
      await ns.runningAndNotReady(set, 1);
      await ns.status(set, 'readyReplicas', 0);
      await ns.updateSet('ss', replicas(3));
      await ns.state(set, (_, pods) => pods.length === 3);
      await suite.holds(count(ns, set), 3);
      await ns.restoreProbes(set);
      await ns.runningAndReady(set, 3);
      await ns.breakProbes(set);
      await ns.status(set, 'readyReplicas', 0);
      await ns.runningAndNotReady(set, 3);
      await ns.updateSet('ss', replicas(0));
      await ns.state(set, (_, pods) => pods.length === 0);
      await suite.holds(count(ns, set), 0);
      await ns.status(set, 'replicas', 0);
    }),
  );

  plays('recreates a pod that its node turns away', (suite) =>
    suite.within(async (ns) => {
      const nodes = (await suite.call('GET', '/api/v1/nodes?fieldSelector=spec.unschedulable%3Dfalse'))
        .items as Loose[];
      const node = nodes.find(
        ({ spec, status }) =>
          !spec.taints?.length && status.conditions.some((one: Loose) => one.type === 'Ready' && one.status === 'True'),
      ).metadata.name;
      const ports = [{ hostPort: 21017, containerPort: 21017, name: 'conflict' }];
      await suite.call('POST', ns.pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'test-pod' },
        spec: { containers: [{ name: 'webserver', image: HTTPD, ports }], nodeName: node },
      });
      await suite.until(
        `${ns.pods}?fieldSelector=metadata.name%3Dtest-pod`,
        '',
        (_, { status }) => status.phase === 'Running',
      );
      const wanted = webSet('ss', { replicas: 1 });
      wanted.spec.template.spec.containers[0].ports = ports;
      wanted.spec.template.spec.nodeName = node;
      const path = `${ns.pods}?fieldSelector=metadata.name%3Dss-0`;
      await ns.create(wanted);
      const { items, metadata } = await suite.call('GET', path);
      let uid = items[0]?.metadata.uid as string | undefined;
      await suite.until(path, metadata.resourceVersion, (type, pod) => {
        if (type === 'DELETED') return uid !== undefined;
        uid = pod.metadata.uid;
        return false;
      });
      await suite.call('DELETE', `${ns.pods}/test-pod`, { gracePeriodSeconds: 0 });
      await ns.state(
        wanted,
        (_, pods) => pods.length === 1 && pods[0].status.phase === 'Running' && pods[0].metadata.uid !== uid,
      );
    }),
  );

  plays('has a scale subresource that works', (suite) =>
    suite.within(async (ns) => {
      const set = await ns.create(webSet('ss', { replicas: 1, probe: HTTP_PROBE }));
      await ns.runningAndReady(set, 1);
      await ns.observed(set);
      const path = `${ns.sets}/ss/scale`;
      const scale = await suite.call('GET', path);
      expect([scale.kind, scale.spec.replicas, scale.status.replicas]).toEqual(['Scale', 1, 1]);
      const wanted = { ...scale, metadata: { ...scale.metadata, resourceVersion: '' }, spec: { replicas: 2 } };
      expect((await suite.call('PUT', path, wanted)).spec.replicas).toBe(2);
      expect((await ns.get('ss')).spec.replicas).toBe(2);
      // As the type is written by Go: with the fields that are not set.
      const patch = { metadata: {}, spec: { replicas: 4 }, status: { replicas: 0 } };
      await suite.call('PATCH', path, patch, STRATEGIC);
      expect((await ns.get('ss')).spec.replicas).toBe(4);
    }),
  );

  plays('lists, patches and deletes a collection', (suite) =>
    suite.within(async (ns) => {
      const labels = { name: 'sample-pod', pod: 'httpd' };
      const set = await ns.create(webSet('test-ss', { replicas: 1, probe: HTTP_PROBE, labels }));
      await ns.runningAndReady(set, 1);
      await ns.observed(set);
      const patch = {
        metadata: { labels: { 'test-ss': 'patched' } },
        spec: {
          replicas: 2,
          template: { spec: { TerminationGracePeriodSeconds: 1, containers: [{ name: 'test-ss', image: PAUSE }] } },
        },
      };
      await suite.call('PATCH', `${ns.sets}/test-ss`, patch, STRATEGIC);
      const patched = await ns.get('test-ss');
      expect(patched.spec.replicas).toBe(2);
      expect(imageOf(patched.spec.template)).toBe(PAUSE);
      await ns.runningAndReady(patched, 2);
      await ns.observed(patched);
      const everywhere = '/apis/apps/v1/statefulsets?labelSelector=test-ss%3Dpatched';
      expect((await suite.call('GET', everywhere)).items).toHaveLength(1);
      await suite.call('DELETE', `${ns.sets}?labelSelector=test-ss%3Dpatched`, { gracePeriodSeconds: 1 });
      expect((await suite.call('GET', everywhere)).items).toHaveLength(0);
    }),
  );

  plays('lets the status be read, updated and patched', (suite) =>
    suite.within(async (ns) => {
      const { metadata } = await suite.call('GET', '/apis/apps/v1/statefulsets?labelSelector=e2e%3Dtesting');
      const watched = `${ns.sets}?labelSelector=e2e%3Dtesting`;
      const has =
        (type: string) =>
        (_: string, { status }: Loose) =>
          (status.conditions ?? []).some((condition: Loose) => condition.type === type);
      const set = await ns.create(webSet('ss', { replicas: 1, probe: HTTP_PROBE }));
      await ns.runningAndReady(set, 1);
      await ns.observed(set);
      await suite.call('PATCH', `${ns.sets}/ss`, { metadata: { labels: { e2e: 'testing' } } }, STRATEGIC);
      const { kind, status } = await suite.call('GET', `${ns.sets}/ss/status`);
      expect([kind, status.replicas]).toEqual(['StatefulSet', 1]);
      const condition = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
      await ns.update(`${ns.sets}/ss/status`, (now) => {
        now.status.conditions = [...(now.status.conditions ?? []), condition];
      });
      await suite.until(watched, metadata.resourceVersion, has('StatusUpdate'));
      const patch = { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } };
      await suite.call('PATCH', `${ns.sets}/ss/status`, patch, 'application/merge-patch+json');
      await suite.until(watched, metadata.resourceVersion, has('StatusPatched'));
    }),
  );

  plays(
    'counts a pod as available at once where nothing else is asked for',
    (suite) =>
      suite.within(async (ns) => {
        const labels = { name: 'sample-pod', pod: 'httpd' };
        const set = await ns.create(webSet('test-ss', { replicas: 1, probe: HTTP_PROBE, labels }));
        await ns.status(set, 'availableReplicas', 1);
      }),
    { brief: true },
  );

  plays('counts pods as available once they have been ready for long enough', (suite) =>
    suite.within(async (ns) => {
      const labels = { name: 'sample-pod', pod: 'httpd' };
      const set = await ns.create(
        webSet('test-ss', { replicas: 2, probe: HTTP_PROBE, labels, spec: { minReadySeconds: 30 } }),
      );
      await ns.status(set, 'availableReplicas', 0);
      const wait =
        (seconds: number) =>
        ({ spec }: Loose): void => {
          spec.minReadySeconds = seconds;
        };
      await ns.status(set, 'availableReplicas', 2);
      // On the virtual clock an hour is over soon: nobody who polls would see it.
      const { metadata } = await suite.call('GET', ns.sets);
      const seen = suite.until(ns.sets, metadata.resourceVersion, (_, { status }) => status.availableReplicas === 0);
      await ns.updateSet('test-ss', wait(3600));
      await seen;
      await ns.updateSet('test-ss', wait(0));
      await ns.status(set, 'availableReplicas', 2);
      const { stdout } = await suite.kubectl(`--namespace=${ns.name} get statefulset test-ss -o=yaml`);
      expect(stdout).toContain('availableReplicas: 2');
    }),
  );

  const ordinals =
    (start: number | undefined) =>
    ({ spec }: Loose): void => {
      if (start === undefined) delete spec.ordinals;
      else spec.ordinals = { start };
    };
  for (const [what, before, after, wanted] of [
    ['is set', undefined, 2, 3],
    ['grows', 2, 4, 2],
    ['falls', 3, 2, 2],
    ['is removed', 3, undefined, 2],
  ] as const)
    plays(`moves the pods when the start ordinal ${what}`, (suite) =>
      suite.within(async (ns) => {
        const manifest = webSet('ss', { replicas: 2 });
        ordinals(before)(manifest);
        const set = await ns.create(manifest);
        await ns.status(set, 'readyReplicas', 2);
        const names = (start = 0, count = 2) => Array.from({ length: count }, (_, i) => `ss-${start + i}`);
        expect((await ns.podsOf(set)).map(({ metadata }) => metadata.name)).toEqual(names(before));
        await ns.updateSet('ss', (now) => {
          ordinals(after)(now);
          now.spec.replicas = wanted;
        });
        await ns.state(
          set,
          (_, pods) => pods.map(({ metadata }) => metadata.name).join() === names(after, wanted).join(),
        );
        await ns.status(set, 'replicas', wanted);
        await ns.status(set, 'readyReplicas', wanted);
      }),
    );
});
