/** The traps that `why` knows: the engine is driven into each, the answer is looked at, its advice followed, and the wait ends. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, ask, chain, follow, type Told } from '../support/advice';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(3) });
  await cli('apply -f web.yaml');
  await settle();
});
afterEach(() => cli.dispose());

const settle = () => cli('sim clock settle');
const patch = (target: string, spec: object, type = 'strategic') =>
  cli(['patch', ...target.split('/'), `--type=${type}`, '-p', JSON.stringify(spec)]);
const template = (spec: object) => patch('sts/web', { spec: { template: { spec } } });
const healthy = /^nothing: (all 3|both|its only) replicas? (are|is) ready at revision \S+, the update is complete$/;
const rules = (told: readonly Told[]): string[] => told.map(({ rule }) => rule);
const remedies = ({ reasons }: Answer): readonly string[] => reasons[0]?.remedy ?? [];

/** The advice ends the wait, and there is nothing more to wait for. */
async function adviceHelps(answer: Answer): Promise<void> {
  expect(remedies(answer)).not.toEqual([]);
  await follow(cli, remedies(answer));
  const after = await ask(cli, 'sts/web');
  expect(after.reasons).toEqual([]);
  expect(after.summary).toMatch(healthy);
}

/** `nginx` with one more thing. */
const container = (more: object) => ({ containers: [{ name: 'nginx', ...more }] });

describe('a broken revision under OrderedReady', () => {
  test.each([
    ['image-pull', () => cli('set image sts/web nginx=nginx:does-not-exist')],
    ['unschedulable < insufficient-resources', () => cli('set resources sts web --requests=cpu=9000')],
    ['unschedulable < node-selector', () => template({ nodeSelector: { disk: 'ssd' } })],
    [
      'container-config',
      () => template(container({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'no', key: 'a' } } }] })),
    ],
    [
      'mount',
      () =>
        template({
          ...container({ volumeMounts: [{ name: 'c', mountPath: '/c' }] }),
          volumes: [{ name: 'c', secret: { secretName: 'no' } }],
        }),
    ],
    ['crash-loop', () => template(container({ image: 'busybox', command: ['sh', '-c', 'exit 3'] }))],
    [
      'readiness-probe',
      () => template(container({ readinessProbe: { exec: { command: ['cat', '/no'] }, periodSeconds: 2 } })),
    ],
    [
      'held-unready',
      () => patch('sts/web', { spec: { template: { metadata: { annotations: { 'stsctl.dev/ready': 'false' } } } } }),
    ],
  ])('%s: the template is put right and the pod deleted', async (cause, breakIt) => {
    expect((await breakIt()).code).toBe(0);
    await cli('sim clock advance 20s');
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe(`broken-revision < ${cause}`);
    expect(answer.reasons[0]?.endsAlone).toBe(false);
    expect([remedies(answer)[0], remedies(answer).at(-1)]).toEqual([
      'rollout undo statefulset/web',
      'delete pod web-2',
    ]);
    await adviceHelps(answer);
  });

  test('with the template right again only the pod is to be deleted', async () => {
    await cli('set image sts/web nginx=nginx:does-not-exist');
    await settle();
    await cli('set image sts/web nginx=nginx:1.22');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('broken-revision < image-pull');
    expect(answer.reasons[0]?.message).toMatch(
      /^web-2 is stuck at revision \S+; the template is at \S+ by now, but under OrderedReady a pod is replaced only when it is ready$/,
    );
    expect(remedies(answer)).toEqual(['delete pod web-2']);
    await adviceHelps(answer);
  });

  test('goes back to the last revision that was ever ready', async () => {
    for (const tag of ['does-not-exist-1', 'does-not-exist-2']) {
      await cli(`set image sts/web nginx=nginx:${tag}`);
      await settle();
      await cli('delete pod web-2');
      await settle();
    }
    const answer = await ask(cli, 'sts/web');
    expect(remedies(answer)).toEqual(['rollout undo statefulset/web --to-revision=1', 'delete pod web-2']);
    await adviceHelps(answer);
  });

  test('a first revision has nothing to go back to', async () => {
    cli.files.set('other.yaml', webYaml(2, 'nginx:does-not-exist').replaceAll('web', 'other'));
    await cli('apply -f other.yaml');
    await settle();
    const answer = await ask(cli, 'sts/other');
    expect(chain(answer)).toBe('broken-revision < image-pull');
    expect(remedies(answer)).toEqual([]);
    expect(answer.reasons[0]?.ends).toBe(
      'the template is put right and other-0 is deleted: the template alone does not replace a pod that is not ready',
    );
    await cli('set image sts/other nginx=nginx:1.22');
    await settle();
    expect(remedies(await ask(cli, 'sts/other'))).toEqual(['delete pod other-0']);
    await follow(cli, remedies(await ask(cli, 'sts/other')));
    expect((await ask(cli, 'sts/other')).summary).toMatch(healthy);
  });

  test('without order the template alone is enough', async () => {
    cli.files.set(
      'par.yaml',
      webYaml(3).replaceAll('web', 'par').replace('serviceName:', 'podManagementPolicy: Parallel\n  serviceName:'),
    );
    await cli('apply -f par.yaml');
    await settle();
    await cli('set image sts/par nginx=nginx:does-not-exist');
    await settle();
    const answer = await ask(cli, 'sts/par');
    expect(chain(answer)).toBe('broken-revision < image-pull');
    expect(remedies(answer)).toEqual(['rollout undo statefulset/par']);
    await follow(cli, remedies(answer));
    expect((await ask(cli, 'sts/par')).summary).toMatch(healthy);
  });
});

