import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findResources, type ResourceInfo } from '../../../../src/core/api/resources';
import type { KubeObject, Manifest, PersistentVolumeClaim, Pod, StatefulSet } from '../../../../src/core/api/types';
import { type LocalBackend, openLocal } from '../../../../src/core/backends/local';
import type { HostPort } from '../../../../src/core/backends/local/host';

let folder: string;
let path: string;
let warnings: string[];
const opened: LocalBackend[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-local-'));
  path = join(folder, 'state.json');
  warnings = [];
});
afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A host whose clock moves only when somebody sleeps. */
class FakeHost implements HostPort {
  readonly pid = process.pid;
  readonly hostname = 'test';
  time = Date.UTC(2026, 5, 1);
  /** Called while a process sleeps: the chance of another one. */
  meanwhile: () => Promise<void> = async () => {};
  now = () => this.time;
  isAlive = () => true;
  async sleep(ms: number): Promise<void> {
    this.time += ms;
    await this.meanwhile();
  }
}

function open(clock: 'wall' | 'virtual' = 'virtual', host: HostPort = new FakeHost()): LocalBackend {
  const backend = openLocal({
    statePath: path,
    host,
    clock,
    lockTimeoutMs: 100,
    onWarning: (text) => warnings.push(text),
  });
  opened.push(backend);
  return backend;
}

const resource = (name: string): ResourceInfo => {
  const found = findResources(name);
  if (!found) throw new Error(name);
  return found;
};
const pods = resource('pods');
const sets = resource('statefulsets');

const web = (replicas = 3, extra: object = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    replicas,
    serviceName: 'nginx',
    selector: { matchLabels: { app: 'nginx' } },
    template: {
      metadata: { labels: { app: 'nginx' } },
      spec: { containers: [{ name: 'nginx', image: 'nginx:1.21' }] },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'www' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
    ...extra,
  },
});

const names = (objects: readonly KubeObject[]) => objects.map((object) => object.metadata.name);
const list = async (backend: LocalBackend, kind: string) => (await backend.list(resource(kind), 'default')).items;

describe('one process after another', () => {
  test('what is committed is there for the next, what is not is not', async () => {
    const first = open();
    await first.create(sets, 'default', web());
    await first.commit();
    await first.create(resource('configmaps'), 'default', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'lost' },
    });
    await first.close();
    const second = open();
    expect(names(await list(second, 'statefulsets'))).toEqual(['web']);
    expect(names(await list(second, 'configmaps'))).toEqual(['kube-root-ca.crt']);
  });

  test('the same commands give the same bytes', async () => {
    const run = async () => {
      const backend = open();
      await backend.create(sets, 'default', web());
      await backend.commit();
      await backend.sim.settle();
      await backend.commit();
      await backend.close();
      const text = readFileSync(path, 'utf8');
      for (const name of [path, `${path}.bak`]) rmSync(name);
      return text;
    };
    expect(await run()).toBe(await run());
  });

  test('loading and saving changes nothing of what is there', async () => {
    const first = open();
    await first.create(sets, 'default', web(5));
    await first.sim.settle();
    await first.commit();
    const before = await Promise.all(
      ['pods', 'pvc', 'pv', 'events', 'endpoints', 'statefulsets'].map((k) => list(first, k)),
    );
    await first.close();
    const second = open();
    expect(
      await Promise.all(['pods', 'pvc', 'pv', 'events', 'endpoints', 'statefulsets'].map((k) => list(second, k))),
    ).toEqual(before);
  });

  test('a virtual cluster begins in 2026 and stands still between commands', async () => {
    const backend = open();
    expect(await backend.sim.clock()).toEqual({ mode: 'virtual', now: Date.UTC(2026, 0, 1), rate: 1, paused: false });
    await backend.create(sets, 'default', web(1));
    await backend.commit();
    expect((await list(backend, 'pods')).map((pod) => (pod as Pod).status.phase)).toEqual(['Pending']);
    await backend.sim.advance(1000);
    expect((await list(backend, 'pods')).map((pod) => (pod as Pod).status.phase)).toEqual(['Running']);
    expect((await backend.sim.clock()).now).toBe(Date.UTC(2026, 0, 1) + 1000);
  });

  test('a wall cluster lives on between commands', async () => {
    const host = new FakeHost();
    const first = open('wall', host);
    await first.create(sets, 'default', web(1));
    await first.commit();
    await first.close();
    host.time += 60_000;
    const second = open('wall', host);
    const [pod] = (await list(second, 'pods')) as Pod[];
    expect(pod.status.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime).toBe('2026-06-01T00:00:01Z');
    expect(await second.now()).toBe(host.time);
  });

  test('the clock goes on without a jump when its mode changes', async () => {
    const host = new FakeHost();
    const backend = open('virtual', host);
    await backend.sim.setClock('wall');
    host.time += 5000;
    expect(await backend.now()).toBe(Date.UTC(2026, 0, 1) + 5000);
    await backend.sim.advance(60_000);
    await backend.commit();
    await backend.close();
    const next = openLocal({ statePath: path, host });
    opened.push(next);
    expect(await next.sim.clock()).toEqual({
      mode: 'wall',
      now: Date.UTC(2026, 0, 1) + 65_000,
      rate: 1,
      paused: false,
    });
  });

  test('reading writes nothing but a new cluster, and a failed write changes nothing', async () => {
    const host = new FakeHost();
    const backend = open('virtual', host);
    await backend.create(sets, 'default', web(1));
    await backend.commit();
    const before = readFileSync(path, 'utf8');
    await backend.list(pods, 'default');
    await backend.create(sets, 'default', web(), { dryRun: true }).catch(() => {});
    await expect(backend.create(sets, 'default', web())).rejects.toThrow('statefulsets.apps "web" already exists');
    await backend.commit();
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('a damaged file stops every call, only reset goes on', async () => {
    const first = open();
    await first.create(sets, 'default', web(1));
    await first.commit();
    await first.sim.settle();
    await first.commit();
    await first.close();
    const backup = readFileSync(`${path}.bak`, 'utf8');
    writeFileSync(path, '{"schema":1,');
    const second = open();
    await expect(second.list(pods, 'default')).rejects.toThrow(
      /is damaged: .*\nNothing was changed\. The last good copy is/,
    );
    await expect(second.create(sets, 'default', web())).rejects.toThrow(/is damaged/);
    expect(readFileSync(path, 'utf8')).toBe('{"schema":1,');
    await second.sim.reset();
    await second.commit();
    expect(await list(second, 'pods')).toEqual([]);
    expect(readFileSync(`${path}.bak`, 'utf8')).toBe(backup);
  });
});

