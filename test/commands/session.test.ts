import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml() });
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });

test('--version is the package’s own', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(await cli('--version')).toEqual(ok(`stsctl ${version} (Kubernetes v1.36.2)\n`));
});

describe('api-versions and api-resources', () => {
  test('api-versions', async () => {
    const { out } = await cli('api-versions');
    const lines = out.trimEnd().split('\n');
    expect(lines).toEqual([...lines].sort());
    expect(lines).toEqual(expect.arrayContaining(['apps/v1', 'autoscaling/v1', 'autoscaling/v2', 'policy/v1', 'v1']));
    expect(await cli('api-versions x')).toEqual(
      fails("error: unexpected arguments: [x]\nSee 'stsctl api-versions -h' for help and examples\n"),
    );
  });

  test('-o wide has verbs and categories', async () => {
    expect(await cli('api-resources --api-group=apps -o wide')).toEqual(
      ok(`NAME                  SHORTNAMES   APIVERSION   NAMESPACED   KIND                 VERBS                                                        CATEGORIES
controllerrevisions                apps/v1      true         ControllerRevision   create,delete,deletecollection,get,list,patch,update,watch   
daemonsets            ds           apps/v1      true         DaemonSet            create,delete,deletecollection,get,list,patch,update,watch   all
deployments           deploy       apps/v1      true         Deployment           create,delete,deletecollection,get,list,patch,update,watch   all
replicasets           rs           apps/v1      true         ReplicaSet           create,delete,deletecollection,get,list,patch,update,watch   all
statefulsets          sts          apps/v1      true         StatefulSet          create,delete,deletecollection,get,list,patch,update,watch   all
`),
    );
  });

  test('selections', async () => {
    expect(await cli('api-resources --categories=all -o name --sort-by=kind')).toEqual(
      ok(
        'cronjobs.batch\ndaemonsets.apps\ndeployments.apps\nhorizontalpodautoscalers.autoscaling\njobs.batch\npods\n' +
          'replicasets.apps\nreplicationcontrollers\nservices\nstatefulsets.apps\n',
      ),
    );
    expect((await cli('api-resources --verbs=list,watch --api-group= -o name --namespaced=false')).out).toBe(
      'namespaces\nnodes\npersistentvolumes\n',
    );
    expect((await cli('api-resources --api-group=apps --no-headers --verbs=create')).out.split('\n')).toHaveLength(6);
    expect(await cli('api-resources -o bogus')).toEqual(
      fails(
        'error: unable to match a printer suitable for the output format "bogus", allowed formats are: json,kyaml,name,wide,yaml\n',
      ),
    );
  });
});

