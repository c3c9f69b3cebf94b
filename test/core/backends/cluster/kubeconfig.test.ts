/** Kubeconfigs: which files, which context, which credentials, and what is said of those that can't be used. */
import fs, {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { editKubeConfig, locateCluster, openCluster, viewKubeConfig } from '../../../../src/core/backends/cluster';
import { proxyFor } from '../../../../src/core/backends/cluster/kubeconfig/proxy';
import { errorText } from '../../../../src/core/client/errors';
import type { ClusterChoice, KubeConfigChange } from '../../../../src/core/client/remote';
import { selfSigned } from '../../../../src/core/server';
import { configMap, fakeApi, json, MAPS, status } from '../../../support/fake-api';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-kubeconfig-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const host = (env: Record<string, string> = {}) => ({
  now: () => Date.now(),
  sleep: async () => {},
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  env: { HOME: folder, ...env },
});

const CONFIG = (server = 'https://one:6443'): string => `apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: {server: "${server}"}
users:
- name: u
  user: {token: secret}
contexts:
- name: b
  context: {cluster: c, user: u}
- name: a
  context: {cluster: c, user: u, namespace: dev}
- name: lost
  context: {cluster: nowhere, user: u}
current-context: a
`;

function said(run: () => unknown): string {
  try {
    run();
  } catch (e) {
    if (e instanceof Error) return errorText(e).text;
  }
  return 'nothing';
}

const locate = (choice: ClusterChoice, env: Record<string, string> = {}) => locateCluster(choice, host(env));
const open = (choice: ClusterChoice) => openCluster({ choice, host: host(), userAgent: 'stsctl/test' });

describe('where commands go', () => {
  it('is the current context, or the one that is named, with its namespace', () => {
    const kubeconfig = file('plain', CONFIG());
    expect(locate({ kubeconfig })).toMatchObject({ name: 'a', namespace: 'dev', server: 'https://one:6443' });
    expect(locate({ kubeconfig, context: 'b' })).toMatchObject({ name: 'b', namespace: undefined });
    expect(locate({ kubeconfig, server: 'two:7443' })).toMatchObject({ name: 'a', server: 'https://two:7443' });
  });

  it('comes from all files of KUBECONFIG, the first one first; those that are missing do not count', () => {
    const first = file(
      'first',
      'contexts: [{name: x, context: {cluster: c, user: u, namespace: from-first}}]\ncurrent-context: x\n',
    );
    const second = file('second', CONFIG().replace('name: b', 'name: x'));
    const env = { KUBECONFIG: `${join(folder, 'not-there')}:${first}:${second}` };
    expect(locate({}, env)).toMatchObject({ name: 'x', namespace: 'from-first', server: 'https://one:6443' });
  });

  it('comes from the home folder else, and from nowhere at last', () => {
    expect(locate({})).toMatchObject({ server: 'http://localhost:8080' });
    mkdirSync(join(folder, '.kube'));
    writeFileSync(join(folder, '.kube', 'config'), CONFIG('https://home:1'));
    expect(locate({})).toMatchObject({ server: 'https://home:1' });
    rmSync(join(folder, '.kube'), { recursive: true });
  });

  it("is refused in kubectl's words", () => {
    const kubeconfig = file('words', CONFIG());
    const cases: readonly (readonly [ClusterChoice, string, string?])[] = [
      [
        { kubeconfig, context: 'x' },
        'Error in configuration: context was not found for specified context: x\n',
        'error: context "x" does not exist\n',
      ],
      [{ kubeconfig, cluster: 'x' }, 'error: no server found for cluster "x"\n', 'error: cluster "x" does not exist\n'],
      [{ kubeconfig, user: 'x' }, 'error: auth info "x" does not exist\n'],
      [{ kubeconfig: '/not/there' }, 'error: stat /not/there: no such file or directory\n'],
      [{ kubeconfig, server: 'foo://x' }, 'Unable to connect to the server: unsupported protocol scheme "foo"\n'],
      [
        { kubeconfig, clientCertificate: '/no/cert', certificateAuthority: '/no/ca' },
        'Error in configuration: \n* client-key-data or client-key must be specified for u to use the clientCert authentication method.\n' +
          '* unable to read client-cert /no/cert for u due to open /no/cert: no such file or directory\n' +
          '* unable to read certificate-authority /no/ca for c due to open /no/ca: no such file or directory\n',
      ],
      [
        { kubeconfig, insecureSkipTlsVerify: true, certificateAuthority: kubeconfig },
        'error: specifying a root certificates file with the insecure flag is not allowed\n',
      ],
    ];
    for (const [choice, words, ofClient = words] of cases) {
      expect(said(() => locate(choice))).toBe(words);
      expect(said(() => locateCluster(choice, host(), 'server'))).toBe(ofClient);
    }
    // A cluster that no flag names is one that nobody described.
    expect(locate({ kubeconfig, context: 'lost' })).toMatchObject({ server: 'http://localhost:8080' });
  });

  it.each([
    ['a: b: c\n', 'yaml: bad indentation of a mapping entry (1:5)'],
    ['clusters: 5\n', 'clusters must be a list'],
    ['clusters: [{cluster: {}}]\n', 'clusters[0] has no name'],
    ['contexts: [{name: x, context: 7}]\n', 'contexts[0].context must be an object'],
    [
      'kind: Foo\napiVersion: v3\n',
      'no kind "Foo" is registered for version "v3" in scheme "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"',
    ],
    ['current-context: [1]\n', 'current-context must be a string'],
  ])('names a file that is wrong: %j', (text, why) => {
    const kubeconfig = file('wrong', text);
    expect(said(() => locate({ kubeconfig }))).toBe(`error: error loading config file "${kubeconfig}": ${why}\n`);
  });
});

describe('config', () => {
  it('shows contexts sorted, and no secrets', () => {
    const view = viewKubeConfig({ kubeconfig: file('shown', CONFIG()) }, host());
    expect([view.current, view.contexts.map(({ name }) => name)]).toEqual(['a', ['a', 'b', 'lost']]);
    const all = { minify: false, raw: false, flatten: false };
    expect(JSON.stringify(view.shown(all))).not.toContain('secret');
    expect(JSON.stringify(view.shown({ ...all, raw: true }))).toContain('secret');
    expect(view.shown({ ...all, minify: true })).toMatchObject({
      contexts: [{ name: 'a' }],
      users: [{ user: { token: 'REDACTED' } }],
    });
  });

  it('writes a credential plugin that lies beside it so that it is found again', () => {
    const kubeconfig = file('plugged', CONFIG());
    const change = { kind: 'set-user', name: 'u', embedCerts: false, execCommand: join(folder, 'plugin') } as const;
    const none = { set: {}, remove: [] };
    editKubeConfig({ kubeconfig }, host(), { ...change, authProviderArgs: none, execEnv: none });
    expect(readFileSync(kubeconfig, 'utf8')).toContain('command: ./plugin\n');
    expect(existsSync(`${kubeconfig}.lock`)).toBe(false);
  });

  it('changes what it was asked to, and keeps what it does not know', () => {
    const kubeconfig = file('changed', `${CONFIG()}preferences: {colors: true}\nextensions: [{name: e}]\n`);
    chmodSync(kubeconfig, 0o600);
    const edit = (change: KubeConfigChange) => editKubeConfig({ kubeconfig }, host(), change);
    edit({ kind: 'use-context', name: 'b' });
    edit({ kind: 'set-context', name: 'b', namespace: 'prod' });
    expect(locate({ kubeconfig })).toMatchObject({ name: 'b', namespace: 'prod' });
    edit({ kind: 'set-context', name: 'b', namespace: '' });
    expect(locate({ kubeconfig })).toMatchObject({ name: 'b', namespace: undefined });
    expect(readFileSync(kubeconfig, 'utf8')).toContain('extensions:\n- name: e\n');
    const before = readFileSync(kubeconfig, 'utf8');
    expect(said(() => edit({ kind: 'use-context', name: 'x' }))).toBe('error: no context exists with the name: "x"\n');
    expect(readFileSync(kubeconfig, 'utf8')).toBe(before);
  });
});

describe('a kubeconfig that is written', () => {
  const edit = (kubeconfig: string, name = 'new') =>
    editKubeConfig({ kubeconfig }, host(), { kind: 'set-context', name, namespace: 'db' });
  const beside = (name: string): string[] => readdirSync(folder).filter((other) => other.startsWith(`${name}.`));

  it('is the file behind a link, also where that is not there yet', () => {
    for (const [link, target] of [
      ['link', 'behind'],
      ['dangling', 'to-come'],
    ]) {
      if (target === 'behind') file(target, CONFIG());
      symlinkSync(`other-${link}`, join(folder, link));
      symlinkSync(target, join(folder, `other-${link}`));
      edit(join(folder, link));
      expect(lstatSync(join(folder, link)).isSymbolicLink(), link).toBe(true);
      expect(lstatSync(join(folder, target)).isFile(), link).toBe(true);
      expect(readFileSync(join(folder, target), 'utf8')).toContain('name: new\n');
      expect([...beside(link), ...beside(target)]).toEqual([]);
    }
    expect(statSync(join(folder, 'to-come')).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.getuid?.() !== 0)('stays its owner’s, whoever writes it', () => {
    const kubeconfig = file('owned', CONFIG());
    chownSync(kubeconfig, 1234, 2345);
    chmodSync(kubeconfig, 0o640);
    edit(kubeconfig);
    expect(statSync(kubeconfig)).toMatchObject({ uid: 1234, gid: 2345, mode: 0o100640 });
  });

  it('is written in place where it can’t be replaced: it may be mounted by itself', () => {
    const kubeconfig = file('mounted', CONFIG());
    const { ino } = statSync(kubeconfig);
    const rename = vi.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw Object.assign(new Error('EBUSY: resource busy or locked'), { code: 'EBUSY' });
    });
    try {
      edit(kubeconfig);
    } finally {
      rename.mockRestore();
    }
    expect(statSync(kubeconfig).ino).toBe(ino);
    expect(readFileSync(kubeconfig, 'utf8')).toContain('name: new\n');
    expect(beside('mounted')).toEqual([]);
  });

  it('is never half written, and nobody else gets to read what a killed one left', () => {
    const kubeconfig = file('killed', CONFIG());
    chmodSync(kubeconfig, 0o600);
    const left = file('killed.stsctl-next', 'half of a secr');
    chmodSync(left, 0o644);
    const modes: number[] = [];
    const write = vi.spyOn(fs, 'fsyncSync').mockImplementation((fd) => {
      modes.push(fs.fstatSync(fd).mode & 0o777);
    });
    try {
      edit(kubeconfig);
    } finally {
      write.mockRestore();
    }
    // Before its name is there its content is on the disk.
    expect(modes).toEqual([0o600]);
    expect(readFileSync(kubeconfig, 'utf8')).toContain('name: new\n');
    expect(beside('killed')).toEqual([]);
  });
});

describe('credentials', () => {
  const withExec = (server: string, command: string, rest = ''): string =>
    CONFIG(server).replace(
      'user: {token: secret}',
      `user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "${command}", interactiveMode: Never${rest}}}`,
    );

  it('come from a plugin beside the kubeconfig, which is told what is asked, and asked again when they have expired', async () => {
    const plugin = file(
      'plugin.sh',
      `#!/bin/sh\necho x >> '${folder}/runs'\nn=$(wc -l < '${folder}/runs')\nprintf '%s' "$KUBERNETES_EXEC_INFO" > '${folder}/info'\n` +
        `printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"token-%d"}}' $n\n`,
    );
    chmodSync(plugin, 0o755);
    const api = await fakeApi(({ headers }, reply) => {
      if (headers.authorization === 'Bearer token-2') json(reply, configMap('a', 1));
      else json(reply, status(401, 'Unauthorized', 'Unauthorized'), 401);
    });
    const backend = open({
      kubeconfig: file('exec', withExec(api.url, './plugin.sh', ', env: [{name: A, value: b}]')),
    });
    expect((await backend.get(MAPS, 'default', 'a')).metadata.name).toBe('a');
    expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false },
    });
    expect(api.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
    await backend.close();
    await api.close();
  });

  it.each([
    ['no-such-plugin', ', installHint: "get it"', 'exec: executable no-such-plugin not found\n\nget it'],
    ['false', '', 'exec: executable false failed'],
  ])("that a plugin can't give: %s", async (command, rest, why) => {
    const backend = open({ kubeconfig: file('broken', withExec('https://127.0.0.1:1', command, rest)) });
    const words = await backend.get(MAPS, 'default', 'a').catch((e: Error) => errorText(e).text);
    expect(words).toBe(`Unable to connect to the server: getting credentials: ${why}\n`);
  });

  it('are read from the file of a token, and the flags come first', async () => {
    const api = await fakeApi((_, reply) => json(reply, configMap('a', 1)));
    file('token', 'from-file\n');
    const kubeconfig = file('tokens', CONFIG(api.url).replace('{token: secret}', '{tokenFile: token}'));
    for (const choice of [
      { kubeconfig },
      { kubeconfig, token: 'from-flag' },
      { kubeconfig, username: 'me', password: 'pw' },
    ]) {
      const backend = open(choice);
      await backend.get(MAPS, 'default', 'a');
      await backend.close();
    }
    expect(api.asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer from-file',
      'Bearer from-flag',
      `Basic ${btoa('me:pw')}`,
    ]);
    await api.close();
  });
});

