/** What a plan says is what then happens: random clusters, random changes, every transition, claim and revision compared. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanAnswer } from '../../../../src/core/reports/plan';
import { type Cli, createCli } from '../../../support/cli';
import { LONG } from '../../../support/seed';

const RUNS = Number(process.env.FUZZ_RUNS ?? (LONG ? 1500 : 200));

const IMAGES = ['nginx:1', 'nginx:2', 'example.com/app:1', 'does-not-exist:1', 'busybox:1'];
const setting = fc.record({
  policy: fc.constantFrom('OrderedReady', 'Parallel'),
  replicas: fc.nat(4),
  partition: fc.nat(3),
  strategy: fc.constantFrom('RollingUpdate', 'RollingUpdate', 'OnDelete'),
  maxUnavailable: fc.constantFrom(1, 2, '60%'),
  gate: fc.boolean(),
  claims: fc.boolean(),
  whenDeleted: fc.constantFrom('Retain', 'Delete'),
  whenScaled: fc.constantFrom('Retain', 'Delete'),
  minReady: fc.nat(3),
  start: fc.nat(2),
  image: fc.constantFrom(...IMAGES),
  unready: fc.boolean(),
  probe: fc.constantFrom('', '', 'exec', 'page'),
  init: fc.boolean(),
  nodes: fc.constantFrom(1, 1, 3),
  apart: fc.boolean(),
  quota: fc.constantFrom('', '', '', 'pods=3', 'persistentvolumeclaims=2'),
  budget: fc.constantFrom('', '--min-available=2', '--max-unavailable=50%'),
});
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

const pod = fc.nat(4).map((n) => `web-${n}`);
const patch = (spec: object): string[] => ['patch', 'sts', 'web', '--type=merge', '-p', JSON.stringify({ spec })];
const node = fc.integer({ min: 1, max: 3 }).map((n) => `node-${n}`);
const lasting = fc.constantFrom([], ['--for=20s'], ['--probability=0.4'], ['--times=2']);
const fault: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.oneof(
      pod.chain((name) =>
        fc.constantFrom('crash', 'oom', 'unready', 'evicted', 'stuck-terminating').map((how) => [`pod/${name}`, how]),
      ),
      fc.constantFrom(['image', 'nginx:2', 'not-found'], ['image', '*', 'slow=7s']),
      node.map((name) => [`node/${name}`, 'lost']),
      pod.chain((name) => fc.constantFrom('pending', 'lost', 'full').map((how) => [`pvc/data-${name}`, how])),
      fc
        .constantFrom('create pods', 'delete pods', '* persistentvolumeclaims')
        .map((call) => ['api', ...call.split(' ')]),
    ),
    lasting,
  )
  .map(([what, flags]) => ['sim', 'fail', ...what, ...flags]);
const change: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...IMAGES).map((image) => ['set', 'image', 'sts/web', `c=${image}`]) },
  { weight: 3, arbitrary: fc.nat(6).map((n) => ['scale', 'sts/web', `--replicas=${n}`]) },
  fc.nat(4).map((partition) => patch({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } })),
  fc.constant(patch({ updateStrategy: { type: 'OnDelete', rollingUpdate: null } })),
  fc.constant(patch({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } })),
  fc.nat(5).map((minReadySeconds) => patch({ minReadySeconds })),
  fc.nat(3).map((start) => patch({ ordinals: { start } })),
  pod.map((name) => ['delete', 'pod', name]),
  pod.map((name) => ['delete', 'pod', name, '--force', '--grace-period=0']),
  pod.map((name) => ['annotate', 'pod', name, '--overwrite', 'stsctl.dev/ready=false']),
  pod.map((name) => ['annotate', 'pod', name, '--overwrite', 'stsctl.dev/ready=true']),
  pod.map((name) => ['label', 'pod', name, '--overwrite', 'app=other']),
  pod.map((name) => ['delete', 'pvc', `data-${name}`, '--wait=false']),
  fc.constant(['rollout', 'undo', 'sts/web']),
  fc.constant(['rollout', 'restart', 'sts/web']),
  fc.constantFrom('background', 'foreground', 'orphan').map((how) => ['delete', 'sts', 'web', `--cascade=${how}`]),
  fc.constant(['apply', '-f', 'web.json']),
  fc.constant(['delete', 'node', 'node-1']),
  fc.constant(['delete', 'pods', '-l', 'app=web', '--wait=false']),
  fc.constant(['delete', 'sts,pvc', '--all', '--wait=false']),
  node.map((name) => ['drain', name, '--ignore-daemonsets', '--force', '--timeout=20s']),
  node.map((name) => ['cordon', name]),
  node.map((name) => ['uncordon', name]),
  node.map((name) => ['taint', 'node', name, '--overwrite', 'a=b:NoExecute']),
  fc.constantFrom('pods=2', 'requests.storage=2Gi').map((hard) => ['create', 'quota', 'later', `--hard=${hard}`]),
  pod.map((name) => ['patch', 'pod', name, '--type=merge', '-p', '{"metadata":{"finalizers":["x.io/a"]}}']),
  pod.map((name) => ['patch', 'pod', name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']),
  pod.map((name) => ['exec', name, '--', 'sh', '-c', 'rm -f /usr/share/nginx/html/index.html; sleep 2']),
  pod.map((name) => ['exec', name, '--', 'sh', '-c', 'echo hi > /usr/share/nginx/html/index.html']),
  pod.map((name) => ['cp', 'web.json', `${name}:/usr/share/nginx/html/index.html`]),
  fault,
  fc.constant(['sim', 'heal', '--all']),
);
const step = fc.oneof(
  { weight: 2, arbitrary: change },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5000 }).map((ms) => ['sim', 'clock', 'advance', `${ms}ms`]) },
);

function manifest(s: Setting): string {
  const containers = [
    {
      name: 'c',
      image: s.image,
      ...(s.claims && { volumeMounts: [{ name: 'data', mountPath: '/usr/share/nginx/html' }] }),
      ...(s.probe && {
        readinessProbe: {
          ...(s.probe === 'exec' ? { exec: { command: ['true'] } } : { httpGet: { path: '/', port: 80 } }),
          initialDelaySeconds: 1,
          periodSeconds: 1,
        },
      }),
    },
  ];
  const initContainers = [
    { name: 'i', image: 'busybox:1', command: ['sh', '-c', 'sleep $(( $(hostname | wc -c) % 3 )); date'] },
  ];
  const podAntiAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
    ],
  };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: {
      serviceName: 'web',
      replicas: s.replicas,
      podManagementPolicy: s.policy,
      minReadySeconds: s.minReady,
      ordinals: { start: s.start },
      selector: { matchLabels: { app: 'web' } },
      updateStrategy:
        s.strategy === 'OnDelete'
          ? { type: 'OnDelete' }
          : { type: 'RollingUpdate', rollingUpdate: { partition: s.partition, maxUnavailable: s.maxUnavailable } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: s.whenDeleted, whenScaled: s.whenScaled },
      template: {
        metadata: { labels: { app: 'web' }, annotations: s.unready ? { 'stsctl.dev/ready': 'false' } : {} },
        spec: {
          containers,
          terminationGracePeriodSeconds: 3,
          ...(s.init && { initContainers }),
          ...(s.apart && { affinity: { podAntiAffinity } }),
        },
      },
      ...(s.claims && {
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      }),
    },
  });
}

/** The contents of everything beside the state file, and the file itself. */
function everything(state: string): Record<string, string> {
  const found: Record<string, string> = {};
  const read = (path: string): void => {
    if (!statSync(path).isDirectory()) found[path] = readFileSync(path, 'latin1');
    else for (const name of readdirSync(path)) read(join(path, name));
  };
  if (existsSync(dirname(state))) read(dirname(state));
  return found;
}

