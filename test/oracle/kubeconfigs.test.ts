/** `config` on kubeconfigs, command by command, beside kubectl itself: what is printed, and what the files hold afterwards. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadYaml } from '@kubernetes/client-node/dist/yaml.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../support/cli';
import { describeOracle, kubectlPath } from './support/kubectl';

const ONE = `apiVersion: v1
kind: Config
preferences: {colors: true}
extensions: [{name: e, extension: {a: b}}]
clusters:
- name: c
  cluster: {server: "https://one:6443", certificate-authority: ca.crt, tls-server-name: x, extensions: [{name: x, extension: {a: 1}}]}
- name: 10.0.0.1
  cluster: {certificate-authority-data: YWJj, server: ""}
users:
- name: u
  user: {token: secret, exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: bin/plug, args: [a], env: [{name: A, value: b}]}}
- name: basic
  user: {username: me, password: pw, auth-provider: {name: oidc, config: {id: abc}}}
contexts:
- name: b
  context: {cluster: c, user: u}
- name: a
  context: {cluster: c, user: u, namespace: dev}
- name: empty
  context: {}
- name: lost
  context: {cluster: nope, user: nobody}
current-context: a
`;
const TWO = `clusters:
- name: c
  cluster: {server: "https://second"}
- name: second
  cluster: {server: "https://two:6443", certificate-authority: /etc/ca.crt}
contexts:
- name: two
  context: {cluster: second, user: u}
current-context: two
`;

/** Each runs in a folder of its own, one command after the other. */
const ON_ONE: readonly (readonly string[])[] = [
  [
    'set clusters.c.server https://x',
    'set clusters.10.0.0.1.server https://y',
    'set users.new.token abc',
    'view --raw',
  ],
  [
    'set clusters.c.certificate-authority-data YWJj',
    'set clusters.c.certificate-authority-data !!!',
    'set clusters.c.certificate-authority-data ab',
  ],
  [
    'set users.u.client-key-data raw-text --set-raw-bytes',
    'set users.u.client-key-data raw-text --set-raw-bytes=false',
  ],
  [
    'set clusters.c.insecure-skip-tls-verify true',
    'set clusters.c.insecure-skip-tls-verify maybe',
    'set clusters.c.disable-compression T',
  ],
  [
    'set current-context nowhere',
    'set preferences.colors false',
    'set kind x',
    'set users.u.act-as me',
    'set users.u.act-as-groups me',
  ],
  [
    'set a.b c',
    'set clusters.c.server.more c',
    'set users.u.exec.command x',
    'set users.u.act-as-user-extra.a c',
    'set contexts.a.namespace x',
  ],
  [
    'unset current-context',
    'unset contexts.a.namespace',
    'unset contexts.zz',
    'unset contexts.zz.user',
    'unset contexts.b',
    'unset clusters',
  ],
  [
    'unset users.u.exec',
    'unset users.basic.auth-provider',
    'unset preferences.colors',
    'unset preferences',
    'unset clusters.c.tls-server-name',
    'unset users',
  ],
  [
    'delete-context a',
    'delete-context a',
    'delete-context b',
    'delete-cluster c',
    'delete-cluster c',
    'delete-user u',
    'delete-user u',
    'delete-user x y',
  ],
  ['delete-context b', 'delete-context lost', 'delete-context empty', 'delete-context a', 'current-context'],
  ['rename-context a b', 'rename-context a z', 'rename-context a y', 'rename-context b x', 'current-context'],
  [
    'set-context --current --user=z',
    'set-context new --cluster=c --namespace=n',
    'set-context new --cluster=',
    'set-context b',
    'set-context',
    'set-context b --current',
    'set-context a -n x',
  ],
  [
    'set-cluster c --server=https://z',
    'set-cluster n --server=https://z --tls-server-name=q --proxy-url=http://p',
    'set-cluster n --insecure-skip-tls-verify',
    'set-cluster n --insecure-skip-tls-verify=false',
  ],
  [
    'set-cluster c --certificate-authority=ca.crt',
    'set-cluster c --certificate-authority=FOLDER/sub/ca.crt',
    'set-cluster c --certificate-authority=/etc/x.crt',
    'set-cluster c --certificate-authority=FOLDER/ca.crt --embed-certs',
    'set-cluster c --insecure-skip-tls-verify=true',
  ],
  [
    'set-cluster c --embed-certs',
    'set-cluster c --certificate-authority=FOLDER/no --embed-certs',
    'set-cluster c --certificate-authority=x --insecure-skip-tls-verify',
    'set-cluster c --proxy-url=',
    'set-cluster 10.0.0.1 --certificate-authority=FOLDER/a',
  ],
  [
    'set-credentials u --username=x',
    'set-credentials u --token=t',
    'set-credentials u --token=t --username=x',
    'set-credentials basic --password=new',
    'set-credentials basic --username= --password=',
  ],
  [
    'set-credentials u --client-certificate=FOLDER/ca.crt --client-key=FOLDER/sub/k',
    'set-credentials u --client-certificate=FOLDER/ca.crt --client-key=FOLDER/ca.crt --embed-certs',
    'set-credentials u --embed-certs',
    'set-credentials u --client-key=FOLDER/no --embed-certs',
  ],
  [
    'set-credentials u --exec-command=bin/other --exec-arg=a,b --exec-arg=c',
    'set-credentials u --exec-env=A=c --exec-env=B=d',
    'set-credentials u --exec-env=A-',
    'set-credentials u --exec-command=q',
    'set-credentials u --exec-interactive-mode=No',
    'set-credentials u --exec-interactive-mode=Never --exec-provide-cluster-info',
  ],
  [
    'set-credentials n --exec-command=plug --exec-api-version=client.authentication.k8s.io/v1beta1',
    'set-credentials n --exec-arg=1',
    'set-credentials m --exec-arg=1',
    'set-credentials k --exec-command=plug --exec-api-version=client.authentication.k8s.io/v1',
    'view',
  ],
  [
    'set-credentials n --auth-provider=oidc --auth-provider-arg=a=b,c=d',
    'set-credentials n --auth-provider-arg=a-',
    'set-credentials basic --auth-provider=other',
    'set-credentials basic --auth-provider-arg=x=y=z',
    'set-credentials q --auth-provider-arg=x=y',
  ],
  ['use-context b', 'use-context b', 'use-context nope', 'use two', 'current-context'],
  [
    'view',
    'view --raw',
    'view --minify',
    'view --minify --raw',
    'view --flatten',
    'view --flatten --raw',
    'view -o json',
    'view --minify --context b',
    'view --minify --context lost',
    'view --minify --context empty',
    'view --minify --context zz',
    'view --context b',
    'view --merge=false',
    'view -o name',
    'view -o jsonpath={.users[*].name}',
    'view extra',
  ],
];
const ON_SEVERAL: readonly (readonly string[])[] = [
  [
    'view --raw',
    'view --merge=false',
    'set-context two --namespace=n',
    'set clusters.second.server https://z',
    'set clusters.c.server https://z',
  ],
  [
    'set clusters.third.server https://t',
    'set-context --current --namespace=q',
    'rename-context two three',
    'delete-cluster c',
    'delete-cluster c',
  ],
  [
    'set current-context two',
    'unset current-context',
    'unset current-context',
    'delete-context two',
    'set preferences.colors true',
  ],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fill(files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  if (files.one) chmodSync(join(folder, 'one'), 0o640);
}

/** What is in the folder: the content of kubeconfigs, and who may read them. */
const held = (): object =>
  Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((name) => [
        name,
        [statSync(join(folder, name)).mode.toString(8), loadYaml<unknown>(readFileSync(join(folder, name), 'utf8'))],
      ]),
  );

