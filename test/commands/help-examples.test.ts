/** Every example of every help page is run, each block of lines in a cluster of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/commands/verb';
import { ENTRIES } from '../../src/commands/verbs';
import { selfSigned } from '../../src/core/server/certificate';
import { type Cli, createCli, type Result, webYaml } from '../support/cli';

/** What a user would have at hand: three replicas with claims, labelled as the selectors of the examples expect. */
const WEB = `${webYaml(3)
  .replace('kind: StatefulSet\nmetadata:\n', 'kind: StatefulSet\nmetadata:\n  labels:\n    app: nginx\n    tier: web\n')
  .trimEnd()}
  volumeClaimTemplates:
  - metadata:
      name: www
    spec:
      accessModes: [ReadWriteOnce]
      resources:
        requests:
          storage: 1Gi
`;
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'one' },
  spec: { containers: [{ name: 'c', image: 'i' }] },
};
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api' },
  spec: {
    selector: { matchLabels: { app: 'api' } },
    template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
};
const pem = (what: string): string => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
const SERVER = selfSigned(Date.now());
const FILES: Readonly<Record<string, string>> = {
  'web.yaml': WEB,
  'manifests/deep/web.yaml': WEB,
  'pod.json': JSON.stringify(POD),
  'svc.yaml': JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: { ports: [{ port: 80 }] },
  }),
  'api.json': JSON.stringify(DEPLOYMENT),
  'app.env': 'MODE=prod\nLEVEL=info\n',
  'redis.conf': 'maxmemory 2mb\n',
  'demo.transcript': '$ stsctl get pods\n! No resources found in default namespace.\n',
  'real.transcript': '@settle\n$ kubectl get ns default\n| NAME   STATUS   AGE\n| default   Active   3d\n',
  'dump/nodes.json': JSON.stringify({ apiVersion: 'v1', kind: 'NodeList', items: [{ metadata: { name: 'n' } }] }),
  'tls.crt': pem('CERTIFICATE'),
  'tls.key': pem('PRIVATE KEY'),
  'server.crt': SERVER.certificate,
  'server.key': SERVER.key,
  kc: JSON.stringify({
    clusters: [{ name: 'dev', cluster: { server: 'https://dev' } }],
    users: [{ name: 'dev', user: {} }],
    contexts: [{ name: 'dev', context: { cluster: 'dev', user: 'dev', namespace: 'db' } }],
    'current-context': 'dev',
  }),
};

const STANDING = ['apply -f web.yaml', 'sim clock settle'];
const REVISIONS = ['1.22', '1.23', '1.24'].flatMap((tag) => [
  `set image sts/web nginx=nginx:${tag}`,
  'sim clock settle',
]);

/** What is done before an example, where a standing StatefulSet is not it. The first pattern that fits decides. */
const PREPARATIONS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/stsctl create -f/, []],
  [/sim import/, []],
  [/rollout (undo|history)/, [...STANDING, ...REVISIONS]],
  [/rollout pause deployment/, ['apply -f api.json']],
  [/rollout resume deployment/, ['apply -f api.json', 'rollout pause deployment/api']],
  [/set env sts\/web (MODE-|--list)/, [...STANDING, 'set env sts/web MODE=prod', 'sim clock settle']],
  [/label pod web-0 (tier=back|tier-)/, [...STANDING, 'label pod web-0 tier=front']],
  [/annotate pod web-0 note-/, [...STANDING, 'annotate pod web-0 note=x']],
  [
    /attach -it shell/,
    ['run shell --image=busybox -i --attach=false --restart=Never --command -- sh', 'sim clock settle'],
  ],
  [/port-forward svc/, [...STANDING, 'expose pod web-0 --name web --port 80']],
  [/stsctl diff/, [...STANDING, 'set image sts/web nginx=nginx:1.22']],
  [/config set-context/, [...STANDING, 'create namespace staging']],
  [
    /sim heal/,
    [
      ...STANDING,
      'sim fail node/node-9 lost',
      'sim fail pod/web-0 crash --until-healed',
      'sim fail api create pods --times 3',
    ],
  ],
  [/sim undo 3/, [...STANDING, 'label sts/web a=b']],
  [/sim redo 3/, [...STANDING, 'label sts/web a=b', 'sim undo 3']],
  [
    /sim snapshot (restore|list|delete|diff)/,
    [...STANDING, ...['before-upgrade', 'monday', 'tuesday'].map((name) => `sim snapshot save ${name}`)],
  ],
  [/config view --minify/, ['config set-context --current --namespace=staging']],
];

/** Examples that end with another code than 0: a difference is 1. */
const CODES: readonly (readonly [RegExp, number])[] = [
  [/stsctl diff [^|]+$/, 1],
  // There is no real cluster to read: test/commands/sim-import.test.ts has one.
  [/(import|plan|proxy) --context prod/, 1],
  // Nor one to ask for a token: test/commands/debug.test.ts has one.
  [/create token/, 1],
];

