/** Verbs and flags beyond the everyday ones: taints, wait in all its forms, watching with events, raw writes, colours, names. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toKyaml } from '../../src/render/kyaml';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;

beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(2) });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });

describe('taint', () => {
  test('keeps new pods off the node until it is taken away', async () => {
    expect(await cli('taint nodes node-1 dedicated=db:NoSchedule')).toEqual(ok('node/node-1 tainted\n'));
    await cli('delete pod web-0');
    await cli('sim clock advance 20s');
    expect((await cli('get pod web-0 -o jsonpath={.status.phase}')).out).toBe('Pending');
    expect((await cli('get pod web-0 -o jsonpath={.status.conditions[0].message}')).out).toContain(
      'untolerated taint(s)',
    );
    expect(await cli('taint nodes node-1 dedicated:NoSchedule-')).toEqual(ok('node/node-1 untainted\n'));
    expect((await cli('wait --for=condition=Ready pod/web-0 --timeout=60s')).out).toBe('pod/web-0 condition met\n');
    expect((await cli('get node node-1 -o jsonpath={.spec.taints}')).out).toBe('');
  });

  test('overwrites only when told to', async () => {
    await cli('taint nodes node-1 a=b:NoSchedule');
    expect(await cli('taint nodes node-1 a=c:NoSchedule')).toEqual(
      fails('error: node node-1 already has a taint(s) with same effect(s) and --overwrite is false\n'),
    );
    expect(await cli('taint nodes node-1 a=c:NoSchedule --overwrite')).toEqual(ok('node/node-1 modified\n'));
    expect((await cli('get node node-1 -o jsonpath={.spec.taints[*].value}')).out).toBe('c');
    expect(await cli('taint nodes node-1 a- --dry-run=server')).toEqual(ok('node/node-1 untainted\n'));
    expect((await cli('get node node-1 -o jsonpath={.spec.taints[*].value}')).out).toBe('c');
  });
});

describe('wait', () => {
  test('for creation waits until a selector finds something', async () => {
    await cli('scale sts web --replicas=0');
    await cli('sim clock settle');
    await cli('scale sts web --replicas=1');
    await cli('delete pod web-0 --wait=false');
    expect(await cli('wait pods -l app=nginx --for=create --timeout=60s')).toEqual(ok('pod/web-0 condition met\n'));
    expect(await cli('wait pods -l app=other --for=create --timeout=5s')).toEqual(
      fails('error: timed out waiting for the condition\n'),
    );
  });

  test('a value that is never there ends at the time-out, and zero looks once', async () => {
    const late = fails('error: timed out waiting for the condition on pods/web-0\n');
    expect(await cli('wait pod/web-0 --for=jsonpath={.status.phase}=Failed --timeout=2s')).toEqual(late);
    expect(await cli('wait pod/web-0 --for=jsonpath={.status.phase}=Failed --timeout=0')).toEqual(
      fails('error: condition not met for pods/web-0\n'),
    );
    expect(await cli(['wait', 'pod/web-0', '--for=jsonpath=a b', '--timeout=1s'])).toEqual(
      fails('error: unrecognized identifier b\n'),
    );
  });
});

describe('get', () => {
  test('--output-watch-events says what happened', async () => {
    await cli('delete pod web-1 --wait=false');
    const { out } = await cli('get pods -w --output-watch-events');
    const lines = out.split('\n');
    expect(lines[0]).toBe('EVENT      NAME    READY   STATUS        RESTARTS   AGE');
    expect(lines[1]).toMatch(/^ADDED {6}web-0 /);
    expect(out).toMatch(/^DELETED {4}web-1 /m);
    expect(out).toMatch(/^MODIFIED {3}web-1 /m);
    const json = (await cli('get pod web-0 -w --output-watch-events -o json')).out.trim().split('\n');
    expect(json.map((line) => JSON.parse(line).type)).toEqual(['ADDED']);
    expect((await cli('get pods --watch-only --output-watch-events -o jsonpath={.type}')).out).toBe('');
  });

  test('--server-print=false shows names and ages', async () => {
    await cli('sim clock advance 60s');
    const { out } = await cli('get sts,pods --server-print=false');
    expect(out).toMatch(
      /^NAME {19}AGE\nstatefulset\.apps\/web {3}\d+s\n\nNAME {8}AGE\npod\/web-0 {3}\d+s\npod\/web-1 {3}\d+s\n$/,
    );
  });

  test('--color decides over pipes, NO_COLOR and nonsense', async () => {
    expect((await cli('get pods')).out).not.toContain('\u001b');
    expect((await cli('get pods --color=always')).out).toContain('\u001b[32mRunning\u001b[39m');
    expect((await cli('get pods --color=never')).out).not.toContain('\u001b');
    expect(await cli('get pods --color=sometimes')).toEqual(
      fails('error: invalid --color value "sometimes"; must be one of: auto, always, never\n'),
    );
  });
});

describe('raw writes', () => {
  const path = '/api/v1/namespaces/default/configmaps';
  test('post, put and delete what a path names', async () => {
    cli.files.set('cm.json', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"1"}}');
    const made = await cli(`create --raw ${path} -f cm.json`);
    expect(JSON.parse(made.out)).toMatchObject({ kind: 'ConfigMap', data: { k: '1' } });
    cli.files.set('cm.json', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"2"}}');
    expect((await cli(`replace --raw ${path}/a -f cm.json`)).code).toBe(0);
    expect((await cli('get cm a -o jsonpath={.data.k}')).out).toBe('2');
    expect((await cli(`delete --raw ${path}/a`)).code).toBe(0);
    expect((await cli('get cm a')).code).toBe(1);
    expect(await cli(`create --raw ${path}/a -f cm.json`)).toEqual(
      fails('Error from server (MethodNotAllowed): the server does not allow this method on the requested resource\n'),
    );
    expect((await cli(`replace --raw ${path}/b -f cm.json`)).err).toBe(
      'Error from server (BadRequest): the name of the object (a) does not match the name on the URL (b)\n',
    );
    expect((await cli(`create --raw ${path} -f nope.json`)).err).toBe(
      'error: open nope.json: no such file or directory\n',
    );
    expect((await cli(`create --raw ${path} -f http://x/y`)).err).toBe('error: --raw cannot read from a url\n');
    // The body is sent as it is, and the API wants JSON.
    expect((await cli(`create --raw ${path} -f -`, 'kind: ConfigMap\n')).err).toBe(
      "Error from server (BadRequest): the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; " +
        "json parse error: invalid character 'k' looking for beginning of value (6b696e643a20436f6e6669674d61700a)\n",
    );
    expect(await cli('delete --raw /api/v1/nope/a')).toEqual(
      fails('Error from server (NotFound): the server could not find the requested resource\n'),
    );
  });
});

describe('raw deletions and evictions', () => {
  test('take their options from a file', async () => {
    cli.files.set('how.json', '{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"]}');
    const path = '/api/v1/namespaces/default/pods/web-0';
    expect((await cli(`delete --raw ${path} -f how.json`)).code).toBe(0);
    expect((await cli('get pod web-0 -o name')).out).toBe('pod/web-0\n');
    const eviction = '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"web-0","namespace":"default"}}';
    const evicted = await cli(`create --raw ${path}/eviction -f -`, eviction);
    expect(JSON.parse(evicted.out)).toMatchObject({ kind: 'Status', status: 'Success', code: 201 });
    expect((await cli('get pod web-0 -o jsonpath={.metadata.deletionTimestamp}')).out).not.toBe('');
  });
});

describe('delete --interactive', () => {
  const question = 'You are about to delete the following 1 resource(s):\npod/web-0\nDo you want to continue? (y/N): ';
  test('asks first', async () => {
    expect(await cli('delete pod web-0 -i', 'n\n')).toEqual(ok(`${question}deletion is cancelled\n`));
    expect((await cli('get pod web-0 -o name')).out).toBe('pod/web-0\n');
    expect(await cli('delete pod web-0 -i', 'y\n')).toEqual(
      ok(`${question}pod "web-0" deleted from default namespace\n`),
    );
  });
});

describe('create --edit', () => {
  test('creates what the editor leaves, and keeps the text of what is refused', async () => {
    cli.files.set('cm.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: one}\n');
    cli.program = () => 0;
    expect(await cli('create -f cm.yaml --edit')).toEqual(ok('', 'Edit cancelled, no changes made.\n'));
    cli.program = (command) => {
      const path = [...cli.files.keys()].find((key) => command.join(' ').includes(key) && key.startsWith('/tmp/'));
      if (path) cli.files.set(path, String(cli.files.get(path)).replace('one', 'two'));
      return 0;
    };
    expect(await cli('create -f cm.yaml --edit')).toEqual(ok('configmap/a created\n'));
    expect((await cli('get cm a -o jsonpath={.data.k}')).out).toBe('two');
    const refused = await cli('create -f cm.yaml --edit');
    expect(refused.err).toMatch(
      /^A copy of your changes has been stored to "(.*)"\nError from server \(AlreadyExists\): configmaps "a" already exists\n$/,
    );
    expect(refused.code).toBe(1);
    expect(
      String([...cli.files].find(([path]) => refused.err.includes(path) && path.startsWith('/tmp/'))?.[1]),
    ).toContain('k: two');
  });
});

describe('subresources', () => {
  test('are edited and replaced, and unknown ones do not exist', async () => {
    const scale = (await cli('get sts web --subresource=scale -o json')).out;
    cli.files.set('scale.json', scale.replace('"replicas": 2', '"replicas": 3'));
    const none = 'Error from server (NotFound): the server could not find the requested resource\n';
    expect(await cli('get sts web --subresource=nope')).toEqual(fails(none));
    expect(await cli(['patch', 'sts', 'web', '--subresource=nope', '-p', '{}'])).toEqual(fails(none));
    expect((await cli('get sts web -o jsonpath={.spec.replicas}')).out).toBe('2');
  });
});

describe('kyaml', () => {
  test('quotes, folds and cuddles', () => {
    const text = toKyaml({
      yes: 'no',
      list: [{ a: 1 }, { b: [] }],
      mixed: [1, [true], {}],
      'a/b-c': 'x',
      '1.5': null,
      text: 'one\n  two\tx\n',
    });
    expect(text).toBe(
      '---\n{\n  "1.5": null,\n  a/b-c: "x",\n  list: [{\n    a: 1,\n  }, {\n    b: [],\n  }],\n  mixed: [\n    1,\n    [\n' +
        '      true,\n    ],\n    {},\n  ],\n  text: "\\\n     one\\n\\\n    \\  two\tx\\n\\\n    ",\n  "yes": "no",\n}\n',
    );
  });
});

describe('called by the name kubectl', () => {
  test('every text says kubectl', async () => {
    cli.calledAs = 'kubectl';
    for (const command of [
      '',
      '--help',
      'get --help',
      'rollout',
      'apply --help',
      'completion bash',
      'get',
      'nope',
      'set',
    ])
      expect(await cli(command).then(({ out, err }) => `${out}${err}`.replace(/\/stsctl\//g, '')), command).not.toMatch(
        /\bstsctl\b(?!\.dev)/,
      );
    expect((await cli('--version')).err).toBe("error: unknown flag: --version\nSee 'kubectl --help' for usage.\n");
  });

  const root = fileURLToPath(new URL('../..', import.meta.url));

  test('through a link, as a script finds it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stsctl-link-'));
    try {
      symlinkSync(join(root, 'bin/stsctl.js'), join(folder, 'kubectl'));
      const env = { ...process.env, STSCTL_STATE: join(folder, 'state.json'), STSCTL_CLOCK: 'virtual' };
      const { stderr, status } = spawnSync(join(folder, 'kubectl'), ['get', '--nope'], { env, encoding: 'utf8' });
      expect({ stderr, status }).toEqual({
        stderr: "error: unknown flag: --nope\nSee 'kubectl get --help' for usage.\n",
        status: 1,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('a deploy script written for kubectl runs, and its failing deployments are taken back', () => {
    const env = { ...process.env, STSCTL: join(root, 'bin/stsctl.js') };
    const out = execFileSync(join(root, 'examples/deploy-script/test.sh'), { env, encoding: 'utf8' });
    expect(out.trim().split('\n')).toHaveLength(8);
    expect(out).toMatch(/^(ok - .*\n){8}$/);
  }, 60_000);
});

describe('a status that is taken away', () => {
  test('leaves the counts that are never left out, and the controller fills it again', async () => {
    cli.files.set('bare.yaml', (await cli('get sts web -o yaml')).out.replace(/^status:\n(?: .*\n)*/m, ''));
    const before = (await cli('get sts web -o jsonpath={.status}')).out;
    expect(await cli('replace --subresource=status -f bare.yaml')).toEqual(ok('statefulset.apps/web replaced\n'));
    await cli('sim clock settle');
    expect(JSON.parse((await cli('get sts web -o jsonpath={.status}')).out)).toEqual(JSON.parse(before));
    const emptied = await cli([
      ...'patch sts web --subresource=status --type=merge --dry-run=server -o jsonpath={.status} -p'.split(' '),
      '{"status":null}',
    ]);
    expect(JSON.parse(emptied.out)).toEqual({ replicas: 0, availableReplicas: 0 });
  });

  test('a scale that stays as it is has not changed', async () => {
    const scale = async (replicas: number) =>
      (
        await cli([
          'patch',
          'sts',
          'web',
          '--subresource=scale',
          '--type=merge',
          '-p',
          JSON.stringify({ spec: { replicas } }),
        ])
      ).out;
    expect(await scale(5)).toBe('scale.autoscaling/web patched\n');
    expect(await scale(5)).toBe('scale.autoscaling/web patched (no change)\n');
  });
});