describe('events', () => {
  test('oldest first, with counts, of one object, of one type', async () => {
    expect(await cli('events')).toEqual(ok('', 'No events found in default namespace.\n'));
    expect(await cli('events -A')).toEqual(ok('', 'No events found.\n'));
    await cli('apply -f web.yaml');
    await cli('sim clock settle');
    await cli('sim clock advance 5m');
    await cli('delete pod web-0');
    await cli('sim clock settle');
    expect(await cli('events --for sts/web')).toEqual(
      ok(`LAST SEEN           TYPE     REASON             OBJECT            MESSAGE
5m4s                Normal   SuccessfulCreate   StatefulSet/web   Create Pod web-1 in StatefulSet web successful
2s (x2 over 5m5s)   Normal   SuccessfulCreate   StatefulSet/web   Create Pod web-0 in StatefulSet web successful
`),
    );
    expect(await cli('events --for pod/web-1 -A --no-headers')).toEqual(
      ok(`default   5m4s   Normal   Scheduled   Pod/web-1   Successfully assigned default/web-1 to node-1
default   5m3s   Normal   Pulled      Pod/web-1   Container image "nginx:1.21" already present on machine and can be accessed by the pod
default   5m3s   Normal   Created     Pod/web-1   Container created
default   5m3s   Normal   Started     Pod/web-1   Container started
`),
    );
    expect(await cli('events --types=Warning')).toEqual(ok('', 'No events found in default namespace.\n'));
    expect(await cli('events --for sts/web -o name')).toEqual(ok(''));
    const { out } = await cli('events --for pod/web-1 -o json');
    expect(out.split('\n').slice(0, 7)).toEqual([
      '{',
      '    "kind": "EventList",',
      '    "apiVersion": "v1",',
      '    "metadata": {},',
      '    "items": [',
      '        {',
      '            "kind": "Event",',
    ]);
    const [event] = (JSON.parse(out) as { items: object[] }).items;
    expect(Object.keys(event ?? {}).join(' ')).toBe(
      'kind apiVersion metadata involvedObject reason message source firstTimestamp lastTimestamp count type eventTime ' +
        'reportingComponent reportingInstance',
    );
    expect((await cli('events -o jsonpath={.kind}')).out).toBe('EventList');
  });

  test('--watch goes on with what happens', async () => {
    await cli('apply -f web.yaml');
    const { out } = await cli('events --for pod/web-0 -w --request-timeout=5s');
    expect(out.split('\n').map((line) => line.split(/\s{2,}/)[2])).toEqual([
      'REASON',
      'Scheduled',
      'Pulled',
      'Created',
      'Started',
      undefined,
    ]);
  });

  test('mistakes', async () => {
    expect(await cli('events --for pod')).toEqual(fails('error: --for must be in resource/name form\n'));
    expect(await cli('events --for pod/a/b')).toEqual(
      fails('error: arguments in resource/name form may not have more than one slash\n'),
    );
    expect(await cli('events --for nope/a')).toEqual(fails('the server doesn\'t have a resource type "nope"\n'));
    expect(await cli('events --types=Bad')).toEqual(fails('error: valid --types are Normal or Warning\n'));
  });
});

describe('config', () => {
  const VIEW = (namespace = '') => `apiVersion: v1
clusters:
- cluster:
    server: ""
  name: local
contexts:
- context:
    cluster: local
${namespace && `    namespace: ${namespace}\n`}    user: local
  name: local
current-context: local
kind: Config
users:
- name: local
  user: {}
`;

  test('set-context chooses the namespace of every verb, until it is emptied', async () => {
    await cli('create namespace staging');
    expect(await cli('config view')).toEqual(ok(VIEW()));
    expect(await cli('config set-context --current --namespace=staging')).toEqual(ok('Context "local" modified.\n'));
    expect(await cli('config view')).toEqual(ok(VIEW('staging')));
    expect(await cli('config view --minify -o jsonpath={..namespace}')).toEqual(ok('staging'));
    expect(await cli('apply -f web.yaml')).toEqual(ok('service/nginx created\nstatefulset.apps/web created\n'));
    expect(await cli('get sts -o name')).toEqual(ok('statefulset.apps/web\n'));
    expect(await cli('get sts -n default')).toEqual(ok('', 'No resources found in default namespace.\n'));
    expect((await cli('get sts -A --no-headers')).out).toMatch(/^staging {3}web /);
    expect((await cli('rollout status sts/web')).code).toBe(0);
    expect((await cli('events')).out).toContain('Pod/web-1');
    expect(await cli('config get-contexts')).toEqual(
      ok('CURRENT   NAME    CLUSTER   AUTHINFO   NAMESPACE\n*         local   local     local      staging\n'),
    );
    expect(await cli('config set-context local --namespace=')).toEqual(ok('Context "local" modified.\n'));
    expect(await cli('get sts')).toEqual(ok('', 'No resources found in default namespace.\n'));
    expect(await cli('config get-contexts --no-headers')).toEqual(ok('*     local   local   local   \n'));
  });

  test('a manifest may still name another namespace', async () => {
    await cli('config set-context --current -n kube-system');
    cli.files.set('cm.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default}\n');
    expect(await cli('apply -f cm.yaml')).toEqual(ok('configmap/c created\n'));
  });

  test('the one context', async () => {
    expect(await cli('config current-context')).toEqual(ok('local\n'));
    expect(await cli('config get-contexts -o name')).toEqual(ok('local\n'));
    expect(await cli('config get-clusters')).toEqual(ok('NAME\nlocal\n'));
    expect(await cli('config get-users')).toEqual(ok('NAME\nlocal\n'));
    expect(await cli('config use-context local')).toEqual(ok('Switched to context "local".\n'));
    expect(await cli('config use nope')).toEqual(fails('error: no context exists with the name: "nope"\n'));
    expect(await cli('config get-contexts nope')).toEqual(
      fails('error: context nope not found\n', 'CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE\n'),
    );
    expect(await cli('config set-context')).toEqual(
      fails('error: you must specify a non-empty context name or --current\n'),
    );
    expect(await cli('config set-context local --current')).toEqual(
      fails('error: you cannot specify both a context name and --current\n'),
    );
    expect(await cli('config set-context other --namespace=x')).toEqual(
      fails(
        'error: "stsctl config set-context" changes a kubeconfig, and none is named: use --kubeconfig FILE or KUBECONFIG. ' +
          'The simulated cluster needs none\n',
      ),
    );
  });
});

