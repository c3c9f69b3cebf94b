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
    expect((await planned('replace -f new.yaml')).refusal?.writes[0].recipe?.[1]).toBe('create -f new.yaml');
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
      'plan edit sts/web',
      'error: "edit" can\'t be planned: an editor is no plan: plan the change itself, with "plan apply -f" or "plan patch"\n',
    ],
    ['plan plan scale sts/web --replicas=1', 'error: "plan" can\'t be planned: a plan is of one command\n'],
    ['plan exec web-0 -- ls', 'error: "exec" can\'t be planned: what somebody does inside a pod is not played\n'],
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

  it('ends with 3 when a variant gets stuck', async () => {
    expect((await cli('plan --compare policy=OrderedReady,Parallel set image sts/web nginx=does-not-exist')).code).toBe(
      3,
    );
  });
});
