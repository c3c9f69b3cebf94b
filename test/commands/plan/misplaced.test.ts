/** Flags of `plan` behind the command that is planned: what they do there is told, and where they belong. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cli, createCli, webYaml } from '../../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({
    'web.yaml': webYaml(2),
    'other.yaml': webYaml(2)
      .replace('serviceName: nginx', 'serviceName: other')
      .replace('serviceName: "nginx"', 'serviceName: other'),
  });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

it.each([
  ['scale sts/web --replicas=3 --until 3s', '--until', '--until=3s scale sts/web --replicas=3'],
  ['scale sts/web --until=3s --replicas=3', '--until', '--until=3s scale sts/web --replicas=3'],
  [
    'scale sts/web --replicas=3 --compare policy=OrderedReady,Parallel',
    '--compare',
    '--compare=policy=OrderedReady,Parallel scale sts/web --replicas=3',
  ],
])('plan %s is refused, with the command that works', async (command, flag, better) => {
  const { err, code } = await cli(`plan ${command}`);
  expect([err, code]).toEqual([
    `error: unknown flag: ${flag}\nSee 'stsctl scale --help' for usage.\n` +
      `Note: ${flag} is plan's own, and stands before the command: stsctl plan ${better}\n`,
    1,
  ]);
  expect((await cli(`plan ${better}`)).code).toBe(0);
});

it.each([
  ['scale sts/web --replicas=3 -o json', '-o=json scale sts/web --replicas=3'],
  ['scale sts/web -oyaml --replicas=3', '-o=yaml scale sts/web --replicas=3'],
  ['scale sts/web --output=json --replicas=3', '-o=json scale sts/web --replicas=3'],
  ['-n default scale sts/web --replicas=3 --output yaml', '-n default -o=yaml scale sts/web --replicas=3'],
])('plan %s is what the command prints; the plan itself is had otherwise', async (command, better) => {
  const { out, err, code } = await cli(`plan ${command}`);
  expect([out, code]).toEqual([expect.stringMatching(/^Plan: scale sts\/web/), 0]);
  const format = better.includes('yaml') ? 'yaml' : 'json';
  const shown = better.replace('-n default ', '');
  expect(err).toBe(
    `Note: -o ${format} is the command's own here; the plan as ${format}: stsctl plan ${shown.replace('-o=', '-o ')}\n`,
  );
  expect((await cli(`plan ${better}`)).out).toMatch(/"?kind"?: "?Plan/);
});

it.each([
  ['-n db', 'apply -f other.yaml', 'apply -f other.yaml -n db'],
  ['--namespace=db', 'replace -f other.yaml', 'apply -f other.yaml -n db'],
  ['', 'apply -n db -f other.yaml', 'apply -n db -f other.yaml'],
  ['-n default', 'apply -f other.yaml --namespace db', 'apply -f other.yaml --namespace db'],
])('plan %s %s advises to make the set anew where it was', async (before, command, made) => {
  await cli('create namespace db');
  await cli('apply -f web.yaml -n db');
  await cli('sim clock settle');
  const { out, code } = await cli(`plan ${before} ${command}`);
  expect(code).toBe(1);
  const lines = [`stsctl delete statefulset/web --cascade=orphan -n db`, `stsctl ${made}`];
  expect(out.split('\n').filter((line) => line.startsWith('    stsctl '))).toEqual(lines.map((line) => `    ${line}`));
  for (const line of lines) expect((await cli(line.slice('stsctl '.length))).code).toBe(0);
  expect((await cli('get sts -A -o name --sort-by=.metadata.namespace')).out).toBe('statefulset.apps/web\n'.repeat(2));
  expect((await cli("get sts web -n db -o jsonpath='{.spec.serviceName}'")).out).toContain('other');
  expect((await cli("get sts web -o jsonpath='{.spec.serviceName}'")).out).toContain('nginx');
});

it('advice about "default" names it where commands work in another namespace', async () => {
  await cli('create namespace db');
  await cli('set image sts/web nginx=nginx:does-not-exist');
  await cli('sim clock settle');
  const advice = (text: string): string[] => text.match(/stsctl (?:rollout|delete).*/g) ?? [];
  const bare = ['stsctl rollout undo statefulset/web', 'stsctl delete pod web-1'];
  const update = 'set image sts/web nginx=nginx:1.9-does-not-exist';
  expect(advice((await cli('why sts/web')).out)).toEqual(bare);
  await cli('config set-context --current --namespace=db');
  const named = bare.map((line) => `${line} -n default`);
  for (const told of ['why sts/web -n default', 'why sts -A', 'why sts/web -n default -o yaml'])
    expect(advice((await cli(told)).out.replaceAll(/- (rollout|delete)/g, '- stsctl $1')), told).toEqual(named);
  const { out } = await cli(`plan -n default ${update}`);
  expect(advice(out)).toEqual(['stsctl delete pod web-1 -n default']);
  expect(advice((await cli('plan -n default apply -f other.yaml')).out)).toEqual([
    'stsctl delete statefulset/web --cascade=orphan -n default',
    'stsctl rollout restart statefulset/web -n default',
  ]);
  for (const line of named) expect((await cli(line.slice('stsctl '.length))).code).toBe(0);
  await cli('sim clock settle');
  expect((await cli('why sts/web -n default')).out).toContain('nothing: both replicas are ready');
});

it.each([
  'scale sts/web --replicas=3 -o name',
  '-o json scale sts/web --replicas=3 -o json',
  'exec web-0 -- echo -o json --until=3s',
])('plan %s is left alone', async (command) => {
  expect(await cli(`plan ${command}`)).toMatchObject({ err: '', code: 0 });
});
