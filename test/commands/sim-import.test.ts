/** Import of a served cluster: what arrives, that nothing is written there, and that nothing happens here afterwards. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Cli, createCli } from '../support/cli';
import { kubeconfigOf, type Served, serve } from '../support/served';

const YAML = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: db}
data: {mode: fast}
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: db}
stringData: {password: hunter2}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: unrelated, namespace: db}
data: {a: b}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: db}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80, name: http}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: db}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: db}
spec:
  serviceName: web
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 10
      containers:
      - name: nginx
        image: nginx:1.21
        ports: [{containerPort: 80, name: http}]
        readinessProbe: {httpGet: {path: /, port: http}}
        env:
        - name: PASSWORD
          valueFrom: {secretKeyRef: {name: login, key: password}}
        envFrom:
        - configMapRef: {name: settings}
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 1Gi}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: other, namespace: db}
spec:
  serviceName: other
  replicas: 1
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: other}}
    spec:
      containers: [{name: main, image: example.com/other:1}]
`;

let served: Served;
let source: Cli;
let folder: string;
let kubeconfig: string;
let cli: Cli;
const seen = vi.spyOn(Server.prototype, 'emit');

beforeAll(async () => {
  served = await serve({ idleMs: 20, paceMs: 5, seed: 11 });
  source = createCli({ 'web.yaml': YAML });
  folder = mkdtempSync(join(tmpdir(), 'stsctl-import-'));
  kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, kubeconfigOf(served, { prod: 'db' }));
  await onSource('create namespace db');
  await onSource('apply -f web.yaml');
  await onSource('set image sts/web nginx=nginx:1.22 -n db');
  await onSource('rollout status sts/web -n db');
  await onSource('rollout status sts/other -n db');
});
afterAll(async () => {
  seen.mockRestore();
  source.dispose();
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  cli = createCli();
  seen.mockClear();
});
afterEach(() => cli.dispose());

const onSource = async (command: string) => {
  const result = await source(`${command} --context prod --kubeconfig ${kubeconfig}`);
  expect(result.err.replace(/^context .*\n/, '')).toBe('');
  return result.out;
};
const FROM = () => `--context prod --kubeconfig ${kubeconfig}`;
const requests = (): string[] =>
  (seen.mock.calls as unknown as (readonly [string, { method: string; url: string }])[])
    .filter(([event]) => event === 'request')
    .map(([, request]) => request)
    .map(({ method, url }) => `${method} ${url.split('?')[0]}`);
const json = async (from: Cli, command: string) => JSON.parse((await from(`${command} -o json`)).out);
const WATCHED = 'sts,pods,pvc,pv,controllerrevisions,services,pdb,nodes,storageclasses,cm,secrets';
const everything = async (): Promise<unknown[]> =>
  (await json(cli, `get ${WATCHED} -n db`)).items.map(
    ({ metadata: { managedFields: _, ...metadata }, ...object }: { metadata: Record<string, unknown> }) => ({
      ...object,
      metadata,
    }),
  );

describe('sim import of a set', () => {
  it('takes it with what belongs to it, and only reads', async () => {
    const result = await cli(`sim import sts/web ${FROM()}`);
    expect(result).toEqual({
      code: 0,
      err: 'Warning: the values of Secrets are left out, their keys are kept; --with-secrets takes them too\n',
      out: expect.any(String),
    });
    const lines = result.out.trim().split('\n');
    expect(lines.filter((line) => !/^(pvc-|persistentvolume\/|controllerrevision)/.test(line)).toSorted()).toEqual([
      'configmap/settings imported',
      'namespace/db imported',
      'node/node-1 updated',
      'persistentvolumeclaim/data-web-0 imported',
      'persistentvolumeclaim/data-web-1 imported',
      'persistentvolumeclaim/data-web-2 imported',
      'pod/web-0 imported',
      'pod/web-1 imported',
      'pod/web-2 imported',
      'poddisruptionbudget.policy/web imported',
      'secret/login imported',
      'service/web imported',
      'statefulset.apps/web imported',
      'storageclass.storage.k8s.io/standard updated',
    ]);
    expect(lines.filter((line) => line.startsWith('persistentvolume/'))).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith('controllerrevision.apps/'))).toHaveLength(2);
    expect(requests().length).toBeGreaterThan(10);
    expect(requests().filter((line) => !line.startsWith('GET /'))).toEqual([]);
    expect(requests().filter((line) => line.includes('watch'))).toEqual([]);
    const there = (await json(source, `get sts,pods,pvc,controllerrevisions -n db -l app=web ${FROM()}`)).items;
    for (const { kind, metadata, status, spec } of there) {
      const here = await json(cli, `get ${kind} ${metadata.name} -n db`);
      expect(here.metadata.uid).toBe(metadata.uid);
      expect(here.metadata.creationTimestamp).toBe(metadata.creationTimestamp);
      expect({ status: here.status, spec: here.spec }).toEqual({ status, spec });
    }
    const { data } = await json(cli, 'get secret login -n db');
    expect(Object.keys(data)).toEqual(['password']);
    expect(JSON.stringify(data)).not.toContain(btoa('hunter2'));
  });

  it('leaves a healthy set as it is, whatever time passes', async () => {
    await cli(`sim import sts/web ${FROM()}`);
    const before = await everything();
    const timeline = await json(cli, 'sim timeline');
    await cli('sim clock settle');
    await cli('sim clock advance 2h');
    expect(await everything()).toEqual(before);
    expect(await json(cli, 'sim timeline')).toEqual(timeline);
    expect((await cli('rollout status sts/web -n db')).out).toContain('partitioned roll out complete');
    expect((await cli('rollout history sts/web -n db')).out).toContain('2');
  });

  it('plays on from there: undo finds the revision that was imported', async () => {
    await cli(`sim import sts/web ${FROM()}`);
    const { items } = await json(cli, 'get controllerrevisions -n db');
    const first = items.find(({ revision }: { revision: number }) => revision === 1);
    expect((await cli('rollout undo sts/web -n db')).code).toBe(0);
    expect((await cli('rollout status sts/web -n db')).code).toBe(0);
    const set = await json(cli, 'get sts web -n db');
    expect(set.status.currentRevision).toBe(first.metadata.name);
    expect((await json(cli, 'get controllerrevisions -n db')).items).toHaveLength(2);
  });

  it('brings back what was imported when it is imported again', async () => {
    await cli(`sim import sts/web ${FROM()}`);
    const before = await everything();
    await cli('set image sts/web nginx=nginx:1.23 -n db');
    await cli('scale sts/web --replicas=4 -n db');
    await cli('rollout status sts/web -n db');
    const { out } = await cli(`sim import sts/web ${FROM()}`);
    expect(out).toContain('statefulset.apps/web updated\n');
    expect(out).toContain('pod/web-3 removed\n');
    expect(out).toContain('persistentvolumeclaim/data-web-3 removed\n');
    const plain = (objects: unknown[]) =>
      JSON.parse(JSON.stringify(objects), (key, value) => (key === 'resourceVersion' ? undefined : value));
    await cli('sim clock settle');
    expect(plain(await everything())).toEqual(plain(before));
    expect((await cli(`sim import sts/web ${FROM()}`)).out).not.toMatch(/imported|updated|removed/);
  });

  it('does not touch what was not imported, unless it is told to', async () => {
    cli.files.set('web.yaml', YAML);
    await cli('create namespace db');
    await cli('apply -f web.yaml');
    const before = await everything();
    const refused = await cli(`sim import sts/web ${FROM()}`);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/^error: not imported, because of what is here already and was not imported: .*\n$/);
    expect(await everything()).toEqual(before);
    expect((await cli(`sim import sts/web --overwrite ${FROM()}`)).code).toBe(0);
    await cli('sim clock settle');
    expect((await json(cli, 'get sts web -n db')).metadata.uid).toBe(
      (await json(source, `get sts web -n db ${FROM()}`)).metadata.uid,
    );
  });

  it("says in kubectl's words what is not there", async () => {
    expect(await cli(`sim import sts/none ${FROM()}`)).toEqual({
      code: 1,
      out: '',
      err: 'Error from server (NotFound): statefulsets.apps "none" not found\n',
    });
    expect(await cli(`sim import -n empty ${FROM()}`)).toEqual({
      code: 1,
      out: '',
      err: 'error: No resources found in empty namespace.\n',
    });
  });

  it.each([
    ['sim import', 'error: say what to read: a cluster with --context or --kubeconfig, or files with -f\n'],
    ['sim import --context local', 'error: --context local is the simulated cluster itself: name a real one\n'],
    ['sim import --context a -f b', 'error: either read a cluster (--context, --kubeconfig) or files (-f), not both\n'],
    [
      'sim import --context a pod/web-0',
      'error: only StatefulSets are imported by name, with what belongs to them; "pod" is no such type\n',
    ],
  ])('refuses %s', async (command, err) => {
    expect(await cli(command)).toEqual({ code: 1, out: '', err });
  });
});

describe('sim import of a namespace', () => {
  it('takes everything in it', async () => {
    const { out, code } = await cli(`sim import ${FROM()} --with-secrets`);
    expect(code).toBe(0);
    expect(out).toContain('statefulset.apps/other imported\n');
    expect(out).toContain('configmap/unrelated imported\n');
    expect((await json(cli, 'get secret login -n db')).data.password).toBe(btoa('hunter2'));
    const before = await everything();
    await cli('sim clock settle');
    expect(await everything()).toEqual(before);
  });
});

describe('plan --context', () => {
  it('advises commands that go there, and looks into no containers', async () => {
    const { out } = await cli(`plan --kubeconfig ${kubeconfig} -n db set image sts/web nginx=does-not-exist`);
    expect(out).toContain(`    stsctl --kubeconfig=${kubeconfig} rollout undo statefulset/web -n db\n`);
    const inside = await cli(`plan --kubeconfig ${kubeconfig} -n db exec web-0 -- ls`);
    expect(inside.err).toBe(
      "error: what runs in a real cluster's containers can't be copied: plan it in a simulated cluster\n",
    );
    expect(inside.code).toBe(1);
  });

  it('says what the cluster then does, and writes nothing', async () => {
    const plan = JSON.parse((await cli(`plan -o json ${FROM()} set image sts/web nginx=nginx:1.24`)).out);
    expect(requests().length).toBeGreaterThan(10);
    expect(requests().filter((line) => !line.startsWith('GET /'))).toEqual([]);
    const beside = served.beside();
    const before = (await beside.sim.timeline()).length;
    await onSource('set image sts/web nginx=nginx:1.24 -n db');
    await onSource('rollout status sts/web -n db');
    const played = (await beside.sim.timeline()).slice(before);
    await beside.close();
    const words = (transitions: readonly { event: string; pod: string; revision?: string }[]) =>
      transitions.map(({ event, pod, revision }) => `${event} ${pod} ${revision}`);
    expect(plan.result).toBe('settled');
    expect(words(plan.transitions)).toEqual(words(played));
    expect(words(played).length).toBeGreaterThan(9);
  });

  it('reads the namespace that a manifest names', async () => {
    cli.files.set('other.yaml', YAML.slice(YAML.lastIndexOf('---\n') + 4).replace('other:1', 'other:2'));
    const { out, err, code } = await cli(`plan --kubeconfig ${kubeconfig} apply -f other.yaml`);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('other-0');
    expect(requests().filter((line) => !line.startsWith('GET /'))).toEqual([]);
  });

  it('reads every namespace for what concerns all of them, and plays once what was written before it knew', async () => {
    const { out, err, code } = await cli(`plan --kubeconfig ${kubeconfig} drain node-1 --ignore-daemonsets --force`);
    expect(out).toContain('pod/web-2');
    expect(out).toContain('pod/other-0');
    expect({ err, code }).toEqual({ err: '', code: 3 });
    const maps = ['kube-public', 'db', 'kube-system'].map(
      (namespace) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made, namespace: ${namespace}}\n`,
    );
    cli.files.set('maps.yaml', maps.join('---\n'));
    const plan = await cli(`plan --kubeconfig ${kubeconfig} apply -f maps.yaml`);
    expect(plan.out.match(/configmap\/made created/g)).toHaveLength(3);
    expect(plan.code).toBe(0);
    expect(requests().filter((line) => !line.startsWith('GET /'))).toEqual([]);
  });

  it('refuses what is not there as the cluster would, and what can not be reached', async () => {
    const missing = await cli(`plan --kubeconfig ${kubeconfig} scale sts/none --replicas=1`);
    expect(missing).toMatchObject({
      code: 1,
      err: 'Error from server (NotFound): statefulsets.apps "none" not found\n',
    });
    const nowhere = await cli('plan --server https://127.0.0.1:1 scale sts/web --replicas=1');
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toContain('was refused - did you specify the right host or port?');
  });
});
