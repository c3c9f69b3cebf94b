/** Rolling updates, roll backs, canaries and replacement by deletion, as upstream's end-to-end suite checks them. */
import { expect } from 'vitest';
import {
  BUSYBOX,
  HTTP_PROBE,
  HTTPD,
  HTTPD_NEW,
  imageOf,
  type Loose,
  type Namespace,
  revisionOf,
  scenarios,
  setImage,
  webSet,
} from './suite';

const FINALIZER = 'example.com/test-finalizer';

scenarios('updates, as the end-to-end suite has them', (plays) => {
  /** Creates a set, waits for it and checks that all of its pods wear its one revision. */
  async function settled(ns: Namespace, wanted: Loose): Promise<Loose> {
    const created = await ns.create(wanted);
    await ns.runningAndReady(created, created.spec.replicas);
    const set = await ns.observed(created);
    expect(set.status.currentRevision).toBe(set.status.updateRevision);
    expect((await ns.podsOf(set)).map(revisionOf)).toEqual(
      Array(created.spec.replicas).fill(set.status.currentRevision),
    );
    return set;
  }

  async function rollAndBack(ns: Namespace, wanted: Loose): Promise<void> {
    let set = await settled(ns, wanted);
    const name = set.metadata.name;
    const first = set.status.currentRevision;
    await ns.breakProbe(`${name}-1`);
    await ns.podReady(set, `${name}-1`, false);
    await ns.updateSet(name, setImage(HTTPD_NEW));
    set = await ns.observed(set);
    const second = set.status.updateRevision;
    expect(set.status.currentRevision).not.toBe(second);
    await ns.restoreProbe(`${name}-1`);
    await ns.podReady(set, `${name}-1`, true);
    let now = await ns.rolledOut(set);
    expect(now.set.status.currentRevision).toBe(second);
    expect(now.pods.map(imageOf)).toEqual([HTTPD_NEW, HTTPD_NEW, HTTPD_NEW]);
    expect(now.pods.map(revisionOf)).toEqual([second, second, second]);

    await ns.breakProbe(`${name}-1`);
    await ns.podReady(set, `${name}-1`, false);
    await ns.updateSet(name, setImage(HTTPD));
    set = await ns.observed(set);
    expect(set.status.updateRevision).toBe(first);
    expect(set.status.currentRevision).toBe(second);
    await ns.restoreProbe(`${name}-1`);
    await ns.podReady(set, `${name}-1`, true);
    now = await ns.rolledOut(set);
    expect(now.set.status.currentRevision).toBe(first);
    expect(now.pods.map(imageOf)).toEqual([HTTPD, HTTPD, HTTPD]);
    expect(now.pods.map(revisionOf)).toEqual([first, first, first]);
  }

  plays('rolls template changes out and back, with claims', (suite) =>
    suite.within((ns) => rollAndBack(ns, webSet('ss', { claim: true, probe: HTTP_PROBE }))),
  );

  plays('rolls template changes out and back', (suite) =>
    suite.within((ns) => rollAndBack(ns, webSet('ss2', { probe: HTTP_PROBE }))),
  );

  plays('updates canaries and phase by phase', (suite) =>
    suite.within(async (ns) => {
      const partition = (count: number) => ({ type: 'RollingUpdate', rollingUpdate: { partition: count } });
      let set = await settled(ns, webSet('ss2', { probe: HTTP_PROBE, spec: { updateStrategy: partition(3) } }));
      const old = set.status.currentRevision;
      await ns.updateSet('ss2', setImage(HTTPD_NEW));
      set = await ns.observed(set);
      const updated = set.status.updateRevision;
      expect(set.status.currentRevision).toBe(old);
      expect(updated).not.toBe(old);
      expect((await ns.podsOf(set)).map(imageOf)).toEqual([HTTPD, HTTPD, HTTPD]);

      const partitioned = async (count: number): Promise<Loose[]> => {
        await ns.updateSet('ss2', ({ spec }) => {
          spec.updateStrategy = partition(count);
        });
        const { pods } = await ns.state(set, ({ status, metadata }, pods) => {
          const isDone = pods.length === 3 && pods.every((pod, i) => revisionOf(pod) === (i < count ? old : updated));
          return isDone && status.observedGeneration >= metadata.generation && status.updatedReplicas === 3 - count;
        });
        return pods;
      };
      expect((await partitioned(2)).map(imageOf)).toEqual([HTTPD, HTTPD, HTTPD_NEW]);
      // Pods come back at the revision of their side of the partition.
      for (const name of ['ss2-0', 'ss2-2']) {
        const { metadata } = await ns.pod(name);
        await ns.removePod(name);
        await ns.state(set, (_, pods) =>
          pods.some((pod) => pod.metadata.name === name && pod.metadata.uid !== metadata.uid),
        );
      }
      await ns.runningAndReady(set, 3);
      expect((await ns.podsOf(set)).map(revisionOf)).toEqual([old, old, updated]);

      expect((await partitioned(1)).map(imageOf)).toEqual([HTTPD, HTTPD_NEW, HTTPD_NEW]);
      expect((await partitioned(0)).map(imageOf)).toEqual([HTTPD_NEW, HTTPD_NEW, HTTPD_NEW]);
      const { set: done } = await ns.rolledOut(set);
      expect(done.status.currentRevision).toBe(updated);
    }),
  );

  /** A pod below the partition that a finalizer holds is brought back at the old revision. */
  async function deletedBelowPartition(ns: Namespace, wanted: Loose): Promise<void> {
    wanted.spec.template.spec.containers[0].readinessProbe = HTTP_PROBE;
    wanted.spec.updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
    let set = await settled(ns, wanted);
    const name = `${set.metadata.name}-0`;
    const pod = await ns.pod(name);
    pod.metadata.finalizers = [...(pod.metadata.finalizers ?? []), FINALIZER];
    await ns.suite.call('PUT', `${ns.pods}/${name}`, pod);
    await ns.updateSet(set.metadata.name, setImage(HTTPD_NEW));
    set = await ns.observed(set);
    const { currentRevision: old, updateRevision: updated } = set.status;
    expect(updated).not.toBe(old);
    const { pods } = await ns.state(
      set,
      ({ status }) => status.updatedReplicas === 2 && status.replicas === 3 && status.readyReplicas === 3,
    );
    expect(pods.map(imageOf)).toEqual([HTTPD, HTTPD_NEW, HTTPD_NEW]);
    expect(pods.map(revisionOf)).toEqual([old, updated, updated]);
    await ns.removePod(name);
    await ns.state(set, ({ status }) => status.readyReplicas === 2);
    await ns.update(`${ns.pods}/${name}`, ({ metadata }) => {
      metadata.finalizers = metadata.finalizers.filter((one: string) => one !== FINALIZER);
    });
    await ns.state(set, ({ status }) => status.readyReplicas === 3);
    const now = await ns.podsOf(set);
    expect(now.map(imageOf)).toEqual([HTTPD, HTTPD_NEW, HTTPD_NEW]);
    expect(now.map(revisionOf)).toEqual([old, updated, updated]);
  }

  plays('brings a deleted pod below the partition back as it was', (suite) =>
    suite.within((ns) => deletedBelowPartition(ns, webSet('ss2'))),
  );

  plays('does so too when a container of it fails at its end', (suite) =>
    suite.within(async (ns) => {
      const set = webSet('ss3');
      set.spec.template.spec.containers.push({
        name: 'sleep-exit-with-1',
        image: BUSYBOX,
        command: ['sh', '-c'],
        args: [
          [
            'echo "Running in pod $POD_NAME"',
            '_term(){',
            '  echo "Received SIGTERM signal"',
            '  if [ "$POD_NAME" = "ss3-0" ]; then exit 1; else exit 0; fi',
            '}',
            'trap _term SIGTERM',
            'while true; do',
            '  echo "Running in infinite loop in $POD_NAME"',
            '  sleep 1',
            'done',
          ].join('\n'),
        ],
        env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
      });
      await deletedBelowPartition(ns, set);
    }),
  );

  plays('replaces pods by the new revision when they are deleted, where that is the strategy', (suite) =>
    suite.within(async (ns) => {
      let set = await settled(ns, webSet('ss2', { probe: HTTP_PROBE, spec: { updateStrategy: { type: 'OnDelete' } } }));
      const { currentRevision } = set.status;
      const replaced = async (): Promise<Loose[]> => {
        const before = new Set((await ns.podsOf(set)).map(({ metadata }) => metadata.uid));
        for (const i of [0, 1, 2]) await ns.removePod(`ss2-${i}`);
        await ns.state(set, (_, pods) => pods.every(({ metadata }) => !before.has(metadata.uid)));
        return (await ns.runningAndReady(set, 3)).pods;
      };
      expect((await replaced()).map(revisionOf)).toEqual([currentRevision, currentRevision, currentRevision]);
      await ns.updateSet('ss2', setImage(HTTPD_NEW));
      set = await ns.observed(set);
      const { updateRevision } = set.status;
      expect(updateRevision).not.toBe(currentRevision);
      const pods = await replaced();
      expect(pods.map(imageOf)).toEqual([HTTPD_NEW, HTTPD_NEW, HTTPD_NEW]);
      expect(pods.map(revisionOf)).toEqual([updateRevision, updateRevision, updateRevision]);
    }),
  );
});
