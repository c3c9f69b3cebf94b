/** `stsctl why` as a user sees it: its text, its JSON, its complaints; and that asking changes nothing. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(3) });
  await cli('apply -f web.yaml');
});
afterEach(() => cli.dispose());

const ok = (out: string) => ({ out, err: '', code: 0 });
const settle = () => cli('sim clock settle');
const revision = async (field: 'updateRevision' | 'currentRevision') =>
  (await cli(`get sts web -o jsonpath={.status.${field}}`)).out;

test('a healthy set, pod and claim say so', async () => {
  await settle();
  expect(await cli('why sts/web')).toEqual(
    ok(
      `statefulset/web: nothing: all 3 replicas are ready at revision ${await revision('updateRevision')}, the update is complete\n`,
    ),
  );
  expect(await cli('why pod web-0 web-1')).toEqual(
    ok('pod/web-0: nothing: it is running and ready\n\npod/web-1: nothing: it is running and ready\n'),
  );
  await cli('scale sts web --replicas=0');
  await settle();
  expect(await cli('why sts web')).toEqual(ok('statefulset/web: nothing: it asks for 0 replicas and has none\n'));
});

test('what goes on by itself has an end in sight', async () => {
  expect(await cli('why sts/web')).toEqual(
    ok(`statefulset/web: 0 of 3 replicas are ready
  web-0 is not ready: web-1 and web-2 are created only after it
    since    2026-01-01T00:00:00Z (0s ago)
    until    2026-01-01T00:00:01Z (in 1s)
    rule     predecessor-not-ready (StatefulSet controller: processReplica, OrderedReady)
    ends     by itself, when web-0 is running and ready, that is when container nginx runs
    because  container nginx is being started [container-creating], ends in 1s
`),
  );
});

describe('a broken image', () => {
  beforeEach(async () => {
    await settle();
    await cli('set image sts/web nginx=nginx:does-not-exist');
    await settle();
  });

  test('is told with the rule and the way out', async () => {
    const update = await revision('updateRevision');
    expect(await cli('why sts/web')).toEqual(
      ok(`statefulset/web: 2 of 3 replicas are ready, 1 at the latest revision ${update}
  web-2 does not become ready at revision ${update}, the latest one, and under OrderedReady the controller waits for it
    since    2026-01-01T00:00:04Z (2s ago)
    rule     broken-revision (kubernetes#67250; kubernetes.io/docs: Forced rollback)
    ends     when the template is put right (revision 1 was good) and web-2 is deleted: the template alone does not replace a pod that is not ready
    do       stsctl rollout undo statefulset/web
             stsctl delete pod web-2
    because  container nginx can't start: its image nginx:does-not-exist can't be pulled (ImagePullBackOff) [image-pull], for 3s
`),
    );
    const told = (await cli('why sts/web')).out.split('\n');
    const ofPod = (await cli('why pod/web-2')).out.split('\n');
    expect(ofPod[0]).toBe('pod/web-2: it is Pending and not ready');
    expect(ofPod.slice(1)).toEqual(told.slice(1));
  });

  test('is told to programs', async () => {
    const update = await revision('updateRevision');
    const explanation = {
      subject: { kind: 'StatefulSet', namespace: 'default', name: 'web' },
      summary: `2 of 3 replicas are ready, 1 at the latest revision ${update}`,
      reasons: [
        {
          rule: 'broken-revision',
          on: { kind: 'Pod', namespace: 'default', name: 'web-2' },
          message: `web-2 does not become ready at revision ${update}, the latest one, and under OrderedReady the controller waits for it`,
          source: 'kubernetes#67250; kubernetes.io/docs: Forced rollback',
          since: '2026-01-01T00:00:04.500Z',
          endsAlone: false,
          ends: 'the template is put right (revision 1 was good) and web-2 is deleted: the template alone does not replace a pod that is not ready',
          remedy: ['rollout undo statefulset/web', 'delete pod web-2'],
          because: [
            {
              rule: 'image-pull',
              on: { kind: 'Pod', namespace: 'default', name: 'web-2' },
              message: "container nginx can't start: its image nginx:does-not-exist can't be pulled (ImagePullBackOff)",
              source: 'kubelet: EnsureImageExists',
              since: '2026-01-01T00:00:04.000Z',
              endsAlone: false,
              ends: 'the image can be pulled, or container nginx gets another one',
            },
          ],
        },
      ],
      notes: [],
    };
    expect(JSON.parse((await cli('why sts/web -o json')).out)).toEqual(explanation);
    const several = JSON.parse((await cli('why sts/web pod/web-0 -o json')).out);
    expect(several).toEqual([
      explanation,
      {
        subject: { kind: 'Pod', namespace: 'default', name: 'web-0' },
        summary: 'nothing: it is running and ready',
        reasons: [],
        notes: [],
      },
    ]);
    expect((await cli('why pod/web-0 -o yaml')).out).toBe(
      `notes: []
reasons: []
subject:
  kind: Pod
  name: web-0
  namespace: default
summary: 'nothing: it is running and ready'
`,
    );
  });

  test('changes nothing by being asked for', async () => {
    const before = readFileSync(cli.state, 'utf8');
    const first = await cli('why sts/web pod/web-2 svc/nginx');
    expect(await cli('why sts/web pod/web-2 svc/nginx')).toEqual(first);
    expect(readFileSync(cli.state, 'utf8')).toBe(before);
  });

  test('speaks as the program was called', async () => {
    cli.calledAs = 'kubectl';
    expect((await cli('why sts/web')).out).toContain('    do       kubectl rollout undo statefulset/web\n');
  });

  test('is coloured on request, in the same words', async () => {
    const plain = (await cli('why sts/web')).out;
    const coloured = (await cli('why sts/web --color=always')).out;
    expect(coloured).not.toBe(plain);
    expect(
      coloured
        .split('\u001b')
        .map((part, i) => (i === 0 ? part : part.replace(/^\[\d+m/, '')))
        .join(''),
    ).toBe(plain);
  });
});

test.each([
  ['why sts/nope', 'Error from server (NotFound): statefulsets.apps "nope" not found\n'],
  ['why pod nope', 'Error from server (NotFound): pods "nope" not found\n'],
  ['why foo/bar', 'error: the server doesn\'t have a resource type "foo"\n'],
  ['why sts', 'error: resource(s) were provided, but no name was specified\n'],
  ['why sts/web -o wide', "error: --output must be 'yaml' or 'json'\n"],
  [
    'why',
    "error: You must say what to explain: TYPE NAME or TYPE/NAME, as in sts/web, pod/web-0 or pvc/www-web-0.\nSee 'stsctl why -h' for help and examples\n",
  ],
])('%s fails', async (line, err) => {
  expect(await cli(line)).toEqual({ out: '', err, code: 1 });
});

test('what is there is told beside what is not', async () => {
  await settle();
  expect(await cli('why pod web-0 nope')).toEqual({
    out: 'pod/web-0: nothing: it is running and ready\n',
    err: 'Error from server (NotFound): pods "nope" not found\n',
    code: 1,
  });
});

test('other types say what is known of them', async () => {
  expect((await cli('why svc/nginx')).out).toBe(
    'service/nginx: nothing that is known here: only StatefulSets, pods and claims wait; of other objects it is known why they are not gone yet\n',
  );
  await cli('create configmap held');
  await cli([
    'patch',
    'cm',
    'held',
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":["example.com/a","example.com/b"]}}',
  ]);
  await cli('delete cm held --wait=false');
  expect((await cli('why cm/held')).out).toBe(`configmap/held: it is being deleted
  configmap held is held by the finalizers example.com/a and example.com/b
    since    2026-01-01T00:00:00Z (0s ago)
    rule     finalizer (kubernetes.io/docs: Finalizers)
    ends     when whoever set example.com/a and example.com/b removes them; by hand only when that controller is gone for good
    do       stsctl patch configmap held --type=merge -p '{"metadata":{"finalizers":null}}'
`);
});
