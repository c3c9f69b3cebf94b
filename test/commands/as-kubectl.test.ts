/** What a comparison with kubectl over the same cluster brought to light. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

const DEFINITION = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
});
const WIDGET = JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } });

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(1), 'crd.json': DEFINITION, 'w.json': WIDGET });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

it('a kind that knows no strategic patch is refused by the name of the patch', async () => {
  await cli('apply -f crd.json');
  await cli('apply -f w.json');
  expect(await cli(['patch', 'widget', 'w', '-p', '{"metadata":{"labels":{"a":"b"}}}'])).toEqual({
    out: '',
    err:
      'error: application/strategic-merge-patch+json is not supported by example.com/v1, Kind=Widget: the body of the ' +
      'request was in an unknown format - accepted media types include: application/json-patch+json, ' +
      'application/merge-patch+json, application/apply-patch+yaml\n',
    code: 1,
  });
});

it('events in JSON say nothing of who wrote which field', async () => {
  const { out } = await cli('events -o json');
  expect(JSON.parse(out).items.length).toBeGreaterThan(0);
  expect(out).not.toContain('managedFields');
});

it('a revision in YAML is the set as it was then', async () => {
  await cli('set image sts/web nginx=nginx:1.22');
  await cli('sim clock settle');
  const { out } = await cli('rollout history sts/web --revision=1 -o json');
  const shown = JSON.parse(out);
  expect([shown.kind, shown.metadata.name, shown.spec.template.spec.containers[0].image]).toEqual([
    'StatefulSet',
    'web',
    'nginx:1.21',
  ]);
  expect(shown.spec.template.$patch).toBeUndefined();
});

it('the keys that become variables of another name are told', async () => {
  await cli('create configmap app --from-literal=log.level=info --from-literal=MODE=x');
  expect(await cli('set env sts/web --from=configmap/app')).toEqual({
    out: 'statefulset.apps/web env updated\n',
    err: 'Warning: key log.level transferred to LOG_LEVEL\n',
    code: 0,
  });
});

it('a core version that is not there is named with its empty group', async () => {
  expect((await cli('explain pods --api-version=v2')).err).toBe(
    'error: couldn\'t find resource for "/v2, Resource=pods"\n',
  );
});

it('of several kinds the tables are sorted, by what tables have', async () => {
  expect((await cli('get sts --sort-by=.metadata.name')).code).toBe(0);
  for (const what of ['sts,pods', 'sts,jobs', 'sts/web pod/web-0'])
    expect(await cli(`get ${what} --sort-by=.metadata.name`)).toEqual({
      out: '',
      err: 'error: couldn\'t find any field with path "{.metadata.name}" in the list of objects\n',
      code: 1,
    });
  const { out } = await cli('get sts,pods --sort-by=.kind');
  expect(out.split('\n').map((line) => line.split(' ')[0])).toEqual([
    'NAME',
    'statefulset.apps/web',
    '',
    'NAME',
    'pod/web-0',
    '',
  ]);
});

it('one object is shown, whatever it is to be sorted by', async () => {
  expect((await cli('get pods web-0 --sort-by=.nope --no-headers')).out).toMatch(/^web-0 /);
});

it('a name has its kind in front where several kinds were found, not where they were asked for', async () => {
  const { out, err } = await cli('get pod,sts web-0 --no-headers');
  expect(out).toMatch(/^web-0 /);
  expect(err).toBe('Error from server (NotFound): statefulsets.apps "web-0" not found\n');
});

it('logs of what does not exist name the namespace', async () => {
  const gone = (what: string) => `error: error from server (NotFound): ${what} not found in namespace "default"\n`;
  expect(await cli('logs nope')).toEqual({ out: '', err: gone('pods "nope"'), code: 1 });
  expect(await cli('logs sts/nope')).toEqual({ out: '', err: gone('statefulsets.apps "nope"'), code: 1 });
});

it('of several that are waited for, none is looked at once the time is over', async () => {
  await cli('scale sts web --replicas=2');
  await cli('sim clock settle');
  await cli('annotate pod web-0 stsctl.dev/ready=false');
  await cli('sim clock settle');
  expect(await cli('wait --for=condition=Ready pod/web-1 pod/web-0 --timeout=1s')).toMatchObject({
    out: 'pod/web-1 condition met\n',
    code: 1,
  });
  expect(await cli('wait --for=condition=Ready pod/web-0 pod/web-1 --timeout=1s')).toEqual({
    out: '',
    err: 'timed out waiting for the condition on pods/web-0\ntimed out waiting for the condition on pods/web-1\n',
    code: 1,
  });
});

it('what cannot be restarted is named with its resource', async () => {
  expect((await cli('rollout restart svc/nginx')).err).toBe('error: services "nginx" restarting is not supported\n');
});

it('the history shows one revision a number, the last by name', async () => {
  const two = webYaml(1).slice(webYaml(1).indexOf('---') + 4);
  cli.files.set('b.yaml', two.replace('name: web', 'name: b').replace('image: nginx:1.21', 'image: nginx:1.22'));
  await cli('apply -f b.yaml');
  await cli('sim clock settle');
  await cli('delete sts web --cascade=orphan');
  await cli('sim clock settle');
  expect((await cli('get controllerrevisions --no-headers')).out).toMatch(/^b-.* statefulset.apps\/b +1 .*\nweb-.* 1 /);
  expect((await cli('rollout history sts/b')).out).toBe(
    'statefulset.apps/b \nREVISION  CHANGE-CAUSE\n1         <none>\n\n',
  );
});

it('several objects that were applied come in a list without a version', async () => {
  const { out } = await cli('apply -f web.yaml -o json');
  expect(JSON.parse(out).metadata).toEqual({});
});
