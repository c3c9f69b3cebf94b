/** `serve` as a command: what it writes and says, what it refuses, and that it ends in an orderly way. */
import { request } from 'node:https';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { selfSigned } from '../../src/core/server';
import { type Cli, createCli } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli();
});
afterEach(() => cli.dispose());

interface Access {
  readonly url: string;
  readonly token: string;
  readonly ca: string;
}

function access(file: string): Access {
  const text = String(cli.files.get(file));
  const find = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
  const ca = Buffer.from(find(/certificate-authority-data: (\S+)/), 'base64').toString();
  return { url: find(/server: (\S+)/), token: find(/token: (\S+)/), ca };
}

const code = ({ url, token, ca }: Access, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { ca, agent: false, headers: { authorization: `Bearer ${token}` } });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });

it('writes a kubeconfig that lets clients in, and ends when it is told to', async () => {
  let seen = 0;
  let first: Access | undefined;
  cli.whileServing = async () => {
    first = access('kc');
    seen = await code(first, '/api/v1/namespaces/default');
  };
  const result = await cli('serve --kubeconfig-out kc');
  expect(seen).toBe(200);
  expect(result).toEqual({
    out: `serving the Kubernetes API at ${first?.url}\nexport KUBECONFIG=kc\n`,
    err: '',
    code: 0,
  });
  // A connection that was kept is reset; a new one is refused.
  await expect(code(first as Access, '/version')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
});

it('keeps token and certificate from one run to the next', async () => {
  await cli('serve --kubeconfig-out kc');
  const before = access('kc');
  await cli('serve --kubeconfig-out kc');
  const after = access('kc');
  expect([after.token, after.ca]).toEqual([before.token, before.ca]);
  expect(before.ca).toContain('BEGIN CERTIFICATE');
});

it('makes new secrets where those of before are damaged', async () => {
  await cli('serve --kubeconfig-out kc');
  const { ca } = access('kc');
  cli.files.set('kc.server', '{"token": 5');
  await cli('serve --kubeconfig-out kc');
  expect(access('kc').ca).not.toBe(ca);
});

it('serves what commands wrote, and leaves behind what clients did', async () => {
  await cli('create configmap before --from-literal=a=b');
  let found = 0;
  cli.whileServing = async () => {
    found = await code(access('kc'), '/api/v1/namespaces/default/configmaps/before');
    await cli('create configmap meanwhile');
  };
  await cli('serve --kubeconfig-out kc');
  expect(found).toBe(200);
  expect((await cli('get cm -o name')).out).toBe('configmap/before\nconfigmap/kube-root-ca.crt\nconfigmap/meanwhile\n');
});

it('refuses what makes no sense, before anything is opened', async () => {
  const refused = async (flags: string) => (await cli(`serve ${flags}`)).err;
  expect(await refused('--port 99999')).toBe('error: invalid port 99999: must be between 0 and 65535\n');
  expect(await refused('--clock sun')).toBe('error: unknown clock "sun": expected wall or virtual\n');
  expect(await refused('--pace soon')).toBe(
    'error: invalid value "soon" for --pace: must be a duration such as 20ms\n',
  );
  expect(await refused('--idle -1s')).toBe('error: invalid value "-1s" for --idle: must be a duration such as 20ms\n');
  expect(await refused('more')).toContain('Unexpected args: [more]');
});

it('names a port that is taken', async () => {
  let second: { err: string; code: number } | undefined;
  cli.whileServing = async () => {
    const { port } = new URL(access('kc').url);
    const other = createCli();
    second = await other(`serve --port ${port}`);
    other.dispose();
    expect(second.err).toBe(`error: port ${port} is taken: choose another with --port\n`);
  };
  await cli('serve --kubeconfig-out kc');
  expect(second?.code).toBe(1);
});

it('writes down who asked for what', async () => {
  cli.whileServing = async () => {
    const known = access('kc');
    await code(known, '/api/v1/namespaces/default/pods?limit=5');
    await code({ ...known, token: 'wrong' }, '/api/v1/secrets');
  };
  await cli('serve --kubeconfig-out kc --audit-log audit.log');
  const events = String(cli.files.get('audit.log')).trim().split('\n');
  expect(
    events.map((line) => JSON.parse(line)).map((e) => [e.verb, e.objectRef?.resource, e.responseStatus.code]),
  ).toEqual([
    ['list', 'pods', 200],
    ['list', 'secrets', 401],
  ]);
  expect((await cli('serve --audit-log /nowhere/audit.log')).err).toBe(
    "error: cannot write /nowhere/audit.log: ENOENT: no such file or directory, open '/nowhere/audit.log'\n",
  );
});

it('lets other machines in only with a certificate', async () => {
  const { certificate, key } = selfSigned(Date.now());
  cli.files.set('own.crt', certificate);
  cli.files.set('own.key', key);
  cli.files.set('other.key', selfSigned(Date.now()).key);
  const refused = async (flags: string) => (await cli(`serve ${flags}`)).err;
  const alone =
    'error: --listen 0.0.0.0 lets other machines in: name a certificate for it with --tls-cert-file and --tls-private-key-file\n';
  expect(await refused('--listen 0.0.0.0')).toBe(alone);
  expect(await refused('--listen ::')).toBe(alone.replace('0.0.0.0', '::'));
  expect(await refused('--listen nowhere')).toBe('error: invalid address "nowhere": must be an IP address\n');
  expect(await refused('--listen 0.0.0.0 --tls-cert-file own.crt')).toBe(
    'error: --tls-cert-file and --tls-private-key-file must be given together\n',
  );
  const files = '--tls-cert-file own.crt --tls-private-key-file';
  expect(await refused(`--listen 0.0.0.0 ${files} other.key`)).toBe(
    'error: cannot use own.crt: the private key is not the one of the certificate\n',
  );
  expect(await refused(`${files} nothing.key`)).toMatch(/^error: cannot read nothing\.key: /);
  const codes: number[] = [];
  cli.whileServing = async () => {
    const known = access('kc');
    expect([known.ca, known.url]).toEqual([certificate, expect.stringMatching(/^https:\/\/localhost:/)]);
    codes.push(await code(known, '/version'), await code({ ...known, token: '' }, '/version'));
  };
  expect((await cli(`serve --listen 0.0.0.0 ${files} own.key --kubeconfig-out kc`)).code).toBe(0);
  expect(codes).toEqual([200, 401]);
});