describe('two processes', () => {
  test('each sees what the other has committed', async () => {
    const one = open();
    const two = open();
    await one.create(sets, 'default', web(1));
    await one.commit();
    expect(names(await list(two, 'sts'))).toEqual(['web']);
    await two.patch(sets, 'default', 'web', 'merge', { spec: { replicas: 2 } });
    await two.commit();
    const set = (await one.get(sets, 'default', 'web')) as StatefulSet;
    expect(set.spec.replicas).toBe(2);
    await expect(
      one.update(sets, 'default', { ...set, metadata: { ...set.metadata, resourceVersion: '1' } }),
    ).rejects.toThrow('Operation cannot be fulfilled on statefulsets.apps "web"');
  });

  test('a writer waits for the other writer, a reader does not', async () => {
    const one = open();
    await one.create(sets, 'default', web(1));
    await one.commit();
    await one.patch(sets, 'default', 'web', 'merge', { spec: { replicas: 2 } });
    const two = open();
    expect(((await two.get(sets, 'default', 'web')) as StatefulSet).spec.replicas).toBe(1);
    await expect(two.delete(sets, 'default', 'web')).rejects.toThrow(/the state file is in use by process \d+/);
    await one.commit();
    expect((await two.delete(sets, 'default', 'web')).metadata.name).toBe('web');
  });
});

