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

it('several kinds cannot be sorted where one of them has no objects', async () => {
  expect((await cli('get sts --sort-by=.metadata.name')).code).toBe(0);
  expect((await cli('get sts,pods --sort-by=.metadata.name')).code).toBe(0);
  expect(await cli('get sts,jobs --sort-by=.metadata.name')).toEqual({
    out: '',
    err: 'error: couldn\'t find any field with path "{.metadata.name}" in the list of objects\n',
    code: 1,
  });
});

it('several objects that were applied come in a list without a version', async () => {
  const { out } = await cli('apply -f web.yaml -o json');
  expect(JSON.parse(out).metadata).toEqual({});
});
