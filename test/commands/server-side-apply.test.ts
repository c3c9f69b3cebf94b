/** Ownership of fields as a user meets it: server-side apply, managers' names, --show-managed-fields, pruning. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

const configMap = (data: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n${more}data: ${data}\n`;

const ADVICE = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
`;

let cli: Cli;
beforeEach(() => {
  cli = createCli({
    'web.yaml': webYaml(),
    'ab.yaml': configMap('{a: "1", b: "2"}', '  labels: {app: x}\n'),
    'b.yaml': configMap('{b: "2"}'),
    'a9.yaml': configMap('{a: "9"}'),
    'a9b9.yaml': configMap('{a: "9", b: "9"}'),
    'managed.yaml': configMap('{a: "1"}', '  managedFields:\n  - manager: x\n'),
    'stale.yaml': configMap('{b: "3"}', '  resourceVersion: "1"\n'),
    'unknown.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {port: 1, ports: [{name: x}]}\n',
  });
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly fieldsV1: object;
}

/** `manager operation[ subresource]` and its fields. */
async function owners(object: string): Promise<[string, object][]> {
  const { out } = await cli(`get ${object} -o json --show-managed-fields`);
  const { metadata } = JSON.parse(out) as { metadata: { managedFields?: Entry[] } };
  return (metadata.managedFields ?? []).map(({ manager, operation, subresource, fieldsV1 }) => [
    [manager, operation, ...(subresource ? [subresource] : [])].join(' '),
    fieldsV1,
  ]);
}

const names = async (object: string): Promise<string[]> => (await owners(object)).map(([name]) => name);

const data = async (): Promise<string> => (await cli('get cm c -o jsonpath={.data}')).out;

describe('server-side apply', () => {
  test('creates what is missing, owns what it names and is quiet the second time', async () => {
    expect(await cli('apply --server-side -f ab.yaml')).toEqual(ok('configmap/c serverside-applied\n'));
    const first = (await cli('get cm c -o yaml --show-managed-fields')).out;
    expect(await cli('apply --server-side -f ab.yaml')).toEqual(ok('configmap/c serverside-applied\n'));
    expect((await cli('get cm c -o yaml --show-managed-fields')).out).toBe(first);
    expect(await owners('cm c')).toEqual([
      ['kubectl Apply', { 'f:data': { 'f:a': {}, 'f:b': {} }, 'f:metadata': { 'f:labels': { 'f:app': {} } } }],
    ]);
    expect((await cli('get cm c -o yaml')).out).not.toContain('managedFields');
  });

  test('takes away what it no longer names', async () => {
    await cli('apply --server-side -f ab.yaml');
    expect(await cli('apply --server-side -f b.yaml')).toEqual(ok('configmap/c serverside-applied\n'));
    expect(await data()).toBe('{"b":"2"}');
    expect((await cli('get cm c -o jsonpath={.metadata.labels}')).out).toBe('');
    expect(await owners('cm c')).toEqual([['kubectl Apply', { 'f:data': { 'f:b': {} } }]]);
  });

  test('conflicts with other managers, one or several, and changes nothing then', async () => {
    await cli('apply --server-side -f ab.yaml');
    expect(await cli('apply --server-side --field-manager other -f a9.yaml')).toEqual(
      fails(`error: Apply failed with 1 conflict: conflict with "kubectl": .data.a\n${ADVICE}`),
    );
    await cli(['patch', 'cm', 'c', '-p', '{"data":{"b":"3"}}']);
    expect(await cli('apply --server-side --field-manager other -f a9b9.yaml')).toEqual(
      fails(
        'error: Apply failed with 2 conflicts: conflicts with "kubectl":\n- .data.a\n' +
          `conflicts with "kubectl-patch" using v1:\n- .data.b\n${ADVICE}`,
      ),
    );
    expect(await data()).toBe('{"a":"1","b":"3"}');
    expect(await cli('apply --server-side --force-conflicts --field-manager other -f a9b9.yaml')).toEqual(
      ok('configmap/c serverside-applied\n'),
    );
    expect(await owners('cm c')).toEqual([
      ['kubectl Apply', { 'f:metadata': { 'f:labels': { 'f:app': {} } } }],
      ['other Apply', { 'f:data': { 'f:a': {}, 'f:b': {} } }],
    ]);
  });

  test('shares what says the same', async () => {
    await cli('apply --server-side -f ab.yaml');
    expect((await cli('apply --server-side --field-manager other -f b.yaml')).code).toBe(0);
    expect((await cli('apply --server-side -f b.yaml')).code).toBe(0);
    expect(await owners('cm c')).toEqual([
      ['other Apply', { 'f:data': { 'f:b': {} } }],
      ['kubectl Apply', { 'f:data': { 'f:b': {} } }],
    ]);
  });

  test('a dry run keeps nothing', async () => {
    expect(await cli('apply --server-side --dry-run=server -f ab.yaml')).toEqual(
      ok('configmap/c serverside-applied (server dry run)\n'),
    );
    expect((await cli('get cm c')).code).toBe(1);
  });

  test('refuses what the API server refuses, and flags that do not go together', async () => {
    await cli('apply --server-side -f ab.yaml');
    const before = (await cli('get cm c -o yaml --show-managed-fields')).out;
    expect(await cli('apply --server-side -f managed.yaml')).toEqual(
      fails('Error from server (BadRequest): metadata.managedFields must be nil\n'),
    );
    expect((await cli('apply --server-side -f stale.yaml')).err).toContain('the object has been modified');
    expect(await cli('apply --server-side -f unknown.yaml')).toEqual(
      fails(
        'Error from server: failed to create typed patch object (default/s; v1, Kind=Service): errors:\n' +
          '  .spec.port: field not declared in schema\n' +
          '  .spec.ports: element 0: associative list with keys has an element that omits key field "port" (and doesn\'t have default value)\n',
      ),
    );
    expect((await cli('get cm c -o yaml --show-managed-fields')).out).toBe(before);
    for (const [flags, words] of [
      ['--force-conflicts', '--force-conflicts only works with --server-side'],
      [
        '--server-side --dry-run=client',
        "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
      ],
      ['--server-side --force', '--force cannot be used with --server-side'],
      ['--subresource=status', '--subresource can only be specified for --server-side'],
      [
        '--server-side --prune --all',
        "--prune is in alpha and doesn't currently work on objects created by server-side apply",
      ],
      ['--prune --all -l a=b', 'cannot set --all and --selector at the same time'],
      ['--prune -l a=b --prune-allowlist=x', 'invalid GroupVersionKind format: x, please follow <group/version/kind>'],
    ])
      expect(await cli(`apply -f ab.yaml ${flags}`), flags).toEqual(fails(`error: ${words}\n`));
  });

  test('takes over from client-side apply, and what left the file goes', async () => {
    await cli('apply -f ab.yaml');
    expect(await names('cm c')).toEqual(['kubectl-client-side-apply Update']);
    expect(await cli('apply --server-side -f b.yaml')).toEqual(ok('configmap/c serverside-applied\n'));
    expect(await data()).toBe('{"b":"2"}');
    expect(await names('cm c')).toEqual(['kubectl-last-applied Apply', 'kubectl Apply']);
    const { out } = await cli('apply view-last-applied cm c -o json');
    expect(JSON.parse(out)).toEqual({
      apiVersion: 'v1',
      data: { b: '2' },
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'default' },
    });
    // The server writes the annotation without the empty map that client-side apply puts into it.
    expect(await cli('apply -f b.yaml')).toEqual(ok('configmap/c configured\n'));
    expect(await cli('apply -f b.yaml')).toEqual(ok('configmap/c unchanged\n'));
  });
});