/** What examples say that would end with 0 even if nothing came of them. */
const SAYS: readonly (readonly [RegExp, RegExp])[] = [
  [/KUBE_EDITOR='sed/, /"replicas":4[\s\S]*statefulset\.apps\/web edited\n$/],
  [/config view --minify/, /^staging$/],
  [/stsctl delete pvc --all/, /^(persistentvolumeclaim "www-web-\d" deleted from default namespace\n){3}$/],
  [/stsctl (set|scale|patch|rollout|label|annotate) /, /./],
];

interface Page {
  readonly path: string;
  readonly examples: string;
}

async function pages(entries: readonly Entry[], parents = ''): Promise<Page[]> {
  const all: Page[] = [];
  for (const entry of entries) {
    const path = `${parents}${entry.name}`;
    const examples = entry.load ? (await entry.load()).verb.examples : entry.examples;
    all.push({ path, examples: examples ?? '' }, ...(await pages(entry.children ?? [], `${path} `)));
  }
  return all;
}

/** The blocks of a page, without their comments. */
const blocksOf = (examples: string): string[][] =>
  examples.split('\n\n').map((block) => block.split('\n').filter((line) => !line.startsWith('#')));

const chosen = <T>(table: readonly (readonly [RegExp, T])[], line: string, otherwise: T): T =>
  table.find(([pattern]) => pattern.test(line))?.[1] ?? otherwise;

/** The words of a command as a shell reads them; single and double quotes are known, variables are not. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  );

/** Runs one example line: `FEEDER | stsctl …`, `A || B`, `source <(stsctl …)`, `stsctl … >> file`, `NAME=value stsctl …`. */
async function runLine(cli: Cli, folder: string, line: string): Promise<Result> {
  const [first, second] = line.split(' || ');
  if (second) {
    const result = await runLine(cli, folder, first);
    return result.code === 0 ? result : runLine(cli, folder, second);
  }
  const sourced = /^source <\((.*)\)$/.exec(line);
  if (sourced) {
    const result = await runLine(cli, folder, sourced[1]);
    if (line.endsWith(' bash)')) execFileSync('bash', ['-n'], { input: result.out });
    return result;
  }
  const parts = line.split(' | ');
  const feeder = parts.length > 1 ? parts[0] : undefined;
  const stdin = feeder ? bash(folder, `helm() { cat web.yaml; }; ${feeder}`) : '';
  const words = wordsOf((parts.at(-1) ?? '').replace(/ >>? \S+$/, ''));
  while (/^[A-Z_]+=/.test(words[0])) {
    const [name, ...value] = (words.shift() ?? '').split('=');
    cli.env[name] = value.join('=');
  }
  expect(words[0], line).toBe('stsctl');
  return cli(line.endsWith(' --kubeconfig kc') ? inFolder(words.slice(1), folder) : words.slice(1), stdin);
}

/** A kubeconfig, and what it names, are files of the machine. */
const inFolder = (words: readonly string[], folder: string): string[] =>
  words.map((word) => word.replace(/^kc$|(?<==)tls\.(?:crt|key)$/, (name) => join(folder, name)));

const bash = (folder: string, script: string): string =>
  execFileSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });

/** Stands in for `diff`, for editors made of `sed`, and for editors that change nothing. */
function program(cli: Cli, folder: string, command: readonly string[]): number {
  if (command[0] === 'diff') {
    const [left, right] = command
      .slice(1, 3)
      .map((side) =>
        JSON.stringify(
          [...cli.files]
            .filter(([path]) => path.startsWith(`${side}/`))
            .map(([path, text]) => [path.slice(side.length), text]),
        ),
      );
    return left === right ? 0 : 1;
  }
  const script = command.at(-1) ?? '';
  const path = [...cli.files.keys()].find((key) => script.includes(key) && key.startsWith('/tmp/'));
  if (path && command.join(' ').includes('sed -i')) {
    const copy = join(folder, 'edited');
    writeFileSync(copy, cli.files.get(path) ?? '');
    bash(folder, (command.length > 1 && command[0].endsWith('sh') ? script : command.join(' ')).replace(path, copy));
    cli.files.set(path, readFileSync(copy, 'utf8'));
  }
  return 0;
}

async function runBlock(lines: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-examples-'));
  const cli = createCli(FILES);
  cli.program = (command) => program(cli, folder, command);
  try {
    for (const [name, text] of Object.entries(FILES)) if (!name.includes('/')) writeFileSync(join(folder, name), text);
    for (const command of chosen(PREPARATIONS, lines[0], STANDING))
      expect(await cli(command), command).toMatchObject({ code: 0 });
    if (lines.includes('stsctl sim clock wall')) cli.clock = undefined;
    if (lines.includes('stsctl sim restore')) writeFileSync(cli.state, '{');
    for (const line of lines) {
      const result = await runLine(cli, folder, line);
      expect(result, line).toMatchObject({ code: chosen(CODES, line, 0) });
      expect(result.out, line).toMatch(chosen(SAYS, line, /^/));
      expect(result.err, line).not.toMatch(
        /unknown (shorthand )?flag|internal error|is not supported|\bnot\b.*\byet\b/i,
      );
    }
  } finally {
    cli.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each(await pages(ENTRIES))('$path', ({ path, examples }) => {
  test('shows an example of itself', async () => {
    const lines = examples.split('\n');
    expect(lines.some((line) => line.includes(`stsctl ${path}`))).toBe(true);
    expect(lines.some((line) => line.startsWith('stsctl '))).toBe(true);
    const cli = createCli();
    try {
      const { out, code } = await cli(`${path} --help`);
      expect(code).toBe(0);
      const shown = out.split('\n').map((line) => line.trim());
      expect(shown).toContain('Examples:');
      for (const line of lines) expect(shown).toContain(line);
    } finally {
      cli.dispose();
    }
  });

  test.each(blocksOf(examples).map((lines) => [lines.join('; '), lines] as const))(
    '%s',
    (_, lines) => runBlock(lines),
    10_000,
  );
});