describe('a predecessor', () => {
  test('that is not ready holds back its successors', async () => {
    await cli('annotate pod web-0 stsctl.dev/ready=false');
    await cli('delete pod web-2');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('predecessor-not-ready < held-unready');
    expect(answer.reasons[0]?.message).toBe('web-0 is not ready: web-2 is created only after it');
    await adviceHelps(answer);
  });

  test('that is not ready holds back an update', async () => {
    await cli('annotate pod web-2 stsctl.dev/ready=false');
    await cli('set image sts/web nginx=nginx:1.22');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(answer.reasons[0]?.message).toBe('web-2 is not ready: web-0 and web-1 are updated only after it');
    await adviceHelps(answer);
  });

  test('that is not ready holds back a scale-down', async () => {
    await cli('annotate pod web-0 stsctl.dev/ready=false');
    await cli('scale sts web --replicas=1');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(answer.summary).toBe('0 of 1 replicas are ready, 2 still to be scaled away');
    expect(answer.reasons[0]?.message).toBe('web-0 is not ready: web-2 and web-1 are scaled away only after it');
    await adviceHelps(answer);
  });

  test('that is unhealthy and above the range goes before others that are', async () => {
    for (const pod of ['web-1', 'web-2']) await cli(`annotate pod ${pod} stsctl.dev/ready=false`);
    await cli('scale sts web --replicas=1');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(answer.summary).toBe('1 of 1 replicas is ready, 2 still to be scaled away');
    expect(chain(answer)).toBe('scale-down-unhealthy < held-unready');
    expect(answer.reasons[0]?.message).toBe('scaling down waits: web-1 is not healthy, so web-2 and web-1 are kept');
    await adviceHelps(answer);
  });

  test('that has not been ready for long enough is waited for', async () => {
    await patch('sts/web', { spec: { minReadySeconds: 30 } });
    await cli('set image sts/web nginx=nginx:1.22');
    await cli('sim clock advance 40s');
    const answer = await ask(cli, 'sts/web');
    const [told] = answer.reasons;
    expect(told?.rule).toBe('min-ready-seconds');
    expect(told?.endsAlone).toBe(true);
    const [, pod] =
      /^(web-\d) is ready, but not yet for 30 seconds \(minReadySeconds\): .* updated only after it$/.exec(
        told?.message ?? '',
      ) ?? [];
    const since = (await cli(`get pod ${pod} -o jsonpath={.status.conditions[?(@.type=="Ready")].lastTransitionTime}`))
      .out;
    expect(Date.parse(told?.until ?? '')).toBe(Date.parse(since) + 30_000);
  });

  test('held by a finalizer is named with it', async () => {
    await patch('pod/web-1', { metadata: { finalizers: ['example.com/hold'] } }, 'merge');
    await cli('delete pod web-1 --wait=false');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('pod-terminating < finalizer');
    await adviceHelps(answer);
  });
});

