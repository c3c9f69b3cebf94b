/** Which cluster a command talks to is never in doubt: what chooses it, what refuses, and what is said before something goes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';
import { kubeconfigOf, type Served, serve } from '../support/served';

let served: Served;
let folder: string;
let kubeconfig: string;
let cli: Cli;
beforeAll(async () => {
  served = await serve({ idleMs: 20, paceMs: 5 });
  folder = mkdtempSync(join(tmpdir(), 'stsctl-clusters-'));
  kubeconfig = join(folder, 'config');
});
afterAll(async () => {
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml(1) });
  writeFileSync(kubeconfig, kubeconfigOf(served, { prod: undefined, staging: 'kube-system' }));
});
afterEach(() => cli.dispose());

const on = (command: string) => cli(`${command} --kubeconfig ${kubeconfig}`);
const WHERE = (context = 'prod') => `context "${context}" (${served.server.url})\n`;

describe('the cluster of a command', () => {
  it('is the simulated one unless a real one is named', async () => {
    cli.env.KUBECONFIG = kubeconfig;
    expect((await cli('config current-context')).out).toBe('local\n');
    expect((await cli('config current-context --context staging')).out).toBe('staging\n');
    expect((await on('config current-context')).out).toBe('prod\n');
    cli.env.STSCTL_BACKEND = 'cluster';
    expect((await cli('config current-context')).out).toBe('prod\n');
    expect((await cli('config current-context --context local')).out).toBe('local\n');
    cli.env.STSCTL_BACKEND = 'moon';
    expect(await cli('get pods')).toEqual({
      out: '',
      err: 'error: STSCTL_BACKEND is "moon": expected local or cluster\n',
      code: 1,
    });
  });

  it.each([
    ['get pods --token x', 'error: --token is for a real cluster: name it with --context, --kubeconfig or --server\n'],
    ['get pods --as jane', 'error: --as is for a real cluster: name it with --context, --kubeconfig or --server\n'],
    [
      'get pods --context local --user me',
      'error: --user is for a real cluster, and --context local chooses the simulated one: leave one of them out\n',
    ],
    [
      'get pods --context prod --state x',
      'error: --state is for the simulated cluster, and --context prod chooses a real one: leave one of them out\n',
    ],
    [
      'get pods --context prod --feature-gates A=true',
      'error: --feature-gates is for the simulated cluster, and --context prod chooses a real one: leave one of them out\n',
    ],
    [
      'sim clock --context prod',
      'error: "stsctl sim clock" works on the simulated cluster only, and --context prod chooses a real one: leave it out\n',
    ],
    [
      'why sts/web --context prod',
      'error: "stsctl why" works on the simulated cluster only, and --context prod chooses a real one: leave it out\n',
    ],
    [
      'serve --context prod',
      'error: "stsctl serve" works on the simulated cluster only, and --context prod chooses a real one: leave it out\n',
    ],
  ])('is refused where it makes no sense: %s', async (command, err) => {
    cli.env.KUBECONFIG = kubeconfig;
    expect(await cli(command)).toEqual({ out: '', err, code: 1 });
  });

  it('has the namespace of its context', async () => {
    cli.env.KUBECONFIG = kubeconfig;
    await cli('config set-context --current --namespace=mine');
    expect((await cli('get pods')).err).toBe('No resources found in mine namespace.\n');
    expect((await cli('get cm -l none=here --context prod')).err).toBe('No resources found in default namespace.\n');
    expect((await cli('get cm -l none=here --context staging')).err).toBe(
      'No resources found in kube-system namespace.\n',
    );
  });
});

describe('commands on a real cluster', () => {
  it('work as on the simulated one, and say where they take something away', async () => {
    expect(await on('apply -f web.yaml')).toEqual({
      out: 'service/nginx created\nstatefulset.apps/web created\n',
      err: '',
      code: 0,
    });
    expect((await on('rollout status sts/web')).out).toMatch(
      /partitioned roll out complete: 1 new pods have been updated\.\.\.\n$/,
    );
    expect((await on('get pods')).out).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\nweb-0 +1\/1 +Running +0 +\d+s\n$/);
    expect((await cli('get pods')).err).toBe('No resources found in default namespace.\n');
    expect((await on('describe sts web')).out).toMatch(
      /SuccessfulCreate .* Create Pod web-0 in StatefulSet web successful/,
    );
    expect((await on('set image sts/web nginx=nginx:1.22')).err).toBe('');
    expect(await on('rollout restart sts/web')).toEqual({
      out: 'statefulset.apps/web restarted\n',
      err: WHERE(),
      code: 0,
    });
    expect((await on('scale sts web --replicas=2')).err).toBe('');
    expect((await on('scale sts web --replicas=0 --dry-run=server')).err).toBe('');
    expect((await on('scale sts web --replicas=0')).err).toBe(WHERE());
    expect(await on('delete sts nobody')).toEqual({
      out: '',
      err: `${WHERE()}Error from server (NotFound): statefulsets.apps "nobody" not found\n`,
      code: 1,
    });
    expect((await on('delete sts web --dry-run=client')).err).toBe('');
    expect(await on('delete sts,svc --all')).toMatchObject({ err: WHERE(), code: 0 });
    expect((await on('delete nonsense x')).err).toBe('error: the server doesn\'t have a resource type "nonsense"\n');
    expect((await cli('sim timeline')).out).not.toContain('web-0');
  });

  it('ask the server about itself and about us', async () => {
    expect((await on('version')).out).toBe(
      'Client Version: v1.36.2\nKustomize Version: v5.8.1\nServer Version: v1.36.2\n',
    );
    expect((await on('cluster-info')).out).toContain(`is running at ${served.server.url}\n`);
    expect(JSON.parse((await on('get --raw /version')).out)).toMatchObject({ gitVersion: 'v1.36.2' });
    expect((await on('auth whoami')).out).toContain('Username    kubernetes-admin\n');
    expect((await on('api-resources --api-group=apps -o name')).out).toContain('statefulsets.apps\n');
    expect((await on('api-versions')).out).toContain('\napps/v1\n');
    expect((await on('explain sts.spec.replicas')).out).toContain('FIELD: replicas');
    expect((await on('auth can-i delete pods')).out).toBe('yes\n');
    expect((await on('top pod')).err).toBe('error: Metrics API not available\n');
  });

  it("name what can't be reached", async () => {
    const wrong = served.server.url.replace(/\d+$/, '1');
    expect((await cli(`get pods --kubeconfig ${kubeconfig} --server ${wrong}`)).err).toBe(
      'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n',
    );
    expect((await cli(`version --server ${wrong}`)).out).toBe('Client Version: v1.36.2\nKustomize Version: v5.8.1\n');
    expect((await on('get pods --token wrong')).err).toBe(
      'error: You must be logged in to the server (Unauthorized)\n',
    );
  });
});

describe('config', () => {
  it('shows the contexts of a kubeconfig beside the simulated cluster', async () => {
    const table = (current: string) =>
      [
        'CURRENT   NAME      CLUSTER   AUTHINFO   NAMESPACE',
        'local     local     local      ',
        'prod      one       me         ',
        'staging   one       me         kube-system',
      ]
        .map((line, i) => (i === 0 ? line : `${line.startsWith(current) ? '*' : ' '}         ${line}`))
        .join('\n');
    expect((await on('config get-contexts')).out).toBe(`${table('prod')}\n`);
    cli.env.KUBECONFIG = kubeconfig;
    expect((await cli('config get-contexts')).out).toBe(`${table('local')}\n`);
    expect((await cli('config get-contexts -o name staging')).out).toBe('staging\n');
    expect((await cli('config get-clusters')).out).toBe('NAME\nlocal\none\n');
    expect((await cli('config get-users')).out).toBe('NAME\nlocal\nme\n');
    expect((await cli('config view -o jsonpath={.users[0].user.token}')).out).toBe('REDACTED');
  });

  it('changes a kubeconfig that is named, and no other', async () => {
    const changes = [
      'set-context other --cluster=one',
      'rename-context other more',
      'set clusters.two.server https://two',
      'unset clusters.two.server',
      'delete-cluster two',
      'set-cluster three --server=https://three',
      'set-credentials you --token=t',
      'delete-user you',
      'delete-context more',
    ];
    const before = readFileSync(kubeconfig, 'utf8');
    for (const change of changes) {
      const { out, err, code } = await cli(`config ${change}`);
      expect({ out, code }).toEqual({ out: '', code: 1 });
      expect(err).toBe(
        `error: "stsctl config ${change.split(' ')[0]}" changes a kubeconfig, and none is named: use --kubeconfig FILE or KUBECONFIG. ` +
          'The simulated cluster needs none\n',
      );
    }
    expect((await cli('config set-context --current --user=me')).err).toBe(
      'error: --user is for a context of a kubeconfig, and "local" is the simulated cluster: name the kubeconfig with --kubeconfig\n',
    );
    expect(readFileSync(kubeconfig, 'utf8')).toBe(before);
    cli.env.KUBECONFIG = kubeconfig;
    for (const change of changes) expect(await cli(`config ${change}`), change).toMatchObject({ err: '', code: 0 });
    expect((await cli('config get-clusters')).out).toBe('NAME\nlocal\none\nthree\n');
  });

  it('writes a kubeconfig only where it is asked to', async () => {
    cli.env.KUBECONFIG = kubeconfig;
    const before = readFileSync(kubeconfig, 'utf8');
    expect((await cli('config use-context staging')).err).toContain('name the context with --context staging');
    expect((await cli('config use-context local')).out).toBe('Switched to context "local".\n');
    expect((await cli('config set-context --current --namespace=x')).code).toBe(0);
    expect(readFileSync(kubeconfig, 'utf8')).toBe(before);
    expect((await on('config use-context staging')).out).toBe('Switched to context "staging".\n');
    expect((await on('config set-context --current --namespace=db')).out).toBe('Context "staging" modified.\n');
    expect((await on('config current-context')).out).toBe('staging\n');
    expect((await on('get cm -l none=here')).err).toBe('No resources found in db namespace.\n');
  });
});
