/** Quotas and limits as users meet them: what is said, why a set waits, what a plan foresees, import and export. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, ask, chain, follow } from '../support/advice';
import { type Cli, createCli, webYaml } from '../support/cli';

const CLAIMS = `  volumeClaimTemplates:
  - metadata: {name: www}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(3) + CLAIMS });
});
afterEach(() => cli.dispose());

const settle = () => cli('sim clock settle');
const limits = (...items: readonly object[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'lim' }, spec: { limits: items } });

describe('quotas and limits', () => {
  test('come without a warning', async () => {
    cli.files.set('lim.yaml', limits({ type: 'Container', default: { cpu: '500m' } }));
    expect(await cli('create quota q --hard=pods=2')).toEqual({ out: 'resourcequota/q created\n', err: '', code: 0 });
    expect(await cli('apply -f lim.yaml')).toEqual({ out: 'limitrange/lim created\n', err: '', code: 0 });
  });

  test('are shown with what is used', async () => {
    await cli('create quota q --hard=pods=5,limits.cpu=2,requests.storage=10Gi');
    cli.files.set('lim.yaml', limits({ type: 'Container', default: { cpu: '500m' }, max: { cpu: '1' } }));
    await cli('apply -f lim.yaml');
    await cli('apply -f web.yaml');
    await settle();
    expect((await cli('get quota')).out.replace(/\d+s\n$/, 'AGE\n')).toBe(
      'NAME   REQUEST                                 LIMIT                 AGE\n' +
        'q      pods: 3/5, requests.storage: 3Gi/10Gi   limits.cpu: 1500m/2   AGE\n',
    );
    expect((await cli('describe quota q')).out).toBe(
      [
        'Name:             q',
        'Namespace:        default',
        'Resource          Used   Hard',
        '--------          ----   ----',
        'limits.cpu        1500m  2',
        'pods              3      5',
        'requests.storage  3Gi    10Gi',
        '',
      ].join('\n'),
    );
    const { out: namespace } = await cli('describe ns default');
    expect(namespace).toMatch(/^ {2}pods {14}3 {6}5$/m);
    expect(namespace).toMatch(/^ Container {2}cpu {7}- {4}1 {4}500m {13}500m {11}-$/m);
  });

  test('refuse a user in the words of the API server, and nothing changes', async () => {
    await cli('create quota q --hard=pods=0');
    const { out, err, code } = await cli('run web --image=nginx');
    expect([out, err, code]).toEqual([
      '',
      'Error from server (Forbidden): pods "web" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0\n',
      1,
    ]);
    expect((await cli('get pods')).err).toBe('No resources found in default namespace.\n');
  });
});

describe('why a set waits', () => {
  /** The advice ends the wait. */
  async function adviceHelps(answer: Answer): Promise<void> {
    expect(answer.reasons[0]?.endsAlone).toBe(false);
    await follow(cli, answer.reasons[0]?.remedy);
    await cli('sim clock advance 20m');
    const { reasons, summary } = await ask(cli, 'sts/web');
    expect(reasons).toEqual([]);
    expect(summary).toContain('all 3 replicas are ready');
  }

  test('for pods that a quota has no room for', async () => {
    await cli('create quota q --hard=pods=1');
    await cli('apply -f web.yaml');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('quota-exceeded');
    expect(answer.reasons[0]).toMatchObject({
      on: { kind: 'ResourceQuota', namespace: 'default', name: 'q' },
      source: 'ResourceQuota admission',
      message:
        'the controller is refused: pods "web-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
      remedy: [`patch quota q -p '{"spec":{"hard":{"pods":"3"}}}'`],
    });
    await adviceHelps(answer);
  });

  test('for claims that a quota has no room for', async () => {
    await cli('create quota q --hard=requests.storage=1Gi,persistentvolumeclaims=1');
    await cli('apply -f web.yaml');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('quota-exceeded');
    expect(answer.reasons[0]?.remedy).toEqual([
      `patch quota q -p '{"spec":{"hard":{"persistentvolumeclaims":"3","requests.storage":"3Gi"}}}'`,
    ]);
    await adviceHelps(answer);
  });

  test('for containers that do not say what they take', async () => {
    await cli('create quota q --hard=limits.memory=4Gi,requests.cpu=2');
    await cli('apply -f web.yaml');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('quota-needs-resources');
    expect(answer.reasons[0]?.remedy).toEqual([
      'set resources sts web -c nginx --limits=memory=128Mi --requests=cpu=100m',
    ]);
    await adviceHelps(answer);
  });

  test('for what limits forbid', async () => {
    cli.files.set('lim.yaml', limits({ type: 'PersistentVolumeClaim', max: { storage: '500Mi' } }));
    await cli('apply -f lim.yaml');
    await cli('apply -f web.yaml');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(answer.reasons[0]).toMatchObject({
      rule: 'limit-range',
      on: { kind: 'LimitRange', namespace: 'default', name: 'lim' },
      source: 'LimitRanger admission',
      endsAlone: false,
      remedy: ['edit limitrange lim'],
    });
    expect(answer.reasons[0]?.message).toContain(
      'maximum storage usage per PersistentVolumeClaim is 500Mi, but request is 1Gi',
    );
    expect(answer.reasons[0]?.ends).toContain('the volumeClaimTemplates ask for what LimitRange lim allows');
    await follow(cli, ['delete limitrange lim']);
    await cli('sim clock advance 20m');
    expect((await ask(cli, 'sts/web')).reasons).toEqual([]);
  });
});

