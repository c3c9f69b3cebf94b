/** `port-forward`: to simulated pods, and to the pods of a served cluster; the refusals are kubectl's own. */
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cli, createCli } from '../support/cli';
import { kubeconfigOf, type Served, serve } from '../support/served';

const MANIFEST = `apiVersion: v1
kind: Service
metadata: {name: front}
spec:
  selector: {app: web}
  ports: [{name: http, port: 8080, targetPort: web}, {name: dns, port: 53, protocol: UDP, targetPort: 53}, {name: bad, port: 99, targetPort: nono}]
---
apiVersion: v1
kind: Service
metadata: {name: nosel}
spec: {ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: "nginx:1.25", ports: [{containerPort: 80, name: web}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stuck}
spec: {containers: [{name: c, image: "does-not-exist:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: redis}
spec: {containers: [{name: c, image: "redis:7", ports: [{containerPort: 6379}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db}
spec: {containers: [{name: c, image: "mysql:8", env: [{name: MYSQL_ROOT_PASSWORD, value: x}]}]}
`;

let served: Served;
let cli: Cli;
let flags: string;
beforeAll(async () => {
  served = await serve({ idleMs: 20, paceMs: 5 });
  cli = createCli({ 'all.yaml': MANIFEST });
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${cli.state}.kubeconfig`, kubeconfigOf(served, { c: undefined }));
  flags = ` --kubeconfig ${cli.state}.kubeconfig`;
  for (const to of ['', flags]) expect((await cli(`apply -f all.yaml${to}`)).code).toBe(0);
  await cli('sim clock settle');
  for (const pod of ['web-0', 'redis', 'db'])
    expect((await cli(`wait pod/${pod} --for=jsonpath={.status.phase}=Running --timeout=20s${flags}`)).err).toBe('');
}, 60_000);
afterAll(async () => {
  cli.dispose();
  expect(served.troubles).toEqual([]);
  await served.stop();
});

const portIn = (out: string): number => Number(/127\.0\.0\.1:(\d+) ->/.exec(out)?.[1]);

/** The body of an answer of the web; the error where there is none. */
const fetchFrom = (port: number, path = '/'): Promise<string> =>
  new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => {
        text += part.toString('utf8');
      });
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    asked.on('error', (error) => resolve(error.message));
    asked.end();
  });

/** What a server says to some bytes until it closes. */
const say = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (part: Buffer) => {
      text += part.toString('utf8');
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => {});
  });

/** Runs the command, does something while it listens, and answers what it said. Ports are masked. */
async function forwarding(command: string, work: (port: number) => Promise<void>) {
  cli.whileListening = (out) => work(portIn(out));
  const { out, err, code } = await cli(command);
  const port = portIn(out);
  const masked = (text: string): string => text.replaceAll(String(port), 'PORT');
  return { out: masked(out), err: masked(err), code };
}

const BOTH: readonly (readonly [name: string, flags: () => string])[] = [
  ['the simulated cluster', () => ''],
  ['a served cluster', () => flags],
];

describe.each(BOTH)('port-forward on %s', (_, to) => {
  it('hands requests of the web to the server in the pod, also twice over one Service', async () => {
    await cli([
      'exec',
      'web-0',
      ...to().split(' ').filter(Boolean),
      '--',
      'sh',
      '-c',
      'echo hello > /usr/share/nginx/html/index.html',
    ]);
    const answers: string[] = [];
    const said = await forwarding(`port-forward svc/front :http --address 127.0.0.1${to()}`, async (port) => {
      answers.push(await fetchFrom(port));
      answers.push((await fetchFrom(port, '/nope')).slice(0, 3));
    });
    expect(answers).toEqual(['200 hello\n', '404']);
    expect(said).toEqual({
      out: `Forwarding from 127.0.0.1:PORT -> 80\n${'Handling connection for PORT\n'.repeat(2)}`,
      err: '',
      code: 0,
    });
  });

  it('speaks Redis, and keeps what was written', async () => {
    let said = '';
    await forwarding(`port-forward redis :6379 --address 127.0.0.1${to()}`, async (port) => {
      said = await say(port, '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$3\r\n1 2\r\nGET a\r\nPING\r\nQUIT\r\n');
    });
    expect(said).toBe('+OK\r\n$3\r\n1 2\r\n+PONG\r\n+OK\r\n');
    expect((await cli(`exec redis${to()} -- redis-cli get a`)).out).toBe('1 2\n');
  });

  it('loses the pod where nobody listens, and says so where a protocol is not spoken', async () => {
    const nobody = await forwarding(`port-forward web-0 :81 --address 127.0.0.1${to()}`, async (port) => {
      expect(await fetchFrom(port)).toBe('socket hang up');
      await new Promise((resolve) => setTimeout(resolve, 3_000).unref());
    });
    expect(nobody.code).toBe(1);
    expect(nobody.err).toMatch(
      /^an error occurred forwarding PORT -> 81: error forwarding port 81 to pod web-0, .*: connection refused\nerror: lost connection to pod\n$/,
    );
    const other = await forwarding(`port-forward db :3306 --address 127.0.0.1${to()}`, async (port) => {
      await say(port, '');
      await new Promise((resolve) => setTimeout(resolve, 3_000).unref());
    });
    expect(other.err).toBe(
      'an error occurred forwarding PORT -> 3306: what listens on port 3306 is simulated, and its protocol (mysql) is not ' +
        'spoken over connections from outside: use its client in a container with "exec"\nerror: lost connection to pod\n',
    );
  });

  // What kubectl 1.36.3 said, asked of a served cluster.
  it.each([
    ['web-0 a', "error: Pod 'web-0' does not have a named port 'a'\n"],
    ['web-0 8000:', "error: Pod 'web-0' does not have a named port ''\n"],
    [
      'web-0 70000',
      'error: error parsing local port \'70000\': strconv.ParseUint: parsing "70000": value out of range\n',
    ],
    ['web-0 +80', 'error: error parsing local port \'+80\': strconv.ParseUint: parsing "+80": invalid syntax\n'],
    ['web-0 x:80', 'error: error parsing local port \'x\': strconv.ParseUint: parsing "x": invalid syntax\n'],
    ['web-0 0:0', 'error: remote port must be > 0\n'],
    ['web-0 :80 --address=foo', 'error: foo is not a valid IP\n'],
    ['stuck 18080:80', 'error: unable to forward port because pod is not running. Current status=Pending\n'],
    ['gone 18080:80', 'Error from server (NotFound): pods "gone" not found\n'],
    ['pod web-0 80', 'Error from server (NotFound): pods "pod" not found\n'],
    ['sts/zzz 80', 'Error from server (NotFound): statefulsets.apps "zzz" not found\n'],
    ['svc/front 18080:nope', "error: Service 'front' does not have a named port 'nope'\n"],
    ['svc/front 18080:7', 'error: Service front does not have a service port 7\n'],
    ['svc/front 18080:99', "error: Pod 'web-0' does not have a named port 'nono'\n"],
    ['svc/front 18080:53', 'error: UDP protocol is not supported for 53\n'],
    [
      'svc/nosel 80',
      "error: cannot attach to *v1.Service: invalid service 'nosel': Service is defined without a selector\n",
    ],
    ['cm/kube-root-ca.crt 80', 'error: cannot attach to *v1.ConfigMap: selector for *v1.ConfigMap not implemented\n'],
    [
      'x',
      "error: TYPE/NAME and list of ports are required for port-forward\nSee 'stsctl port-forward -h' for help and examples\n",
    ],
    [
      'web-0 80 --pod-running-timeout=0',
      "error: --pod-running-timeout must be higher than zero\nSee 'stsctl port-forward -h' for help and examples\n",
    ],
  ])('refuses %s', async (words, err) => {
    expect(await cli(`port-forward ${words}${to()}`)).toEqual({ out: '', err, code: 1 });
  });
});

describe('the ports of this machine', () => {
  let taken: Server;
  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void taken.close());

  it('that are taken are named; it goes on with the others', async () => {
    const { port } = taken.address() as AddressInfo;
    const trouble =
      `Unable to listen on port ${port}: Listeners failed to create with the following errors: ` +
      `[unable to create listener: Error listen tcp4 127.0.0.1:${port}: bind: address already in use]\n`;
    expect(await cli(`port-forward web-0 ${port}:80 --address 127.0.0.1`)).toEqual({
      out: '',
      err: `${trouble}error: unable to listen on any of the requested ports: [{${port} 80}]\n`,
      code: 1,
    });
    cli.whileListening = async () => {};
    expect(await cli(`port-forward web-0 ${port}:80 :80 --address 127.0.0.1`)).toMatchObject({ err: trouble, code: 0 });
  });
});
