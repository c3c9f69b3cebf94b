/** The library, as a test of an operator or a chart would use it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ApiError, type Change, Cluster, ManifestError, Snapshot, TimeoutError } from '../../src/library';

const NGINX = readFileSync('examples/nginx.yaml', 'utf8');

function ready(): Cluster {
  const cluster = new Cluster();
  cluster.apply(NGINX);
  cluster.settle();
  return cluster;
}

const names = (objects: readonly { metadata: { name: string } }[]): string[] => objects.map((o) => o.metadata.name);

/** What is stored: all of the snapshot but where its seed and its sum are. */
const objectsOf = (cluster: Cluster): string =>
  cluster
    .snapshot()
    .toText()
    .replace(/^"(?:sum|entropy)":.*\n/gm, '');

/** The error that is thrown. */
function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

function refusal(run: () => unknown): [reason: string, message: string] {
  const error = errorOf(run);
  if (!(error instanceof ApiError)) throw new Error(`no refusal: ${error}`);
  return [error.reason, error.message];
}

describe('writing', () => {
  test('applies text, waits and answers typed objects', () => {
    const cluster = new Cluster();
    const applied = cluster.apply(NGINX);
    expect(applied.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Service/nginx',
      'StatefulSet/web',
    ]);
    expect(cluster.settled).toBe(false);
    expect(cluster.settle()).toBe(true);
    expect(names(cluster.pods())).toEqual(['web-0', 'web-1', 'web-2']);
    expect(cluster.get('StatefulSet', 'web').status.readyReplicas).toBe(3);
    expect(names(cluster.list('pvc'))).toEqual(['www-web-0', 'www-web-1', 'www-web-2']);
  });

  test('applies objects, lists of them and JSON alike, and keeps nothing of what it was given', () => {
    const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { key: 'value' } });
    const one = map('one');
    const cluster = new Cluster();
    cluster.apply([one, JSON.stringify(map('two')), { apiVersion: 'v1', kind: 'List', items: [map('three')] }]);
    one.data.key = 'other';
    expect(names(cluster.list('ConfigMap', { fields: 'metadata.name!=kube-root-ca.crt' }))).toEqual([
      'one',
      'three',
      'two',
    ]);
    expect(cluster.get('ConfigMap', 'one').data).toEqual({ key: 'value' });
  });

  test('takes dates, which models of other libraries hold', () => {
    const cluster = new Cluster();
    const expires = new Date('2026-03-04T05:06:07.890Z');
    const lease = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations: { at: expires } } };
    cluster.apply(lease);
    expect(cluster.get('ConfigMap', 'a').metadata.annotations).toEqual({ at: '2026-03-04T05:06:07Z' });
  });

  test('an apply removes what it no longer says, and changes nothing when nothing differs', () => {
    const cluster = new Cluster();
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } };
    cluster.apply({ ...map, data: { a: '1', b: '2' } });
    const [second] = cluster.apply({ ...map, data: { a: '1' } });
    expect(second?.data).toEqual({ a: '1' });
    const [third] = cluster.apply({ ...map, data: { a: '1' } });
    expect(third?.metadata.resourceVersion).toBe(second?.metadata.resourceVersion);
  });

  test('an apply takes fields from others unless it is told not to', () => {
    const cluster = ready();
    cluster.scale('StatefulSet', 'web', 5);
    const [reason, message] = refusal(() => cluster.apply(NGINX, { force: false }));
    expect(reason).toBe('Conflict');
    expect(message).toContain('.spec.replicas');
    cluster.apply(NGINX);
    expect(cluster.get('StatefulSet', 'web').spec.replicas).toBe(3);
  });

  test('scales, patches, sets images and deletes', () => {
    const cluster = ready();
    expect(cluster.scale('sts', 'web', 2)).toMatchObject({ spec: { replicas: 2 } });
    expect(cluster.settle()).toBe(true);
    expect(names(cluster.pods())).toEqual(['web-0', 'web-1']);
    cluster.patch('StatefulSet', 'web', { metadata: { labels: { tier: 'front' } } });
    cluster.patch('StatefulSet', 'web', [{ op: 'add', path: '/metadata/labels/a', value: 'b' }], { type: 'json' });
    expect(cluster.get('StatefulSet', 'web').metadata.labels).toEqual({ a: 'b', tier: 'front' });
    const updated = cluster.setImage('StatefulSet', 'web', { nginx: 'nginx:1.25' });
    expect(updated.spec.template.spec.containers.map(({ image }) => image)).toEqual(['nginx:1.25']);
    cluster.settle();
    expect(cluster.pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(['nginx:1.25', 'nginx:1.25']);
    const old = cluster.get('Pod', 'web-1').metadata.uid;
    expect(cluster.delete('Pod', 'web-1').metadata.deletionTimestamp).toBeDefined();
    cluster.settle();
    expect(cluster.get('Pod', 'web-1').metadata.uid).not.toBe(old);
    cluster.delete('StatefulSet', 'web', { propagationPolicy: 'Orphan' });
    cluster.settle();
    expect(cluster.has('StatefulSet', 'web')).toBe(false);
    expect(names(cluster.pods())).toEqual(['web-0', 'web-1']);
  });

  test('the scale answers the object that a scale subresource has', () => {
    const cluster = ready();
    expect(cluster.scale('StatefulSet', 'web', 4).spec.replicas).toBe(4);
    expect(refusal(() => cluster.scale('Service', 'nginx', 4))).toEqual([
      'NotFound',
      'the server could not find the requested resource',
    ]);
  });

  test('a dry run changes nothing', () => {
    const cluster = ready();
    const before = cluster.snapshot().toText();
    const answer = cluster.patch('StatefulSet', 'web', { spec: { replicas: 9 } }, { dryRun: true });
    expect(answer.spec.replicas).toBe(9);
    cluster.apply(NGINX.replace('replicas: 3', 'replicas: 8'), { dryRun: true });
    expect(cluster.snapshot().toText()).toBe(before);
  });

  test('creates with generated names, and refuses what is there', () => {
    const cluster = new Cluster();
    const made = cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-' } });
    expect(made[0]?.metadata.name).toMatch(/^a-[a-z0-9]{5}$/);
    expect(
      refusal(() => cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })),
    ).toEqual(['AlreadyExists', 'namespaces "default" already exists']);
  });

  test('works in the namespace that the manifest, the call or the cluster names', () => {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } };
    const cluster = new Cluster({ namespace: 'prod' });
    expect(refusal(() => cluster.apply(map))).toEqual(['NotFound', 'namespaces "prod" not found']);
    cluster.apply(['prod', 'stage'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
    cluster.apply(map);
    cluster.apply(map, { namespace: 'stage' });
    cluster.apply({ ...map, metadata: { name: 'm', namespace: 'default' } }, { namespace: 'stage' });
    const all = cluster.list('ConfigMap', { namespace: '*', fields: 'metadata.name=m' });
    expect(all.map(({ metadata }) => metadata.namespace)).toEqual(['default', 'prod', 'stage']);
    expect(cluster.has('ConfigMap', 'm')).toBe(true);
    cluster.delete('ConfigMap', 'm');
    expect(cluster.has('ConfigMap', 'm')).toBe(false);
    expect(cluster.has('ConfigMap', 'm', { namespace: 'stage' })).toBe(true);
  });

  test('knows custom kinds once they are defined', () => {
    const cluster = new Cluster();
    const backup = { apiVersion: 'example.com/v1', kind: 'Backup', metadata: { name: 'b' }, spec: { keep: 3 } };
    expect(refusal(() => cluster.apply(backup))).toEqual([
      'NotFound',
      'no matches for kind "Backup" in version "example.com/v1"',
    ]);
    cluster.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'backups.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { kind: 'Backup', plural: 'backups', singular: 'backup' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: { spec: { type: 'object', properties: { keep: { type: 'integer' } } } },
              },
            },
          },
        ],
      },
    });
    cluster.settle();
    cluster.apply(backup);
    cluster.patch('Backup', 'b', { spec: { keep: 4 } });
    expect(cluster.get('backups', 'b').spec).toEqual({ keep: 4 });
    expect(names(cluster.list('backups.example.com'))).toEqual(['b']);
  });

  test('an eviction asks the budget', () => {
    const cluster = ready();
    cluster.apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web' },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'nginx' } } },
    });
    cluster.settle();
    cluster.evict('web-2');
    expect(refusal(() => cluster.evict('web-1'))[0]).toBe('TooManyRequests');
  });

  test.each([
    ['a: [', 'ManifestError', 'error converting YAML to JSON: yaml: line 1: did not find expected node content'],
    ['kind: Pod', 'ManifestError', 'apiVersion not set'],
    ['--- x', 'ManifestError', 'invalid Yaml document separator: x'],
    ['[1, 2]', 'ManifestError', 'invalid object to validate'],
    ['apiVersion: v9\nkind: Pod\nmetadata: {name: a}', 'ApiError', 'no matches for kind "Pod" in version "v9"'],
    [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndatum: {}',
      'ApiError',
      '.datum: field not declared in schema',
    ],
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A}', 'ApiError', 'metadata.name: Invalid value: "A"'],
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: {}', 'ApiError', 'name'],
  ])('refuses %j', (text, name, message) => {
    const cluster = new Cluster();
    const before = objectsOf(cluster);
    const error = errorOf(() => cluster.apply(text));
    expect(error).toBeInstanceOf(name === 'ApiError' ? ApiError : ManifestError);
    expect(error).toMatchObject({ name, message: expect.stringContaining(message) });
    expect(objectsOf(cluster)).toBe(before);
  });

  test('says what the API server warns of, once', () => {
    const warnings: string[] = [];
    const cluster = new Cluster({ onWarning: (text) => warnings.push(text) });
    const job = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'j' } };
    const template = { spec: { containers: [{ name: 'c', image: 'i' }], restartPolicy: 'Never' } };
    const spec = { schedule: '@daily', jobTemplate: { spec: { template } } };
    cluster.apply({ ...job, spec });
    cluster.apply({ ...job, metadata: { name: 'k' }, spec });
    expect(warnings).toEqual(['cronjobs.batch are stored but not simulated: nothing acts on them']);
  });
});

