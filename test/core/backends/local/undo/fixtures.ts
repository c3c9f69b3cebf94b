/** A cluster that runs things, random commands for it, and everything of it that undo must bring back. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Two replicas that write to their volume when they start. */
export const SET = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 2
      containers:
      - name: main
        image: busybox
        command: [sh, -c, 'date >> /data/starts; hostname > /data/name; mkdir -p /data/empty; ln -sf name /data/link; sleep 100000']
        volumeMounts: [{name: data, mountPath: /data}]
  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Delete}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 1Mi}}
`;

/** Numbers from 0 to below 1, the same ones for the same seed. */
export function random(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

type Command = readonly string[];

/** A command line that may or may not change something, and may fail. */
export function randomCommand(next: () => number, number: number): Command {
  const one = <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)];
  const pod = `web-${Math.floor(next() * 3)}`;
  return one<() => Command>([
    () => ['apply', '-f', 'set.yaml'],
    () => ['scale', 'sts/web', `--replicas=${Math.floor(next() * 4)}`],
    () => ['delete', 'pod', pod, '--ignore-not-found'],
    () => ['delete', 'sts', 'web', '--ignore-not-found', ...one([[], ['--wait=false']])],
    () => ['exec', pod, '--', 'sh', '-c', `echo ${number} >> /data/log; chmod 600 /data/log`],
    () => ['exec', pod, '--', 'sh', '-c', `mkdir -p /data/d${number % 3}/deep; echo x > /data/d${number % 3}/deep/f`],
    () => ['exec', pod, '--', 'ls', '/data'],
    () => ['exec', pod, '--', 'sh', '-c', 'rm -rf /data/d0 /data/log; touch /tmp/own'],
    () => ['cp', 'local.txt', `${pod}:/data/copied-${number % 2}`],
    () => ['label', 'sts/web', `n=${number}`, '--overwrite'],
    () => ['annotate', 'pod', pod, 'stsctl.dev/ready=false', '--overwrite'],
    () => ['sim', 'clock', 'advance', `${1 + Math.floor(next() * 30)}s`],
    () => ['sim', 'clock', 'settle'],
    () => ['sim', 'config', `start=${1 + Math.floor(next() * 3)}s`],
    () => ['create', 'configmap', `c${number}`, '--from-literal=a=b'],
    () => ['rollout', 'restart', 'sts/web'],
    () => ['rollout', 'status', 'sts/web', '--timeout=20s'],
    () => ['get', 'pods'],
    () => ['logs', pod],
    () => ['sim', 'snapshot', 'save', 'one', '--overwrite'],
    () => ['sim', 'snapshot', 'restore', 'one'],
    () => ['sim', 'reset'],
    () => [
      'sim',
      'fail',
      `pod/${pod}`,
      one(['crash', 'oom', 'unready', 'evicted', 'stuck-terminating']),
      '--for',
      '20s',
    ],
    () => ['sim', 'fail', 'node/node-1', 'lost', '--for', '2m'],
    () => ['sim', 'fail', 'api', 'create', 'pods', '--times', '2'],
    () => ['sim', 'heal', '--all'],
    () => ['sim', 'config', `nodes=${1 + Math.floor(next() * 3)}`],
    () => [one(['cordon', 'uncordon']), 'node-1'],
    () => ['drain', 'node-1', '--ignore-daemonsets', '--force', '--delete-emptydir-data', '--timeout=5s'],
    () => ['set', 'image', 'sts/web', `main=busybox:${one(['1', '2', 'does-not-exist'])}`],
    () => ['rollout', 'undo', 'sts/web'],
    () => ['patch', 'pvc', `data-${pod}`, '-p', '{"metadata":{"finalizers":null}}'],
    () => ['delete', 'pvc', '--all', '--wait=false'],
    () => ['sim', 'clock', 'until', `pod/${pod} ready`, '--timeout', '15s'],
    () => ['get', 'pods', '-w', '--request-timeout=3s'],
    () => ['sim', 'snapshot', 'diff', 'one'],
    () => ['plan', 'scale', 'sts/web', '--replicas=1'],
    () => ['why', 'sts/web'],
  ])();
}

export type World = Readonly<Record<string, string>>;

/** The state's bytes, and every file, folder and link of volumes and pods with its mode; of files also the time. */
export function worldOf(state: string): World {
  const world: Record<string, string> = {};
  const visit = (path: string, name: string): void => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) world[name] = `-> ${readlinkSync(path)}`;
    else if (stat.isDirectory()) {
      // Of the folders that hold the others only that they are there.
      world[name] = name.includes('/') ? `folder ${mode}` : 'folder';
      for (const each of readdirSync(path)) visit(join(path, each), `${name}/${each}`);
    } else {
      // The system cuts times off at the microsecond. The state's own is when it was put there.
      const time = name === 'state' ? '' : Math.round(stat.mtimeMs * 1000);
      world[name] = `${mode} ${time} ${readFileSync(path, 'latin1')}`;
    }
  };
  visit(state, 'state');
  visit(`${state}.volumes`, 'volumes');
  visit(`${state}.pods`, 'pods');
  return world;
}

/** What differs, by name: a whole state is too much to read. */
export function differences(a: World, b: World): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => a[name] !== b[name])
    .map((name) => `${name}: ${(a[name] ?? 'nothing').slice(0, 200)} <> ${(b[name] ?? 'nothing').slice(0, 200)}`);
}
