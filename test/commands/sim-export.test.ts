/** Exports apply elsewhere: what is applied and exported again is the same, byte for byte, and kubectl takes it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/api/types';
import { describeOracle, kubectlPath } from '../oracle/support/kubectl';
import { type Cli, createCli } from '../support/cli';
import { kubeconfigOf, serve } from '../support/served';

const STACK = `apiVersion: v1
kind: Namespace
metadata: {name: db, labels: {team: a}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: db}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: db}
data: {mode: "on", port: "0123"}
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: db}
stringData: {password: hunter2}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: db}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80, name: http}]
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: db}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, name: http}, {port: 81, name: admin, nodePort: 30181}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: db}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: db, annotations: {note: "yes: 'it' is"}}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: runner
      containers:
      - name: nginx
        image: nginx:1.21
        ports: [{containerPort: 80, name: http}]
        envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: login}}]
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 1Gi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: side, namespace: db}
spec:
  selector: {matchLabels: {app: side}}
  template:
    metadata: {labels: {app: side}}
    spec: {containers: [{name: main, image: busybox}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: db}
spec:
  schedule: "@daily"
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}
---
apiVersion: v1
kind: Pod
metadata: {name: lonely, namespace: db}
spec: {containers: [{name: main, image: example.com/lonely:1}]}
`;

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'stack.yaml': STACK });
});
afterEach(() => cli.dispose());

const GENERATED =
  /\b(uid|resourceVersion|creationTimestamp|managedFields|status|nodeName|clusterIPs|volumeName|generation|last-applied-configuration|controller-revision-hash|pv\.kubernetes\.io|ownerReferences|pod-index):?/;

describe('sim export', () => {
  it.each(['', '--with-claims'])('applies elsewhere and comes back the same %s', async (flag) => {
    expect((await cli('apply -f stack.yaml')).code).toBe(0);
    await cli('rollout status sts/web -n db');
    await cli('sim clock settle');
    const first = await cli(`sim export -n db ${flag}`);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).not.toMatch(GENERATED);
    const kinds = [...first.out.matchAll(/^kind: (.*)$/gm)].map(([, kind]) => kind);
    expect(kinds).toEqual([
      'Namespace',
      'ServiceAccount',
      'ConfigMap',
      'Secret',
      ...(flag ? ['PersistentVolumeClaim', 'PersistentVolumeClaim'] : []),
      'Service',
      'Service',
      'PodDisruptionBudget',
      'StatefulSet',
      'Deployment',
      'CronJob',
      'Pod',
    ]);
    const other = createCli({ 'first.yaml': first.out });
    try {
      expect(await other('apply -f first.yaml')).toMatchObject({ code: 0 });
      expect((await other('rollout status sts/web -n db')).code).toBe(0);
      expect((await other(`sim export -n db ${flag}`)).out).toBe(first.out);
      const json = (await other(`sim export -n db -o json ${flag}`)).out;
      expect((await other(['apply', '-f', '-'], json)).out).not.toMatch(/created|error/i);
    } finally {
      other.dispose();
    }
  });

  it('keeps the node ports that somebody asked for, and no others', async () => {
    await cli('apply -f stack.yaml');
    const { out } = await cli('sim export -n db');
    expect([...out.matchAll(/nodePort: (\d+)/g)].map(([, port]) => port)).toEqual(['30181']);
  });

  it('writes one set with what belongs to it', async () => {
    await cli('apply -f stack.yaml');
    await cli('rollout status sts/web -n db');
    const { items } = JSON.parse((await cli('sim export sts/web -n db -o json')).out);
    const names = items.map(({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`);
    expect(names).toEqual([
      'Namespace/db',
      'ServiceAccount/runner',
      'ConfigMap/settings',
      'Secret/login',
      'Service/front',
      'Service/web',
      'PodDisruptionBudget/web',
      'StatefulSet/web',
    ]);
  });

  it('says what is not there', async () => {
    expect(await cli('sim export -n db')).toEqual({ code: 0, out: '', err: 'No resources found in db namespace.\n' });
    expect(await cli('sim export sts/none')).toEqual({
      code: 1,
      out: '',
      err: 'Error from server (NotFound): statefulsets.apps "none" not found\n',
    });
    expect(await cli('sim export -o wide')).toEqual({
      code: 1,
      out: '',
      err: "error: --output must be 'yaml' or 'json'\n",
    });
  });

  it('does not export Secrets whose values nobody has', async () => {
    cli.files.set('secret.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, uid: u1}\ndata: {a: aGVsbG8=}\n');
    await cli('sim import -f secret.yaml');
    expect(await cli('sim export')).toEqual({
      code: 0,
      out: '',
      err: 'Warning: the Secret "s" was imported without its values, and is left out\nNo resources found in default namespace.\n',
    });
  });
});

describeOracle('sim export', () => {
  it('is accepted by kubectl', async () => {
    await cli('apply -f stack.yaml');
    await cli('rollout status sts/web -n db');
    const folder = mkdtempSync(join(tmpdir(), 'stsctl-export-'));
    const served = await serve();
    try {
      writeFileSync(join(folder, 'db.yaml'), (await cli('sim export -n db --with-claims')).out);
      writeFileSync(join(folder, 'config'), kubeconfigOf(served, { one: undefined }));
      const kubectl = async (words: string) => {
        const env = { HOME: folder, KUBECONFIG: join(folder, 'config') };
        return (await promisify(execFile)(kubectlPath(), words.split(' '), { cwd: folder, env })).stdout
          .trim()
          .split('\n');
      };
      await kubectl('create namespace db');
      const dry = await kubectl('apply --dry-run=client -f db.yaml');
      expect(dry).toHaveLength(13);
      expect(dry.filter((line) => !/ (created|configured) \(dry run\)$/.test(line))).toEqual([]);
      const applied = await kubectl('apply --validate=strict -f db.yaml');
      expect(applied.filter((line) => !/ (created|configured)$/.test(line))).toEqual([]);
    } finally {
      await served.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
