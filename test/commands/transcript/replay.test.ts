import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml(1) });
});
afterEach(() => cli.dispose());

/** A recording of a cluster that is years old, on a day of its own. */
const REAL = `# Recorded elsewhere
$ kubectl apply -f web.yaml
| service/nginx created
| statefulset.apps/web created
@settle
$ kubectl get sts,pod
| NAME                   READY   AGE
| statefulset.apps/web   1/1     3s
|
| NAME        READY   STATUS    RESTARTS   AGE
| pod/web-0   1/1     Running   0          3s
$ kubectl get ns default
| NAME      STATUS   AGE
| default   Active   2y35d
$ kubectl get pod web-9
! Error from server (NotFound): pods "web-9" not found
= 1
`;

test('what is typed at a terminal is noted as what comes from a pipe', async () => {
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
  await cli('sim record d');
  cli.typed = ['echo hi', 'exit 3'];
  await cli('exec -it web-0 -- sh');
  const recorded = String(cli.files.get('d'));
  expect(recorded.slice(recorded.indexOf('$ '))).toBe(
    "$ stsctl exec -i web-0 -- sh <<'EOF'\n> echo hi\n> exit 3\n> EOF\n| hi\n! command terminated with exit code 3\n= 3\n",
  );
});

describe('sim replay', () => {
  test('--mask leaves out what no two clusters share, and nothing else', async () => {
    cli.files.set('real', REAL);
    expect(await cli('sim replay real --mask')).toEqual({
      out: 'real: 4 commands, all as expected\n',
      err: '',
      code: 0,
    });
    cli.files.set('real', REAL.replace('sts,pod\n', 'sts,pod\n# soon\n').replace('1/1     Running', '0/1     Pending'));
    expect(await cli('sim replay real --mask')).toEqual({
      out: `real:6: $ kubectl get sts,pod
--- expected
+++ replayed
@@ -2,4 +2,4 @@
 statefulset.apps/web  1/1  <age>
 
 NAME  READY  STATUS  RESTARTS  AGE
-pod/web-0  0/1  Pending  0  <age>
+pod/web-0  1/1  Running  0  <age>

`,
      err: 'real: 1 of 4 commands differs\n',
      code: 1,
    });
  });

  test('without --mask everything counts, and --update takes it over with all else left alone', async () => {
    cli.files.set('real', REAL);
    const { out, err, code } = await cli('sim replay real');
    expect(out.match(/^real:\d+: .*/gm)).toEqual([
      'real:6: $ kubectl get sts,pod',
      'real:12: $ kubectl get ns default',
    ]);
    expect({ err, code }).toEqual({ err: 'real: 2 of 4 commands differ\n', code: 1 });
    expect(cli.files.get('real')).toBe(REAL);
    expect((await cli('sim replay real --update')).out).toBe('real: 2 of 4 commands updated\n');
    const updated = REAL.replaceAll('   3s\n', '   1s\n')
      .replaceAll('3s\n', '1s\n')
      .replace('\n|\n', '\n| \n')
      .replace('2y35d', '1s');
    expect(cli.files.get('real')).toBe(updated);
    expect((await cli('sim replay real')).out).toBe('real: 4 commands, all as expected\n');
  });

  test('leaves the cluster of whoever runs it alone', async () => {
    await cli('apply -f web.yaml');
    cli.files.set('t', '$ stsctl delete sts web\n= 1\n');
    await cli('sim replay t');
    expect((await cli('get sts -o name')).out).toBe('statefulset.apps/web\n');
  });

  test('refuses what makes no sense', async () => {
    cli.files.set('t', '$ stsctl get pods\n');
    expect((await cli('sim replay t --timeout=0s')).err).toBe('error: --timeout must be positive: 0s\n');
    expect((await cli('sim replay t u')).err).toBe(
      "error: expected one FILE\nSee 'stsctl sim replay -h' for help and examples\n",
    );
  });
});
