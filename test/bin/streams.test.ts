/** What is printed arrives, whatever standard output is. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const stsctl = fileURLToPath(new URL('../../bin/stsctl.js', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-streams-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sh(script: string) {
  const env = { ...process.env, STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual', STSCTL: stsctl };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `stsctl() { node "$STSCTL" "$@"; }\n${script}`], {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  const value = 'x'.repeat(100_000);
  const made = sh(`printf '%s' '${value}' > data.txt && stsctl create configmap big --from-file=data.txt`);
  expect(made).toEqual({ status: 0, stdout: 'configmap/big created\n', stderr: '' });
});

test('a slow reader gets everything', () => {
  const { status, stdout, stderr } = sh('stsctl get configmap big -o yaml | (sleep 0.3; cat) | wc -c');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(Number(stdout)).toBeGreaterThan(100_000);
});

test('a file gets what a pipe gets', () => {
  const piped = sh('stsctl get configmap big -o yaml');
  expect(sh('stsctl get configmap big -o yaml > out').status).toBe(0);
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(piped.stdout);
});

test('a pipe that does not let itself be waited for gets everything', () => {
  const nonblocking =
    'import fcntl,os,subprocess,sys,time; r,w=os.pipe(); fcntl.fcntl(w,fcntl.F_SETFL,fcntl.fcntl(w,fcntl.F_GETFL)|os.O_NONBLOCK); ' +
    'p=subprocess.Popen(sys.argv[1:],stdout=w); os.close(w); time.sleep(0.5); print(len(open(r,"rb").read()), p.wait())';
  const { stdout } = sh(`python3 -c '${nonblocking}' node "$STSCTL" get configmap big -o yaml`);
  const plain = sh('stsctl get configmap big -o yaml');
  expect(stdout).toBe(`${plain.stdout.length} 0\n`);
});

test('a reader that went away is no error', () => {
  expect(sh('stsctl get configmap big -o yaml | head -c 14')).toEqual({
    status: 0,
    stdout: 'apiVersion: v1',
    stderr: '',
  });
});

test('output that can not be written is an error, not a bug', () => {
  expect(sh('stsctl get configmap big -o yaml > /dev/full')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'error: cannot write the output: ENOSPC: no space left on device, write\n',
  });
});
