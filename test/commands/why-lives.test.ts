/**
 * Random lives of sets, with faults: whenever a set is not at rest `why` has a reason, whatever it names is there, whenever the
 * set is at rest and healthy it has none, and who does what it says gets the set to rest.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject, Pod, StatefulSet } from '../../src/core/api/types';
import { type Answer, ask, follow, type Told } from '../support/advice';
import { type Cli, createCli } from '../support/cli';
import { LONG } from '../support/seed';

const RUNS = LONG ? 1000 : 30;
/** One trouble may hide another: each is followed, so many of them. */
const ROUNDS = 25;

const setting = fc.record({
  policy: fc.constantFrom('OrderedReady', 'OrderedReady', 'Parallel'),
  replicas: fc.integer({ min: 1, max: 4 }),
  claims: fc.boolean(),
  minReady: fc.constantFrom(0, 0, 20),
  nodes: fc.integer({ min: 1, max: 3 }),
});
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

const pod = fc.nat(3).map((n) => `web-${n}`);
const claim = fc.nat(3).map((n) => `pvc/data-web-${n}`);
const patch = (spec: object): string[] => ['patch', 'sts', 'web', '-p', JSON.stringify({ spec })];
const template = (spec: object): string[] => patch({ template: { spec } });
const always = (...words: string[][]) => fc.constantFrom(...words);

const step: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.nat(5).map((n) => ['scale', 'sts/web', `--replicas=${n}`]),
  fc.constantFrom('nginx:1', 'nginx:2', 'does-not-exist:1').map((image) => ['set', 'image', 'sts/web', `c=${image}`]),
  always(
    template({ nodeSelector: { disk: 'ssd' } }),
    template({ containers: [{ name: 'c', resources: { requests: { cpu: '600' } } }] }),
    template({ containers: [{ name: 'c', resources: { requests: { cpu: '9000' } } }] }),
    template({ containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] }),
    template({
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    }),
  ),
  always(
    patch({ updateStrategy: { type: 'OnDelete', rollingUpdate: null } }),
    patch({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }),
    patch({ minReadySeconds: 10 }),
    patch({ ordinals: { start: 1 } }),
  ),
  fc
    .tuple(pod, fc.constantFrom('unready', 'crash --until-healed', 'oom --for 2m', 'evicted', 'stuck-terminating'))
    .map(([name, what]) => ['sim', 'fail', `pod/${name}`, ...what.split(' ')]),
  fc.constantFrom('node-1', 'node-2').map((name) => ['sim', 'fail', `node/${name}`, 'lost']),
  fc.tuple(claim, fc.constantFrom('pending', 'lost')).map(([name, what]) => ['sim', 'fail', name, what]),
  always('sim fail api create pods --times 4'.split(' '), 'sim fail api delete pods --until-healed'.split(' ')),
  fc.constantFrom('node-1', 'node-2', 'node-3').map((name) => ['cordon', name]),
  fc.constantFrom('node-1', 'node-2').map((name) => ['taint', 'nodes', name, 'dedicated=db:NoSchedule']),
  fc.constantFrom('node-1').map((name) => ['taint', 'nodes', name, 'gone=yes:NoExecute']),
  pod.map((name) => ['patch', 'pod', name, '-p', '{"metadata":{"finalizers":["example.com/hold"]}}']),
  pod.map((name) => ['delete', 'pod', name, '--wait=false']),
  pod.map((name) => ['label', 'pod', name, '--overwrite', 'app=other']),
  pod.map((name) => ['annotate', 'pod', name, '--overwrite', 'stsctl.dev/ready=false']),
  claim.map((name) => ['delete', name, '--wait=false']),
  fc.nat(3).map((n) => ['create', 'quota', 'small', `--hard=pods=${n}`]),
  always(['delete', 'service', 'web'], ['rollout', 'undo', 'sts/web'], ['rollout', 'restart', 'sts/web']),
);
const pause = fc.constantFrom(0, 0, 1, 3, 30, 400);

function manifest({ policy, replicas, claims, minReady }: Setting): string {
  const containers = [
    { name: 'c', image: 'nginx:0', ...(claims && { volumeMounts: [{ name: 'data', mountPath: '/d' }] }) },
  ];
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } };
  const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web' } };
  const data = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  return [
    { ...service, spec: { clusterIP: 'None', selector: { app: 'web' } } },
    {
      ...set,
      spec: {
        serviceName: 'web',
        replicas,
        podManagementPolicy: policy,
        minReadySeconds: minReady,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { terminationGracePeriodSeconds: 5, containers } },
        ...(claims && { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: data }] }),
      },
    },
  ]
    .map((object) => JSON.stringify(object))
    .join('\n---\n');
}

const read = async <T extends KubeObject>(cli: Cli, what: string): Promise<T | undefined> => {
  const { out, code } = await cli(`get ${what} -o json`);
  return code === 0 ? (JSON.parse(out) as T) : undefined;
};