describe('reading', () => {
  test('refuses unknown kinds, names and selectors in kubectl words', () => {
    const cluster = ready();
    expect(refusal(() => cluster.get('StatefulSet', 'db'))).toEqual(['NotFound', 'statefulsets.apps "db" not found']);
    expect(refusal(() => cluster.list('frogs'))).toEqual([
      'NotFound',
      'the server doesn\'t have a resource type "frogs"',
    ]);
    expect(refusal(() => cluster.pods({ labels: 'a in' }))[0]).toBe('BadRequest');
    expect(refusal(() => cluster.pods({ fields: 'spec.x=1' }))[0]).toBe('BadRequest');
  });

  test('selects by labels and fields', () => {
    const cluster = ready();
    expect(names(cluster.pods({ labels: 'statefulset.kubernetes.io/pod-name=web-1' }))).toEqual(['web-1']);
    expect(names(cluster.pods({ fields: 'metadata.name=web-2' }))).toEqual(['web-2']);
  });

  test('tells events in their order, and the timeline', () => {
    const cluster = ready();
    const reasons = cluster.events({ kind: 'Pod', name: 'web-0' }).map(({ reason }) => reason);
    expect(reasons).toEqual(['Scheduled', 'Pulled', 'Created', 'Started']);
    expect(cluster.events({ kind: 'sts', name: 'web' }).every(({ reason }) => reason === 'SuccessfulCreate')).toBe(
      true,
    );
    expect(cluster.timeline({ pod: 'web-0' }).map(({ event }) => event)).toEqual(['create', 'ready']);
    expect(cluster.timeline({ namespace: 'kube-system' })).toEqual([]);
  });

  test('tells changes while it plays, until it is told to stop', () => {
    const cluster = new Cluster();
    const seen: string[] = [];
    const stop = cluster.watch(({ type, object, old, at }: Change) => {
      if (object.kind === 'Pod' && type === 'ADDED')
        seen.push(`${object.metadata.name} ${(+at - start) / 1000}s ${old}`);
    });
    const start = +cluster.now;
    cluster.apply(NGINX);
    cluster.settle();
    expect(seen).toEqual(['web-0 0s undefined', 'web-1 1s undefined', 'web-2 2s undefined']);
    stop();
    cluster.scale('sts', 'web', 4);
    cluster.settle();
    expect(seen).toHaveLength(3);
  });
});

