/** `top` against a metrics API: the expected tables are kubectl 1.36.3's over the same answers. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, createCli } from '../support/cli';

const PATH = '/apis/metrics.k8s.io/v1beta1';
type Used = readonly [cpu: string, memory: string, swap?: string];
const usage = ([cpu, memory, swap]: Used) => ({ cpu, memory, ...(swap && { swap }) });
const podOf = (namespace: string, name: string, containers: Readonly<Record<string, Used>>) => ({
  metadata: { namespace, name },
  containers: Object.entries(containers).map(([container, used]) => ({ name: container, usage: usage(used) })),
});
const nodeOf = (name: string, ...used: [string, string, string?]) => ({ metadata: { name }, usage: usage(used) });

const PODS = [
  podOf('default', 'web-1', { nginx: ['1234567n', '2100Ki'], side: ['3m', '10Mi'] }),
  podOf('default', 'web-0', { nginx: ['250m', '128Mi', '5Mi'] }),
  podOf('kube-system', 'dns-longer-name', { dns: ['1500m', '1Gi'] }),
];
const CORE = ['node-1', 'node-2', 'node-3'].map((name) => ({
  kind: 'Node',
  apiVersion: 'v1',
  metadata: { name },
  status: {
    allocatable: { cpu: '4', memory: '8Gi' },
    capacity: { cpu: '5', memory: '10Gi' },
    nodeInfo: { swap: { capacity: 104857600 } },
  },
}));

let answers: Record<string, unknown>;
let server: Server;
let cli: Cli;
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const found = answers[path];
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    const name = path.split('/').at(-1);
    const status = {
      kind: 'Status',
      status: 'Failure',
      reason: 'NotFound',
      code: 404,
      message: `pods "${name}" not found`,
    };
    response.end(JSON.stringify(found ?? status));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => void server.close());
beforeEach(() => {
  cli = createCli();
  const kinds = (groupVersion: string, pod: string, node: string) => ({
    kind: 'APIResourceList',
    groupVersion,
    resources: [
      { name: 'pods', singularName: 'pod', namespaced: true, kind: pod, verbs: ['get', 'list'] },
      { name: 'nodes', singularName: 'node', namespaced: false, kind: node, verbs: ['get', 'list'] },
    ],
  });
  const version = { groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' };
  answers = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': {
      kind: 'APIGroupList',
      groups: [{ name: 'metrics.k8s.io', versions: [version], preferredVersion: version }],
    },
    '/api/v1': kinds('v1', 'Pod', 'Node'),
    [PATH]: kinds('metrics.k8s.io/v1beta1', 'PodMetrics', 'NodeMetrics'),
    [`${PATH}/nodes`]: { items: [nodeOf('node-2', '250m', '1Gi'), nodeOf('node-1', '1999m', '2047Mi', '10Mi')] },
    [`${PATH}/pods`]: { items: PODS },
    [`${PATH}/namespaces/default/pods`]: { items: PODS.slice(0, 2) },
    [`${PATH}/namespaces/default/pods/web-0`]: PODS[1],
    '/api/v1/nodes': { kind: 'NodeList', apiVersion: 'v1', metadata: {}, items: CORE },
    '/api/v1/namespaces/default/pods': { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] },
  };
});
afterEach(() => cli.dispose());

const top = async (what: string) => {
  const { port } = server.address() as AddressInfo;
  const { out, err, code } = await cli(`top ${what} --server http://127.0.0.1:${port}`);
  return [out.replace(/ +$/gm, (spaces) => '·'.repeat(spaces.length)), err, code];
};
const table = (...lines: string[]) => [`${lines.join('\n')}\n`, '', 0];

describe('top', () => {
  it('of nodes', async () => {
    expect(await top('node')).toEqual(
      table(
        'NAME     CPU(cores)   CPU(%)      MEMORY(bytes)   MEMORY(%)···',
        'node-1   1999m        49%         2047Mi          24%·········',
        'node-2   250m         6%          1024Mi          12%·········',
        'node-3   <unknown>    <unknown>   <unknown>       <unknown>···',
      ),
    );
    expect(await top('node --show-capacity --no-headers')).toEqual(
      table(
        'node-1   1999m       39%         2047Mi      19%·········',
        'node-2   250m        5%          1024Mi      10%·········',
        'node-3   <unknown>   <unknown>   <unknown>   <unknown>···',
      ),
    );
    expect((await top('node --show-swap'))[0]).toContain(
      'node-1   1999m        49%         2047Mi          24%         10Mi          10%·········\n',
    );
  });

  it('of pods', async () => {
    expect(await top('pod')).toEqual(
      table(
        'NAME    CPU(cores)   MEMORY(bytes)···',
        'web-0   250m         128Mi···········',
        'web-1   5m           12Mi············',
      ),
    );
    expect(await top('pod -A --sum --sort-by=memory')).toEqual(
      table(
        'NAMESPACE     NAME              CPU(cores)   MEMORY(bytes)···',
        'kube-system   dns-longer-name   1500m        1024Mi··········',
        'default       web-0             250m         128Mi···········',
        'default       web-1             5m           12Mi············',
        '                                ________     ________········',
        '                                1755m        1164Mi··········',
      ),
    );
    expect(await top('pod --containers')).toEqual(
      table(
        'POD     NAME    CPU(cores)   MEMORY(bytes)···',
        'web-0   nginx   250m         128Mi···········',
        'web-1   nginx   2m           2Mi·············',
        'web-1   side    3m           10Mi············',
      ),
    );
    expect((await top('pod web-0'))[0]).toContain('web-0   250m         128Mi');
  });

  it('says what is missing', async () => {
    expect(await top('pod nope')).toEqual(['', 'Error from server (NotFound): pods "nope" not found\n', 1]);
    answers[`${PATH}/nodes`] = { items: [] };
    answers[`${PATH}/namespaces/default/pods`] = { items: [] };
    expect(await top('node')).toEqual(['', 'error: metrics not available yet\n', 1]);
    expect(await top('pod')).toEqual(['', 'No resources found in default namespace.\n', 0]);
    answers['/apis'] = { kind: 'APIGroupList', groups: [] };
    expect(await top('pod')).toEqual(['', 'error: Metrics API not available\n', 1]);
    expect(await cli('top pod')).toEqual({ out: '', err: 'error: Metrics API not available\n', code: 1 });
  });
});
