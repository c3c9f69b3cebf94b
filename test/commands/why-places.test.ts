/** Why a pod has no node, and what of its claims is the matter while it runs: the advice is followed, and the wait ends. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, ask, chain, follow } from '../support/advice';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml(3) });
});
afterEach(() => cli.dispose());

const settle = () => cli('sim clock settle');
/** The set with more in its pods' spec, from its first revision on. */
async function start(spec: object = {}, more: object = {}): Promise<void> {
  const template = {
    metadata: { labels: { app: 'nginx' } },
    spec: { containers: [{ name: 'nginx', image: 'nginx:1.21' }], ...spec },
  };
  const selector = { matchLabels: { app: 'nginx' } };
  const set = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: { replicas: 3, selector, template, ...more },
  };
  cli.files.set('set.json', JSON.stringify(set));
  expect((await cli('apply -f set.json')).err).toBe('');
  await settle();
}
const nginx = (more: object) => ({ containers: [{ name: 'nginx', image: 'nginx:1.21', ...more }] });
const data = {
  volumeClaimTemplates: [
    {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  ],
};
const mounted = nginx({ volumeMounts: [{ name: 'data', mountPath: '/data' }] });
const apart = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'nginx' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  },
};
const leaf = ({ reasons }: Answer): string => {
  let told = reasons[0];
  while (told?.because?.[0]) told = told.because[0];
  return told?.message ?? '';
};

describe('a pod without a node is told the way to one', () => {
  test.each([
    [
      'node-selector',
      { nodeSelector: { disk: 'ssd' } },
      ['label node node-1 disk=ssd'],
      'no node has the labels disk=ssd',
    ],
    [
      'node-selector',
      { nodeSelector: { 'kubernetes.io/hostname': 'node-2' } },
      ['sim config nodes=2'],
      'no node has the labels kubernetes.io/hostname=node-2',
    ],
    [
      'insufficient-resources',
      nginx({ resources: { requests: { cpu: '400' } } }),
      ['sim config nodes=2'],
      'no node has enough cpu left: the pod asks for 400 cpu, and node-1 has 200 of 1k',
    ],
    ['pod-anti-affinity', apart, ['sim config nodes=3'], 'it must not be beside web-0 on node-1 (pod anti-affinity)'],
    [
      'host-port',
      nginx({ ports: [{ containerPort: 80, hostPort: 80 }] }),
      ['sim config nodes=3'],
      "another pod has host port 80 of the node already: two of them can't be on one node",
    ],
  ])('%s', async (rule, spec, remedy, message) => {
    await start(spec);
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toMatch(new RegExp(`^(pod|predecessor)-not-ready < unschedulable < ${rule}$`));
    expect([leaf(answer), answer.reasons[0]?.remedy]).toEqual([message, remedy]);
    await follow(cli, remedy);
    expect((await ask(cli, 'sts/web')).reasons).toEqual([]);
  });

  test('through several obstacles at once', async () => {
    await cli('cordon node-1');
    await cli('taint nodes node-1 dedicated=db:NoSchedule');
    await start({ nodeSelector: { disk: 'ssd' } });
    const [reason] = (await ask(cli, 'sts/web')).reasons;
    expect(reason?.remedy).toEqual([
      'uncordon node-1',
      'taint nodes node-1 dedicated:NoSchedule-',
      'label node node-1 disk=ssd',
    ]);
    await follow(cli, reason?.remedy);
    expect((await ask(cli, 'sts/web')).reasons).toEqual([]);
  });

  test('and none that does not lead there', async () => {
    await start(nginx({ resources: { requests: { cpu: '9000' } } }));
    const [reason] = (await ask(cli, 'sts/web')).reasons;
    expect([reason?.remedy, reason?.endsAlone]).toEqual([undefined, false]);
  });

  test('an update that asks for what no node has is a broken revision; one that asks for the same is not', async () => {
    await cli('sim config nodes=2');
    await start(apart, { replicas: 2 });
    await cli('scale sts web --replicas=3');
    await settle();
    await cli('set image sts/web nginx=nginx:1.22');
    await settle();
    expect(chain(await ask(cli, 'sts/web'))).toBe('predecessor-not-ready < unschedulable < pod-anti-affinity');
    await cli('sim config nodes=3');
    await settle();
    await cli(['patch', 'sts', 'web', '-p', '{"spec":{"template":{"spec":{"nodeSelector":{"disk":"ssd"}}}}}']);
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('broken-revision < unschedulable < node-selector');
  });
});