const CLIENT = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.2',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};
const SERVER = {
  ...CLIENT,
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
};

describe('get --raw', () => {
  test('health and version', async () => {
    for (const path of ['/healthz', '/livez', '/readyz']) expect(await cli(['get', '--raw', path])).toEqual(ok('ok'));
    const { out } = await cli('get --raw /version');
    expect(out).toBe(JSON.stringify(JSON.parse(out), null, 2));
    expect(JSON.parse(out)).toEqual(SERVER);
    // Clients of Go want every field, in this order, and a date that is one.
    expect(JSON.parse((await cli('version -o json')).out)).toEqual({
      clientVersion: CLIENT,
      kustomizeVersion: 'v5.8.1',
      serverVersion: SERVER,
    });
    expect(Object.keys(JSON.parse((await cli('version --client -o json')).out).clientVersion)).toEqual([
      'major',
      'minor',
      'gitVersion',
      'gitCommit',
      'gitTreeState',
      'buildDate',
      'goVersion',
      'compiler',
      'platform',
    ]);
  });

  test('discovery, lists, objects', async () => {
    await cli('apply -f web.yaml');
    await cli('sim clock settle');
    const json = async (path: string): Promise<Record<string, unknown>> =>
      JSON.parse((await cli(['get', '--raw', path])).out);
    expect(await json('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    expect(await json('/apis')).toMatchObject({ kind: 'APIGroupList' });
    expect(await json('/apis/apps')).toMatchObject({ name: 'apps', versions: [{ groupVersion: 'apps/v1' }] });
    expect(await json('/api/v1')).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' });
    const pods = await json('/api/v1/namespaces/default/pods?labelSelector=app%3Dnginx');
    expect([pods.kind, (pods.items as unknown[]).length]).toEqual(['PodList', 2]);
    expect(await json('/api/v1/pods?labelSelector=app%3Dx')).toMatchObject({ items: [] });
    expect(await json('/api/v1/namespaces/default')).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'default' },
    });
    expect(await json('/apis/apps/v1/namespaces/default/statefulsets/web/scale')).toMatchObject({
      spec: { replicas: 2 },
    });
    expect(await cli('get --raw /api/v1/namespaces/default/pods/nope')).toEqual(
      fails('Error from server (NotFound): pods "nope" not found\n'),
    );
  });

  test('paths that do not exist, and flags that do not fit', async () => {
    const missing = fails('Error from server (NotFound): the server could not find the requested resource\n');
    for (const path of [
      '/nope',
      '/api/v2',
      '/apis/nope',
      '/apis/apps/v2',
      '/api/v1/nope',
      '/api/v1/pods/web-0',
      '/healthz/x',
    ])
      expect(await cli(['get', '--raw', path])).toEqual(missing);
    expect(await cli('get --raw pods')).toEqual(
      fails('error: --raw must be a valid URL path: parse "pods": invalid URI for request\n'),
    );
    expect(await cli('get pods --raw /version')).toEqual(
      fails('error: arguments may not be passed when --raw is specified\n'),
    );
    expect(await cli('get --raw /version -o yaml')).toEqual(
      fails('error: --raw and --output are mutually exclusive\n'),
    );
    expect(await cli('get --raw /version -w')).toEqual(
      fails('error: --raw may not be specified with other flags that filter the server request or alter the output\n'),
    );
    for (const path of ['/api/v1/pods?watch=true', '/api/v1/watch/pods', '/apis/apps/v1/statefulsets?watch'])
      expect(await cli(['get', '--raw', path])).toEqual(
        fails('error: --raw with a watch is not supported: use "get -w"\n'),
      );
    expect(await cli('get --raw /api/v1/pods?limit=x')).toEqual(
      fails('Error from server (BadRequest): invalid value "x" for limit: must be a whole number\n'),
    );
  });

  test('pages, other versions, and the descriptions of the API', async () => {
    await cli('apply -f web.yaml');
    await cli('sim clock settle');
    const json = async (path: string) => JSON.parse((await cli(['get', '--raw', path])).out);
    const path = '/api/v1/namespaces/default/pods?limit=1';
    const first = await json(path);
    expect([first.items.length, first.metadata.remainingItemCount]).toEqual([1, 1]);
    const second = await json(`${path}&continue=${first.metadata.continue}`);
    expect(second.items[0].metadata.name).toBe('web-1');
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
    expect(await cli(['get', '--raw', `/api/v1/pods?limit=1&continue=${first.metadata.continue}`])).toEqual(
      fails('Error from server (BadRequest): continue key is not valid: it belongs to another list\n'),
    );
    await cli('label pod web-0 a=b');
    expect((await cli(['get', '--raw', `${path}&continue=${first.metadata.continue}`])).err).toMatch(
      /^Error from server \(Expired\): The provided continue parameter is too old/,
    );
    expect((await json('/')).paths).toContain('/openapi/v3');
    expect((await json('/openapi/v3')).paths['apis/apps/v1']).toBeDefined();
    expect((await json('/openapi/v3/apis/apps/v1')).openapi).toBe('3.0.0');
    expect((await json('/api/v1/namespaces/default/pods/web-0/status')).status.phase).toBe('Running');
    expect((await cli('get --raw /readyz?verbose')).out).toContain('readyz check passed');
    expect((await cli('get --raw /api/v1/namespaces/default/pods/web-0')).out).toMatch(/^\{"kind":"Pod".*\}\n$/);
  });
});

