/** Claims that go with their sets and pods, and claims that come back, as upstream's end-to-end suite checks them. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { type Loose, type Namespace, scenarios, webSet } from './suite';

const STRATEGIC = 'application/strategic-merge-patch+json';

scenarios('claims, as the end-to-end suite has them', (plays) => {
  const claimsOf = async (ns: Namespace): Promise<Loose[]> => (await ns.suite.call('GET', ns.claims)).items;
  const exist = (ns: Namespace, ordinals: readonly number[]) =>
    ns.suite.eventually(
      'the claims',
      async () => (await claimsOf(ns)).map(({ metadata }) => metadata.name).sort(),
      (names) => names.join() === ordinals.map((i) => `datadir-ss-${i}`).join(),
    );
  const owned = (ns: Namespace, set: Loose) =>
    ns.suite.eventually(
      'the owners of the claims',
      () => claimsOf(ns),
      (claims) =>
        claims.length === 3 &&
        claims.every(({ metadata }) => metadata.ownerReferences?.some((one: Loose) => one.uid === set.metadata.uid)),
    );
  const orphan = (ns: Namespace, pod: string) =>
    // As the suite sends it: an empty list is not written, metadata is not where it belongs, and nothing changes.
    ns.suite.call('PATCH', `${ns.pods}/${pod}`, { creationTimestamp: null }, STRATEGIC);
  const policy = (policy: object) =>
    webSet('ss', { claim: true, spec: { persistentVolumeClaimRetentionPolicy: policy } });

  for (const adopted of [false, true]) {
    plays(`go with their set, where that is the policy (after adoption: ${adopted})`, (suite) =>
      suite.within(async (ns) => {
        const set = await ns.create(policy({ whenDeleted: 'Delete' }));
        await exist(ns, [0, 1, 2]);
        await owned(ns, set);
        if (adopted) await orphan(ns, 'ss-2');
        await suite.call('DELETE', `${ns.sets}/ss`, {});
        await exist(ns, []);
      }),
    );

    plays(`go with their pods, where that is the policy (after adoption: ${adopted})`, (suite) =>
      suite.within(async (ns) => {
        const set = await ns.create(policy({ whenScaled: 'Delete' }));
        await exist(ns, [0, 1, 2]);
        if (adopted) {
          await ns.runningAndReady(set, 3);
          await orphan(ns, 'ss-2');
        }
        await ns.scale(set, 1);
        await exist(ns, [0]);
      }),
    );
  }

  const ownedBy = (ns: Namespace, name: string, references: Loose[] | null) =>
    ns.update(`${ns.claims}/${name}`, ({ metadata }) => {
      metadata.ownerReferences = references;
    });
  const retain = (ns: Namespace, policy: object) =>
    ns.updateSet('ss', ({ spec }) => {
      spec.persistentVolumeClaimRetentionPolicy = policy;
    });
  const configMap = (ns: Namespace, generateName: string): Promise<Loose> =>
    ns.suite.call('POST', `/api/v1/namespaces/${ns.name}/configmaps`, {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { generateName, namespace: ns.name, creationTimestamp: null },
    });
  const referTo = ({ metadata }: Loose): Loose => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: metadata.name,
    uid: metadata.uid,
  });

  plays('stay when the set shrinks, where another controller owns them', (suite) =>
    suite.within(async (ns) => {
      const set = await ns.create(webSet('ss', { claim: true }));
      await exist(ns, [0, 1, 2]);
      const other = await configMap(ns, 'dummy-controller');
      await ownedBy(ns, 'datadir-ss-1', [{ ...referTo(other), controller: true }]);
      await retain(ns, { whenScaled: 'Delete' });
      await ns.scale(set, 0);
      await exist(ns, [1]);
      await ownedBy(ns, 'datadir-ss-1', null);
      await ns.scale(set, 2);
      await exist(ns, [0, 1]);
      await ns.scale(set, 1);
      await exist(ns, [0]);
    }),
  );

  plays('are taken over beside other owners, but never from another controller', (suite) =>
    suite.within(async (ns) => {
      const set = await ns.create(webSet('ss', { replicas: 4, claim: true }));
      await exist(ns, [0, 1, 2, 3]);
      const other = [referTo(await configMap(ns, 'random-owner'))];
      await ownedBy(ns, 'datadir-ss-1', other);
      const flags = { controller: true, blockOwnerDeletion: true };
      const uid = '9d86d6ae-4e06-4ff1-bc55-f77f52e272e9';
      const stale = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'unknown', uid, ...flags }];
      await ns.update(`${ns.claims}/datadir-ss-3`, ({ metadata }) => {
        metadata.ownerReferences = stale;
        metadata.finalizers = ['keep-with/stale-ref'];
      });
      const owners = (expected: Readonly<Record<number, Loose[]>>) =>
        suite.eventually(
          'the owners of the claims',
          async () => {
            const claims = await claimsOf(ns);
            return Object.keys(expected).map(
              (i) => claims.find(({ metadata }) => metadata.name === `datadir-ss-${i}`)?.metadata.ownerReferences,
            );
          },
          (found) => found.every((one, at) => isDeepStrictEqual(one, Object.values(expected)[at])),
        );
      await owners({ 1: other, 3: stale });
      await retain(ns, { whenDeleted: 'Delete' });
      const own = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'ss', uid: set.metadata.uid, ...flags }];
      await owners({ 0: own, 1: [...other, ...own], 2: own, 3: stale });
      await ownedBy(ns, 'datadir-ss-0', [{ ...own[0], controller: false }]);
      await retain(ns, { whenDeleted: 'Delete', whenScaled: 'Delete' });
      await owners({ 0: own });
      await suite.call('DELETE', `${ns.sets}/ss`, {});
      await exist(ns, [1, 3]);
      await ns.update(`${ns.claims}/datadir-ss-3`, ({ metadata }) => {
        metadata.finalizers = [];
      });
    }),
  );

  plays('come back for a pod that waits for them', (suite) =>
    suite.within(async (ns) => {
      const nodes = (await suite.call('GET', '/api/v1/nodes')).items as Loose[];
      const node = nodes.find(({ spec }) => !spec.taints && !spec.unschedulable);
      const host = node.metadata.labels['kubernetes.io/hostname'];
      const wanted = webSet('ss', { replicas: 1, claim: true });
      wanted.spec.template.spec.nodeSelector = { 'kubernetes.io/hostname': host };
      const set = await ns.create(wanted);
      await exist(ns, [0]);
      await ns.status(set, 'readyReplicas', 1);
      const pod = await ns.pod('ss-0');
      expect(pod.spec.nodeName).toBe(node.metadata.name);
      const path = `/api/v1/nodes/${node.metadata.name}`;
      await suite.call('PATCH', path, { spec: { unschedulable: true } }, STRATEGIC);
      try {
        await suite.eventually(
          'the node is cordoned',
          () => suite.call('GET', path),
          ({ spec }) => (spec.taints ?? []).some(({ key }: Loose) => key === 'node.kubernetes.io/unschedulable'),
        );
        await ns.deletePod('ss-0');
        await ns.state(set, (_, pods) => pods.some(({ metadata }) => metadata.uid !== pod.metadata.uid));
        await ns.status(set, 'currentReplicas', 1);
        const [claim] = await claimsOf(ns);
        await suite.call('DELETE', `${ns.claims}/${claim.metadata.name}`, {});
      } finally {
        await suite.call('PATCH', path, { spec: { unschedulable: null } }, STRATEGIC);
      }
      await exist(ns, [0]);
      await ns.status(set, 'readyReplicas', 1);
      expect((await ns.pod('ss-0')).spec.nodeName).toBe(node.metadata.name);
    }),
  );
});
