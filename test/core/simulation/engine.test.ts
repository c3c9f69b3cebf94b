import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../src/core/simulation/cluster';
import { SeededEntropy } from '../../../src/core/simulation/entropy';
import { EventQueue } from '../../../src/core/simulation/event-queue';
import { START, setManifest, TestCluster } from '../../support/cluster';

describe('EventQueue', () => {
  it('fires by instant, equal instants in the order asked, the same wake-up once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(3))), (asked) => {
        const queue = new EventQueue();
        const model: { at: number; key: string }[] = [];
        for (const [at, number] of asked) {
          const key = `k${number}`;
          queue.schedule(at, 'a/b', key);
          if (!model.some((m) => m.at === at && m.key === key)) model.push({ at, key });
        }
        const restored = new EventQueue(queue.timers(), queue.lastSeq);
        const fired = [];
        for (let timer = restored.pop(); timer; timer = restored.pop()) fired.push({ at: timer.at, key: timer.key });
        expect(fired).toEqual(model.sort((a, b) => a.at - b.at));
      }),
    );
  });
});

describe('SeededEntropy', () => {
  it('goes on from its state', () => {
    const one = SeededEntropy.fromSeed(7);
    one.uid();
    const two = new SeededEntropy(one.state());
    expect([two.uid(), two.suffix(5), two.pick(100)]).toEqual([one.uid(), one.suffix(5), one.pick(100)]);
  });

  it('makes version 4 UUIDs that do not repeat', () => {
    const entropy = SeededEntropy.fromSeed(0);
    const uids = Array.from({ length: 10_000 }, () => entropy.uid());
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids)
      expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('a cluster', () => {
  const play = (cluster: Cluster, stops: readonly number[]): Cluster => {
    let living = cluster;
    living.store.create(setManifest({ replicas: 5, claims: ['data'] }));
    for (const stop of stops) {
      living.advanceTo(START + stop);
      living = Cluster.restore(JSON.parse(JSON.stringify(living.snapshot())));
    }
    living.advanceTo(START + 20_000);
    return living;
  };
  const create = (): Cluster => Cluster.create({ now: START, clock: 'virtual', seed: 3 });

  it('gives the same bytes for the same seed and commands', () => {
    expect(JSON.stringify(play(create(), []).snapshot())).toBe(JSON.stringify(play(create(), []).snapshot()));
  });

  it('is the same wherever it was saved and loaded on the way', () => {
    const straight = play(create(), []).snapshot();
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 6 }), (stops) => {
        const stopped = play(
          create(),
          [...stops].sort((a, b) => a - b),
        ).snapshot();
        expect(stopped.timeline).toEqual(straight.timeline);
        const pods = (state: typeof straight) =>
          state.objects.filter((o) => o.kind === 'Pod' || o.kind === 'StatefulSet');
        expect(pods(stopped).map((o) => [o.metadata.name, o.spec])).toEqual(
          pods(straight).map((o) => [o.metadata.name, o.spec]),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('holds what every new cluster holds', () => {
    const { store } = create();
    const names = (key: string): string[] =>
      [...store.list(key)].map((o) => `${o.metadata.namespace ?? ''}/${o.metadata.name}`).sort();
    expect(names('namespaces')).toEqual(['/default', '/kube-node-lease', '/kube-public', '/kube-system']);
    expect(names('nodes')).toEqual(['/node-1']);
    expect(names('storageclasses.storage.k8s.io')).toEqual(['/standard']);
    const classes = [...store.list('priorityclasses.scheduling.k8s.io')];
    expect(classes.map((one) => `${one.metadata.name} ${one.value}`)).toEqual([
      'system-cluster-critical 2000000000',
      'system-node-critical 2000001000',
    ]);
    expect(names('services')).toEqual(['default/kubernetes']);
    expect(names('serviceaccounts')).toEqual([
      'default/default',
      'kube-node-lease/default',
      'kube-public/default',
      'kube-system/default',
    ]);
    expect(names('configmaps')).toEqual(
      names('serviceaccounts').map((name) => name.replace(/default$/, 'kube-root-ca.crt')),
    );
  });

  it('settles in spite of a pull that is never going to work', () => {
    const test = new TestCluster();
    test.apply({ image: 'nginx:does-not-exist' });
    test.settle();
    expect(test.pod('web-0')?.status.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ImagePullBackOff');
    expect(test.cluster.now - START).toBeLessThan(10_000);
  });

  it('plays what was due at its own time', () => {
    const test = new TestCluster();
    test.apply();
    test.cluster.advanceTo(START + 7 * 24 * 3_600_000);
    expect(test.cluster.timeline().map((event) => `${event.time.slice(17, 23)} ${event.event} ${event.pod}`)).toEqual([
      '00.000 create web-0',
      '01.000 ready web-0',
      '01.000 create web-1',
      '02.000 ready web-1',
      '02.000 create web-2',
      '03.000 ready web-2',
    ]);
  });
});