describe('TLS', () => {
  const { certificate, key } = selfSigned(Date.now());
  const listen = async (server: ReturnType<typeof createHttps> | ReturnType<typeof createHttp>): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const ask = async (choice: ClusterChoice): Promise<string> => {
    const backend = open(choice);
    try {
      return (await backend.get(MAPS, 'default', 'a')).metadata.name;
    } catch (e) {
      return e instanceof Error ? errorText(e).text : '';
    } finally {
      await backend.close();
    }
  };

  it('checks who answers', async () => {
    const server = createHttps({ cert: certificate, key }, (_, reply) => json(reply, configMap('a', 1)));
    const port = await listen(server);
    const certificateAuthority = file('ca.pem', certificate);
    const at = `https://127.0.0.1:${port}`;
    const failed = 'Unable to connect to the server: tls: failed to verify certificate: x509: ';
    expect(await ask({ server: at })).toBe(`${failed}certificate signed by unknown authority\n`);
    expect(await ask({ server: at, certificateAuthority })).toBe('a');
    expect(await ask({ server: at, insecureSkipTlsVerify: true })).toBe('a');
    expect(await ask({ server: at, certificateAuthority, tlsServerName: 'other.example' })).toMatch(
      /x509: certificate is valid for .*, not 127\.0\.0\.1\n$/,
    );
    server.close();
  });

  it('needs a server that speaks it', async () => {
    const server = createHttp((_, reply) => reply.end());
    const port = await listen(server);
    expect(await ask({ server: `https://127.0.0.1:${port}` })).toBe(
      'Unable to connect to the server: http: server gave HTTP response to HTTPS client\n',
    );
    server.close();
  });

  it('needs a name that can be found', async () => {
    expect(await ask({ server: 'https://no-such-host.invalid' })).toMatch(
      /^Unable to connect to the server: dial tcp: lookup no-such-host\.invalid: (no such host|temporary failure in name resolution)\n$/,
    );
  });
});

describe('a proxy of the environment', () => {
  it.each([
    ['https://api.example:6443', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https://api.example', { https_proxy: 'p:1' }, 'http://p:1'],
    ['http://api.example', { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['https://127.0.0.1:6443', { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'other,.example' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.example:9' }, 'http://p:1'],
    ['https://10.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://11.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' }, 'http://p:1'],
    ['https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
  ])('%s %j', (server, env, proxy) => {
    expect(proxyFor(server, env)).toBe(proxy);
  });
});
