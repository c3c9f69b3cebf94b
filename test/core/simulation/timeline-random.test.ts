/** Random lives of pods: the transitions are exactly what the objects went through, version by version. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Pod } from '../../../src/core/api/types';
import { resourceKey } from '../../../src/core/apiserver/storage';
import { TestCluster } from '../../support/cluster';

const pick = fc.nat(5);
const step = fc.oneof(
  fc.record({ do: fc.constant('scale' as const), n: fc.nat(5) }),
  fc.record({ do: fc.constant('image' as const), n: fc.nat(3) }),
  fc.record({ do: fc.constant('delete' as const), n: pick, force: fc.boolean() }),
  fc.record({ do: fc.constant('ready' as const), n: pick, ready: fc.boolean() }),
  fc.record({ do: fc.constant('phase' as const), n: pick }),
  fc.record({ do: fc.constant('advance' as const), n: fc.integer({ min: 1, max: 4000 }) }),
  fc.record({ do: fc.constant('settle' as const), n: fc.constant(0) }),
);

const isReady = (pod: Pod): boolean => pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

it('tells create, ready, unready, terminate and delete as the objects say', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const test = new TestCluster();
      const versions = new Map<string, { at: number; pod: Pod | undefined }[]>();
      const names = new Map<string, string>();
      test.store.onEvent(({ type, resource, object }) => {
        if (resourceKey(resource) !== 'pods') return;
        const { uid, name } = object.metadata;
        names.set(uid, name);
        const list = versions.get(uid) ?? [];
        versions.set(uid, list);
        list.push({ at: test.cluster.now, pod: type === 'DELETED' ? undefined : (object as Pod) });
      });
      test.apply({ replicas: 2 });
      for (const action of steps) {
        const pods = test.pods();
        const pod = pods[action.n % Math.max(1, pods.length)];
        if (action.do === 'scale') test.scale(action.n);
        else if (action.do === 'image') test.setImage(`nginx:1.2${action.n}`);
        else if (action.do === 'advance') test.cluster.advanceTo(test.cluster.now + action.n);
        else if (action.do === 'settle') test.settle();
        else if (!pod) continue;
        else if (action.do === 'delete') test.deletePod(pod.metadata.name, action.force ? 0 : undefined);
        else if (action.do === 'ready') test.annotate(pod.metadata.name, 'stsctl.dev/ready', String(action.ready));
        else test.store.update({ ...pod, status: { ...pod.status, phase: 'Failed' } });
      }
      test.settle();
      const expected = [...versions].map(([uid, list]) => {
        const told: string[] = [];
        let before: Pod | undefined;
        for (const { at, pod } of list) {
          const tell = (event: string): void => void told.push(`${new Date(at).toISOString()} ${event}`);
          if (!before) tell('create');
          if (pod && isReady(pod) !== (before ? isReady(before) : false)) tell(isReady(pod) ? 'ready' : 'unready');
          if (!before?.metadata.deletionTimestamp && (!pod || pod.metadata.deletionTimestamp)) tell('terminate');
          if (!pod) tell('delete');
          before = pod;
        }
        return [names.get(uid), ...told].join(', ');
      });
      const lives: string[][] = [];
      const current = new Map<string, string[]>();
      let latest = '';
      for (const { time, event, pod, revision } of test.cluster.timeline()) {
        expect(time >= latest).toBe(true);
        expect(revision).toMatch(/^web-\w+$/);
        latest = time;
        if (event === 'create') {
          current.set(pod, [pod]);
          lives.push(current.get(pod) as string[]);
        }
        current.get(pod)?.push(`${time} ${event}`);
      }
      expect(lives.map((life) => life.join(', ')).sort()).toEqual(expected.sort());
    }),
    { numRuns: 150 },
  );
});
