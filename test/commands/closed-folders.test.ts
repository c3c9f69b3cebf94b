/** No path and no link leads out of the folders of pods, whoever made it; what the disk refuses is said, and changes nothing. */
import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

const YAML = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: nginx
        image: nginx
        volumeMounts:
        - {name: data, mountPath: /data}
        - {name: data, mountPath: /sub, subPath: sub/x}
        - {name: conf, mountPath: /etc/app.conf, subPath: app.conf}
      volumes:
      - {name: conf, configMap: {name: conf}}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {app.conf: "a=1\\n"}
`;

let cli: Cli;
let folder: string;
let outside: string;
let volume: string;

const sh = (script: string) => cli(['exec', 'web-0', '--', 'sh', '-c', script]);

beforeEach(async () => {
  cli = createCli({ 'web.yaml': YAML });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
  await sh('true');
  folder = dirname(cli.state);
  const volumes = join(folder, 'state.json.volumes');
  volume = join(volumes, readdirSync(volumes)[0] ?? '');
  outside = join(folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret'), 'SECRET\n');
});
afterEach(() => cli.dispose());

const untouched = () => {
  expect(readdirSync(outside)).toEqual(['secret']);
  expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('SECRET\n');
};

test.each([
  'cat file link/secret relative/secret',
  'echo x > file',
  'echo x >> relative/secret',
  'echo x > link/new',
  'mkdir link/new',
  'touch link/new',
  'rm -rf link/*',
  'mv link/secret /tmp/x',
  'cp file /tmp/x; cat /tmp/x',
  'cp -r . /tmp/all; cat /tmp/all/file /tmp/all/link/secret',
  'chmod 777 file',
  'cd link && cat secret',
  'ln file hard; cat hard',
  'ln -s link/secret other; cat other',
  'grep -r SEC .',
  '. ./file',
  'tar cf /tmp/a.tar .; tar xf /tmp/a.tar -O',
])('links that were put into a volume lead nowhere: %s', async (script) => {
  symlinkSync(outside, join(volume, 'link'));
  symlinkSync(join(outside, 'secret'), join(volume, 'file'));
  symlinkSync('../../outside', join(volume, 'relative'));
  const { out, err } = await sh(`cd /data; ${script}`);
  expect(out + err).not.toContain('SECRET');
  expect(err).not.toContain(folder);
  untouched();
});

test('a hard link is written apart from what it was linked to', async () => {
  linkSync(join(outside, 'secret'), join(volume, 'hard'));
  await sh('echo x > /data/hard; echo y >> /data/hard');
  untouched();
});

test('cp follows no link, in either direction', async () => {
  symlinkSync(outside, join(volume, 'link'));
  symlinkSync(join(outside, 'secret'), join(volume, 'file'));
  for (const path of ['link/secret', 'link', 'file', '.']) await cli(`cp web-0:/data/${path} out`);
  expect([...cli.files.entries()].filter(([, content]) => String(content).includes('SECRET'))).toEqual([]);
  for (const path of ['link/new', 'file', '../../../../../../../../outside/new'])
    await cli(`cp web.yaml web-0:/data/${path}`);
  untouched();
});

test('a subPath goes through no link, and no folder of a pod is one', async () => {
  rmSync(join(volume, 'sub'), { recursive: true });
  symlinkSync(outside, join(volume, 'sub'));
  const before = readFileSync(join(folder, 'state.json'));
  const { code, err } = await sh('touch /sub/new');
  expect(code).toBe(1);
  expect(err).toMatch(/^error: cannot use .*\/sub as a folder of a pod: it is a symbolic link\n/);
  untouched();
  rmSync(join(volume, 'sub'));
  rmSync(volume, { recursive: true });
  symlinkSync(outside, volume);
  expect((await sh('touch /data/new')).err).toContain('it is a symbolic link');
  untouched();
  expect(readFileSync(join(folder, 'state.json'))).toEqual(before);
});

test('what a pod makes of its own /etc is its own matter', async () => {
  expect(await sh('rm -rf /etc; ln -s /nowhere /etc')).toMatchObject({ code: 0 });
  expect(await sh('ls -d /etc; echo alive')).toMatchObject({ out: expect.stringContaining('alive'), code: 0 });
});

test('what a container writes over the files that it was given stays until it starts again', async () => {
  await sh('echo 10.0.0.1 other >> /etc/hosts; echo b=2 > /etc/app.conf');
  const { out } = await sh('tail -n 1 /etc/hosts; cat /etc/app.conf');
  expect(out).toBe('10.0.0.1 other\nb=2\n');
});

test('an archive can name no place outside', async () => {
  const { out } = await sh(
    "cd /tmp; mkdir in; echo x > in/f; tar cf a.tar in; sed 's#in/f#../#' a.tar > b.tar; tar xf b.tar; tar tf a.tar",
  );
  expect(out).toContain('in/f');
  untouched();
});

test('a folder that cannot be written is a clear error, and nothing changes', async () => {
  const pods = join(folder, 'state.json.pods');
  rmSync(pods, { recursive: true });
  writeFileSync(pods, '');
  const before = readFileSync(join(folder, 'state.json'));
  const { code, err } = await sh('true');
  expect(code).toBe(1);
  expect(err).toMatch(
    /^error: cannot write the pods' files in .*: a part of the path is no folder\nThe cluster is as it was\./,
  );
  expect(readFileSync(join(folder, 'state.json'))).toEqual(before);
  expect(lstatSync(pods).isFile()).toBe(true);
});
