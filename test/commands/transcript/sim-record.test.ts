/** Recording and replaying with the built program, as a user does, in shells of their own. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shell, workshop } from '../../conformance/replay';
import { webYaml } from '../../support/cli';

let shop: ReturnType<typeof workshop>;
beforeEach(() => {
  shop = workshop();
  writeFileSync(join(shop.folder, 'web.yaml'), webYaml(2));
});
afterEach(() => shop.clean());

const run = (command: string, cwd = shop.folder) => shell(command, cwd, shop.env);
const out = async (command: string): Promise<string> => {
  const { stdout, stderr, code } = await run(command);
  expect({ stderr, code }, command).toEqual({ stderr: '', code: 0 });
  return stdout;
};
const file = (name: string): string => join(shop.folder, name);
const read = (name: string): string => readFileSync(file(name), 'utf8');
const ok = (stdout: string) => ({ stdout, stderr: '', code: 0 });
const HEAD = '# Recorded by stsctl. "stsctl sim replay" runs it again and shows what differs.\n';

describe('a recorded session', () => {
  test('is what was typed, and replays clean; an edited one shows the difference', async () => {
    expect(await out('stsctl sim record')).toBe('no recording is going on\n');
    expect(await out('stsctl sim record demo.transcript')).toBe(`recording to ${file('demo.transcript')}\n`);
    expect(await out('stsctl sim record')).toBe(`recording to ${file('demo.transcript')}\n`);
    mkdirSync(file('sub'));
    writeFileSync(file('sub/cm.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n');
    await run('stsctl apply -f web.yaml');
    await run('stsctl sim clock settle');
    await run(`cat sub/cm.yaml | kubectl apply --state "$STSCTL_STATE" -f -`);
    await run('kubectl get cm c -o name', file('sub'));
    await run(`stsctl get sts web -o jsonpath='{.metadata.name}'`);
    await run(`STSCTL_FEATURE_GATES=MaxUnavailableStatefulSet=true stsctl get sts web -o jsonpath="{.spec.replicas}
"`);
    await run('stsctl get pod nope');
    await run('stsctl config set-context --current --namespace=kube-system');
    await run('stsctl --kubeconfig=none --context=real get pods');
    await run('stsctl --context=local get cm -o name');
    await run('stsctl completion bash > /dev/null');
    expect(await out('stsctl sim record --stop')).toBe(`recorded to ${file('demo.transcript')}\n`);
    expect(await run('stsctl sim record --stop')).toEqual({
      stdout: '',
      stderr: 'error: no recording is going on\n',
      code: 1,
    });
    await run('stsctl delete sts web');
    const recorded = `${HEAD}@clock virtual
@seed 0
@start 2026-01-01T00:00:00.000Z
@env STSCTL_CLOCK=virtual
$ stsctl apply -f web.yaml
| service/nginx created
| statefulset.apps/web created
$ stsctl sim clock settle
$ stsctl apply -f - <<'EOF'
> apiVersion: v1
> kind: ConfigMap
> metadata: {name: c}
> EOF
| configmap/c created
@in sub
$ stsctl get cm c -o name
| configmap/c
$ stsctl get sts web -o 'jsonpath={.metadata.name}'
| web
\\ no newline
$ STSCTL_FEATURE_GATES=MaxUnavailableStatefulSet=true stsctl get sts web -o 'jsonpath={.spec.replicas}
> '
| 2
$ stsctl get pod nope
! Error from server (NotFound): pods "nope" not found
= 1
$ stsctl config set-context --current --namespace=kube-system
| Context "local" modified.
# on another cluster: stsctl --kubeconfig=none --context=real get pods
$ stsctl --context=local get cm -o name
| configmap/kube-root-ca.crt
`;
    expect(read('demo.transcript')).toBe(recorded);
    const state = readFileSync(file('.state.json'));
    expect(await run('stsctl sim replay demo.transcript')).toEqual(
      ok('demo.transcript: 9 commands, all as expected\n'),
    );
    expect(await run('stsctl sim replay ../demo.transcript', file('sub'))).toEqual(
      ok('../demo.transcript: 9 commands, all as expected\n'),
    );
    expect(readFileSync(file('.state.json'))).toEqual(state);

    const edited = `${recorded.replace('| configmap/c\n', '| configmap/d\n# why\n').replace('= 1\n', '')}`;
    writeFileSync(file('demo.transcript'), edited);
    expect(await run('stsctl sim replay demo.transcript')).toEqual({
      stdout: `demo.transcript:17: $ stsctl get cm c -o name
--- expected
+++ replayed
@@ -1 +1 @@
-| configmap/d
+| configmap/c

demo.transcript:26: $ stsctl get pod nope
--- expected
+++ replayed
@@ -1 +1,2 @@
 ! Error from server (NotFound): pods "nope" not found
+= 1

`,
      stderr: 'demo.transcript: 2 of 9 commands differ\n',
      code: 1,
    });
    expect(read('demo.transcript')).toBe(edited);
    expect(await run('stsctl sim replay --update demo.transcript')).toEqual(
      ok('demo.transcript: 2 of 9 commands updated\n'),
    );
    expect(read('demo.transcript')).toBe(recorded.replace('| configmap/c\n', '| configmap/c\n# why\n'));
    expect((await run('stsctl sim replay demo.transcript')).code).toBe(0);
    expect(readdirSync(shop.folder).filter((name) => name.startsWith('demo'))).toEqual(['demo.transcript']);
  }, 60_000);

  test('a plan and a comparison are recorded as they are answered', async () => {
    const play = async (command: string) => {
      await run('stsctl sim reset');
      await run('stsctl apply -f web.yaml');
      return run(command);
    };
    const plan = 'stsctl plan scale sts/web --replicas=3';
    const compared = 'stsctl plan --compare policy=OrderedReady,Parallel apply -f -';
    const unrecorded = await play(plan);
    await run('stsctl sim reset');
    await run('stsctl sim record plans.transcript');
    await run('stsctl apply -f web.yaml');
    expect(await run(plan)).toEqual(unrecorded);
    expect(await run(`cat web.yaml | ${compared}`)).toMatchObject({ stderr: '', code: 0 });
    await run('stsctl sim record --stop');
    expect(await run('stsctl sim replay plans.transcript')).toEqual(
      ok('plans.transcript: 3 commands, all as expected\n'),
    );
  }, 60_000);

  test('on a wall clock replays with the same times and uids', async () => {
    delete shop.env.STSCTL_CLOCK;
    await run('stsctl sim record wall.transcript');
    await run('stsctl apply -f web.yaml');
    await run('stsctl rollout status sts/web');
    await run('stsctl get pods,sts -o yaml');
    await run('stsctl sim clock pause');
    await run('stsctl sim clock');
    await run('stsctl sim clock resume');
    await run('stsctl sim record --stop');
    expect(read('wall.transcript')).toMatch(/^# .*\n@clock wall\n@seed \d+\n@start \S+Z\n@at \S+s\n\$ stsctl apply/);
    expect(await run('stsctl sim replay wall.transcript')).toEqual(
      ok('wall.transcript: 6 commands, all as expected\n'),
    );
  }, 60_000);

  test('of a cluster that is not new keeps it, with what its pods wrote', async () => {
    await run('stsctl apply -f web.yaml');
    await run('stsctl sim clock settle');
    await run(`stsctl exec web-0 -- sh -c 'echo before > /tmp/x'`);
    expect(await out('stsctl sim record more.transcript')).toBe(
      `recording to ${file('more.transcript')}\nthe cluster as it is now is kept as ${file('more.transcript.state')}\n`,
    );
    await run('stsctl exec web-0 -- cat /tmp/x');
    await run('stsctl delete pod web-0 --force');
    await run('stsctl get pods');
    await run('stsctl sim record --stop');
    await run('stsctl sim reset');
    expect(await run('stsctl sim replay more.transcript')).toEqual(
      ok('more.transcript: 3 commands, all as expected\n'),
    );
    shop.env.STSCTL_STATE = file('gone.json');
    expect((await run('rm more.transcript.state && stsctl sim replay more.transcript')).stderr).toBe(
      `error: more.transcript begins with the cluster in ${file('more.transcript.state')}, which is not there\n`,
    );
  }, 60_000);

  test('keeps the lines of commands that run at once together', async () => {
    await run('stsctl sim record many.transcript');
    await run('for i in 1 2 3 4 5 6; do stsctl create configmap c$i --from-literal=a=b -o yaml & done; wait');
    await run('stsctl sim record --stop');
    const blocks = read('many.transcript').split('$ ').slice(1);
    expect(blocks).toHaveLength(6);
    for (const block of blocks) {
      const [, name] = /^stsctl create configmap (c\d)/.exec(block) ?? [];
      expect(block).toContain(`|   name: ${name}\n`);
      expect(block.match(/\| kind: ConfigMap\n/g)).toHaveLength(1);
    }
  }, 60_000);

  test('has what was stopped, and stops it again at the same instant', async () => {
    delete shop.env.STSCTL_CLOCK;
    await run('stsctl sim record stopped.transcript');
    await run('stsctl apply -f web.yaml');
    expect((await run('timeout -s INT --preserve-status 3 stsctl get pods -w')).code).toBe(130);
    expect((await run('timeout --preserve-status 1.5 stsctl logs -f web-0')).code).toBe(143);
    await run('stsctl sim clock rate 1000x');
    await run('stsctl get pods');
    await run('stsctl sim undo');
    await run('stsctl sim clock');
    await run('stsctl get pods');
    await run('stsctl sim history');
    await run('stsctl sim snapshot save a');
    await run('stsctl sim snapshot list -o json');
    await run('stsctl sim record --stop');
    const text = read('stopped.transcript');
    expect(text).toMatch(/\n@at \S+s\n@stop \S+s\n\$ stsctl get pods -w\n\| NAME[^$]*\n= 130\n/);
    expect(text).toMatch(/\n@at \S+s\n@stop \S+s\n\$ stsctl logs -f web-0\n= 143\n/);
    shop.env.TZ = 'Asia/Tokyo';
    expect(await run('stsctl sim replay stopped.transcript')).toEqual(
      ok('stopped.transcript: 11 commands, all as expected\n'),
    );
  }, 60_000);

  test('shows files in pods with the same times, in whatever place and year it is replayed', async () => {
    await run('stsctl sim record files.transcript');
    await run('stsctl apply -f web.yaml');
    await run('stsctl rollout status sts/web');
    await run(
      `stsctl exec web-0 -- sh -c 'cd /tmp; echo a > a; sleep 60; touch b; mkdir -p c/d; ls -l . /; stat a; find . -newer a'`,
    );
    await run('stsctl sim clock advance 8000h');
    await run('stsctl exec web-0 -- ls -l /tmp');
    await run('stsctl sim record --stop');
    const text = read('files.transcript');
    expect(text).toContain('root     2 Jan  1 00:00 a\n| -rw-r--r-- 1 root root     0 Jan  1 00:01 b\n');
    expect(text).toContain('| Modify: 2026-01-01T00:00:02.000Z\n| .\n| ./b\n| ./c\n| ./c/d\n');
    expect(text).toContain('root     2 Jan  1  2026 a\n| -rw-r--r-- 1 root root     0 Jan  1  2026 b\n');
    shop.env.TZ = 'Pacific/Auckland';
    expect(await run('stsctl sim replay files.transcript')).toEqual(
      ok('files.transcript: 5 commands, all as expected\n'),
    );
  }, 60_000);

  test('what somebody wrote by hand can be stopped, too', async () => {
    writeFileSync(file('t'), '@stop 300ms\n$ sleep 30\n= 130\n');
    expect(await run('stsctl sim replay t')).toEqual(ok('t: 1 command, all as expected\n'));
    expect(await run('stsctl sim replay - < t')).toEqual(ok('-: 1 command, all as expected\n'));
    expect(await run('stsctl sim replay --update - < t')).toEqual({
      stdout: '',
      stderr: 'error: --update needs a file to write into\n',
      code: 1,
    });
  }, 60_000);
});

describe('what cannot be recorded or replayed', () => {
  test('record', async () => {
    expect((await run('stsctl sim record web.yaml')).stderr).toBe(
      `error: ${file('web.yaml')} exists already: choose another name, or remove it\n`,
    );
    expect((await run('stsctl sim record a b')).stderr).toBe(
      "error: Unexpected args: [a b]\nSee 'stsctl sim record -h' for help and examples\n",
    );
    expect((await run('stsctl sim record nowhere/x')).stderr).toBe(
      `error: can't record to ${file('nowhere/x')}: there is no folder ${file('nowhere')}\n`,
    );
    expect(existsSync(file('.state.json.recording'))).toBe(false);
    await run('stsctl sim record one');
    expect((await run('stsctl sim record two')).stderr).toBe(
      `error: a recording to ${file('one')} is going on: end it with "stsctl sim record --stop"\n`,
    );
    await run('rm one');
    expect(await run('stsctl get pods -o name')).toMatchObject({
      stderr: expect.stringMatching(/^warning: the recording .*one could not be written: ENOENT/) as string,
      code: 0,
    });
    expect(existsSync(file('one'))).toBe(false);
  }, 60_000);

  test('replay', async () => {
    const fails = async (text: string, message: string): Promise<void> => {
      writeFileSync(file('t'), text);
      expect(await run('stsctl sim replay t')).toEqual({ stdout: '', stderr: message, code: 1 });
    };
    await fails(
      '$ stsctl get pods\nwhat\n',
      "error: t:2: expected a line that begins with '$ ', '> ', '| ', '! ', '= ', '\\', '@' or '#'\n",
    );
    await fails('# nothing\n', 'error: t holds no command\n');
    expect((await run('stsctl sim replay nope')).stderr).toMatch(/^error: can't read nope: ENOENT/);
    expect((await run('stsctl sim replay')).stderr).toBe(
      "error: expected one FILE\nSee 'stsctl sim replay -h' for help and examples\n",
    );
    writeFileSync(file('t'), '$ sleep 30\n@in nowhere\n$ true\n$ echo a; echo b >&2; exit 7\n| a\n! b\n= 7\n');
    const { stdout, stderr, code } = await run('stsctl sim replay t --timeout 300ms');
    expect(stdout).toContain('+! stopped: it took longer than 0.3s\n+= 137\n');
    expect(stdout).toContain("+! can't run it in");
    expect({ stderr, code }).toEqual({ stderr: 't: 2 of 3 commands differ\n', code: 1 });
  }, 60_000);

  test('a transcript cannot reach the cluster of whoever runs it', async () => {
    await run('stsctl apply -f web.yaml');
    const before = readFileSync(file('.state.json'));
    writeFileSync(
      file('t'),
      '$ kubectl delete sts,svc --all\n| No resources found\n$ stsctl sim reset\n| cluster reset\n',
    );
    await run('stsctl sim replay t');
    expect(readFileSync(file('.state.json'))).toEqual(before);
  }, 60_000);
});