describe('-v=6', () => {
  const calls = (text: string): string[] => text.split('\n').filter((line) => line.includes(' call '));

  test('tells every call and what followed from it, on stderr', async () => {
    const { out, err } = await cli('apply -f web.yaml -v=6');
    expect(out).toBe('service/nginx created\nstatefulset.apps/web created\n');
    expect(calls(err)).toEqual([
      '2026-01-01T00:00:00.000Z call   get services default/nginx (v1): NotFound',
      '2026-01-01T00:00:00.000Z call   create services default/nginx (v1): OK',
      '2026-01-01T00:00:00.000Z call   get statefulsets.apps default/web (apps/v1): NotFound',
      '2026-01-01T00:00:00.000Z call   create statefulsets.apps default/web (apps/v1): OK',
    ]);
    expect(err).toMatch(/^2026-01-01T00:00:00.000Z engine created pods default\/web-0 \(resourceVersion \d+\)$/m);
    const later = await cli('sim clock advance 1s -v 6');
    expect(later.err).toMatch(/^2026-01-01T00:00:01.000Z engine changed pods default\/web-0 /m);
  });

  test('a watch is told when it begins; below 6 nothing is said', async () => {
    await cli('apply -f web.yaml');
    expect(calls((await cli('get pods -w --request-timeout=1s -v=6')).err)).toEqual([
      '2026-01-01T00:00:00.000Z call   list pods default (v1): 1 object',
      '2026-01-01T00:00:00.000Z call   watch pods default (v1): begins',
    ]);
    expect((await cli('get pods -v=5')).err).toBe('');
  });
});