describe('a claim', () => {
  const claims = (className: string, mode = 'ReadWriteOnce') =>
    webYaml(2).replace(
      '  template:',
      `  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: [${mode}], ${className}resources: {requests: {storage: 1Gi}}}\n  template:`,
    );
  const volume = (name: string, more: string) =>
    `apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: ${name}}\nspec: {${more}, hostPath: {path: /x}}\n`;
  const start = async (yaml: string) => {
    await cli('delete sts web');
    await cli('sim config storage=strict');
    cli.files.set('claims.yaml', yaml);
    await cli('apply -f claims.yaml');
    await settle();
  };
  const message = async () => (await ask(cli, 'pvc/data-web-0')).reasons[0]?.message;
  const make = async (name: string, more: string) => {
    cli.files.set('pv.yaml', volume(name, more));
    expect((await cli('apply -f pv.yaml')).code).toBe(0);
    await settle();
  };

  test('of a class that does not exist', async () => {
    await start(claims('storageClassName: fast, '));
    expect(chain(await ask(cli, 'sts/web'))).toBe('predecessor-not-ready < unschedulable < missing-storage-class');
    expect(await message()).toBe(
      'claim data-web-0 names the storage class "fast", which does not exist (there is standard), and no volume is available',
    );
    await make('good', 'storageClassName: fast, capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce]');
    expect((await ask(cli, 'pvc/data-web-0')).summary).toBe('nothing: it is bound to volume good');
  });

  test('without a class', async () => {
    await cli('annotate sc standard storageclass.kubernetes.io/is-default-class-');
    await start(claims(''));
    expect(chain(await ask(cli, 'sts/web'))).toBe('predecessor-not-ready < unschedulable < no-storage-class');
    expect(await message()).toBe(
      'claim data-web-0 finds no volume: it names no storage class, and the cluster has no default one, and no volume is available',
    );
  });

  test('that no volume suits, for size and for access modes', async () => {
    cli.files.set(
      'class.yaml',
      'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: local}\nprovisioner: kubernetes.io/no-provisioner\nvolumeBindingMode: WaitForFirstConsumer\n',
    );
    await cli('apply -f class.yaml');
    await start(claims('storageClassName: local, ', 'ReadWriteMany'));
    await make('small', 'storageClassName: local, capacity: {storage: 1Mi}, accessModes: [ReadWriteMany]');
    await make('once', 'storageClassName: local, capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce]');
    expect(chain(await ask(cli, 'sts/web'))).toBe('predecessor-not-ready < unschedulable < no-matching-volume');
    expect(await message()).toBe(
      'claim data-web-0 finds no volume: class local makes none by itself, and no available volume suits it ' +
        '(once: incompatible accessMode; small: requested PV is too small)',
    );
    await make('many', 'storageClassName: local, capacity: {storage: 1Gi}, accessModes: [ReadWriteMany]');
    expect((await ask(cli, 'pod/web-0')).reasons).toEqual([]);
  });

  test('that nobody uses waits for its first pod', async () => {
    cli.files.set(
      'late.yaml',
      'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: late}\nprovisioner: example.com/disk\nvolumeBindingMode: WaitForFirstConsumer\n---\n' +
        'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: alone}\nspec: {storageClassName: late, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n',
    );
    await cli('apply -f late.yaml');
    await settle();
    const answer = await ask(cli, 'pvc/alone');
    expect(rules(answer.reasons)).toEqual(['wait-for-first-consumer']);
  });

  test('that is deleted while it is used', async () => {
    await start(claims(''));
    await cli('delete pvc data-web-1 --wait=false');
    const answer = await ask(cli, 'pvc/data-web-1');
    expect(chain(answer)).toBe('claim-in-use');
    expect(remedies(answer)).toEqual(['delete pod web-1']);
    await follow(cli, remedies(answer));
    expect((await ask(cli, 'sts/web')).summary).toMatch(healthy);
    expect((await ask(cli, 'pvc/data-web-1')).summary).toMatch(/^nothing: it is bound to volume pvc-/);
  });

  test('of an earlier pod that does not go', async () => {
    await start(
      claims('').replace(
        '  serviceName:',
        '  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}\n  serviceName:',
      ),
    );
    await patch('pvc/data-web-1', { metadata: { finalizers: ['example.com/keep'] } }, 'merge');
    await cli('scale sts web --replicas=1');
    await settle();
    await cli('scale sts web --replicas=2');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('stale-claim < finalizer');
    await adviceHelps(answer);
  });

  test('that goes away stops the pod that would need it', async () => {
    await start(claims(''));
    await patch('pvc/data-web-1', { metadata: { finalizers: ['example.com/keep'] } }, 'merge');
    await cli('delete pvc data-web-1 --wait=false');
    await cli('delete pod web-1');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('claim-terminating < finalizer');
    await adviceHelps(answer);
  });
});

