/** Import of what kubectl has written to files: lists, dumps, and what is damaged. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/api/types';
import { type Cli, createCli, webYaml } from '../support/cli';

let source: Cli;
let cli: Cli;
beforeEach(async () => {
  source = createCli({ 'web.yaml': webYaml(2) });
  await source('apply -f web.yaml');
  await source('rollout status sts/web');
  cli = createCli();
});
afterEach(() => {
  source.dispose();
  cli.dispose();
});

const KINDS = 'sts,pods,pvc,pv,controllerrevisions,services,nodes,ns,storageclasses';
const json = async (from: Cli, command: string): Promise<{ items: KubeObject[] }> =>
  JSON.parse((await from(`${command} -o json`)).out);
const everything = async (from: Cli) =>
  (await json(from, `get ${KINDS}`)).items.map(
    ({ metadata: { resourceVersion: _, managedFields: __, ...metadata }, ...object }) => ({
      ...object,
      metadata,
    }),
  );

describe('sim import -f', () => {
  it.each(['yaml', 'json'])('takes what kubectl get -o %s wrote, and nothing happens', async (format) => {
    cli.files.set(`all.${format}`, (await source(`get ${KINDS} -o ${format}`)).out);
    const result = await cli(`sim import -f all.${format}`);
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(result.out).toContain('statefulset.apps/web imported\n');
    const before = await everything(cli);
    expect(before.filter(({ kind }) => /Set|Pod|Claim/.test(kind))).toEqual(
      (await everything(source)).filter(({ kind }) => /Set|Pod|Claim/.test(kind)),
    );
    await cli('sim clock settle');
    await cli('sim clock advance 1h');
    expect(await everything(cli)).toEqual(before);
  });

  it('finds nothing to do in what a real cluster has printed', async () => {
    const transcript = readFileSync(new URL('../conformance/cases/get-yaml/transcript', import.meta.url), 'utf8');
    const printed = (command: string): string =>
      transcript
        .split(/^(?=[$@])/m)
        .filter((part) => part.startsWith(`$ kubectl ${command}\n`))
        .flatMap((part) => part.split('\n').filter((line) => line.startsWith('| ')))
        .map((line) => `${line.slice(2)}\n`)
        .join('');
    cli.files.set('real/sts.yaml', printed('get sts web -o yaml'));
    cli.files.set('real/pods.json', printed('get pods -o json'));
    cli.files.set('real/pvc.yaml', printed('get pvc www-web-0 -o yaml'));
    cli.files.set('real/svc.yaml', printed('get svc nginx -o yaml'));
    expect((await cli('sim import -f real')).err).toBe(
      'Warning: in place of volumes that are not known, those that their claims tell of: "pvc-c70f501c-8e55-4d04-976a-5cd0a88e814b"\n',
    );
    const get = async () => (await json(cli, 'get sts,pods,pvc,services')).items;
    const before = await get();
    await cli('sim clock settle');
    await cli('sim clock advance 1h');
    expect(await get()).toEqual(before);
    expect((await cli('get sts web -o yaml')).out.replace(/resourceVersion: .*/, '')).toBe(
      printed('get sts web -o yaml').replace(/resourceVersion: .*/, ''),
    );
    expect((await cli('get controllerrevisions -o name')).out).toBe('controllerrevision.apps/web-7b58bccc69\n');
  });

  it('reads it from standard input, and only what is asked for', async () => {
    const { out: text } = await source(`get ${KINDS} -o json`);
    const { out } = await cli(['sim', 'import', '-f', '-', 'sts/web'], text);
    expect(out).toContain('pod/web-1 imported\n');
    expect(out).not.toContain('service/kubernetes');
    expect(await cli(['sim', 'import', '-f', '-', 'sts/none'], text)).toEqual({
      code: 1,
      out: '',
      err: 'Error from server (NotFound): statefulsets.apps "none" not found\n',
    });
  });

  it('says what a cluster-info dump lacks', async () => {
    const list = async (kinds: string): Promise<string> => {
      const { items } = await json(source, `get ${kinds}`);
      const [first] = items;
      return JSON.stringify({
        kind: `${first?.kind}List`,
        apiVersion: first?.apiVersion,
        items: items.map(({ kind: _, apiVersion: __, ...object }) => object),
      });
    };
    cli.files.set('dump/nodes.json', await list('nodes'));
    cli.files.set('dump/default/pods.json', await list('pods'));
    cli.files.set('dump/default/services.json', await list('services'));
    cli.files.set('dump/default/web-0/logs.txt', '==== START logs\n');
    const { code, err, out } = await cli('sim import -f dump');
    expect(code).toBe(0);
    expect(out).toContain('pod/web-0 imported\n');
    expect(err).toContain(
      'Warning: the StatefulSet "web" of namespace default is not in the files, 2 pods of it are: add what ' +
        '"kubectl get statefulsets,controllerrevisions,persistentvolumeclaims,poddisruptionbudgets -n default -o yaml" writes',
    );
    cli.files.set('dump/sets.yaml', (await source('get statefulsets,controllerrevisions -o yaml')).out);
    const again = await cli('sim import -f dump');
    expect(again.err).toBe('');
    expect(again.out).toContain('statefulset.apps/web imported\n');
    await cli('sim clock settle');
    expect((await everything(cli)).filter(({ kind }) => kind === 'Pod')).toEqual(
      (await everything(source)).filter(({ kind }) => kind === 'Pod'),
    );
  });

  it.each([
    ['a: [', /^error: error parsing bad.yaml: .*line 1/],
    [
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: []}}\n- {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: 3}}\n',
      /^error: bad.yaml: object 2 \(Pod "b"\): json: cannot unmarshal number into Go struct field PodSpec.spec.containers of type .*\n$/,
    ],
    ['apiVersion: v1\nkind: Pod\nmetadata: {}\n', /^error: bad.yaml: object 1 \(Pod\): metadata.name is missing\n$/],
    [
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec: {replicas: 1}\n',
      /^error: bad.yaml: object 1 \(StatefulSet "s"\): spec.selector is missing\n$/,
    ],
    ['kind: Pod\nmetadata: {name: a}\n', /^error: bad.yaml: object 1 \(Pod\): apiVersion is missing\n$/],
  ])('names what is damaged, and takes nothing: %#', async (text, err) => {
    const before = (await cli('get all,cm -A')).out;
    cli.files.set('bad.yaml', text);
    const result = await cli('sim import -f bad.yaml');
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toMatch(err);
    expect((await cli('get all,cm -A')).out).toBe(before);
  });

  it('leaves out custom resources without their definition, and takes them with it', async () => {
    const custom = 'apiVersion: db.example.com/v1\nkind: Database\nmetadata: {name: main, uid: u-1}\n';
    cli.files.set('custom.yaml', custom);
    expect((await cli('sim import -f custom.yaml')).err).toBe(
      'Warning: 1 object of the kind Database (db.example.com/v1) left out: import its CustomResourceDefinition with it\n',
    );
    cli.files.set(
      'with.yaml',
      `${custom}---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: databases.db.example.com, uid: u-2}
spec:
  group: db.example.com
  scope: Namespaced
  names: {plural: databases, singular: database, kind: Database}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`,
    );
    const result = await cli('sim import -f with.yaml');
    expect(result).toMatchObject({ code: 0, err: '' });
    expect((await cli('get databases -o name')).out).toBe('database.db.example.com/main\n');
  });

  it('keeps fields that are not known here', async () => {
    cli.files.set(
      'new.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, uid: u-3}\ndata: {a: b}\nfuture: {x: 1}\n',
    );
    await cli('sim import -f new.yaml');
    expect((await cli('get cm c -o jsonpath={.future.x}')).out).toBe('1');
  });

  it('can be undone', async () => {
    const before = (await cli('get all,cm -A')).out;
    cli.files.set('all.yaml', (await source(`get ${KINDS} -o yaml`)).out);
    await cli('sim import -f all.yaml');
    expect((await cli('sim undo')).code).toBe(0);
    expect((await cli('get all,cm -A')).out).toBe(before);
  });
});
