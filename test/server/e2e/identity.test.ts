/** Identity, adoption and what a failing predecessor stops, as upstream's end-to-end suite checks them. */
import { expect } from 'vitest';
import { type Loose, type Namespace, PAUSE_PROBE, resume, scenarios, webSet } from './suite';

scenarios('identity, as the end-to-end suite has them', (plays) => {
  /** Lets one pod after the other become ready until all are. */
  async function saturate(ns: Namespace, set: Loose): Promise<void> {
    for (let i = 0; i < set.spec.replicas; i++) {
      await ns.running(set, i + 1, i);
      await resume(ns, `${set.metadata.name}-${i}`);
      await ns.state(
        set,
        (_, pods) => pods.length > i && pods.slice(0, i + 1).every(({ status }) => status.phase === 'Running'),
      );
    }
    await ns.runningAndReady(set, set.spec.replicas);
  }

  async function checkMount(ns: Namespace, set: Loose): Promise<void> {
    for (const line of await ns.runInAll(set, 'ls -idlh /data')) expect(line).toMatch(/^ *\d+ d\S+ .* \/data$/m);
    for (const lines of await ns.runInAll(set, 'find /data')) expect(lines).toMatch(/^\/data$/m);
    await ns.runInAll(set, `touch /data/${Date.now()}`);
  }

  plays('gives every pod a name and a volume that stay', (suite) =>
    suite.within(async (ns) => {
      const classes = (await suite.call('GET', '/apis/storage.k8s.io/v1/storageclasses')).items as Loose[];
      const isDefault = 'storageclass.kubernetes.io/is-default-class';
      expect(classes.filter(({ metadata }) => metadata.annotations?.[isDefault] === 'true')).toHaveLength(1);
      const set = await ns.create(webSet('ss', { claim: true, probe: PAUSE_PROBE }));
      await saturate(ns, set);
      await checkMount(ns, set);
      expect(await ns.runInAll(set, 'printf $(hostname)')).toEqual(['ss-0', 'ss-1', 'ss-2']);
      expect(set.spec.serviceName).toBe('test');
      await ns.runInAll(set, 'echo $(hostname) | dd of=/data/hostname conv=fsync');
      await ns.runInAll(set, 'ln -s /data/hostname /data/hostname-symlink');
      await ns.scale(set, 0);
      await ns.status(set, 'replicas', 0);
      await ns.updateSet('ss', ({ spec }) => {
        spec.replicas = 3;
      });
      await ns.runningAndReady(set, 3);
      await checkMount(ns, set);
      for (const file of ['hostname', 'hostname-symlink'])
        await ns.runInAll(set, `if [ "$(cat /data/${file})" = "$(hostname)" ]; then exit 0; else exit 1; fi`);
    }),
  );

  plays('adopts orphans that match and releases pods that do not', (suite) =>
    suite.within(async (ns) => {
      const set = await ns.create(webSet('ss', { replicas: 1, claim: true, probe: PAUSE_PROBE }));
      await saturate(ns, set);
      const [pod] = await ns.podsOf(set);
      const owner = ({ metadata }: Loose): Loose =>
        metadata.ownerReferences?.find(({ controller }: Loose) => controller);
      const mine = { kind: 'StatefulSet', name: 'ss', uid: set.metadata.uid };
      const path = `${ns.pods}/ss-0`;
      const owned = (is: boolean) =>
        suite.eventually(
          'the owner of the pod',
          () => suite.call('GET', path),
          (now) => (owner(now) !== undefined) === is,
        );
      expect(owner(pod)).toMatchObject(mine);
      await ns.update(path, ({ metadata }) => {
        metadata.ownerReferences = null;
      });
      expect(owner(await owned(true))).toMatchObject(mine);
      await ns.update(path, ({ metadata }) => {
        metadata.labels = null;
      });
      await owned(false);
      await ns.update(path, ({ metadata }) => {
        metadata.labels = pod.metadata.labels;
      });
      expect(owner(await owned(true))).toMatchObject(mine);
    }),
  );

  plays('is not held up by a predecessor that fails', (suite) =>
    suite.within(async (ns) => {
      const set = await ns.create(webSet('ss', { replicas: 2, claim: true, probe: PAUSE_PROBE }));
      await ns.running(set, 1, 0);
      await resume(ns, 'ss-0');
      await ns.running(set, 2, 1);
      const { metadata } = await ns.pod('ss-0');
      await ns.removePod('ss-0');
      await ns.state(set, (_, pods) => pods[0]?.metadata.name === 'ss-0' && pods[0].metadata.uid !== metadata.uid);
      await ns.running(set, 2, 1);
      await resume(ns, 'ss-1');
      await ns.runningAndReady(set, 2);
    }),
  );
});
