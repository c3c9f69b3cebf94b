/** `stsctl plan` as its users see it: whole outputs, exit codes, and advice that is followed. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanAnswer } from '../../../src/core/reports/plan';
import { type Cli, createCli, webYaml } from '../../support/cli';

const CLAIMS = `  volumeClaimTemplates:
  - metadata:
      name: www
    spec:
      accessModes: [ReadWriteOnce]
      resources:
        requests:
          storage: 1Gi
`;

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(2) + CLAIMS });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const planned = async (command: string): Promise<PlanAnswer> =>
  JSON.parse((await cli(`plan -o json ${command}`)).out) as PlanAnswer;

/** Volumes are named by chance. */
const plain = (text: string): string => text.replaceAll(/pvc-[0-9a-f-]{36}/g, 'pvc-…');

describe('plan', () => {
  it('tells a rolling update with its claims, downtimes and a budget that it breaks', async () => {
    await cli('create pdb web --selector=app=nginx --min-available=2');
    const { out, err, code } = await cli('plan set image sts/web nginx=nginx:1.22');
    expect(plain(out)).toBe(`Plan: set image sts/web nginx=nginx:1.22
  statefulset.apps/web image updated

  WHEN   WHAT                        REVISION         CLAIMS
  +0s    pod/web-1   terminates      web-74d8c97447
  +1s    pod/web-1   is gone         web-74d8c97447
  +1s    pod/web-1   is created      web-6c58ccb4     www-web-1 reused
  +2s    pod/web-1   becomes ready   web-6c58ccb4
  +2s    pod/web-0   terminates      web-74d8c97447
  +3s    pod/web-0   is gone         web-74d8c97447
  +3s    pod/web-0   is created      web-6c58ccb4     www-web-0 reused
  +4s    pod/web-0   becomes ready   web-6c58ccb4

At most 1 pod down at once for 4s in all, first at +0s.
  POD     DOWN   TIMES   FROM   TO
  web-1   2s     1       +0s    +2s
  web-0   2s     1       +2s    +4s

Disruption budgets that it breaks:
  poddisruptionbudget/web: from +0s to +4s, 1 healthy of 2 wanted

In the end:
  STATEFULSET   READY   UPDATED   REVISION
  web           2/2     2         web-6c58ccb4
  POD     READY   STATUS    REVISION
  web-0   yes     Running   web-6c58ccb4
  web-1   yes     Running   web-6c58ccb4
  CLAIM       STATUS   VOLUME
  www-web-0   Bound    pvc-…
  www-web-1   Bound    pvc-…

Settles after 4s.
`);
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  it('tells where a broken image gets stuck, and what it advises gets out of it', async () => {
    const { out, code } = await cli('plan set image sts/web nginx=does-not-exist:1');
    expect(code).toBe(3);
    expect(out).toContain('Gets stuck after 1s:\n  statefulset/web: ');
    expect(out).toMatch(/\n {6}rule: broken-revision, since \+1s/);
    expect(out).toMatch(/\n {6}to get out:\n {8}stsctl rollout undo statefulset\/web\n {8}stsctl delete pod web-1\n$/);
    const plan = await planned('set image sts/web nginx=does-not-exist:1');
    expect(plan.result).toBe('stuck');
    const [reason] = plan.stuck?.[0].reasons ?? [];
    expect(reason.rule).toBe('broken-revision');
    expect(reason.on).toEqual({ kind: 'Pod', namespace: 'default', name: 'web-1' });
    await cli('set image sts/web nginx=does-not-exist:1');
    await cli('sim clock settle');
    expect((await cli('rollout status sts/web --timeout=5s')).code).toBe(1);
    for (const command of reason.remedy ?? []) expect((await cli(command)).code).toBe(0);
    await cli('sim clock settle');
    expect((await cli('rollout status sts/web --timeout=5s')).code).toBe(0);
    expect((await cli('get sts web --no-headers')).out).toMatch(/^web +2\/2/);
  });

  it('names the field of a refused change, and its recipe keeps the pods', async () => {
    cli.files.set('new.yaml', (webYaml(2) + CLAIMS).replace('serviceName: nginx', 'serviceName: other'));
    const { out, err, code } = await cli('plan apply -f new.yaml');
    expect(out).toBe(`Plan: apply -f new.yaml
  service/nginx unchanged

Refused: nothing would change.
  statefulset/web keeps spec.serviceName for life. To change it, leave the pods to themselves and make the set anew:
    stsctl delete statefulset/web --cascade=orphan
    stsctl apply -f new.yaml
  Pods that are there keep the host name of the old Service until they are made anew: stsctl rollout restart statefulset/web
`);
    expect(code).toBe(1);
    expect(err).toBe((await cli('apply -f new.yaml')).err);
    const plan = await planned('apply -f new.yaml');
    const [write] = plan.refusal?.writes ?? [];
    expect(write.causes[0].field).toBe('spec');
    expect(write.immutableFields).toEqual(['spec.serviceName']);
    const before = (await cli(['get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}'])).out;
    for (const command of write.recipe ?? []) expect((await cli(command)).code).toBe(0);
    await cli('sim clock settle');
    expect((await cli(['get', 'sts', 'web', '-o', 'jsonpath={.spec.serviceName}'])).out).toBe('other');
    expect((await cli(['get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}'])).out).toBe(before);
  });

  it.each([
    ['podManagementPolicy', 'replicas: 2', 'replicas: 2\n  podManagementPolicy: Parallel'],
    ['volumeClaimTemplates', 'storage: 1Gi', 'storage: 2Gi'],
  ])('names %s', async (field, from, to) => {
    cli.files.set('new.yaml', (webYaml(2) + CLAIMS).replace(from, to));
    expect((await planned('apply -f new.yaml')).refusal?.writes[0].immutableFields).toEqual([`spec.${field}`]);
    expect((await planned('replace -f new.yaml')).refusal?.writes[0].recipe?.[1]).toBe('apply -f new.yaml');
  });

  it('tells the claims that a smaller set leaves, and those that its policy deletes', async () => {
    const events = async (command: string) =>
      (await planned(command)).claims?.map(({ event, claim, pod }) => `${event} ${claim} ${pod}`);
    expect(await events('scale sts/web --replicas=1')).toEqual(['orphan www-web-1 web-1']);
    const policy = { spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } } };
    await cli(['patch', 'sts', 'web', '--type=merge', '-p', JSON.stringify(policy)]);
    await cli('sim clock settle');
    expect(await events('scale sts/web --replicas=1')).toEqual(['delete www-web-1 undefined']);
    expect(await events('scale sts/web --replicas=3')).toEqual(['create www-web-2 web-2']);
  });

  it('has transitions as the timeline has them, from the present on', async () => {
    const plan = await planned('scale sts/web --replicas=3');
    const before = JSON.parse((await cli('sim timeline -o json')).out) as unknown[];
    await cli('scale sts/web --replicas=3');
    await cli('sim clock settle');
    const after = JSON.parse((await cli('sim timeline -o json')).out) as unknown[];
    expect(plan.transitions).toEqual(after.slice(before.length));
    expect(plan.transitions).toHaveLength(2);
    expect(plan).toMatchObject({ apiVersion: 'stsctl.dev/v1', kind: 'Plan', result: 'settled', durationSeconds: 1 });
    expect((await cli('plan -o yaml scale sts/web --replicas=3')).out).toMatch(/^apiVersion: stsctl.dev\/v1\n/);
  });

  it('is settled where a partition or OnDelete holds the update back, with a note', async () => {
    const patch = (strategy: object) => [
      'patch',
      'sts',
      'web',
      '-p',
      JSON.stringify({ spec: { updateStrategy: strategy } }),
    ];
    await cli(patch({ type: 'RollingUpdate', rollingUpdate: { partition: 1 } }));
    const { out, code } = await cli('plan set image sts/web nginx=nginx:1.22');
    expect(code).toBe(0);
    expect(out).toContain('Notes:\n  statefulset/web: 1 pod stays on the old revision, held back by partition 1\n');
    await cli(patch({ type: 'OnDelete', rollingUpdate: null }));
    const other = await cli('plan set image sts/web nginx=nginx:1.22');
    expect(other.code).toBe(0);
    expect(other.out).toContain(
      '2 pods stay on the old revision, held back by OnDelete\n\nSettles at once: no pod changes.\n',
    );
  });

  it('ends early with --until, and says so', async () => {
    const { out, code } = await cli('plan --until 1500ms set image sts/web nginx=nginx:1.22');
    expect(code).toBe(0);
    expect(out).toContain('\nNot finished after 1.5s, where the plan was told to end.\n');
    const plan = await planned('--until 1500ms set image sts/web nginx=nginx:1.22');
    expect(plan.result).toBe('unfinished');
    expect(plan.transitions?.map(({ event }) => event)).toEqual(['terminate', 'delete', 'create']);
    expect((await planned('--until 10m set image sts/web nginx=nginx:1.22')).result).toBe('settled');
  });

  it('is about sets whose pods become unready, too', async () => {
    const { out, code } = await cli('plan annotate pod web-0 stsctl.dev/ready=false');
    expect(code).toBe(3);
    expect(out).toContain('At most 1 pod down at once, first at +0s and at the end.\n');
    expect(out).toContain('Gets stuck after 0s:\n  statefulset/web: 1 of 2 replicas is ready\n');
    await cli('annotate pod web-0 stsctl.dev/ready=false');
    const back = await planned('annotate pod web-0 --overwrite stsctl.dev/ready=true');
    expect([back.result, back.availability?.mostUnavailable]).toEqual(['settled', 0]);
  });

  it('plans what concerns nodes', async () => {
    expect((await planned('cordon node-1')).result).toBe('settled');
    const { result, stuck } = await planned('drain node-1 --force --ignore-daemonsets');
    expect([result, stuck?.[0].subject.name]).toEqual(['stuck', 'web']);
    expect((await cli('get node node-1 --no-headers')).out).not.toContain('SchedulingDisabled');
  });

  it('is stuck where what is deleted stays', async () => {
    const { out, code } = await cli('plan delete pvc www-web-0');
    expect(code).toBe(3);
    expect(out).toContain('Gets stuck after 0s:\n  persistentvolumeclaim/www-web-0: it is being deleted\n');
    expect(out).toContain('rule: claim-in-use');
  });

  it('leaves a set that was stuck before and has no part in it to a note', async () => {
    cli.files.set('other.yaml', webYaml(1, 'does-not-exist').replaceAll('web', 'bad').replaceAll('nginx', 'bad'));
    await cli('apply -f other.yaml');
    await cli('sim clock settle');
    const { out, code } = await cli('plan scale sts/web --replicas=1');
    expect(code).toBe(0);
    expect(out).toContain('  statefulset/bad: not part of this, and short before: 0 of 1 pods are ready\n');
  });

  it('plans what else is created, and where a pod of nobody hangs', async () => {
    expect((await planned('create configmap x --from-literal=a=b')).output).toBe('configmap/x created\n');
    const plan = await planned('run one --image=does-not-exist');
    expect(plan.result).toBe('stuck');
    expect(plan.stuck?.[0].subject).toEqual({ kind: 'Pod', namespace: 'default', name: 'one' });
  });

  it('takes the global flags wherever they stand', async () => {
    await cli('create namespace other');
    for (const command of [
      '-n other plan apply -f web.yaml',
      'plan -n other apply -f web.yaml',
      'plan apply -f web.yaml -n other',
    ]) {
      const { out, code } = await cli(command);
      expect({ command, code }).toEqual({ command, code: 0 });
      expect(out).toContain('statefulset.apps/web created');
    }
    expect((await planned('apply -f web.yaml -n other')).transitions?.[0].namespace).toBe('other');
  });

  it('reads standard input, once for all variants too', async () => {
    const { out, code } = await cli('plan apply -f -', webYaml(3) + CLAIMS);
    expect(code).toBe(0);
    expect(out).toContain('pod/web-2   is created');
    const compared = await cli('plan --compare minReadySeconds=0,5 apply -f -', webYaml(3) + CLAIMS);
    expect(compared.code).toBe(0);
  });

  it('shows the help of the command that it plans', async () => {
    expect((await cli('plan scale --help')).out).toBe((await cli('scale --help')).out);
    expect((await cli('plan --help')).out).toContain('stsctl plan --compare policy=OrderedReady,Parallel');
  });

  it('plans nothing where nothing changes', async () => {
    const { out, code } = await cli('plan apply -f web.yaml');
    expect(code).toBe(0);
    expect(out).toBe(`Plan: apply -f web.yaml
  service/nginx unchanged
  statefulset.apps/web configured
  This changes nothing.

No pod that stays is down at any time.

Settles at once: no pod changes.
`);
  });
});