describe('watching', () => {
  const seen = async (backend: LocalBackend, kind: string, options: object) => {
    const events: string[] = [];
    for await (const { type, object } of backend.watch(resource(kind), 'default', options)) {
      events.push(`${type} ${object.metadata.name}`);
    }
    return events;
  };

  test('virtual: jumps until nothing would change, and what was played is saved', async () => {
    const backend = open();
    const { resourceVersion } = await backend.list(pods, 'default');
    await backend.create(sets, 'default', web(2));
    const events = await seen(backend, 'pods', { resourceVersion });
    expect(events.filter((event) => event.startsWith('ADDED'))).toEqual(['ADDED web-0', 'ADDED web-1']);
    await backend.commit();
    await backend.close();
    expect((await list(open(), 'pods')).map((pod) => (pod as Pod).status.phase)).toEqual(['Running', 'Running']);
  });

  test('virtual: a deadline is kept to the millisecond', async () => {
    const backend = open();
    await backend.create(sets, 'default', web(3));
    const start = await backend.now();
    await seen(backend, 'pods', { timeoutMs: 1500 });
    expect(await backend.now()).toBe(start + 1500);
    await seen(backend, 'pods', { timeoutMs: 100_000 });
    expect(await backend.now()).toBe(start + 101_500);
  });

  test('virtual: whoever leaves the loop stands at that instant', async () => {
    const backend = open();
    await backend.create(sets, 'default', web(3));
    const start = await backend.now();
    for await (const { object } of backend.watch(pods, 'default', { name: 'web-0' })) {
      if ((object as Pod).status.phase === 'Running') break;
    }
    expect(await backend.now()).toBe(start + 1000);
  });

  test('a selector turns changes into arrivals and departures', async () => {
    const backend = open();
    await backend.create(sets, 'default', web(1));
    expect((await seen(backend, 'pods', { fieldSelector: 'status.phase=Pending' })).at(-1)).toBe('DELETED web-0');
    await backend.delete(pods, 'default', 'web-0');
    const events = await seen(backend, 'pods', { fieldSelector: 'status.phase=Running' });
    expect(events.at(-1)).toBe('ADDED web-0');
  });

  test('wall: other processes get their turn, their changes are told', async () => {
    const host = new FakeHost();
    const backend = open('wall', host);
    const other = open('wall', host);
    await backend.create(sets, 'default', web(1));
    await backend.commit();
    const { resourceVersion } = await backend.list(sets, 'default');
    let turn = 0;
    host.meanwhile = async () => {
      if (++turn === 20) await other.patch(sets, 'default', 'web', 'merge', { metadata: { labels: { tier: 'a' } } });
      if (turn === 30) await other.delete(sets, 'default', 'web');
      if (turn === 20 || turn === 30) await other.commit();
    };
    const events: string[] = [];
    for await (const { type, object } of backend.watch(sets, 'default', { resourceVersion })) {
      events.push(`${type} ${object.metadata.labels?.tier ?? '-'} ${(object as StatefulSet).status.availableReplicas}`);
      if (type === 'DELETED') break;
    }
    expect(events.slice(-3)).toEqual(['MODIFIED - 1', 'MODIFIED a 1', 'DELETED a 1']);
  });

  test('wall: a deadline ends it', async () => {
    const host = new FakeHost();
    const backend = open('wall', host);
    await backend.create(sets, 'default', web(1));
    const start = host.time;
    await seen(backend, 'pods', { timeoutMs: 3000 });
    expect(host.time - start).toBeLessThan(3300);
    expect(host.time - start).toBeGreaterThanOrEqual(3000);
  });
});