describe('diff', () => {
  test('shows what the server would make of it, and conflicts', async () => {
    await cli('apply --server-side -f ab.yaml');
    expect(await cli('diff --server-side -f ab.yaml')).toEqual(ok(''));
    const { out, code } = await cli('diff --server-side -f b.yaml');
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => /^[-+] /.test(line))).toEqual(['-  a: "1"', '-  labels:', '-    app: x']);
    expect(await cli('diff --server-side --field-manager=other -f a9.yaml')).toMatchObject({
      err: expect.stringContaining('Apply failed with 1 conflict: conflict with "kubectl": .data.a'),
      code: 2,
    });
    expect((await cli('diff --force-conflicts -f a9.yaml')).err).toBe(
      'error: --force-conflicts only works with --server-side\n',
    );
    expect(await data()).toBe('{"a":"1","b":"2"}');
  });
});

describe('managed fields', () => {
  test('of a set and its pods are those of a real cluster', async () => {
    await cli('apply -f web.yaml');
    await cli('set image sts/web nginx=nginx:1.22');
    await cli('sim clock settle');
    await cli('scale sts web --replicas=5');
    await cli('sim clock settle');
    expect(await names('sts web')).toEqual([
      'kubectl-client-side-apply Update',
      'kubectl-set Update',
      'kubectl Update scale',
      'kube-controller-manager Update status',
    ]);
    expect(Object.fromEntries(await owners('sts web'))).toMatchObject({
      'kubectl Update scale': { 'f:spec': { 'f:replicas': {} } },
      'kubectl-set Update': {
        'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"nginx"}': { 'f:image': {} } } } } },
      },
    });
    const pod = await owners('pod web-0');
    expect(pod.map(([name]) => name).filter((name) => !name.startsWith('kube-scheduler'))).toEqual([
      'kube-controller-manager Update',
      'kubelet Update status',
    ]);
    expect(JSON.stringify(pod)).not.toContain('f:nodeName');
  });

  test('carry the name of whoever wrote', async () => {
    await cli('create cm e --from-literal=a=b');
    await cli('label cm e x=y');
    await cli('annotate cm e x=y --field-manager=me');
    await cli(['patch', 'cm', 'e', '-p', '{"data":{"a":"c"}}']);
    expect((await names('cm e')).sort()).toEqual([
      'kubectl-create Update',
      'kubectl-label Update',
      'kubectl-patch Update',
      'me Update',
    ]);
    await cli('apply -f web.yaml');
    await cli('rollout restart sts/web');
    expect(await names('sts web')).toContain('kubectl-rollout Update');
  });

  test('can be cleared: nothing is tracked then until the first apply', async () => {
    await cli('apply --server-side -f ab.yaml');
    const reset = '[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]';
    expect(await cli(['patch', 'cm', 'c', '--type=json', '-p', reset])).toEqual(ok('configmap/c patched\n'));
    expect(await owners('cm c')).toEqual([]);
    await cli('label cm c q=r');
    expect(await owners('cm c')).toEqual([]);
    await cli('apply --server-side -f ab.yaml');
    expect((await names('cm c')).sort()).toEqual(['before-first-apply Update', 'kubectl Apply']);
  });

  test('of more than ten updaters the oldest are put together', async () => {
    await cli('create cm c --from-literal=a=b');
    for (let i = 1; i <= 12; i++) await cli(`annotate cm c a${i}=1 --field-manager m${i}`);
    const all = await names('cm c');
    expect(all).toHaveLength(10);
    expect(all).toContain('ancient-changes Update');
  });

  test('a patch that changes nothing leaves the object as it was', async () => {
    await cli('apply -f web.yaml');
    await cli('sim clock settle');
    const version = async (): Promise<string> =>
      (await cli('get pod web-0 -o jsonpath={.metadata.resourceVersion}')).out;
    const before = await version();
    const patch = '{"metadata":{"labels":{"app":"nginx"}}}';
    expect(await cli(['patch', 'pod', 'web-0', '-p', patch])).toEqual(ok('pod/web-0 patched (no change)\n'));
    expect(await version()).toBe(before);
  });

  test('are the same bytes each run', async () => {
    const other = createCli({ 'web.yaml': webYaml() });
    const lives = await Promise.all(
      [cli, other].map(async (run) => {
        await run('apply -f web.yaml');
        await run('sim clock settle');
        await run('label pod web-0 a=b');
        return (await run('get sts,pods,pvc,svc -o yaml --show-managed-fields')).out;
      }),
    );
    other.dispose();
    expect(lives[0]).toContain('managedFields');
    expect(lives[0]).toBe(lives[1]);
  });
});

