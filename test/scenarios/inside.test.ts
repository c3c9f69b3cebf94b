/** Stories told from inside of pods: data that outlives them, names that stay, a probe that holds back its set. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shell, workshop } from '../conformance/replay';
import { type Cli, createCli } from '../support/cli';

const set = (name: string, image: string, more: string, template = ''): string => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  clusterIP: None
  selector: {app: ${name}}
  ports: [{port: 80, name: main}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}}
spec:
  serviceName: ${name}
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: main
        image: ${image}
${more}${template}`;

const CLAIM = `
  volumeClaimTemplates:
  - metadata: {name: disk}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
const WEB = set('web', 'nginx:1.21', '        volumeMounts: [{name: disk, mountPath: /data}]', CLAIM);
const HTTPD = set(
  'site',
  'httpd:2.4',
  '        ports: [{containerPort: 80}]\n        readinessProbe: {httpGet: {path: /index.html, port: 80}, periodSeconds: 2}\n',
);

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': WEB, 'site.yaml': HTTPD });
});
afterEach(() => cli.dispose());

const ok = (out: string) => ({ out, err: '', code: 0 });
function volumes(): string {
  const folder = dirname(cli.state);
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.volumes')) ?? 'none');
}
const settle = async (...commands: string[]): Promise<void> => {
  for (const command of [...commands, 'sim clock settle'])
    expect(await cli(command), command).toMatchObject({ code: 0 });
};

describe('what is written under a claim', () => {
  beforeEach(async () => {
    await settle('apply -f web.yaml');
    await cli('exec web-1 touch /data/statefulset');
  });
  const isThere = async (): Promise<void> => {
    const { out, code } = await cli('exec web-1 ls /data');
    expect({ lines: out.split('\n'), code }).toMatchObject({ lines: expect.arrayContaining(['statefulset']), code: 0 });
  };

  test('is there after its pod was deleted', async () => {
    await settle('delete pod web-1');
    await isThere();
  });

  test('is there after the set was scaled down and up', async () => {
    await settle('scale sts web --replicas=0');
    await settle('scale sts web --replicas=2');
    await isThere();
  });

  test('is there after the set was deleted and applied again', async () => {
    await settle('delete sts web');
    await settle('apply -f web.yaml');
    await isThere();
  });

  test('goes with its claim where the volume is to be deleted', async () => {
    const before = readdirSync(volumes());
    await settle('scale sts web --replicas=1');
    await settle('delete pvc disk-web-1');
    expect(readdirSync(volumes()).length).toBe(before.length - 1);
    await settle('scale sts web --replicas=2');
    expect((await cli('exec web-1 -- ls /data')).out).not.toContain('statefulset');
  });

  test('stays without its claim where the volume is retained', async () => {
    const { out: volume } = await cli('get pvc disk-web-1 -o jsonpath={.spec.volumeName}');
    await cli(['patch', 'pv', volume, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}']);
    await settle('scale sts web --replicas=1');
    await settle('delete pvc disk-web-1');
    expect(existsSync(join(volumes(), volume, 'statefulset'))).toBe(true);
  });
});

test('outside of claims, what is written goes with the pod', async () => {
  await settle('apply -f web.yaml');
  await cli('exec web-1 -- touch /tmp/mark');
  expect((await cli('exec web-1 -- ls /tmp')).out).toContain('mark');
  await settle('delete pod web-1');
  expect((await cli('exec web-1 -- ls /tmp')).out).not.toContain('mark');
});

test('a document moved away holds the set back; moved back, it goes on', async () => {
  await settle('apply -f site.yaml');
  expect((await cli('get sts site --no-headers')).out).toMatch(/^site +2\/2/);
  const page = '/usr/local/apache2/htdocs/index.html';
  expect(await cli(`exec site-1 -- mv ${page} /tmp/away.html`)).toEqual(ok(''));
  await cli('sim clock advance 10s');
  expect((await cli('get pod site-1 --no-headers')).out).toMatch(/0\/1/);
  await cli('scale sts site --replicas=4');
  await cli('sim clock advance 1m');
  expect((await cli('get pods -o name')).out).toBe('pod/site-0\npod/site-1\n');
  await cli(`exec site-1 -- mv /tmp/away.html ${page}`);
  await cli('sim clock advance 1m');
  expect((await cli('get sts site --no-headers')).out).toMatch(/^site +4\/4/);
});

test('names stay while addresses change', async () => {
  await settle('apply -f web.yaml');
  const look = async () => (await cli('run look --image=busybox --restart=Never --rm -i -q -- nslookup web-0.web')).out;
  const ip = async () => (await cli('get pod web-0 -o jsonpath={.status.podIP}')).out;
  const before = await ip();
  expect(await look()).toContain(before);
  await settle('delete pod web-0');
  expect(await ip()).not.toBe(before);
  expect(await look()).toContain(await ip());
});

test('a file is there although the program was killed as soon as it had answered', async () => {
  const { folder, env, clean } = workshop();
  try {
    await shell(`cat > web.yaml <<'E'\n${WEB}\nE\nstsctl apply -f web.yaml && stsctl sim clock settle`, folder, env);
    const bin = fileURLToPath(new URL('../../bin/stsctl.js', import.meta.url));
    const words = [bin, 'exec', 'web-1', '--', 'sh', '-c', 'echo kept > /data/file; echo written'];
    await new Promise<void>((done) => {
      const child = spawn(process.execPath, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.once('data', () => child.kill('SIGKILL'));
      child.on('close', () => done());
    });
    const { stdout } = await shell('stsctl exec web-1 -- cat /data/file', folder, env);
    expect(stdout).toBe('kept\n');
  } finally {
    clean();
  }
}, 20_000);