describe('selectors', () => {
  test.each([
    ['pods', 'spec.nope=1', 'field label not supported: spec.nope'],
    [
      'statefulsets',
      'spec.replicas=1',
      '"spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ])('%s with %s is refused', async (kind, fieldSelector, words) => {
    await expect(open().list(resource(kind), 'default', { fieldSelector })).rejects.toThrow(words);
  });

  test('labels and fields select together', async () => {
    const backend = open();
    await backend.create(sets, 'default', web(3));
    await backend.sim.settle();
    const found = async (labelSelector: string, fieldSelector: string) =>
      names((await backend.list(pods, 'default', { labelSelector, fieldSelector })).items);
    expect(await found('app=nginx', 'metadata.name!=web-1')).toEqual(['web-0', 'web-2']);
    expect(await found('app=nginx', 'status.phase=Running,spec.nodeName=node-1')).toEqual(['web-0', 'web-1', 'web-2']);
    expect(await found('app in (x)', '')).toEqual([]);
    const events = await backend.list(resource('events'), 'default', {
      fieldSelector: 'involvedObject.kind=StatefulSet,reason=SuccessfulCreate,source=statefulset-controller',
    });
    expect(events.items).toHaveLength(6);
  });
});

describe('patches', () => {
  const open1 = async () => {
    const backend = open();
    await backend.create(sets, 'default', web(1));
    return backend;
  };
  const refused = async (type: 'strategic' | 'merge' | 'json', patch: unknown, validation?: 'Strict') => {
    const backend = open();
    if ((await list(backend, 'sts')).length === 0) await backend.create(sets, 'default', web(1));
    await backend.commit();
    const options = validation ? { fieldValidation: validation } : {};
    const words = await backend
      .patch(sets, 'default', 'web', type, patch, options)
      .then(String, (error: Error) => error.message);
    await backend.close();
    return words;
  };

  test('strategic patches merge lists by their keys', async () => {
    const backend = await open1();
    const patch = { spec: { template: { spec: { containers: [{ name: 'side', image: 'busybox' }] } } } };
    const set = (await backend.patch(sets, 'default', 'web', 'strategic', patch)) as StatefulSet;
    expect(set.spec.template.spec.containers.map((container) => container.name).sort()).toEqual(['nginx', 'side']);
  });

  test.each([
    [
      'json',
      [{ op: 'test', path: '/spec/replicas', value: 9 }],
      'the server rejected our request due to an error in our request',
    ],
    ['strategic', 'not json', 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
    [
      'strategic',
      { metadata: { name: 'other' } },
      'the name of the object (other) does not match the name on the URL (web)',
    ],
  ] as const)('%s %j is refused', async (type, patch, words) => {
    expect(await refused(type, patch)).toBe(words);
  });

  test('a wrong type and an unknown field are refused in the words of the decoder', async () => {
    expect(await refused('merge', { spec: { replicas: 'x' } })).toMatch(
      /patch: Invalid value: ".*": json: cannot unmarshal string into Go struct field StatefulSetSpec\.spec\.replicas of type int32$/,
    );
    expect(await refused('strategic', { spec: { nope: 1 } }, 'Strict')).toMatch(
      /patch: Invalid value: "map\[spec:map\[nope:1\]\]": strict decoding error: unknown field "spec\.nope"$/,
    );
  });

  test('the scale subresource', async () => {
    const backend = await open1();
    const scale = await backend.patch(
      sets,
      'default',
      'web',
      'merge',
      { spec: { replicas: 4 } },
      { subresource: 'scale' },
    );
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 4 }, status: { selector: 'app=nginx' } });
    expect(((await backend.get(sets, 'default', 'web')) as StatefulSet).spec.replicas).toBe(4);
    await expect(backend.get(pods, 'default', 'web-0', { subresource: 'scale' })).rejects.toThrow(
      'could not find the requested resource',
    );
    await expect(
      backend.update(
        sets,
        'default',
        { ...scale, metadata: { name: 'web' }, spec: { replicas: -1 } },
        { subresource: 'scale' },
      ),
    ).rejects.toThrow('spec.replicas: Invalid value: -1: must be greater than or equal to 0');
  });
});

describe('warnings', () => {
  test('an unknown class is registered, and the user is told once', async () => {
    const backend = open();
    const claims = [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
      },
    ];
    await backend.create(sets, 'default', web(2, { volumeClaimTemplates: claims }));
    await backend.sim.settle();
    expect(warnings).toEqual([
      'storage class "fast" does not exist: it was registered with provisioner stsctl.dev/hostpath',
    ]);
    const bound = (await list(backend, 'pvc')) as PersistentVolumeClaim[];
    expect(bound.map((claim) => claim.status.phase)).toEqual(['Bound', 'Bound']);
  });

  test('deprecated kinds and kinds that nothing plays', async () => {
    const backend = open();
    await backend.list(resource('endpoints'), 'default');
    await backend.list(resource('endpoints'), 'default');
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } },
    };
    await backend.create(resource('jobs'), 'default', job);
    expect(warnings).toEqual([
      'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
      'jobs.batch are stored but not simulated: nothing acts on them',
    ]);
  });
});

describe('sim', () => {
  test('settings are read as they are written', async () => {
    const backend = open();
    expect(await backend.sim.setConfig({ start: '500ms', storage: 'strict' })).toMatchObject({
      start: '500ms',
      storage: 'strict',
      stop: '1s',
    });
    await expect(backend.sim.setConfig({ stop: 'x' })).rejects.toThrow('invalid value "x" for setting stop');
    await expect(backend.sim.setConfig({ nope: '1' })).rejects.toThrow('unknown setting "nope"');
    await backend.commit();
    await backend.close();
    expect(await open().sim.getConfig()).toMatchObject({ start: '500ms', storage: 'strict' });
  });

  test('the timeline tells every transition', async () => {
    const backend = open();
    await backend.create(sets, 'default', web(1));
    await backend.sim.settle();
    expect((await backend.sim.timeline()).map(({ event, pod }) => `${event} ${pod}`)).toEqual([
      'create web-0',
      'ready web-0',
    ]);
  });
});