describe('the governing Service', () => {
  const note = async () => {
    const { summary, reasons, notes } = await ask(cli, 'sts/web');
    expect([summary, reasons]).toEqual([expect.stringMatching(healthy), []]);
    return notes;
  };
  const dns = async () => (await cli('sim dns web-0.nginx')).code;

  test.each([
    ['missing-service', ['delete service nginx']],
    ['service-not-headless', ['delete service nginx', 'create service clusterip nginx --tcp=80:80']],
    ['service-selector-mismatch', ['set selector service nginx app=other']],
  ])('%s is a note, for the controller does not wait for it', async (rule, commands) => {
    await follow(cli, commands);
    if (rule === 'service-not-headless') await cli('set selector service nginx app=nginx');
    expect(await dns()).toBe(1);
    const notes = await note();
    expect(rules(notes)).toEqual([rule]);
    await follow(cli, notes[0]?.remedy);
    expect(await note()).toEqual([]);
    expect(await dns()).toBe(0);
  });

  test('hides pods that have yet to become ready', async () => {
    await patch('sts/web', { spec: { template: { metadata: { annotations: { 'stsctl.dev/ready': 'false' } } } } });
    await settle();
    const { notes } = await ask(cli, 'sts/web');
    expect(rules(notes)).toEqual(['not-ready-addresses']);
    expect((await cli('sim dns web-2.nginx')).code).toBe(1);
    await follow(cli, notes[0]?.remedy);
    expect((await ask(cli, 'sts/web')).notes).toEqual([]);
    expect((await cli('sim dns web-2.nginx')).code).toBe(0);
  });
});

describe('labels', () => {
  test('a pod that was relabelled keeps its name from the set', async () => {
    await cli('label pod web-1 app=other --overwrite');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(rules(answer.reasons)).toEqual(['name-taken']);
    expect(answer.notes).toEqual([]);
    const [note] = (await ask(cli, 'pod/web-1')).notes;
    expect(note?.rule).toBe('label-mismatch');
    expect(note?.remedy).toEqual(['label pod web-1 app=nginx --overwrite']);
    await adviceHelps(answer);
  });

  test('and comes back when its labels match again', async () => {
    await cli('label pod web-1 app=other --overwrite');
    await settle();
    const [note] = (await ask(cli, 'pod/web-1')).notes;
    await follow(cli, note?.remedy);
    await cli('sim clock advance 30m');
    expect((await ask(cli, 'sts/web')).summary).toMatch(healthy);
  });

  test('a pod of the name of a future one is noted', async () => {
    await cli('run web-7 --image=nginx');
    const { reasons, notes } = await ask(cli, 'sts/web');
    expect([reasons, rules(notes)]).toEqual([[], ['label-mismatch']]);
  });
});

describe('an update that looks stuck', () => {
  test('hidden by a partition', async () => {
    await patch('sts/web', { spec: { updateStrategy: { rollingUpdate: { partition: 2 } } } });
    await cli('set image sts/web nginx=nginx:1.22');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(answer.summary).toMatch(/^nothing: all 3 replicas are ready, 1 of them at the latest revision web-/);
    expect(rules(answer.notes)).toEqual(['partition']);
    expect(answer.notes[0]?.message).toMatch(
      / stops at ordinal 2 \(partition 2\): web-0 and web-1 stay at web-\S+, also when deleted$/,
    );
    await follow(cli, answer.notes[0]?.remedy);
    expect((await ask(cli, 'sts/web')).summary).toMatch(healthy);
  });

  test('left to the user by OnDelete', async () => {
    await patch('sts/web', { spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } });
    await cli('set image sts/web nginx=nginx:1.22');
    await cli('delete pod web-1');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(answer.reasons).toEqual([]);
    expect(rules(answer.notes)).toEqual(['on-delete']);
    expect(answer.notes[0]?.remedy).toEqual(['delete pod web-2', 'delete pod web-0']);
    await follow(cli, answer.notes[0]?.remedy);
    const after = await ask(cli, 'sts/web');
    expect([after.summary, after.notes]).toEqual([expect.stringMatching(healthy), []]);
  });

  test('held by the budget of maxUnavailable', async () => {
    await cli('sim reset');
    cli.files.set('par.yaml', webYaml(3).replace('serviceName:', 'podManagementPolicy: Parallel\n  serviceName:'));
    const gate = '--feature-gates=MaxUnavailableStatefulSet=true';
    await cli(`apply -f par.yaml ${gate}`);
    await settle();
    await cli('annotate pod web-0 stsctl.dev/ready=false');
    await cli(`set image sts/web nginx=nginx:1.22 ${gate}`);
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('max-unavailable < pod-not-ready < held-unready');
    expect(answer.reasons[0]?.message).toBe(
      'maxUnavailable allows 1 pod to be unavailable during an update, and web-0 is',
    );
    await adviceHelps(answer);
  });
});