describe('time', () => {
  test('moves only when it is told to', () => {
    const cluster = new Cluster({ now: '2030-05-06T07:08:09Z' });
    cluster.apply(NGINX);
    expect(cluster.now.toISOString()).toBe('2030-05-06T07:08:09.000Z');
    cluster.advance('1500ms');
    expect(cluster.now.toISOString()).toBe('2030-05-06T07:08:10.500Z');
    expect(names(cluster.pods())).toEqual(['web-0', 'web-1']);
    cluster.advance(60_000);
    expect(cluster.get('sts', 'web').status).toMatchObject({ readyReplicas: 3 });
  });

  test('waits for a condition at the instant at which it comes about', () => {
    const cluster = new Cluster();
    cluster.apply(NGINX);
    const start = +cluster.now;
    cluster.until((c) => c.pods().length === 3);
    expect(+cluster.now - start).toBe(2000);
    cluster.until(() => true);
    expect(+cluster.now - start).toBe(2000);
  });

  test('gives up when the time is over, also where nothing would happen any more', () => {
    const cluster = ready();
    const start = +cluster.now;
    const error = errorOf(() => cluster.until((c) => c.pods().length === 4, { within: '1h' }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ message: 'timed out waiting for the condition: it does not hold after 1h' });
    expect(+cluster.now - start).toBe(3600_000);
  });

  test('goes from instant to instant', () => {
    const cluster = new Cluster({ settings: { start: 5000 } });
    cluster.apply(NGINX);
    let steps = 0;
    while (cluster.pods().length < 2 && cluster.step()) steps++;
    expect(steps).toBeGreaterThan(0);
    expect(cluster.timeline()[1]).toMatchObject({ event: 'ready', time: '2026-01-01T00:00:05.000Z' });
  });

  test.each(['1 hour', '', '-1s', -1, Number.NaN])('refuses %j as a length of time', (duration) => {
    const cluster = new Cluster();
    const start = +cluster.now;
    expect(() => cluster.advance(duration)).toThrow(RangeError);
    expect(+cluster.now).toBe(start);
  });

  test('refuses to begin at no time', () => {
    expect(() => new Cluster({ now: 'yesterday' })).toThrow(new RangeError('"yesterday" is no instant'));
  });

  test('two clusters that live the same life are alike to the byte', () => {
    expect(ready().snapshot().toText()).toBe(ready().snapshot().toText());
    const other = new Cluster({ seed: 7 });
    other.apply(NGINX);
    other.settle();
    expect(other.get('Pod', 'web-0').metadata.uid).not.toBe(ready().get('Pod', 'web-0').metadata.uid);
  });
});

