/** `cluster-info dump` of the simulated cluster and of a served one, beside what kubectl dumps of the same server. */
import { expect, test } from 'vitest';
import { createCli, webYaml } from '../support/cli';
import { BEARER, serve, webSet } from '../support/served';
import { describeOracle, kubectl } from './support/kubectl';

/** The parts of a dump: lists, and the lines around logs. */
function parts(text: string): unknown[] {
  return (
    text
      .split(/(?<=^\}\n)|(?<=^(?:====|Request) .*\n)/m)
      // Why a log can't be had kubectl does not know: it looks at no body.
      .filter((part) => part !== '' && !part.startsWith('Request log error: '))
      .map((part) => (part.startsWith('{') ? withoutZeroes(JSON.parse(part)) : part))
  );
}

/** What a typed client adds: fields that Go can't leave out. */
const withoutZeroes = (list: { items: { status?: { daemonEndpoints?: unknown } }[] }): object => {
  for (const { status } of list.items) if (status) delete status.daemonEndpoints;
  return list;
};

describeOracle('cluster-info dump', () => {
  test('tells of a server what kubectl tells of it', { timeout: 60_000 }, async () => {
    const served = await serve();
    const there = [
      `--server=https://127.0.0.1:${served.server.port}`,
      `--token=${BEARER.replace('Bearer ', '')}`,
      '--insecure-skip-tls-verify',
    ];
    await served.call('POST', '/apis/apps/v1/namespaces/default/statefulsets', webSet(2));
    const cli = createCli();
    for (const flags of [[], ['-A'], ['--namespaces=default,nope'], ['-n', 'kube-system']]) {
      const args = ['cluster-info', 'dump', ...there, ...flags];
      const [real, own] = [await kubectl(args), await cli(args)];
      expect({ ...own, out: parts(own.out) }).toEqual({ ...real, out: parts(real.out) });
    }
    for (const flags of [
      ['-o', 'name'],
      ['-o', 'nope'],
      ['-o', 'jsonpath={.kind}{"\\n"}'],
      ['--pod-running-timeout=0s'],
    ]) {
      const args = ['cluster-info', 'dump', ...there, ...flags];
      const cleaned = ({ out, err, code }: { out: string; err: string; code: number | null }) => ({
        out: out.replace(/^Request log error: .*\n/gm, ''),
        err: err.split('\n')[0],
        code,
      });
      expect(cleaned(await cli(args)), flags.join(' ')).toEqual(cleaned(await kubectl(args)));
    }
    cli.dispose();
    await served.stop();
  });
});

test('the simulated cluster, to standard output and into a folder', async () => {
  const cli = createCli({ 'web.yaml': webYaml(1) });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
  const { out, err, code } = await cli('cluster-info dump --namespaces=default');
  expect({ err, code }).toEqual({ err: '', code: 0 });
  const kinds = parts(out).map((part) => (typeof part === 'string' ? part : (part as { kind: string }).kind));
  expect(kinds).toEqual([
    'NodeList',
    'EventList',
    'ReplicationControllerList',
    'ServiceList',
    'DaemonSetList',
    'DeploymentList',
    'ReplicaSetList',
    'PodList',
    expect.stringMatching(/^==== START logs for container \w+ of pod default\/web-0 ====\n$/),
    expect.stringMatching(/==== END logs for container \w+ of pod default\/web-0 ====\n$/),
  ]);
  const state = await cli('get pods -o name');
  expect(await cli('cluster-info dump -o yaml --output-directory=/dump/')).toEqual({
    out: 'Cluster info dumped to /dump/\n',
    err: '',
    code: 0,
  });
  const written = [...cli.files.keys()].filter((name) => name.startsWith('/dump/'));
  expect(written).toContain('/dump/nodes.yaml');
  expect(written).toContain('/dump/default/web-0/logs.txt');
  expect(written).toHaveLength(1 + 2 * 7 + 1);
  expect(Buffer.from(cli.files.get('/dump/kube-system/pods.yaml') ?? '').toString()).toMatch(
    /^---\napiVersion: v1\nitems: \[\]\nkind: PodList\n/,
  );
  expect(await cli('get pods -o name')).toEqual(state);
  cli.dispose();
});