describe('a pod without a node', () => {
  test.each([
    ['node-cordoned', 'cordon node-1', 'uncordon node-1'],
    ['node-taint', 'taint nodes node-1 dedicated=db:NoSchedule', 'taint nodes node-1 dedicated:NoSchedule-'],
  ])('%s', async (rule, breakIt, remedy) => {
    await cli(breakIt);
    await cli('delete pod web-2');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe(`pod-not-ready < unschedulable < ${rule}`);
    expect(remedies(answer)).toEqual([remedy]);
    await adviceHelps(answer);
  });
});

describe('what is being deleted', () => {
  test('a set in the foreground waits for its pods', async () => {
    await patch('pod/web-2', { metadata: { finalizers: ['example.com/hold'] } }, 'merge');
    await cli('delete sts web --cascade=foreground --wait=false');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect([answer.summary, chain(answer)]).toEqual([
      'it is being deleted, 1 pod left',
      'foreground-deletion < finalizer',
    ]);
    await follow(cli, remedies(answer));
    expect((await cli('get sts,pods')).out).toBe('');
  });

  test('a namespace waits for its content, and so does a set in it', async () => {
    await cli('create namespace prod');
    await cli('apply -f web.yaml -n prod');
    await settle();
    await cli([
      'patch',
      'pod',
      'web-2',
      '-n',
      'prod',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":["example.com/hold"]}}',
    ]);
    await cli('delete namespace prod --wait=false');
    await settle();
    expect(chain(await ask(cli, 'ns/prod'))).toBe('namespace-content < finalizer');
    const answer = await ask(cli, 'sts/web -n prod');
    expect(chain(answer)).toBe('namespace-terminating < namespace-content < finalizer');
    await follow(cli, remedies(await ask(cli, 'ns/prod')));
    expect((await cli('get ns prod')).code).toBe(1);
  });
});

describe('a node that is lost', () => {
  const rest = () => cli('sim clock advance 10m');

  test('keeps its pods Terminating until they are deleted by force', async () => {
    await cli('sim fail node/node-1 lost');
    await cli('delete pod web-2 --wait=false');
    await rest();
    const answer = await ask(cli, 'sts/web');
    const pod = await ask(cli, 'pod/web-2');
    expect(chain(pod)).toBe('node-lost < fault');
    expect(pod.reasons[0]?.message).toBe(
      'web-2 is Terminating, but node node-1 is lost (Ready is Unknown): ' +
        'nobody can confirm that its containers have ended, so the object stays and its name is taken',
    );
    expect(pod.reasons[0]?.ends).toBe(
      'the node returns (fault f1 is healed), or the pod is deleted by force: only when its containers have surely ended, ' +
        'or two pods may run under one name (a StatefulSet promises at most one)',
    );
    expect(remedies(pod)).toEqual(['delete pod web-2 --force --grace-period=0']);
    await follow(cli, remedies(pod));
    expect((await cli('why pod/web-2')).code).toBe(1);
    expect(chain(answer)).toBe('pod-not-ready < node-lost < fault');
  });

  test('gives them back when it returns', async () => {
    await cli('sim fail node/node-1 lost');
    await cli('delete pod web-2 --wait=false');
    await rest();
    const pod = await ask(cli, 'pod/web-2');
    await follow(cli, pod.reasons[0]?.because?.[0]?.remedy);
    await rest();
    expect((await ask(cli, 'sts/web')).summary).toMatch(healthy);
  });

  test('of several: its pods are told to go, and the time is known', async () => {
    await cli('sim config nodes=3');
    await cli('delete pod web-1');
    await settle();
    const node = (await cli('get pod web-1 -o jsonpath={.spec.nodeName}')).out;
    await cli(`sim fail node/${node} lost`);
    await cli('sim clock advance 60s');
    const [told] = (await ask(cli, 'pod/web-1')).reasons;
    const [, at] = /\(at (\d\d:\d\d:\d\d) the pod is told to go, and stays Terminating\)/.exec(told?.ends ?? '') ?? [];
    expect(at).toBeDefined();
    await cli('sim clock advance 5m');
    const terminating = await ask(cli, 'pod/web-1');
    expect(terminating.summary).toBe('it is being deleted');
    await follow(cli, remedies(terminating));
    expect((await ask(cli, 'sts/web')).summary).toMatch(healthy);
    expect((await cli('get pod web-1 -o jsonpath={.spec.nodeName}')).out).not.toBe(node);
  });
});