test('a plan says that a set gets stuck on a quota, and changes nothing', async () => {
  await cli('create quota q --hard=pods=3');
  await cli('apply -f web.yaml');
  await settle();
  const before = (await cli('get quota -o yaml')).out;
  const { out } = await cli('plan scale sts/web --replicas=5');
  expect(out).toContain('Gets stuck');
  expect(out).toContain('rule: quota-exceeded');
  expect(out).toContain(`stsctl patch quota q -p '{"spec":{"hard":{"pods":"5"}}}'`);
  expect((await cli('get quota -o yaml')).out).toBe(before);
});

describe('import and export', () => {
  const used = async (from: Cli): Promise<string> =>
    (await from('get quota q -o jsonpath={.status.used.pods}/{.status.hard.pods}')).out;

  test('a set out of a fuller namespace meets the same quota', async () => {
    const source = createCli({ 'web.yaml': webYaml(2) });
    await source('create quota q --hard=pods=4');
    await source('apply -f web.yaml');
    await source('run other --image=nginx');
    await source('sim clock settle');
    expect(await used(source)).toBe('3/4');
    cli.files.set('all.yaml', (await source('get sts,pods,pvc,pv,controllerrevisions,quota -o yaml')).out);
    source.dispose();
    expect((await cli('sim import -f all.yaml sts/web')).code).toBe(0);
    await settle();
    expect((await cli('get pods -o name')).out).toBe('pod/web-0\npod/web-1\n');
    expect(await used(cli)).toBe('3/4');
    await cli('scale sts/web --replicas=5');
    await settle();
    expect((await cli('get pods -o name')).out).toBe('pod/web-0\npod/web-1\npod/web-2\n');
    expect(await used(cli)).toBe('4/4');
  });

  test('what is exported applies elsewhere', async () => {
    cli.files.set('lim.yaml', limits({ type: 'Container', max: { cpu: '1' } }));
    await cli('apply -f lim.yaml');
    await cli('create quota q --hard=pods=4');
    await cli('apply -f web.yaml');
    await settle();
    const { out } = await cli('sim export');
    expect(out).toContain('kind: ResourceQuota');
    expect(out).toContain('kind: LimitRange');
    expect(out).not.toContain('used:');
    const other = createCli({ 'all.yaml': out });
    expect(await other('apply -f all.yaml')).toMatchObject({ code: 0, err: '' });
    await other('sim clock settle');
    expect(await used(other)).toBe('3/4');
    other.dispose();
  });
});
