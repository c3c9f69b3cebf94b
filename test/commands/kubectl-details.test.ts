/** Details that a run of the same script through kubectl 1.36 showed: whole outputs, word for word. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
const UNREADABLE =
  'unable to decode "bad.yaml": json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.name of type string\n';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({
    'web.yaml': webYaml(),
    'bad.yaml': [configMap('one'), configMap('n'), configMap('two')].join('---\n'),
    'two.yaml': [configMap('one'), configMap('two')].join('---\n'),
    'generated.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: gen-}\n',
    nothing: '',
  });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });
const missing = (name: string, where = ''): string =>
  `Error from server (NotFound): ${where}configmaps "${name}" not found\n`;

describe('-o', () => {
  test('takes json, yaml and name in any case, and nothing else so', async () => {
    expect(await cli('get sts web -o YAML')).toEqual(await cli('get sts web -o yaml'));
    expect(await cli('get sts web -o Json')).toEqual(await cli('get sts web -o json'));
    expect(await cli('scale sts web --replicas=3 -o NAME')).toEqual(ok('statefulset.apps/web\n'));
    expect((await cli('get sts web -o WIDE')).code).toBe(1);
  });

  test('the List of apply begins with its kind', async () => {
    await cli('apply -f two.yaml');
    const { out } = await cli('apply -f two.yaml -o json');
    expect(
      out.startsWith('{\n    "kind": "List",\n    "apiVersion": "v1",\n    "metadata": {},\n    "items": [\n'),
    ).toBe(true);
    expect(JSON.parse(out).items).toHaveLength(2);
  });

  test('objects that kubectl holds in structs begin with their kind', async () => {
    for (const line of [
      'rollout history sts web',
      'set image sts web nginx=nginx:9',
      'create cm x',
      'rollout restart sts web',
    ])
      expect((await cli(`${line} -o json`)).out).toMatch(/^\{\n {4}"kind": "\w+",\n {4}"apiVersion": /);
    expect((await cli('label sts web a=b -o json')).out).toMatch(/^\{\n {4}"apiVersion": /);
  });

  test('scale shows the number that was asked for', async () => {
    const path = '-o jsonpath={.spec.replicas}/{.metadata.generation}';
    expect(await cli(`scale sts web --replicas=2 --dry-run=server ${path}`)).toEqual(ok('2/1'));
    expect(await cli(`scale sts web --replicas=2 ${path}`)).toEqual(ok('2/1'));
  });
});

describe('files that are partly wrong', () => {
  test('one file is one thing: get shows nothing of it in a structured form', async () => {
    await cli('create -f two.yaml');
    expect(await cli('get -f bad.yaml -o name')).toEqual(fails(`error: ${UNREADABLE}`));
    expect(await cli('get -f bad.yaml -f nothing -o name')).toEqual(
      fails(`error: ${UNREADABLE}`, 'configmap/one\nconfigmap/two\n'),
    );
    await cli('delete -f two.yaml');
    expect(await cli('get -f two.yaml -o yaml')).toEqual(fails(missing('one') + missing('two')));
  });

  test('create, replace and delete do what can be done before they tell what could not be read', async () => {
    const when = (verb: string): string => `error when ${verb} "bad.yaml": `;
    expect(await cli('replace -f bad.yaml')).toEqual(
      fails(missing('one', when('replacing')) + missing('two', when('replacing')) + UNREADABLE),
    );
    expect(await cli('delete -f bad.yaml')).toEqual(
      fails(missing('one', when('deleting')) + missing('two', when('deleting')) + UNREADABLE),
    );
    expect(await cli('create -f bad.yaml')).toEqual(
      fails(`error: ${UNREADABLE}`, 'configmap/one created\nconfigmap/two created\n'),
    );
  });

  test('describe tells what could not be read first, and goes on', async () => {
    expect(await cli('describe -f bad.yaml')).toEqual(fails(UNREADABLE + missing('one') + missing('two')));
    await cli('create -f two.yaml');
    const { out, err } = await cli('describe -f bad.yaml');
    expect(err).toBe(UNREADABLE);
    expect(out.match(/^Name: +\w+/gm)).toHaveLength(2);
  });

  test('a name that is to be generated names nothing', async () => {
    const error = (doing: string): string =>
      `error: error when ${doing} "generated.yaml": resource name may not be empty\n`;
    expect(await cli('replace -f generated.yaml')).toEqual(fails(error('replacing')));
    expect(await cli('delete -f generated.yaml')).toEqual(fails(error('deleting')));
    expect(await cli('apply --server-side -f generated.yaml')).toEqual(
      fails('error: from gen-: cannot use generate name with apply\n'),
    );
    expect(await cli(['apply', '-f', ''])).toEqual(fails('error: must specify one of -f and -k\n'));
  });
});

describe('patch', () => {
  test('does not say that it was a dry run', async () => {
    const patch = 'patch sts web -p {"spec":{"replicas":1}}';
    expect(await cli(`${patch} --dry-run=client`)).toEqual(ok('statefulset.apps/web patched\n'));
    expect(await cli(`${patch} --dry-run=server`)).toEqual(ok('statefulset.apps/web patched\n'));
  });

  test('what looks like JSON is taken for it', async () => {
    const refused = (why: string) => fails(`Error from server (BadRequest): ${why}\n`);
    const word = "invalid character 's' looking for beginning of object key string";
    expect(await cli(['patch', 'sts', 'web', '-p', '{spec: {replicas: 2}}'])).toEqual(refused(word));
    expect(await cli(['patch', 'sts', 'web', '--type=merge', '-p', '{spec: {replicas: 2}}'])).toEqual(
      refused(`error decoding patch: ${word}`),
    );
    expect(await cli(['patch', 'sts', 'web', '-p', '{"spec":'])).toEqual(refused('unexpected end of JSON input'));
    expect(await cli(['patch', 'sts', 'web', '-p', '{} x'])).toEqual(
      refused("invalid character 'x' after top-level value"),
    );
    expect(await cli(['patch', 'sts', 'web', '-p', 'a: [b'])).toEqual(
      fails(`error: unable to parse "a: [b": yaml: line 1: did not find expected ',' or ']'\n`),
    );
    expect(await cli('patch sts web --patch-file nothing')).toEqual(ok('statefulset.apps/web patched (no change)\n'));
  });

  test('compares the subresource with itself', async () => {
    const patch = 'patch sts web --subresource=scale --type=merge -p {"spec":{"replicas":5}}';
    expect(await cli(patch)).toEqual(ok('scale.autoscaling/web patched\n'));
    expect(await cli(patch)).toEqual(ok('scale.autoscaling/web patched (no change)\n'));
    expect(await cli(`${patch} --dry-run=server`)).toEqual(ok('scale.autoscaling/web patched (no change)\n'));
  });

  test('knows each subresource that the kind has', async () => {
    const patch = [
      '--subresource=ephemeralcontainers',
      '-p',
      '{"spec":{"ephemeralContainers":[{"name":"d","image":"d:1"}]}}',
    ];
    expect(await cli(['patch', 'pod', 'web-0', ...patch])).toEqual(ok('pod/web-0 patched\n'));
    const shown = await cli(['get', 'pod', 'web-0', '-o', 'jsonpath={.spec.ephemeralContainers[*].image}']);
    expect(shown).toEqual(ok('d:1'));
    const unknown = fails('Error from server (NotFound): the server could not find the requested resource\n');
    expect(await cli(['patch', 'sts', 'web', ...patch])).toEqual(unknown);
  });
});

test('autoscale falls back to autoscaling/v1, which knows nothing but a percentage of the CPU', async () => {
  await cli('autoscale sts web --max=3 --cpu=50%');
  const exists = 'horizontalpodautoscalers.autoscaling "web" already exists';
  const incompatible = 'failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1';
  const again = (flags: string) => cli(`autoscale sts web --max=3 ${flags}`.trim());
  expect(await again('--cpu=50%')).toEqual(fails(`Error from server (AlreadyExists): ${exists}\n`));
  expect(await again('')).toEqual(fails(`error: ${incompatible}: empty input\n`));
  expect(await again('--memory=50%')).toEqual(fails(`error: ${incompatible}: empty input\n`));
  expect(await again('--cpu=500m')).toEqual(fails(`error: ${incompatible}: %!w(<nil>)\n`));
  expect(await again('--cpu=50% --memory=1Gi')).toEqual(fails(`error: ${incompatible}: %!w(<nil>)\n`));
});

describe('what was applied last', () => {
  test('view says nothing of an object without it, but of a file', async () => {
    await cli('create -f two.yaml');
    expect(await cli('apply view-last-applied cm/one')).toEqual(ok(''));
    const text = (name: string): string =>
      `error when no last-applied-configuration annotation found on resource: ${name}\n "two.yaml": <nil>\n`;
    expect(await cli('apply view-last-applied -f two.yaml')).toEqual(fails(text('one') + text('two')));
  });

  test('set looks at every object before it says what is missing, and ends its line', async () => {
    await cli('create -f two.yaml');
    const text = (name: string): string =>
      `no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation\n`;
    expect(await cli('apply set-last-applied -f two.yaml')).toEqual(fails(text('one') + text('two')));
    await cli('apply set-last-applied -f two.yaml --create-annotation');
    expect((await cli('get cm one -o yaml')).out).toContain('last-applied-configuration: |\n');
  });
});

describe('words', () => {
  test('label asks for nothing where nothing changes', async () => {
    expect(await cli('label sts web a=b')).toEqual(ok('statefulset.apps/web labeled\n'));
    expect(await cli('label sts web a=b --resource-version=1')).toEqual(ok('statefulset.apps/web not labeled\n'));
    expect((await cli('label sts web a=c --overwrite --resource-version=1')).err).toContain('(Conflict)');
  });

  test('rollout: history and undo of nothing, several that cannot be restarted', async () => {
    expect(await cli('rollout history sts -l a=none')).toEqual(ok(''));
    expect(await cli('rollout undo sts -l a=none')).toEqual(ok(''));
    expect(await cli('rollout restart sts -l a=none')).toEqual(ok('', 'No resources found in default namespace.\n'));
    expect(await cli('rollout restart svc/nginx pod/web-0')).toEqual(
      fails('error: services "nginx" restarting is not supported\nerror: pods "web-0" restarting is not supported\n'),
    );
  });

  test('wait: the time of all objects is one', async () => {
    expect(await cli('wait pod/web-0 pod/web-1 --for=delete --timeout=1s')).toEqual(
      fails(
        'timed out waiting for the condition on pods/web-0\nclient rate limiter Wait returned an error: context deadline exceeded\n',
      ),
    );
  });

  test('exec, auth can-i, taint', async () => {
    expect(await cli('exec web-0 -c nope -- ls')).toEqual(
      fails('error: container nope is not valid for pod web-0 out of: nginx\n'),
    );
    expect(await cli('auth can-i list nodes -A')).toEqual(ok('yes\n'));
    expect(await cli('taint node node-1 a=b:NoSchedule a-')).toEqual(
      fails('error: can not both modify and remove the following taint(s) in the same command: a=\n'),
    );
  });
});

describe('structs in JSON', () => {
  /** The names of all fields, in order. */
  const fields = (value: unknown): unknown =>
    typeof value !== 'object' || value === null
      ? null
      : Array.isArray(value)
        ? value.map(fields)
        : Object.entries(value).map(([name, inner]) => [name, fields(inner)].filter((part) => part !== null));

  test('a StatefulSet has its fields in the order of Go', async () => {
    const { spec } = JSON.parse((await cli('rollout history sts web -o json')).out);
    expect(Object.keys(spec)).toEqual([
      ...['replicas', 'selector', 'template', 'serviceName', 'podManagementPolicy', 'updateStrategy'],
      ...['revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy'],
    ]);
    expect(Object.keys(spec.template.spec)).toEqual([
      ...[
        'containers',
        'restartPolicy',
        'terminationGracePeriodSeconds',
        'dnsPolicy',
        'securityContext',
        'schedulerName',
      ],
    ]);
    expect(fields(spec.template.spec.containers[0].ports)).toEqual([[['name'], ['containerPort'], ['protocol']]]);
  });

  test('a Service made by expose, a taint', async () => {
    const { spec } = JSON.parse((await cli('expose pod web-0 --port=80 --name=w -o json')).out);
    expect(Object.keys(spec)).toEqual([
      ...['ports', 'selector', 'clusterIP', 'clusterIPs', 'type', 'sessionAffinity', 'ipFamilies', 'ipFamilyPolicy'],
      'internalTrafficPolicy',
    ]);
    const node = JSON.parse((await cli('taint node node-1 a=b:NoSchedule -o json')).out);
    expect(Object.keys(node.spec.taints[0])).toEqual(['key', 'value', 'effect']);
    expect(Object.keys(node.status.conditions[0]).slice(0, 2)).toEqual(['type', 'status']);
  });
});