describe('the simulation', () => {
  test('plans on a copy', () => {
    const cluster = ready();
    const before = cluster.snapshot().toText();
    const report = cluster.plan((copy) => copy.setImage('StatefulSet', 'web', { '*': 'nginx:1.25' }));
    expect(report.result).toBe('settled');
    expect(report.transitions.filter(({ event }) => event === 'create').map(({ pod }) => pod)).toEqual([
      'web-2',
      'web-1',
      'web-0',
    ]);
    expect(report.availability.mostUnavailable).toBe(1);
    expect(cluster.snapshot().toText()).toBe(before);
    const stuck = cluster.plan((copy) => copy.setImage('StatefulSet', 'web', { nginx: 'does-not-exist' }));
    expect(stuck.result).toBe('stuck');
    expect(stuck.stuck[0]?.subject).toMatchObject({ kind: 'StatefulSet', name: 'web' });
    expect(cluster.plan((copy) => copy.scale('sts', 'web', 50), { within: '3s' }).result).toBe('unfinished');
  });

  test('a plan passes on what its change throws', () => {
    const cluster = ready();
    expect(refusal(() => cluster.plan((copy) => copy.delete('Pod', 'web-9')))[0]).toBe('NotFound');
  });

  test('says why', () => {
    const cluster = ready();
    cluster.setImage('StatefulSet', 'web', { nginx: 'does-not-exist' });
    cluster.settle();
    const { subject, reasons } = cluster.why('sts', 'web');
    expect(subject).toEqual({ kind: 'StatefulSet', namespace: 'default', name: 'web' });
    expect(reasons.length).toBeGreaterThan(0);
    expect(refusal(() => cluster.why('Pod', 'x'))[0]).toBe('NotFound');
  });

  test('breaks and heals', () => {
    const cluster = ready();
    const fault = cluster.fail('pod', 'unready', { name: 'web-1' });
    cluster.settle();
    expect(cluster.get('StatefulSet', 'web').status.readyReplicas).toBe(2);
    expect(cluster.faults().map(({ id }) => id)).toEqual([fault.id]);
    expect(cluster.heal(fault)).toBe(true);
    expect(cluster.heal(fault)).toBe(false);
    cluster.settle();
    expect(cluster.get('StatefulSet', 'web').status.readyReplicas).toBe(3);
    cluster.fail('api', 'create', { resource: 'pods', times: 2, code: 503 });
    cluster.fail('image', 'slow', { name: 'nginx:*', slow: '30s', for: '1h' });
    expect(cluster.heal()).toBe(true);
    expect(cluster.heal()).toBe(false);
  });

  test.each([
    [['pod', 'sad', { name: 'a' }], 'unknown fault of pod "sad": must be one of crash, unready'],
    [['pod', 'crash', {}], 'the name of the pod is missing'],
    [['pod', 'crash', { name: 'a', times: 0 }], 'times must be at least 1'],
    [['pod', 'unready', { name: 'a', times: 2 }], 'unready lasts: it has no times'],
    [['pod', 'crash', { name: 'a', times: 1, untilHealed: true }], "untilHealed can't be used with times or for"],
    [['pod', 'crash', { name: 'a', probability: 2 }], 'probability must be above 0 and at most 1'],
    [['pod', 'crash', { name: 'a', for: 'long' }], 'time: invalid duration "long"'],
    [['image', 'slow', { name: 'a' }], 'slow is missing'],
    [['api', 'create', { code: 200 }], 'unknown code 200: must be one of 403'],
  ] as const)('refuses the fault %j', ([target, what, options], message) => {
    const cluster = new Cluster();
    const error = errorOf(() => cluster.fail(target, what, options));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
    expect(cluster.faults()).toEqual([]);
  });

  test('has as many nodes as it is told, and refuses settings that make no sense', () => {
    const cluster = new Cluster({ settings: { nodes: 3, stop: '5s' } });
    expect(names(cluster.list('Node'))).toEqual(['node-1', 'node-2', 'node-3']);
    cluster.configure({ nodes: 1 });
    expect(names(cluster.list('Node'))).toEqual(['node-1']);
    expect(() => cluster.configure({ nodes: 0 })).toThrow(RangeError);
    expect(() => cluster.configure({ start: 'soon' })).toThrow(RangeError);
    const storage = 'none' as 'strict';
    expect(() => new Cluster({ settings: { storage } })).toThrow('storage is "lenient" or "strict", not "none"');
  });

  test('goes back to a snapshot, and on from it elsewhere', () => {
    const cluster = ready();
    const snapshot = cluster.snapshot();
    const text = snapshot.toText();
    cluster.scale('sts', 'web', 1);
    cluster.settle();
    const other = Cluster.from(snapshot);
    other.scale('sts', 'web', 5);
    other.settle();
    expect([names(cluster.pods()).length, names(other.pods()).length]).toEqual([1, 5]);
    expect(snapshot.toText()).toBe(text);
    let changes = 0;
    cluster.watch(() => changes++);
    cluster.restore(Snapshot.fromText(text));
    expect(changes).toBe(0);
    expect(cluster.snapshot().toText()).toBe(text);
    expect(cluster.now).toEqual(snapshot.now);
    cluster.delete('Pod', 'web-0');
    expect(changes).toBeGreaterThan(0);
  });

  test.each([
    ['', 'it is empty'],
    ['[]', 'it is no JSON object'],
    ['{"schema":1,"lists":{}}', 'it holds no cluster'],
    ['{"schema":99,"lists":{}}', 'it is of schema 99, and only 1 is known'],
  ])('refuses %j as the text of a snapshot', (text, message) => {
    expect(() => Snapshot.fromText(text)).toThrow(message);
  });
});