describe('plan changes nothing', () => {
  const files = (): Record<string, string> => {
    const folder = cli.state.replace(/\/[^/]+$/, '');
    const paths = readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`);
    return Object.fromEntries(
      paths.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path, 'latin1')]),
    );
  };

  it('neither a file nor the lock, whatever is planned', async () => {
    const before = files();
    for (const command of [
      'set image sts/web nginx=x',
      'delete sts web',
      'delete pod web-0 --force --grace-period=0',
      'apply -f web.yaml --server-side --force-conflicts',
      'rollout restart sts/web',
      'delete namespace default',
      'frob',
    ])
      await cli(`plan ${command}`);
    expect(files()).toEqual(before);
  });

  it('makes no state file where none is', async () => {
    const fresh = createCli({ 'web.yaml': webYaml(2) });
    expect((await fresh('plan apply -f web.yaml')).code).toBe(0);
    expect(readdirSync(fresh.state.replace(/\/[^/]+$/, ''))).toEqual([]);
    fresh.dispose();
  });

  it('nor for a thousand replicas', async () => {
    cli.files.set(
      'big.yaml',
      webYaml(1000).replace('replicas', 'podManagementPolicy: Parallel\n  replicas').replaceAll('web', 'big'),
    );
    await cli('apply -f big.yaml');
    await cli('sim clock settle');
    const before = files();
    const { out, code } = await cli('plan set image sts/big nginx=nginx:1.22');
    expect(code).toBe(0);
    expect(out).toContain('At most 1 pod down at once');
    expect(files()).toEqual(before);
  }, 60_000);
});

describe('plan refuses', () => {
  it.each([
    ['plan', 'error: plan needs a command that changes something, as in "plan scale sts/web --replicas=5"\n'],
    ['plan get pods', 'error: "get" can\'t be planned: it changes nothing in the cluster\n'],
    ['plan rollout status sts/web', 'error: "rollout status" can\'t be planned: it changes nothing in the cluster\n'],
    [
      'plan --compare partition=0,1 edit sts/web',
      'error: "edit" can\'t be compared: it would ask once for each variant. Compare "apply -f" or "patch"\n',
    ],
    ['plan plan scale sts/web --replicas=1', 'error: "plan" can\'t be planned: a plan is of one command\n'],
    [
      'plan attach web-0',
      'error: "attach" can\'t be planned: what somebody types there is not known: plan what it would do, with "plan exec"\n',
    ],
    ['plan rollout', 'error: "rollout" is no command by itself: it takes one of pause, restart, resume, undo\n'],
    [
      'plan create secret',
      'error: "create secret" is no command by itself: it takes one of docker-registry, generic, tls\n',
    ],
    ['plan config', 'error: "config" can\'t be planned: it changes nothing in the cluster\n'],
    [
      'plan kubectl scale sts/web --replicas=1',
      "error: plan takes the command without the program's name: stsctl plan scale sts/web --replicas=1\n",
    ],
    [
      'plan cp web-0:/etc/hostname here.txt',
      'error: a plan writes no files: copying out of a container changes nothing in the cluster\n',
    ],
    [
      'plan --compare gate=Nope scale sts/web --replicas=1',
      'error: invalid --compare "gate=Nope": nothing here asks for the gate Nope: expected MaxUnavailableStatefulSet\n',
    ],
    [
      'plan --compare partition=0,1 --compare partition=1,2 scale sts/web --replicas=1',
      'error: invalid --compare "partition=1,2": partition is compared already\n',
    ],
    [
      'plan --compare maxUnavailable=0,200% scale sts/web --replicas=1',
      'error: invalid --compare "maxUnavailable=0,200%": "0" is no maxUnavailable: it is a whole number from 1, or a percentage up to 100%\n',
    ],
    ['plan frob', 'error: unknown command "frob" for "stsctl"\n'],
    ['plan -o wide scale sts/web --replicas=1', "error: --output must be 'yaml' or 'json'\n"],
    ['plan --until=-5s scale sts/web --replicas=1', 'error: --until must not be negative: -5s\n'],
    ['plan --replicas=1 scale sts/web', "error: unknown flag: --replicas\nSee 'stsctl plan --help' for usage.\n"],
    ['plan scale sts/web', 'error: required flag(s) "replicas" not set\n'],
    ['plan scale sts/none --replicas=1', 'Error from server (NotFound): statefulsets.apps "none" not found\n'],
    [
      'plan --compare colour=red,blue scale sts/web --replicas=1',
      'error: invalid --compare "colour=red,blue": expected one of policy, strategy, partition, maxUnavailable, minReadySeconds, gate, as in partition=0,2\n',
    ],
    [
      'plan --compare partition=1 scale sts/web --replicas=1',
      'error: invalid --compare "partition=1": two or more values are compared, as in partition=1,2\n',
    ],
    [
      'plan --compare policy=Parallel,Fast scale sts/web --replicas=1',
      'error: invalid --compare "policy=Parallel,Fast": "Fast" is no policy: it is OrderedReady or Parallel\n',
    ],
  ])('%s', async (command, message) => {
    const before = readFileSync(cli.state, 'utf8');
    const { err, code } = await cli(command);
    expect(err).toBe(message);
    expect(code).toBe(1);
    expect(readFileSync(cli.state, 'utf8')).toBe(before);
  });
});

it('says what is wrong with a damaged state file, as every command does', async () => {
  writeFileSync(cli.state, '{');
  const { out, err, code } = await cli('plan scale sts/web --replicas=1');
  const real = await cli('scale sts/web --replicas=1');
  expect({ err, code }).toEqual({ err: real.err, code: 1 });
  expect(out).toBe('Plan: scale sts/web --replicas=1\n\nRefused: nothing would change.\n');
  expect(readFileSync(cli.state, 'utf8')).toBe('{');
});

describe('plan --compare', () => {
  it('plays every value on a copy of its own', async () => {
    const { out, code } = await cli('plan --compare policy=OrderedReady,Parallel scale sts/web --replicas=5');
    expect(out).toBe(`Plan: scale sts/web --replicas=5

  VARIANT               RESULT    DURATION   MOST DOWN   DOWNTIME   BUDGETS BROKEN   PODS CREATED IN ORDER
  policy=OrderedReady   settled   3s         0           0s         0                web-2 web-3 web-4
  policy=Parallel       settled   1s         0           0s         0                web-2+web-3+web-4
`);
    expect(code).toBe(0);
  });

  it('switches the gate of maxUnavailable on, and gates by name', async () => {
    await cli('sim clock advance 1m');
    const durations = async (compared: string) => {
      const { out } = await cli(`plan -o json ${compared} set image sts/web nginx=nginx:1.22`);
      const { variants } = JSON.parse(out) as { variants: { variant: string; plan: PlanAnswer }[] };
      return variants.map(({ variant, plan }) => `${variant} ${plan.durationSeconds}s`);
    };
    expect(await durations('--compare maxUnavailable=1,2')).toEqual(['maxUnavailable=1 4s', 'maxUnavailable=2 3s']);
    expect(await durations('--compare partition=0,1 --compare minReadySeconds=0,3')).toEqual([
      'partition=0 minReadySeconds=0 4s',
      'partition=0 minReadySeconds=3 9.5s',
      'partition=1 minReadySeconds=0 2s',
      'partition=1 minReadySeconds=3 4.5s',
    ]);
    expect(await durations('--compare gate=MaxUnavailableStatefulSet')).toEqual([
      'MaxUnavailableStatefulSet=false 4s',
      'MaxUnavailableStatefulSet=true 4s',
    ]);
  });

  it('is about sets that the command writes without changing them', async () => {
    const { out, code } = await cli('plan --compare policy=OrderedReady,Parallel apply -f web.yaml');
    expect(out).toMatch(/\n {2}policy=Parallel +settled +0s/);
    expect(code).toBe(0);
  });

  it('plays OnDelete once: it knows neither partition nor maxUnavailable', async () => {
    const flags = '--compare strategy=OnDelete,RollingUpdate --compare partition=0,1 --compare maxUnavailable=1,2';
    const { out } = await cli(`plan ${flags} set image sts/web nginx=nginx:1.22`);
    const rows = out.split('\n').filter((line) => /settled/.test(line));
    expect(rows.map((row) => row.replace(/ {2,}settled +(\S+) .* {2}/, ' $1 ').trim())).toEqual([
      'strategy=OnDelete 0s none',
      'strategy=RollingUpdate partition=0 maxUnavailable=1 4s web-1 web-0',
      'strategy=RollingUpdate partition=0 maxUnavailable=2 3s web-0 web-1',
      'strategy=RollingUpdate partition=1 maxUnavailable=1 2s web-1',
      'strategy=RollingUpdate partition=1 maxUnavailable=2 2s web-1',
    ]);
  });

  it('tells what variants are stuck on and refused for, those of one trouble together', async () => {
    const { out, code } = await cli(
      'plan --compare policy=OrderedReady,Parallel --compare partition=0,2 set image sts/web nginx=does-not-exist',
    );
    expect(code).toBe(3);
    expect(out.match(/^\S.*$/gm)).toEqual([
      'Plan: set image sts/web nginx=does-not-exist',
      'policy=OrderedReady partition=0 gets stuck:',
      'policy=Parallel partition=0 gets stuck:',
    ]);
    expect(out).toContain('      rule: broken-revision, since +1s');
    const refused = await cli('plan --compare partition=0,2 scale sts/none --replicas=1');
    expect(refused.out).toContain('\npartition=0, partition=2 are refused:\n  statefulsets.apps "none" not found\n');
    expect([refused.code, refused.err]).toEqual([
      1,
      'Error from server (NotFound): statefulsets.apps "none" not found\n',
    ]);
  });

  it('has room on a narrow terminal', async () => {
    cli.terminal = { columns: 80, rows: 24 };
    const { out } = await cli('plan --compare policy=OrderedReady,Parallel scale sts/web --replicas=5');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain(
      '\n  VARIANT               BUDGETS BROKEN   PODS CREATED IN ORDER\n  policy=OrderedReady   0                web-2 web-3 web-4\n',
    );
  });

  it('ends with 3 when a variant gets stuck', async () => {
    expect((await cli('plan --compare policy=OrderedReady,Parallel set image sts/web nginx=does-not-exist')).code).toBe(
      3,
    );
  });
});

describe('plan follows what is done inside', () => {
  const PAGE = '/usr/share/nginx/html/index.html';
  beforeEach(async () => {
    const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 1, failureThreshold: 2 };
    const mounted = {
      name: 'nginx',
      image: 'nginx:1.25',
      volumeMounts: [{ name: 'www', mountPath: '/usr/share/nginx/html' }],
    };
    for (const container of [mounted, { ...mounted, readinessProbe }]) {
      const spec = { template: { spec: { containers: [container] } } };
      await cli(['patch', 'sts', 'web', '-p', JSON.stringify({ spec })]);
      await cli('sim clock settle');
      for (const pod of ['web-0', 'web-1']) await cli(['exec', pod, '--', 'sh', '-c', `echo hi > ${PAGE}`]);
    }
    await cli('sim clock settle');
    expect((await cli('get sts web --no-headers')).out).toMatch(/^web +2\/2/);
  });

  it('a page that a probe asks for is removed on a copy alone', async () => {
    const plan = await planned(`exec web-0 -- rm ${PAGE}`);
    expect(plan.changes).toBe(true);
    expect(plan.transitions?.map(({ event, pod }) => `${event} ${pod}`)).toEqual(['unready web-0']);
    expect((await cli(['exec', 'web-0', '--', 'cat', PAGE])).out).toBe('hi\n');
    const before = JSON.parse((await cli('sim timeline -o json')).out) as unknown[];
    await cli(`exec web-0 -- rm ${PAGE}`);
    await cli('sim clock settle');
    expect((JSON.parse((await cli('sim timeline -o json')).out) as unknown[]).slice(before.length)).toEqual(
      plan.transitions,
    );
  });

  it('looking changes nothing; copying in does', async () => {
    expect((await planned(`exec web-0 -- cat ${PAGE}`)).changes).toBe(false);
    expect((await planned('cp web.yaml web-0:/tmp/web.yaml')).changes).toBe(true);
    expect((await cli('exec web-0 -- ls /tmp/web.yaml')).code).not.toBe(0);
  });

  it('an editor', async () => {
    cli.program = (words) => {
      const path = words.at(-1) ?? '';
      cli.files.set(path, String(cli.files.get(path)).replace('replicas: 2', 'replicas: 3'));
      return 0;
    };
    const { out, code } = await cli('plan edit sts/web');
    expect(code).toBe(3);
    expect(out).toContain('  statefulset.apps/web edited\n');
    expect(out).toContain('pod/web-2   is created');
    expect((await cli('get sts web --no-headers')).out).toMatch(/^web +2\/2/);
  });
});

describe('a refused change and the way around it', () => {
  const without = (manifest: string, ...changes: readonly (readonly [string, string])[]): string =>
    changes.reduce((text, [from, to]) => text.replaceAll(from, to), manifest);

  /** Types every line, and lets the cluster come to rest. */
  async function follow(recipe: readonly string[]): Promise<void> {
    for (const line of recipe) expect({ line, ...(await cli(line)) }).toMatchObject({ line, code: 0, err: '' });
    for (let i = 0; i < 3; i++) await cli('sim clock settle');
    expect((await cli('why sts/web')).out).toMatch(/^statefulset\/web: nothing: (?:both|all 2) replicas are ready/);
  }

  it.each([
    ['a selector', [['app: nginx', 'app: other']], 'label pods -l app=nginx app=other --overwrite'],
    [
      'a claim template more',
      [
        [
          '  volumeClaimTemplates:\n',
          '  volumeClaimTemplates:\n  - metadata:\n      name: log\n    spec:\n      accessModes: [ReadWriteOnce]\n      resources:\n        requests:\n          storage: 1Gi\n',
        ],
      ],
      'delete pod web-0',
    ],
    ['another name of the claims', [['name: www', 'name: html']], 'delete pod web-1'],
    ['larger claims', [['1Gi', '2Gi']], 'apply -f new.yaml'],
  ] as const)('%s: what is advised gets there, and no claim is lost', async (_, changes, step) => {
    const claims = (await cli('get pvc -o name')).out.trim().split('\n');
    cli.files.set('new.yaml', without(webYaml(2) + CLAIMS, ...changes));
    const [write] = (await planned('apply -f new.yaml')).refusal?.writes.filter(({ recipe }) => recipe) ?? [];
    expect(write.recipe).toContain(step);
    await follow(write.recipe ?? []);
    expect((await cli('get pvc -o name')).out.trim().split('\n')).toEqual(expect.arrayContaining(claims));
  });

  it('a patch is made in a file', async () => {
    const [write] =
      (await planned('patch sts web --type=merge -p {"spec":{"podManagementPolicy":"Parallel"}}')).refusal?.writes ??
      [];
    expect(write.recipe).toEqual([
      'get statefulset/web -o yaml > web-before.yaml',
      `patch --local -f web-before.yaml --type=merge -p '{"spec":{"podManagementPolicy":"Parallel"}}' -o yaml > web-after.yaml`,
      'delete statefulset/web --cascade=orphan',
      'apply -f web-after.yaml',
    ]);
  });

  it('advises nothing where a new set would be refused too', async () => {
    const { out } = await cli('plan patch sts web --type=merge -p {"spec":{"serviceName":"x_y"}}');
    expect(out).toContain(
      '  statefulset/web keeps spec.serviceName for life.\n  A new set would be refused as well: spec.serviceName: ',
    );
    expect(out).not.toContain('--cascade=orphan');
  });

  it('tells how the rest ends', async () => {
    const other = webYaml(1, 'does-not-exist').replaceAll('web', 'bad').replaceAll('nginx', 'bad');
    cli.files.set('new.yaml', `${(webYaml(2) + CLAIMS).replace('1Gi', '2Gi')}---\n${other}`);
    const { out, code } = await cli('plan apply -f new.yaml');
    expect(code).toBe(1);
    expect(out).toMatch(
      /\nRefused, at least in part\.\n(?:.*\n)*The rest gets stuck after 0s:\n {2}statefulset\/bad: /,
    );
    const plan = await planned('apply -f new.yaml');
    expect([plan.result, plan.refusal?.rest]).toEqual(['refused', 'stuck']);
  });
});

describe('what becomes of things', () => {
  it('pods that go for good, and volumes that go with their claims', async () => {
    const policy = { spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } } };
    await cli(['patch', 'sts', 'web', '--type=merge', '-p', JSON.stringify(policy)]);
    await cli('sim clock settle');
    const { out } = await cli('plan scale sts/web --replicas=1');
    expect(out).toMatch(/pvc\/www-web-1 +is deleted +with its volume\n/);
    expect(out).not.toContain('pv/');
    expect(out).toContain('\nNo pod that stays is down at any time; 1 pod goes for good.\n');
    const [{ metadata }] = JSON.parse((await cli('get pv -o json')).out).items.slice(-1);
    await cli(['patch', 'pv', metadata.name, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}']);
    const kept = (await cli('plan scale sts/web --replicas=0')).out;
    expect(plain(kept)).toMatch(/its volume stays, with its data\n/);
    expect(plain(kept)).toMatch(/pv\/pvc-… +is released/);
  });

  it('pods that are to come again do not go for good, and leave no claim behind', async () => {
    await cli('annotate pod web-0 stsctl.dev/ready=false');
    const plan = await planned('delete pod web-1');
    expect(plan.transitions?.map(({ event, pod }) => `${event} ${pod}`)).toEqual(['terminate web-1', 'delete web-1']);
    expect(plan.claims).toEqual([]);
    const { out } = await cli('plan delete pod web-1');
    expect(out).toMatch(/\n {2}web-1 +1s and on +1 +\+0s +not back\n/);
    expect(out).not.toContain('for good');
  });

  it('pods that are left behind', async () => {
    const { out } = await cli('plan delete sts web --cascade=orphan');
    expect(out).toContain(
      '\nNotes:\n  statefulset/web: it is gone; 2 pods run on and belong to nobody: nothing brings them back (web-0, web-1)\n',
    );
    const released = await cli('plan label pod web-1 app=other --overwrite');
    expect(released.out).toContain(
      'statefulset/web: 1 pod runs on and belongs to nobody: nothing brings it back (web-1)\n',
    );
    expect(released.out).toContain('rule: name-taken');
    expect(released.code).toBe(3);
  });

  it('pods that were down before', async () => {
    await cli('annotate pod web-1 stsctl.dev/ready=false');
    const { out } = await cli('plan scale sts/web --replicas=3');
    expect(out).toMatch(/\n {2}web-1 +from then on +1 +before +not back\n/);
  });

  it('a drain that a budget does not let through', async () => {
    await cli('sim config nodes=3');
    await cli('create pdb web --selector=app=nginx --min-available=2');
    const { out, code } = await cli('plan drain node-1 --ignore-daemonsets');
    expect([code, out.slice(out.indexOf('Gets stuck'))]).toEqual([
      3,
      `Gets stuck after 0s:
  node/node-1: it is not emptied: 2 pods stay
    web-0 and web-1 can't be evicted from node-1, which is cordoned: budget web wants 2 healthy pods, and there are 2
      rule: disruption-budget (API server: EvictionREST)
      ends: budget web wants fewer healthy pods
      to get out:
        stsctl patch pdb web --type=merge -p '{"spec":{"minAvailable":1}}'
`,
    ]);
    await cli('cordon node-1');
    expect(await planned('drain node-1 --timeout=20s')).toMatchObject({ result: 'stuck' });
    await cli(`patch pdb web --type=merge -p {"spec":{"minAvailable":1}}`);
    expect((await cli('plan drain node-1')).code).toBe(0);
  });

  it('where pods go, in a cluster of several nodes', async () => {
    await cli('sim config nodes=3');
    const { out } = await cli('plan drain node-1 --ignore-daemonsets');
    expect(out).toMatch(/\n {2}POD +READY +STATUS +REVISION +NODE\n {2}web-0 +yes +Running +\S+ +node-[23]\n/);
  });

  it('at their very instants, wherever in a second the plan begins', async () => {
    await cli('sim clock advance 300ms');
    await cli('annotate pod web-0 a=b');
    const start = Date.parse((await planned('rollout restart sts/web')).start ?? '');
    const { out } = await cli('plan rollout restart sts/web');
    expect([start % 1000 === 0, out.match(/^ {2}\+\S+/gm)]).toEqual([
      false,
      ['+0s', '+1s', '+1s', '+2s', '+2s', '+3s', '+3s', '+4s'].map((time) => `  ${time}`),
    ]);
  });

  it('says where the commands go that get out', async () => {
    const { out } = await cli(`--state ${cli.state} plan set image sts/web nginx=does-not-exist`);
    expect(out).toContain(`    stsctl --state=${cli.state} rollout undo statefulset/web\n`);
  });

  it('breaks sentences at a terminal, and no commands', async () => {
    cli.terminal = { columns: 80, rows: 24 };
    const { out } = await cli('plan set image sts/web nginx=does-not-exist');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    cli.terminal = undefined;
    expect(
      (await cli('plan set image sts/web nginx=does-not-exist')).out.split('\n').some((line) => line.length > 80),
    ).toBe(true);
  });

  it('what a command says at length is shortened', async () => {
    cli.files.set(
      'many.yaml',
      Array.from({ length: 60 }, (_, i) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${i}}\n`).join('---\n'),
    );
    const { out } = await cli('plan apply -f many.yaml');
    expect(out).toContain('\n  configmap/c14 created\n  … 30 more lines\n  configmap/c45 created\n');
    expect((await planned('apply -f many.yaml')).output.split('\n')).toHaveLength(61);
  });
});