/** By its status and its pods alone: everything is there, at the revision that it should have, and counts. */
async function isAtRest(cli: Cli): Promise<boolean> {
  const {
    spec,
    status = {} as NonNullable<StatefulSet['status']>,
    metadata,
  } = (await read<StatefulSet>(cli, 'sts web')) as StatefulSet;
  const pods = JSON.parse((await cli('get pods -o json')).out).items as Pod[];
  const own = pods.filter((one) => one.metadata.ownerReferences?.some((ref) => ref.controller && ref.name === 'web'));
  const partition = spec.updateStrategy.rollingUpdate?.partition ?? 0;
  const first = (spec.ordinals?.start ?? 0) + partition;
  const ordinal = (one: Pod): number => Number(one.metadata.name.split('-').at(-1));
  const outdated = own.filter(
    (one) =>
      spec.updateStrategy.type !== 'OnDelete' &&
      ordinal(one) >= first &&
      one.metadata.labels?.['controller-revision-hash'] !== status.updateRevision,
  );
  return (
    status.observedGeneration === metadata.generation &&
    own.length === spec.replicas &&
    own.every((one) => one.metadata.deletionTimestamp === undefined) &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    outdated.length === 0
  );
}

const everything = ({ reasons, notes }: Answer): readonly Told[] => {
  const deep = (told: Told): readonly Told[] => [told, ...(told.because ?? []).flatMap(deep)];
  return [...reasons, ...notes].flatMap(deep);
};

const KINDS: Readonly<Record<string, string>> = { PersistentVolumeClaim: 'pvc', PersistentVolume: 'pv' };

/** What a reason is about exists, or is just what is missing; nothing has begun in the future or ends in the past. */
async function isTrue(cli: Cli, answer: Answer): Promise<void> {
  // The clock is told in seconds, and instants are finer.
  const now = Date.parse(JSON.parse((await cli('sim clock -o json')).out).time);
  for (const { rule, on, since, until, message, ends, source } of everything(answer)) {
    expect(
      [message, ends, source].every((text) => text.length > 0 && !/undefined|NaN|\[object/.test(text)),
      message,
    ).toBe(true);
    if (since !== undefined) expect(Date.parse(since), `since of ${message}`).toBeLessThan(now + 1000);
    if (until !== undefined) expect(Date.parse(until), `until of ${message}`).toBeGreaterThanOrEqual(now);
    if (!on || /missing|retry|lost/.test(rule)) continue;
    const object = await read<KubeObject>(cli, `${KINDS[on.kind] ?? on.kind.toLowerCase()} ${on.name}`);
    expect(object?.metadata.name, `${rule}: ${message}`).toBe(on.name);
    const ready = (object as Pod).status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    if (on.kind === 'Pod' && rule === 'pod-not-ready') expect(ready, message).not.toBe('True');
  }
}

/** Answers are looked at, and done what they say, until the set waits for nothing. */
async function rescue(cli: Cli): Promise<void> {
  const done: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await cli('sim clock settle');
    const answer = await ask(cli, 'sts/web');
    const rest = await isAtRest(cli);
    const told = answer.reasons.map(({ rule, message }) => `${rule}: ${message}`);
    expect([rest, answer.reasons.length === 0], `${answer.summary}\n${told.join('\n')}\n${done.join('\n')}`).toEqual([
      rest,
      rest,
    ]);
    await isTrue(cli, answer);
    if (rest) return;
    const [first] = answer.reasons;
    if (first?.remedy) {
      done.push(...first.remedy);
      await follow(cli, first.remedy);
    } else {
      expect(first?.endsAlone, `no way out of ${told.join('\n')}\n${done.join('\n')}`).toBe(true);
      await cli('sim clock advance 3m');
    }
  }
  throw new Error(`never at rest:\n${done.join('\n')}\n${(await cli('why sts/web')).out}`);
}

describe('why', () => {
  it(`is right and helps in ${RUNS} random lives`, { timeout: LONG ? 3_600_000 : 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        setting,
        fc.array(fc.tuple(step, pause), { minLength: 1, maxLength: 5 }),
        async (start, steps) => {
          const cli = createCli({ 'web.json': manifest(start) });
          try {
            await cli(`sim config nodes=${start.nodes}`);
            await cli('apply -f web.json');
            await cli('sim clock settle');
            for (const [words, seconds] of steps) {
              await cli(words);
              if (seconds > 0) await cli(`sim clock advance ${seconds}s`);
              await isTrue(cli, await ask(cli, 'sts/web'));
              if (!(await isAtRest(cli))) expect((await ask(cli, 'sts/web')).reasons).not.toEqual([]);
            }
            await rescue(cli);
          } finally {
            cli.dispose();
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});