/** What is said on two streams has no order. */
const lines = (text: string): string[] => text.split('\n').sort();

async function settle(cli: Cli): Promise<void> {
  let before = '';
  for (let last = ''; ; last = before) {
    await cli('sim clock settle');
    before = (await cli('sim timeline -o json')).out;
    if (before === last) return;
  }
}

async function compare(cli: Cli, words: readonly string[]): Promise<void> {
  const files = everything(cli.state);
  const planned = await cli(['plan', '-o', 'json', ...words]);
  expect(everything(cli.state)).toEqual(files);
  const plan = JSON.parse(planned.out) as PlanAnswer;
  const before = JSON.parse((await cli('sim timeline -o json')).out) as unknown[];
  const real = await cli(words);
  if (plan.result === 'refused') {
    expect(real.code).not.toBe(0);
    expect(lines(plan.output + planned.err)).toEqual(lines(real.out + real.err));
    if (!plan.transitions) return;
  } else expect(lines(plan.output)).toEqual(lines(real.out + real.err));
  await settle(cli);
  const after = JSON.parse((await cli('sim timeline -o json')).out) as unknown[];
  expect(plan.transitions).toEqual(after.slice(before.length));
  const pods = JSON.parse((await cli('get pods -A -o json')).out) as { items: Loose[] };
  const revisions = new Map(
    pods.items.map(({ metadata }) => [metadata.name, metadata.labels?.['controller-revision-hash'] ?? '']),
  );
  for (const { name, revision } of plan.endState?.pods ?? [])
    expect(`${name} ${revisions.get(name)}`).toBe(`${name} ${revision}`);
  const claims = JSON.parse((await cli('get pvc -A -o json')).out) as { items: Loose[] };
  const volumes = new Map(claims.items.map(({ metadata, spec }) => [metadata.name, spec.volumeName ?? '']));
  for (const { name, volume } of plan.endState?.claims ?? [])
    expect(`${name} ${volumes.get(name)}`).toBe(`${name} ${volume}`);
  for (const { claim, event } of plan.claims ?? []) {
    if (event === 'orphan') expect([...volumes.keys()]).toContain(claim);
  }
  await assertVerdict(cli, plan);
}