describe('what was broken on purpose', () => {
  test.each([
    ['sim fail pod/web-1 unready', 'pod-not-ready < container-not-ready < fault', '5s'],
    ['sim fail pod/web-1 crash --until-healed', 'pod-not-ready < crash-loop < fault', '30s'],
    ['sim fail api create pods --until-healed', 'api-refused < fault', '10s'],
  ])('%s', async (fail, rules, time) => {
    await cli(fail);
    if (fail.includes(' api ')) await cli('scale sts web --replicas=4');
    await cli(`sim clock advance ${time}`);
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe(rules);
    expect(remedies(answer)).toEqual(['sim heal f1']);
    await follow(cli, remedies(answer));
    await cli('sim clock advance 10m');
    expect((await ask(cli, 'sts/web')).summary).toMatch(/^nothing: all \d replicas are ready/);
  });

  test('a call that fails a few times more ends by itself', async () => {
    await cli('sim fail api create pods --times=12');
    await cli('scale sts web --replicas=4');
    await cli('sim clock advance 1s');
    const [told] = (await ask(cli, 'sts/web')).reasons;
    expect([told?.rule, told?.endsAlone]).toEqual(['api-refused', true]);
    await settle();
    expect((await ask(cli, 'sts/web')).summary).toBe(
      `nothing: all 4 replicas are ready at revision ${(await cli('get sts web -o jsonpath={.status.updateRevision}')).out}, the update is complete`,
    );
  });

  test('a pod that does not come to its end', async () => {
    await cli('sim fail pod/web-2 stuck-terminating');
    await cli('delete pod web-2 --wait=false');
    await cli('sim clock advance 1m');
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('pod-terminating < stuck-terminating < fault');
    expect(remedies(answer)).toEqual(['delete pod web-2 --force --grace-period=0']);
    await adviceHelps(answer);
  });

  test('an image that is not found, brought by an update', async () => {
    await cli('sim fail image nginx:1.22 not-found');
    await cli('set image sts/web nginx=nginx:1.22');
    await settle();
    const answer = await ask(cli, 'sts/web');
    expect(chain(answer)).toBe('broken-revision < image-pull < fault');
    expect(answer.reasons[0]?.ends).toMatch(/; or when fault f1 is healed$/);
    await adviceHelps(answer);
  });

  test('a claim that gets no volume', async () => {
    await cli('sim fail pvc/alone pending');
    cli.files.set(
      'pvc.yaml',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: alone}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n',
    );
    await cli('apply -f pvc.yaml');
    await settle();
    const answer = await ask(cli, 'pvc/alone');
    expect(chain(answer)).toBe('provisioning < fault');
    await follow(cli, remedies(answer));
    expect((await ask(cli, 'pvc/alone')).reasons).toEqual([]);
  });
});

describe('a wait without an end', () => {
  test('says why it ends', async () => {
    await cli('set image sts/web nginx=nginx:does-not-exist');
    const { err, code } = await cli('rollout status sts/web');
    const update = (await cli('get sts web -o jsonpath={.status.updateRevision}')).out;
    expect(err).toBe(
      `stsctl: nothing more will happen by itself: web-2 does not become ready at revision ${update}, the latest one, and under OrderedReady the controller waits for it; see stsctl why statefulset/web\n` +
        'error: timed out waiting for the condition\n',
    );
    expect(code).toBe(1);
  });

  test('is what kubectl says with a time limit', async () => {
    await cli('set image sts/web nginx=nginx:does-not-exist');
    expect((await cli('rollout status sts/web --timeout=5s')).err).toBe('error: timed out waiting for the condition\n');
  });
});
