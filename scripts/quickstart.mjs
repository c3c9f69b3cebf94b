#!/usr/bin/env node
// A tour in a throw-away cluster: apply, follow the rollout, scale, update behind a partition, undo; every command is shown.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'stsctl-quickstart-'));
const env = { ...process.env, STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual' };

const partition = (n) => `patch statefulset web -p {"spec":{"updateStrategy":{"rollingUpdate":{"partition":${n}}}}}`;

const STEPS = [
  ['A Service, a StatefulSet of three pods, and a claim for each of them', 'apply -f examples/nginx.yaml'],
  ['The pods come up one after another', 'rollout status statefulset/web'],
  ['', 'get pods,pvc'],
  ['Two more', 'scale statefulset web --replicas=5'],
  ['', 'rollout status statefulset/web'],
  ['A new image, but only for the pods from ordinal 3 on', partition(3)],
  ['', 'set image statefulset/web nginx=nginx:1.22'],
  ['', 'rollout status statefulset/web'],
  ['', 'get pods -L controller-revision-hash'],
  ['It does well: all of them', partition(0)],
  ['', 'rollout status statefulset/web'],
  ['Back to the template before', 'rollout undo statefulset/web'],
  ['', 'rollout status statefulset/web'],
  ['', 'rollout history statefulset/web'],
  ['', 'get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image'],
  ['Every pod, from creation to deletion', 'sim timeline'],
];

try {
  for (const [title, command] of STEPS) {
    if (title) console.log(`\n# ${title}`);
    console.log(`$ stsctl ${command.replace(/\{.*\}/, "'$&'")}`);
    const { status } = spawnSync(process.execPath, [join(root, 'bin', 'stsctl.js'), ...command.split(' ')], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    if (status !== 0) {
      console.error(`stsctl ${command} ended with exit code ${status}`);
      process.exitCode = 1;
      break;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