/** What is settled is what it is to be; what is stuck is not, and no time changes that. */
async function assertVerdict(cli: Cli, { result, stuck = [], sets = [] }: PlanAnswer): Promise<void> {
  if (result !== 'settled' && result !== 'stuck') return;
  await cli('sim clock advance 10m');
  const { items } = JSON.parse((await cli('get pods -o json')).out) as { items: Loose[] };
  const short: string[] = [];
  for (const { name } of sets) {
    const { spec, status, metadata } = JSON.parse((await cli(`get sts ${name} -o json`)).out) as Loose;
    const { partition = 0 } = spec.updateStrategy.rollingUpdate ?? {};
    const isUpdated =
      spec.updateStrategy.type === 'OnDelete' ||
      (status.updatedReplicas ?? 0) >= spec.replicas - Math.min(partition, spec.replicas);
    const isReady = (status.availableReplicas ?? 0) === spec.replicas && status.replicas === spec.replicas;
    // The status counts pods outside of the range, too.
    const { start = 0 } = spec.ordinals ?? {};
    const inRange = items.filter((item) => {
      const ordinal = Number(item.metadata.name.slice(name.length + 1));
      const isOwn = item.metadata.ownerReferences?.some(({ uid }: Loose) => uid === metadata.uid);
      return isOwn && ordinal >= start && ordinal < start + spec.replicas;
    });
    const isWhole = inRange.length === spec.replicas;
    if (metadata.deletionTimestamp || !isReady || !isUpdated || !isWhole) short.push(name);
  }
  const named = stuck.filter(({ subject }) => subject.kind === 'StatefulSet').map(({ subject }) => subject.name);
  expect(named).toEqual(short);
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
type Loose = any;

describe('what a plan says is what then happens', () => {
  it(`for ${RUNS} random clusters and changes`, {
    timeout: LONG ? 3_600_000 : 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(setting, fc.array(step, { maxLength: 4 }), change, async (start, steps, last) => {
        const cli = createCli({ 'web.json': manifest(start) });
        try {
          await cli(['apply', '-f', 'web.json', `--feature-gates=MaxUnavailableStatefulSet=${start.gate}`]);
          if (start.nodes > 1) await cli(`sim config nodes=${start.nodes}`);
          if (start.quota) await cli(`create quota web --hard=${start.quota}`);
          if (start.budget) await cli(`create pdb web --selector=app=web ${start.budget}`);
          await cli(`sim clock advance 3s`);
          for (const words of steps) await cli(words);
          await compare(cli, last);
        } finally {
          cli.dispose();
        }
      }),
      { numRuns: RUNS },
    );
  });
});