describe('prune', () => {
  const labelled = (name: string): string =>
    `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {app: x}}\n`;

  test('deletes what was applied and is in no file any more, and nothing else', async () => {
    cli.files.set('two.yaml', labelled('one') + labelled('two'));
    cli.files.set('one.yaml', labelled('one'));
    await cli('apply -f two.yaml');
    await cli('create cm by-hand');
    await cli('label cm by-hand app=x');
    expect(await cli('apply --prune -l app=x -f one.yaml --dry-run=server')).toMatchObject({
      out: 'configmap/one unchanged (server dry run)\nconfigmap/two pruned (server dry run)\n',
      code: 0,
    });
    expect(await cli('apply --prune -l app=other -f one.yaml')).toMatchObject({ code: 1 });
    expect(await cli('apply --prune -l app=x -f one.yaml --prune-allowlist=core/v1/Secret')).toMatchObject({
      out: 'configmap/one unchanged\n',
    });
    expect(await cli('apply --prune --all -f one.yaml --prune-allowlist=core/v1/ConfigMap')).toEqual(
      ok('configmap/one unchanged\nconfigmap/two pruned\n'),
    );
    expect((await cli('get cm -o name')).out).toBe('configmap/by-hand\nconfigmap/kube-root-ca.crt\nconfigmap/one\n');
  });

  test('wants to know what to prune', async () => {
    expect(await cli('apply --prune -f ab.yaml')).toEqual(
      fails(
        'error: all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. ' +
          'If you did not mean to prune all resources, specify a label selector\n',
      ),
    );
    expect((await cli('get cm c')).code).toBe(1);
  });
});

test('a migration that fails is only warned about', async () => {
  const cli = createCli({ 'web.yaml': webYaml(), 'next.yaml': webYaml().replace('nginx:1.21', 'nginx:1.22') });
  await cli('apply -f web.yaml');
  const { code, err } = await cli('apply --server-side --force-conflicts --dry-run=server -f next.yaml');
  const text = (version: string): string =>
    'Warning: failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply. This is non-fatal and will ' +
    'be retried next time you apply. Error: Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using ' +
    `${version}: .metadata.annotations.kubectl.kubernetes.io/last-applied-configuration\n`;
  expect([code, err]).toEqual([0, text('v1') + text('apps/v1')]);
  await cli.dispose();
});