interface Said {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
  readonly held: object;
}

/** Help pages that kubectl prints beside an error are its own, and so are addresses of memory. */
const cleaned = (said: Said): Said => ({
  ...said,
  out: said.code === 0 ? said.out : '',
  err: said.err.replace(/^See '.*\n/m, ''),
});

function asked(commands: readonly string[], how: Record<string, string>): Said[] {
  return commands.map((command) => {
    const args = [...words(command), ...flagOf(how)];
    const { stdout, stderr, status } = spawnSync(kubectlPath(), args, {
      encoding: 'utf8',
      env: { HOME: folder, ...(how.env && { KUBECONFIG: how.env }) },
      cwd: process.cwd(),
    });
    return cleaned({ out: stdout, err: stderr, code: status, held: held() });
  });
}

const words = (command: string): string[] => ['config', ...command.replaceAll('FOLDER', folder).split(' ')];
const flagOf = (how: Record<string, string>): string[] => (how.file ? ['--kubeconfig', how.file] : []);

async function answered(commands: readonly string[], how: Record<string, string>): Promise<Said[]> {
  const cli = createCli();
  cli.calledAs = 'kubectl';
  cli.env.HOME = folder;
  // Without --kubeconfig it is the whole shell that is about a real cluster.
  if (how.env) Object.assign(cli.env, { KUBECONFIG: how.env, STSCTL_BACKEND: 'cluster' });
  try {
    const all: Said[] = [];
    for (const command of commands) {
      const { out, err, code } = await cli([...words(command), ...flagOf(how)]);
      all.push(cleaned({ out, err, code, held: held() }));
    }
    return all;
  } finally {
    cli.dispose();
  }
}

async function compare(
  commands: readonly string[],
  files: Readonly<Record<string, string>>,
  how: Record<string, string>,
): Promise<void> {
  fill(files);
  const wanted = asked(commands, how);
  fill(files);
  const got = await answered(commands, how);
  const shown = (said: Said[]) => said.map((one, i) => ({ command: commands[i], ...one }));
  expect(shown(got)).toEqual(shown(wanted));
}

describeOracle('config edits kubeconfigs as kubectl does', () => {
  test.each(ON_ONE.map((commands) => [commands.join('; '), commands] as const))('%s', async (_, commands) => {
    await compare(commands, { one: ONE, 'ca.crt': 'hello\n' }, { file: join(folder, 'one') });
  });

  test.each(ON_SEVERAL.map((commands) => [commands.join('; '), commands] as const))(
    'several: %s',
    async (_, commands) => {
      await compare(
        commands,
        { one: ONE, two: TWO },
        { env: ['missing', 'two', 'one', 'two'].map((name) => join(folder, name)).join(':') },
      );
    },
  );

  test('makes a file that is not there, for its owner alone, with its folder', async () => {
    const commands = [
      'set-context a --cluster=c',
      'use-context a',
      'set-cluster c --server=x',
      'set-credentials u --token=t',
    ];
    await compare(commands, {}, { file: join(folder, 'new') });
    await compare(commands, {}, { env: ['no1', 'no2'].map((name) => join(folder, name)).join(':') });
  });

  test('waits for nobody who holds the lock', async () => {
    const commands = ['set-context b --namespace=x', 'use-context b', 'delete-user nope', 'set a.b c', 'view --minify'];
    await compare(commands, { one: ONE, 'one.lock': '{}' }, { file: join(folder, 'one') });
    expect(existsSync(join(folder, 'one.lock'))).toBe(true);
  });
});
