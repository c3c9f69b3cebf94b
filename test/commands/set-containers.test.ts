import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml() });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });
const containers = async (): Promise<string> =>
  (await cli('get sts web -o jsonpath={.spec.template.spec.containers[0].env}')).out;

describe('set env', () => {
  test('sets, lists and removes; what is so already is not said', async () => {
    expect(await cli('set env sts/web MODE=prod LEVEL=1')).toEqual(ok('statefulset.apps/web env updated\n'));
    expect(await containers()).toBe('[{"name":"MODE","value":"prod"},{"name":"LEVEL","value":"1"}]');
    expect(await cli('set env sts/web MODE=prod')).toEqual(ok(''));
    expect(await cli('set env sts/web --list')).toEqual(ok('# StatefulSet web, container nginx\nMODE=prod\nLEVEL=1\n'));
    expect(await cli('set env sts/web MODE- NEW=x --list')).toEqual(
      ok('# StatefulSet web, container nginx\nLEVEL=1\nNEW=x\n'),
    );
    expect(await cli('set env sts web MODE- LEVEL-')).toEqual(ok('statefulset.apps/web env updated\n'));
    expect(await containers()).toBe('');
  });

  test('takes the keys of ConfigMaps and Secrets, and resolves them', async () => {
    await cli('create configmap app --from-literal=log.level=info --from-literal=mode=x');
    await cli('create secret generic db --from-literal=password=geheim');
    expect(await cli('set env sts/web --from=configmap/app --keys=log.level --prefix=APP_')).toEqual(
      ok('statefulset.apps/web env updated\n', 'Warning: key log.level transferred to LOG_LEVEL\n'),
    );
    expect(await cli('set env sts/web --from=secret/db')).toEqual(
      ok('statefulset.apps/web env updated\n', 'Warning: key password transferred to PASSWORD\n'),
    );
    expect(await cli('set env sts/web --list')).toEqual(
      ok(
        '# StatefulSet web, container nginx\n# APP_LOG_LEVEL from configmap app, key log.level\n' +
          '# PASSWORD from secret db, key password\n',
      ),
    );
    await cli('delete configmap app');
    expect(await cli('set env sts/web --list --resolve')).toEqual(
      ok(
        '# StatefulSet web, container nginx\n# APP_LOG_LEVEL from configmap app, key log.level\nPASSWORD=geheim\n',
        'error retrieving reference for APP_LOG_LEVEL: configmaps "app" not found\n',
      ),
    );
    expect(await cli('set env sts/web --from=sts/web')).toEqual(
      fails('error: unsupported resource specified in --from\n'),
    );
  });

  test('reads standard input, keeps to the containers named, and to what may be overwritten', async () => {
    expect(await cli('set env sts/web -', 'A=1\n# no\nB=2#x\n')).toEqual(ok('statefulset.apps/web env updated\n'));
    expect(await containers()).toBe('[{"name":"A","value":"1"},{"name":"B","value":"2"}]');
    expect(await cli('set env sts/web A=2 --overwrite=false')).toEqual(
      fails("error: statefulsets/web 'A' already has a value (1), and --overwrite is false\n"),
    );
    expect(await cli('set env sts/web A=1 =b')).toEqual(
      fails('error: all resources must be specified before environment changes: sts/web A=1 =b\n'),
    );
    expect(await cli('set env svc/nginx A=2')).toEqual(
      fails('error: services/nginx the object is not a pod or does not have a pod template: *v1.Service\n'),
    );
    expect(await cli('set env sts/web A=2 -c other')).toEqual(
      ok('', 'Warning: StatefulSet/web does not have any containers matching "other"\n'),
    );
    expect(await cli('set env sts/web A=3 -c ng*x --dry-run=server')).toEqual(
      ok('statefulset.apps/web env updated (server dry run)\n'),
    );
    expect(await containers()).toBe('[{"name":"A","value":"1"},{"name":"B","value":"2"}]');
  });

  test('changes a file alone with --local', async () => {
    cli.files.set(
      'pod.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: i}]}\n',
    );
    expect(await cli('set env --local -f pod.yaml A=1 -o yaml')).toEqual(
      ok(
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - env:\n    - name: A\n' +
          '      value: "1"\n    image: i\n    name: c\n    resources: {}\nstatus: {}\n',
      ),
    );
  });

  test('complains in kubectl’s words', async () => {
    const complaints: readonly (readonly [string, string])[] = [
      ['set env', 'one or more resources must be specified as <resource> <name> or <resource>/<name>'],
      ['set env sts/web A=1 foo', 'all resources must be specified before environment changes: sts/web A=1 foo'],
      ['set env sts/web A=1 A-', 'can not both modify and remove the same environment variable in the same command'],
      ['set env sts/web A=1 --keys=x', 'when specifying --keys, a configmap or secret must be provided with --from'],
      ['set env sts/web --list -o yaml', '--list and --output may not be specified together'],
      ['set env sts A=1 --all -l a=b', 'cannot set --all and --selector at the same time'],
      ['set env svc/nginx A=1', 'services/nginx the object is not a pod or does not have a pod template: *v1.Service'],
    ];
    for (const [command, text] of complaints) expect(await cli(command)).toEqual(fails(`error: ${text}\n`));
  });
});

