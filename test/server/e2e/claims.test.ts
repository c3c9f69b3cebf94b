/** Claims that go with their sets and pods, and claims that come back, as upstream's end-to-end suite checks them. */
import { expect, it } from 'vitest';
import { describeOracle } from '../../oracle/support/kubectl';
import { eventually, type Loose, type Namespace, Suite, webSet } from './suite';

const STRATEGIC = 'application/strategic-merge-patch+json';

describeOracle('claims, as the end-to-end suite has them', () => {
  const suite = new Suite();
  const claimsOf = async (ns: Namespace): Promise<Loose[]> => (await suite.call('GET', ns.claims)).items;
  const exist = (ns: Namespace, ordinals: readonly number[]) =>
    eventually(
      'the claims',
      async () => (await claimsOf(ns)).map(({ metadata }) => metadata.name).sort(),
      (names) => names.join() === ordinals.map((i) => `datadir-ss-${i}`).join(),
    );
  const owned = (ns: Namespace, set: Loose) =>
    eventually(
      'the owners of the claims',
      () => claimsOf(ns),
      (claims) =>
        claims.length === 3 &&
        claims.every(({ metadata }) => metadata.ownerReferences?.some((one: Loose) => one.uid === set.metadata.uid)),
    );
  const orphan = (ns: Namespace, pod: string) =>
    // As the suite sends it: the list is not where it belongs, and nothing changes.
    suite.call('PATCH', `${ns.pods}/${pod}`, { ownerReferences: [] }, STRATEGIC);
  const policy = (policy: object) =>
    webSet('ss', { claim: true, spec: { persistentVolumeClaimRetentionPolicy: policy } });

  it.each([false, true])('go with their set, where that is the policy (after adoption: %s)', (adopted) =>
    suite.within(async (ns) => {
      const set = await ns.create(policy({ whenDeleted: 'Delete' }));
      await exist(ns, [0, 1, 2]);
      await owned(ns, set);
      if (adopted) await orphan(ns, 'ss-2');
      await suite.call('DELETE', `${ns.sets}/ss`, {});
      await exist(ns, []);
    }),
  );

  it.each([false, true])('go with their pods, where that is the policy (after adoption: %s)', (adopted) =>
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

  it('come back for a pod that waits for them', () =>
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
        await eventually(
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
    }));
});