describe('claims of pods that run on', () => {
  beforeEach(() => start(mounted, data));
  const volume = async () => (await cli('get pvc data-web-1 -o jsonpath={.spec.volumeName}')).out;

  test('one that is deleted goes with its pod, and what is in it', async () => {
    const name = await volume();
    await cli('delete pvc data-web-1 --wait=false');
    for (const subject of ['sts/web', 'pod/web-1']) {
      const { reasons, notes } = await ask(cli, subject);
      expect([reasons, notes.map(({ rule }) => rule)]).toEqual([[], ['claim-terminating']]);
      expect(notes[0]?.message).toBe(
        `claim data-web-1 is Terminating while web-1 uses it: when web-1 goes, the claim goes, and volume ${name} with all that is in it (reclaim policy Delete)`,
      );
      expect(notes[0]?.remedy).toBeUndefined();
    }
    const [reason] = (await ask(cli, 'pvc/data-web-1')).reasons;
    expect([reason?.rule, reason?.remedy]).toEqual(['claim-in-use', ['delete pod web-1']]);
    expect(reason?.ends).toContain(`volume ${name} with all that is in it (reclaim policy Delete)`);
  });

  test('a volume that is kept is said to be kept', async () => {
    await cli(['patch', 'pv', await volume(), '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}']);
    await cli('delete pvc data-web-1 --wait=false');
    expect((await ask(cli, 'pvc/data-web-1')).reasons[0]?.ends).toContain('stays with what is in it');
  });

  test('one that lost its volume, with and without a fault', async () => {
    await cli('sim fail pvc/data-web-1 lost');
    const [note] = (await ask(cli, 'sts/web')).notes;
    expect([note?.rule, note?.remedy]).toEqual(['claim-lost', ['sim heal f1']]);
    await follow(cli, note?.remedy);
    expect((await ask(cli, 'sts/web')).notes).toEqual([]);
    const name = await volume();
    await cli(`delete pv ${name} --wait=false`);
    await cli(['patch', 'pv', name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    await settle();
    const [lost] = (await ask(cli, 'pvc/data-web-1')).reasons;
    expect([lost?.rule, lost?.remedy]).toEqual([
      'claim-lost',
      ['delete pvc data-web-1 --wait=false', 'delete pod web-1'],
    ]);
    await follow(cli, lost?.remedy);
    await cli('sim clock advance 1m');
    expect([(await ask(cli, 'sts/web')).reasons, (await ask(cli, 'pvc/data-web-1')).reasons]).toEqual([[], []]);
  });

  test('a full volume is a note on the set, the pod and the claim', async () => {
    await cli('sim fail pvc/data-web-1 full');
    for (const subject of ['sts/web', 'pod/web-1', 'pvc/data-web-1'])
      expect((await ask(cli, subject)).notes.map(({ rule, remedy }) => [rule, remedy])).toEqual([
        ['volume-full', ['sim heal f1']],
      ]);
    expect((await ask(cli, 'pod/web-0')).notes).toEqual([]);
  });
});

test('a budget that holds a drain up is named by the pod, the set, the node and the budget', async () => {
  await start();
  await cli('create pdb web --selector=app=nginx --min-available=3');
  await cli('drain node-1 --timeout=10s');
  for (const subject of ['sts/web', 'pod/web-1', 'node/node-1', 'pdb/web']) {
    const { notes } = await ask(cli, subject);
    expect(notes.map(({ rule }) => rule)).toEqual(['disruption-budget']);
    expect(notes[0]?.message).toMatch(
      /can't be evicted from node-1, which is cordoned: budget web wants 3 healthy pods, and there are 3$/,
    );
    expect(notes[0]?.remedy).toEqual([`patch pdb web --type=merge -p '{"spec":{"minAvailable":2}}'`]);
  }
  await follow(cli, (await ask(cli, 'pdb/web')).notes[0]?.remedy);
  expect((await ask(cli, 'pdb/web')).notes).toEqual([]);
});
