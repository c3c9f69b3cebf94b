/** Several nodes on the command line: their number, drain in kubectl's words (compared with kubectl 1.36.3), lost ones. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

const POD = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {x: ${name}}}\n` +
  `spec: {nodeName: node-1, terminationGracePeriodSeconds: 1, containers: [{name: c, image: busybox}]${more}}\n`;
const BUDGET = (min: number): string =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n` +
  `spec: {minAvailable: ${min}, selector: {matchLabels: {app: nginx}}}\n`;

let cli: Cli;
beforeEach(async () => {
  cli = createCli({
    'web.yaml': webYaml(3),
    'bare.yaml': POD('bare'),
    'local.yaml': POD('local', ', volumes: [{name: e, emptyDir: {}}]'),
    'two.yaml': BUDGET(2),
    'three.yaml': BUDGET(3),
  });
  await cli('sim config nodes=3');
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });
const places = async (): Promise<string[]> =>
  (await cli('get pods -o wide --no-headers')).out
    .trim()
    .split('\n')
    .map((line) => line.split(/ +/))
    .map((cells) => `${cells[0]} ${cells[2]} ${cells[6]}`);

describe('sim config nodes', () => {
  test('more nodes, and fewer: pods of those that go are made anew elsewhere', async () => {
    expect((await cli('sim config')).out).toContain('nodes=3\n');
    expect((await cli('get nodes')).out).toBe(
      'NAME     STATUS   ROLES    AGE   VERSION\nnode-1   Ready    <none>   3s    v1.36.2\n' +
        'node-2   Ready    <none>   3s    v1.36.2\nnode-3   Ready    <none>   3s    v1.36.2\n',
    );
    await cli('sim config nodes=2');
    expect(await places()).toEqual(['web-0 Running node-1', 'web-1 Running node-2', 'web-2 Running node-3']);
    await cli('sim clock settle');
    expect(await places()).toEqual(['web-0 Running node-1', 'web-1 Running node-2', 'web-2 Running node-1']);
  });

  test('takes a number only, and all of the settings or none', async () => {
    for (const value of ['0', '101', '-1', 'x', '2.5', ''])
      expect(await cli(`sim config start=9s nodes=${value}`)).toEqual(
        fails(`error: invalid value "${value}" for setting nodes: must be a number from 1 to 100\n`),
      );
    expect((await cli('sim config')).out).toMatch(/^start=1s[\s\S]*nodes=3\n$/);
  });
});

describe('drain', () => {
  test('takes the pods off, and waits until they are gone', async () => {
    expect(await cli('drain node-2')).toEqual(
      ok('node/node-2 cordoned\nevicting pod default/web-1\npod/web-1 evicted\nnode/node-2 drained\n'),
    );
    await cli('sim clock settle');
    expect(await places()).toEqual(['web-0 Running node-1', 'web-1 Running node-1', 'web-2 Running node-3']);
    expect((await cli('get node node-2 --no-headers')).out).toMatch(/^node-2 {3}Ready,SchedulingDisabled /);
    expect((await cli('describe node node-2')).out).toContain(
      'Taints:             node.kubernetes.io/unschedulable:NoSchedule\nUnschedulable:      true\n',
    );
    expect(await cli('drain node-2')).toEqual(ok('node/node-2 already cordoned\nnode/node-2 drained\n'));
    expect(await cli('uncordon node-2')).toEqual(ok('node/node-2 uncordoned\n'));
    expect((await cli('describe node node-2')).out).toContain('Taints:             <none>\n');
  });

  test('does nothing for the sake of a dry run', async () => {
    const before = (await cli('get pods,nodes -o yaml')).out;
    expect(await cli('drain node-2 --dry-run=client')).toEqual(
      ok('node/node-2 cordoned (dry run)\nevicting pod default/web-1 (dry run)\nnode/node-2 drained (dry run)\n'),
    );
    expect(await cli('drain node-2 --dry-run=server')).toEqual(
      ok(
        'node/node-2 cordoned (server dry run)\nevicting pod default/web-1 (server dry run)\n' +
          'node/node-2 drained (server dry run)\n',
      ),
    );
    expect((await cli('get pods,nodes -o yaml')).out).toBe(before);
  });

  test('a budget is waited for: nodes one after the other', async () => {
    await cli('apply -f two.yaml');
    const refused = (pod: string): string =>
      `error when evicting pods/"${pod}" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.\n`;
    expect(await cli('drain node-1 node-2')).toEqual(
      ok(
        'node/node-1 cordoned\nnode/node-2 cordoned\nevicting pod default/web-0\npod/web-0 evicted\nnode/node-1 drained\n' +
          'evicting pod default/web-1\nevicting pod default/web-1\npod/web-1 evicted\nnode/node-2 drained\n',
        refused('web-1'),
      ),
    );
    await cli('sim clock settle');
    expect(await places()).toEqual(['web-0 Running node-3', 'web-1 Running node-3', 'web-2 Running node-3']);
  });

  test('where nothing would ever change the budget, the end comes at once', async () => {
    await cli('apply -f three.yaml');
    const refused = `error when evicting pods/"web-1" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.\n`;
    const why =
      'error when evicting pods/"web-1" -n "default": nothing is under way that would make the budget allow it';
    expect(await cli('drain node-2')).toEqual(
      fails(
        `${refused}${refused}There are pending pods in node "node-2" when an error occurred: ${why}\npod/web-1\n` +
          `error: unable to drain node "node-2" due to error: ${why}, continuing command...\n` +
          `There are pending nodes to be drained:\n node-2\n${why}\n`,
        'node/node-2 cordoned\nevicting pod default/web-1\nevicting pod default/web-1\n',
      ),
    );
    const late = 'error when evicting pods/"web-1" -n "default": global timeout reached: 7s';
    const from = Date.parse((await cli('sim clock')).out.trim().split(' ')[1] ?? '');
    expect(await cli('drain node-2 --timeout=7s')).toEqual(
      fails(
        `${refused}${refused}There are pending pods in node "node-2" when an error occurred: ${late}\npod/web-1\n` +
          `error: unable to drain node "node-2" due to error: ${late}, continuing command...\n` +
          `There are pending nodes to be drained:\n node-2\n${late}\n`,
        `node/node-2 already cordoned\n${'evicting pod default/web-1\n'.repeat(3)}`,
      ),
    );
    expect(Date.parse((await cli('sim clock')).out.trim().split(' ')[1] ?? '') - from).toBe(10_000);
    expect(await cli('drain node-2 --disable-eviction')).toEqual(
      ok('node/node-2 already cordoned\npod/web-1 deleted\nnode/node-2 drained\n'),
    );
  });

  test('pods of nobody and local data need to be given up by name', async () => {
    await cli('apply -f bare.yaml -f local.yaml');
    await cli('sim clock settle');
    const bare = 'cannot delete Pods that declare no controller (use --force to override): default/bare';
    const local = 'cannot delete Pods with local storage (use --delete-emptydir-data to override): default/local';
    expect(await cli('drain node-1')).toEqual(
      fails(
        `error: unable to drain node "node-1" due to error: [${bare}, ${local}], continuing command...\n` +
          `There are pending nodes to be drained:\n node-1\n${bare}\n${local}\n`,
        'node/node-1 cordoned\n',
      ),
    );
    expect(await cli('drain node-1 --pod-selector=x=bare --force')).toEqual(
      ok(
        'node/node-1 already cordoned\nevicting pod default/bare\npod/bare evicted\nnode/node-1 drained\n',
        'Warning: deleting Pods that declare no controller: default/bare\n',
      ),
    );
    expect((await cli('drain node-1 --force --delete-emptydir-data --grace-period=1')).out).toContain(
      'pod/local evicted\n',
    );
    expect(await places()).toHaveLength(3);
  });

  test('what is refused', async () => {
    for (const [args, message] of [
      ['', "error: USAGE: drain NODE [flags]\nSee 'stsctl drain -h' for help and examples\n"],
      [
        'node-1 -l a=b',
        "error: cannot specify both a node name and a --selector option\nSee 'stsctl drain -h' for help and examples\n",
      ],
      ['node-1 nope', 'Error from server (NotFound): nodes "nope" not found\n'],
      ['node-1 --pod-selector=a,=b', 'error: --pod-selector=<pod_selector> must be a valid label selector\n'],
    ] as const)
      expect(await cli(`drain ${args}`)).toEqual(fails(message));
    expect((await cli('get nodes')).out).not.toContain('SchedulingDisabled');
  });
});

describe('a lost node', () => {
  test('its pods can be neither entered nor read, and forcing them is the way out', async () => {
    await cli('sim fail node/node-2 lost');
    await cli('sim clock advance 6m');
    expect((await cli('get node node-2 --no-headers')).out).toMatch(/^node-2 {3}NotReady /);
    expect((await cli('get pods --no-headers')).out).toMatch(/^web-1 {3}1\/1 {3}Terminating /m);
    expect(await cli('exec web-1 -- true')).toEqual(
      fails('Error from server: error dialing backend: dial tcp 192.168.0.12:10250: i/o timeout\n'),
    );
    expect(await cli('logs web-1')).toEqual(
      fails(
        'Error from server: Get "https://192.168.0.12:10250/containerLogs/default/web-1/nginx": dial tcp 192.168.0.12:10250: i/o timeout\n',
      ),
    );
    const stuck = 'error when waiting for pod "web-1" in namespace "default" to terminate: context deadline exceeded';
    expect((await cli('drain node-2 --timeout=10s')).err).toContain(`${stuck}\n`);
    expect(await cli('drain node-2 --skip-wait-for-delete-timeout=1')).toEqual(
      ok('node/node-2 already cordoned\nnode/node-2 drained\n'),
    );
    await cli('delete pod web-1 --force --grace-period=0');
    await cli('sim clock settle');
    expect((await places())[1]).toMatch(/^web-1 Running node-[13]$/);
  });
});