describe('set resources', () => {
  test('sets limits and requests, and says nothing when nothing changes', async () => {
    expect(await cli('set resources sts/web -c nginx --limits=cpu=200m,memory=512Mi --requests=cpu=0.1')).toEqual(
      ok('statefulset.apps/web resource requirements updated\n'),
    );
    const path = '-o jsonpath={.spec.template.spec.containers[0].resources}';
    expect((await cli(`get sts web ${path}`)).out).toBe(
      '{"limits":{"cpu":"200m","memory":"512Mi"},"requests":{"cpu":"100m"}}',
    );
    expect(await cli('set resources sts/web --limits=cpu=200m')).toEqual(ok(''));
    expect((await cli('set resources sts/web --limits=cpu=50m')).err).toMatch(
      /^error: failed to patch resources update to pod template StatefulSet.apps "web" is invalid: /,
    );
    expect(await cli('set resources svc/nginx --limits=cpu=200m')).toEqual(
      fails('error: services/nginx the object is not a pod or does not have a pod template: *v1.Service\n'),
    );
    expect((await cli(`set resources sts/web --limits=cpu=1 --dry-run=client ${path}`)).out).toBe(
      '{"limits":{"cpu":"1","memory":"512Mi"},"requests":{"cpu":"100m"}}',
    );
  });

  test('complains in kubectl’s words', async () => {
    const complaints: readonly (readonly [string, string])[] = [
      ['sts/web', 'you must specify an update to requests or limits (in the form of --requests/--limits)'],
      ['sts/web --limits=cpu=1 -c zz', 'unable to find container named zz'],
      ['sts/web --limits=cpu', 'Invalid argument syntax cpu, expected <resource>=<value>'],
      [
        'sts/web --limits=cpu=zz',
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      ],
    ];
    for (const [args, text] of complaints)
      expect(await cli(`set resources ${args}`)).toEqual(fails(`error: ${text}\n`));
  });
});

describe('cordon, uncordon, rollout pause and resume', () => {
  test('close and open a node', async () => {
    expect(await cli('cordon node-1 --dry-run=client')).toEqual(ok('node/node-1 cordoned (dry run)\n'));
    expect(await cli('cordon node-1')).toEqual(ok('node/node-1 cordoned\n'));
    expect(await cli('cordon node-1')).toEqual(ok('node/node-1 already cordoned\n'));
    expect((await cli('get node node-1 -o jsonpath={.spec.unschedulable}')).out).toBe('true');
    expect(await cli('uncordon -l kubernetes.io/hostname=node-1')).toEqual(ok('node/node-1 uncordoned\n'));
    expect((await cli('get node node-1 -o jsonpath={.spec.unschedulable}')).out).toBe('');
    expect(await cli('cordon')).toEqual(
      fails("error: USAGE: cordon NODE [flags]\nSee 'stsctl cordon -h' for help and examples\n"),
    );
    expect(await cli('uncordon a -l b')).toEqual(
      fails(
        "error: cannot specify both a node name and a --selector option\nSee 'stsctl uncordon -h' for help and examples\n",
      ),
    );
    expect(await cli('cordon nope')).toEqual(fails('Error from server (NotFound): nodes "nope" not found\n'));
  });

  test('a StatefulSet cannot be paused', async () => {
    expect(await cli('rollout pause sts/web')).toEqual(
      fails('error: statefulsets.apps "web" pausing is not supported\n'),
    );
    expect(await cli('rollout resume sts web')).toEqual(
      fails('error: statefulsets.apps "web" resuming is not supported\n'),
    );
    expect(await cli('rollout pause')).toEqual(fails('error: required resource not specified\n'));
  });
});
