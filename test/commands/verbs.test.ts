import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { conflict, OPTIMISTIC_LOCK } from '../../src/core/api/status';
import { CommandError } from '../../src/core/client/errors';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({ 'web.yaml': webYaml(), 'more.yaml': webYaml(4), 'new.yaml': webYaml(2, 'nginx:1.22') });
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });

async function started(): Promise<void> {
  expect((await cli('apply -f web.yaml')).code).toBe(0);
  expect((await cli('sim clock settle')).code).toBe(0);
}

describe('apply', () => {
  test('creates, leaves alone, changes; dry runs change nothing', async () => {
    expect(await cli('apply -f web.yaml --dry-run=client')).toEqual(
      ok('service/nginx created (dry run)\nstatefulset.apps/web created (dry run)\n'),
    );
    expect(await cli('apply -f web.yaml --dry-run=server')).toEqual(
      ok('service/nginx created (server dry run)\nstatefulset.apps/web created (server dry run)\n'),
    );
    expect(await cli('apply -f web.yaml')).toEqual(ok('service/nginx created\nstatefulset.apps/web created\n'));
    expect(await cli('apply -f web.yaml')).toEqual(ok('service/nginx unchanged\nstatefulset.apps/web unchanged\n'));
    expect(await cli('apply -f new.yaml --dry-run=server')).toEqual(
      ok('service/nginx unchanged (server dry run)\nstatefulset.apps/web configured (server dry run)\n'),
    );
    expect(await cli('apply -f web.yaml')).toEqual(ok('service/nginx unchanged\nstatefulset.apps/web unchanged\n'));
    expect(await cli('apply -f new.yaml -o name')).toEqual(ok('service/nginx\nstatefulset.apps/web\n'));
    expect((await cli('get sts web -o jsonpath={.spec.template.spec.containers[0].image}')).out).toBe('nginx:1.22');
  });

  test('goes on after a failure and reports it at the end', async () => {
    const bad = `${webYaml().replace('replicas: 2', 'replicas: -1')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n`;
    cli.files.set('bad.yaml', bad);
    expect(await cli('apply -f bad.yaml')).toEqual(
      fails(
        'The StatefulSet "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n',
        'service/nginx created\nconfigmap/c created\n',
      ),
    );
  });

  test('reads standard input, folders, and refuses another namespace', async () => {
    expect(await cli('apply -f -', webYaml())).toEqual(ok('service/nginx created\nstatefulset.apps/web created\n'));
    cli.files.set('d/a.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: data}\n');
    expect(await cli('apply -f d -n other')).toEqual(
      fails(
        'error: the namespace from the provided object "data" does not match the namespace "other". You must pass ' +
          "'--namespace=data' to perform this operation.\n",
      ),
    );
    expect(await cli('apply -f d')).toEqual(
      fails('Error from server (NotFound): error when creating "d/a.yaml": namespaces "data" not found\n'),
    );
  });

  test('misses its annotation once, and removes what is gone from the file', async () => {
    await cli('create -f web.yaml');
    expect(await cli('apply -f web.yaml')).toEqual(
      ok(
        'service/nginx configured\nstatefulset.apps/web configured\n',
        ['services/nginx', 'statefulsets/web']
          .map(
            (name) =>
              `Warning: resource ${name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is ` +
              'required by stsctl apply. stsctl apply should only be used on resources created declaratively by either stsctl ' +
              'create --save-config or stsctl apply. The missing annotation will be patched automatically.\n',
          )
          .join(''),
      ),
    );
    cli.files.set(
      'cm.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {x: "1", y: "2"}}\ndata: {a: "1", b: "2"}\n',
    );
    await cli('apply -f cm.yaml');
    await cli('label cm c mine=1');
    cli.files.set(
      'cm.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {x: "1"}}\ndata: {a: "1"}\n',
    );
    await cli('apply -f cm.yaml');
    expect((await cli('get cm c -o jsonpath={.data}{.metadata.labels}')).out).toBe('{"a":"1"}{"mine":"1","x":"1"}');
  });

  test('an older API version is converted with one warning', async () => {
    cli.files.set('old.yaml', webYaml().replace('apps/v1\n', 'apps/v1beta2\n'));
    const { out, err, code } = await cli('apply -f old.yaml');
    expect([out, code]).toEqual(['service/nginx created\nstatefulset.apps/web created\n', 0]);
    expect(err).toMatch(/^Warning: [^\n]*apps\/v1beta2[^\n]*\n$/);
    expect((await cli('apply -f old.yaml')).out).toBe('service/nginx unchanged\nstatefulset.apps/web unchanged\n');
  });

  test('tries again when somebody else was faster', async () => {
    await started();
    let conflicts = 3;
    cli.wrap = (backend) =>
      Object.assign(Object.create(backend), {
        patch: async (...args: Parameters<typeof backend.patch>) => {
          if (conflicts-- > 0) throw conflict(args[0], args[2], OPTIMISTIC_LOCK);
          return backend.patch(...args);
        },
      });
    expect(await cli('apply -f new.yaml')).toEqual(ok('service/nginx unchanged\nstatefulset.apps/web configured\n'));
    conflicts = 99;
    expect((await cli('apply -f web.yaml')).err).toContain(
      'Error from server (Conflict): error when applying patch:\n',
    );
  });
});

describe('output discipline', () => {
  test('nothing is said when the commit fails, but why', async () => {
    cli.wrap = (backend) =>
      Object.assign(Object.create(backend), {
        commit: async () => {
          throw new CommandError('the disk is full');
        },
      });
    expect(await cli('apply -f web.yaml')).toEqual(fails('error: the disk is full\n'));
    cli.wrap = (backend) => backend;
    expect(await cli('get sts')).toEqual(ok('', 'No resources found in default namespace.\n'));
  });

  test('every line is committed before it is shown, waiting verbs included', async () => {
    await cli('apply -f web.yaml');
    const order: string[] = [];
    cli.wrap = (backend) =>
      Object.assign(Object.create(backend), {
        commit: async () => {
          order.push('commit');
          await backend.commit();
        },
        watch: (...args: Parameters<typeof backend.watch>) => {
          order.push('watch');
          return backend.watch(...args);
        },
      });
    await cli('delete pod web-0');
    expect(order).toEqual(['commit', 'watch', 'commit']);
  });

  test('warnings can be errors', async () => {
    await started();
    expect(await cli('get endpoints nginx -o name --warnings-as-errors')).toEqual(
      fails(
        'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\nerror: 1 warning received\n',
        'endpoints/nginx\n',
      ),
    );
  });
});

describe('get', () => {
  test('tables, names, kinds and what is missing', async () => {
    await started();
    expect((await cli('get pods,sts')).out).toBe(
      'NAME        READY   STATUS    RESTARTS   AGE\npod/web-0   1/1     Running   0          2s\npod/web-1   1/1     Running   0          1s\n\n' +
        'NAME                   READY   AGE\nstatefulset.apps/web   2/2     2s\n',
    );
    expect(await cli('get pod web-0 nope --no-headers')).toEqual(
      fails('Error from server (NotFound): pods "nope" not found\n', 'web-0   1/1   Running   0     2s\n'),
    );
    expect(await cli('get pod nope --ignore-not-found')).toEqual(ok(''));
    expect(await cli('get po,pvc -A -o name')).toEqual(ok('pod/web-0\npod/web-1\n'));
    expect(await cli('get pods --sort-by=.nope')).toEqual(ok('', 'No resources found in default namespace.\n'));
    expect(await cli('get pods --sort-by=.nope -o name')).toEqual(
      fails('error: couldn\'t find any field with path "{.nope}" in the list of objects\n'),
    );
    expect(await cli('get all,cm -o name')).toEqual(
      ok('pod/web-0\npod/web-1\nservice/kubernetes\nservice/nginx\nstatefulset.apps/web\nconfigmap/kube-root-ca.crt\n'),
    );
    expect(await cli('get sts web --subresource=scale -o jsonpath={.kind}{.spec.replicas}')).toEqual(ok('Scale2'));
    expect(await cli('get -f web.yaml -o name')).toEqual(ok('service/nginx\nstatefulset.apps/web\n'));
    expect((await cli('get pods -o custom-columns=A:.metadata[')).out).toBe('A\n');
  });

  test('--watch shows what there is and every change, and ends when nothing moves', async () => {
    await started();
    await cli('set image sts/web nginx=nginx:1.22');
    const { out, err, code } = await cli(
      'get pods --watch -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image',
    );
    expect([err, code]).toEqual(['', 0]);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toBe('NAME    IMAGE');
    expect(lines.at(-1)).toBe('web-0   nginx:1.22');
    expect(lines.filter((line) => line.startsWith('NAME'))).toHaveLength(1);
  });
});

describe('delete', () => {
  test('waits until the pod is gone, and its successor does not count', async () => {
    await started();
    expect(await cli('delete pod web-0 web-1')).toEqual(
      ok('pod "web-0" deleted from default namespace\npod "web-1" deleted from default namespace\n'),
    );
    expect((await cli('delete pod web-0 --wait=false --dry-run=client -o name')).out).toBe('pod/web-0\n');
    expect((await cli('delete ns kube-public --dry-run=server')).err).toContain('may not be deleted');
  });

  test('--cascade=orphan leaves the pods, --ignore-not-found is quiet', async () => {
    await started();
    expect(await cli('delete sts web --cascade=orphan')).toEqual(
      ok('statefulset.apps "web" deleted from default namespace\n'),
    );
    expect((await cli('get pods -o name')).out).toBe('pod/web-0\npod/web-1\n');
    expect(await cli('delete sts web')).toEqual(
      fails('Error from server (NotFound): statefulsets.apps "web" not found\n'),
    );
    expect(await cli('delete -f web.yaml --ignore-not-found')).toEqual(
      ok('service "nginx" deleted from default namespace\n'),
    );
    expect(await cli('delete sts -l a=b')).toEqual(ok('No resources found\n'));
    expect(await cli('delete pod web-0 --force --grace-period=3')).toEqual(
      fails('error: --force and --grace-period greater than 0 cannot be specified together\n'),
    );
  });

  test('gives up after --timeout', async () => {
    await started();
    await cli('patch pod web-1 --type=merge -p {"metadata":{"finalizers":["example.com/hold"]}}');
    expect(await cli('delete pod web-1 --timeout=5s')).toEqual(
      fails(
        'error: timed out waiting for the condition on pods/web-1\n',
        'pod "web-1" deleted from default namespace\n',
      ),
    );
  });
});

describe('scale, wait, rollout', () => {
  test('scale: preconditions, waiting, kinds without replicas', async () => {
    await started();
    expect(await cli('scale sts web --replicas=3 --current-replicas=9')).toEqual(
      fails('error: Expected replicas to be 9, was 2\n'),
    );
    expect(await cli('scale sts web --replicas=3 --resource-version=1')).toMatchObject({ code: 1, out: '' });
    expect(await cli('scale sts/web sts/nope --replicas=3 --timeout=30s')).toEqual(
      fails('Error from server (NotFound): statefulsets.apps "nope" not found\n', 'statefulset.apps/web scaled\n'),
    );
    expect((await cli('get pods -o name')).out).toBe('pod/web-0\npod/web-1\npod/web-2\n');
    expect(await cli('scale svc nginx --replicas=3')).toEqual(
      fails('Error from server (NotFound): the server could not find the requested resource\n'),
    );
  });

  test('wait: conditions, values, creation, deletion', async () => {
    await cli('apply -f web.yaml');
    expect(await cli('wait --for=condition=Ready pod/web-0 --timeout=30s')).toEqual(ok('pod/web-0 condition met\n'));
    expect(await cli('wait --for=jsonpath={.status.readyReplicas}=2 sts/web')).toEqual(
      ok('statefulset.apps/web condition met\n'),
    );
    expect(await cli('wait --for=condition=Ready=false pod/web-0 --timeout=3s')).toEqual(
      fails('error: timed out waiting for the condition on pods/web-0\n'),
    );
    expect(await cli('wait --for=condition=Ready=false pod/web-0 --timeout=0')).toMatchObject({ code: 1 });
    expect(await cli('wait --for=condition=Ready pod -l app=none')).toEqual(
      fails('error: no matching resources found\n'),
    );
    expect(await cli('wait --for=delete pod -l app=none')).toEqual(ok(''));
    expect(await cli('wait --for=jsonpath={.status} sts/web')).toEqual(ok('statefulset.apps/web condition met\n'));
    await cli('scale sts web --replicas=3');
    expect(await cli('wait --for=condition=Ready --for=create pod/web-2')).toEqual(
      ok('pod/web-2 condition met\npod/web-2 condition met\n'),
    );
    await cli('delete pod web-1 --wait=false');
    expect(await cli('wait --for=delete pod/web-1')).toEqual(ok('pod/web-1 condition met\n'));
  });

  test('status, history, undo and restart', async () => {
    await cli('apply -f web.yaml');
    expect(await cli('rollout status sts/web --watch=false')).toEqual(ok('Waiting for 2 pods to be ready...\n'));
    expect((await cli('rollout status sts/web')).out).toMatch(
      /partitioned roll out complete: 2 new pods have been updated\.\.\.\n$/,
    );
    expect(await cli('rollout undo sts/web')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/error: no last revision to roll back to\n$/),
    });
    expect(await cli('set image sts/web *=nginx:1.22')).toEqual(ok('statefulset.apps/web image updated\n'));
    await cli('annotate sts web kubernetes.io/change-cause=1.22');
    expect(await cli('rollout history sts/web')).toEqual(
      ok('statefulset.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n'),
    );
    expect((await cli('rollout undo sts/web --to-revision=2')).out).toBe(
      'statefulset.apps/web skipped rollback (current template already matches revision 2)\n',
    );
    expect((await cli('rollout undo sts/web --to-revision=1000000')).err).toMatch(
      /error: unable to find specified revision 1000000 in history\n$/,
    );
    expect((await cli('rollout undo sts/web')).out).toBe('statefulset.apps/web rolled back\n');
    expect((await cli('rollout history sts/web')).out).toBe(
      'statefulset.apps/web \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n',
    );
    const before = (await cli('get sts web -o jsonpath={.metadata.generation}')).out;
    expect(await cli('rollout restart sts/web')).toEqual(ok('statefulset.apps/web restarted\n'));
    expect((await cli('get sts web -o jsonpath={.metadata.generation}')).out).toBe(String(Number(before) + 1));
    expect((await cli('rollout restart sts/web')).err).toContain('within the past second');
    expect(await cli('rollout status svc/nginx')).toEqual(
      fails('error: no status viewer has been implemented for Service\n'),
    );
    expect(await cli('rollout restart sts -l a=b')).toEqual(ok('', 'No resources found in default namespace.\n'));
  });

  test('of a Deployment, which nobody acts on, and of what has no rollout', async () => {
    await cli('apply -f web.yaml');
    await cli('sim clock settle');
    await cli('create deployment d --image=nginx');
    const unseen = 'Waiting for deployment spec update to be observed...\n';
    expect(await cli('rollout status deploy/d --watch=false')).toEqual(ok(unseen));
    expect(await cli('rollout status deploy/d --timeout=2s')).toEqual({
      ...fails('error: timed out waiting for the condition\n'),
      out: unseen,
    });
    expect(await cli('rollout history deploy/d')).toEqual(ok('deployment.apps/d \nNo rollout history found.\n'));
    expect(await cli('rollout history deploy/d --revision=1')).toEqual(
      ok('deployment.apps/d with revision #1\nNo rollout history found.\n'),
    );
    expect(await cli('rollout history deploy/d --revision=1 -o yaml')).toEqual(
      fails('error: unable to find the specified revision\n'),
    );
    expect(await cli('rollout undo deploy/d')).toEqual(fails('error: no rollout history found for deployment "d"\n'));
    expect(await cli('rollout undo deploy/d --to-revision=3')).toEqual(
      fails('error: unable to find specified revision 3 in history\n'),
    );
    expect(await cli('rollout history pod/web-0')).toEqual(
      fails('error: no history viewer has been implemented for "Pod"\n'),
    );
    expect(await cli('rollout undo sa/default')).toEqual(
      fails(
        'error: error retrieving rollbacker for "ServiceAccount", no visitor method exists for { ServiceAccount}\n',
      ),
    );
  });

  test('rollout status gives up after --timeout', async () => {
    await started();
    await cli('set image sts/web nginx=nginx:does-not-exist');
    expect(await cli('rollout status sts/web --timeout=10s')).toEqual(
      fails(
        'error: timed out waiting for the condition\n',
        'Waiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...\n' +
          'Waiting for 1 pods to be ready...\nWaiting for 1 pods to be ready...\n',
      ),
    );
  });
});

describe('patch, label, annotate, set image, create, replace', () => {
  test('patch: an integer beyond 2^53 is kept as it is', async () => {
    await started();
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'things', kind: 'Thing' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    };
    cli.files.set('crd.json', JSON.stringify(crd));
    cli.files.set(
      'thing.yaml',
      'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nsize: 9007199254740993\n',
    );
    await cli('apply -f crd.json');
    await cli('apply -f thing.yaml');
    await cli('patch thing t --type=merge -p {"other":-9223372036854775808}');
    expect(await cli('get thing t -o jsonpath={.size}/{.other}')).toEqual(ok('9007199254740993/-9223372036854775808'));
  });

  test('patch: three types, no change, YAML', async () => {
    await started();
    expect(await cli('patch sts web -p {"spec":{"replicas":3}}')).toEqual(ok('statefulset.apps/web patched\n'));
    expect(await cli('patch sts web -p {"spec":{"replicas":3}}')).toEqual(
      ok('statefulset.apps/web patched (no change)\n'),
    );
    expect(await cli(['patch', 'sts', 'web', '-p', 'spec:\n  replicas: 1\n'])).toEqual(
      ok('statefulset.apps/web patched\n'),
    );
    expect(
      await cli('patch sts web --type=json -p [{"op":"replace","path":"/spec/replicas","value":2}] --dry-run=server'),
    ).toEqual(ok('statefulset.apps/web patched\n'));
    expect(await cli('patch sts web -p {"spec":{"replicas":5}} --dry-run=client -o jsonpath={.spec.replicas}')).toEqual(
      ok('5'),
    );
    expect(await cli('patch sts web --subresource=scale --type=merge -p {"spec":{"replicas":2}}')).toEqual(
      ok('scale.autoscaling/web patched\n'),
    );
    expect(await cli('patch sts web -p x --type=nope')).toEqual(
      fails('error: --type must be one of [json merge strategic], not "nope"\n'),
    );
  });

  test('label and annotate: overwriting, removing, listing, all', async () => {
    await started();
    expect(await cli('label sts web tier=front')).toEqual(ok('statefulset.apps/web labeled\n'));
    expect(await cli('label sts web tier=front')).toEqual(ok('statefulset.apps/web not labeled\n'));
    expect(await cli('label sts web tier=back')).toEqual(
      fails("error: 'tier' already has a value (front), and --overwrite is false\n"),
    );
    expect(await cli('label sts web --list')).toEqual(ok('tier=front\n'));
    expect(await cli('label sts web tier-')).toEqual(ok('statefulset.apps/web unlabeled\n'));
    expect(await cli('label sts web tier-')).toEqual(ok('label "tier" not found.\nstatefulset.apps/web not labeled\n'));
    expect(await cli('label pods --all env=test --dry-run=client')).toEqual(
      ok('pod/web-0 labeled (dry run)\npod/web-1 labeled (dry run)\n'),
    );
    expect(await cli('annotate pods web-0 nope a=b')).toEqual(
      fails('Error from server (NotFound): pods "nope" not found\n', 'pod/web-0 annotated\n'),
    );
    expect(await cli('annotate pod web-0 a=c')).toEqual(
      fails(
        "error: --overwrite is false but found the following declared annotation(s): 'a' already has a value (b)\n",
      ),
    );
    expect(await cli('annotate pod web-0 a=c --overwrite -o jsonpath={.metadata.annotations}')).toEqual(
      ok('{"a":"c"}'),
    );
  });

  test('set image names what it cannot find and does the rest', async () => {
    await started();
    expect(await cli('set image sts/web nginx=nginx:1.22 nope=x')).toEqual(
      fails('error: unable to find container named "nope"\n', 'statefulset.apps/web image updated\n'),
    );
    expect(await cli('set image sts/web nginx=nginx:1.22')).toEqual(ok(''));
    expect(await cli('set image svc/nginx nginx=x')).toMatchObject({ code: 1, out: '' });
  });

  test('create and replace', async () => {
    expect(await cli('create -f web.yaml')).toEqual(ok('service/nginx created\nstatefulset.apps/web created\n'));
    expect(await cli('create -f web.yaml')).toEqual(
      fails(
        'Error from server (AlreadyExists): error when creating "web.yaml": services "nginx" already exists\n' +
          'Error from server (AlreadyExists): error when creating "web.yaml": statefulsets.apps "web" already exists\n',
      ),
    );
    expect(await cli('replace -f new.yaml')).toEqual(ok('service/nginx replaced\nstatefulset.apps/web replaced\n'));
    expect(await cli('create ns data')).toEqual(ok('namespace/data created\n'));
    expect(await cli('create cm c --from-literal=a=b --from-literal=c=d=e -n data -o jsonpath={.data}')).toEqual(
      ok('{"a":"b","c":"d=e"}'),
    );
    expect(await cli('replace --force -f web.yaml')).toEqual(
      ok(
        'service "nginx" deleted from default namespace\nstatefulset.apps "web" deleted from default namespace\n' +
          'service/nginx replaced\nstatefulset.apps/web replaced\n',
      ),
    );
    await cli('delete sts web');
    expect(await cli('replace --force --grace-period=0 -f web.yaml -o name')).toEqual(
      ok('service/nginx\nstatefulset.apps/web\n'),
    );
    expect(await cli('replace --force -f web.yaml --dry-run=client')).toEqual(
      fails('error: --dry-run can not be used when --force is set\n'),
    );
  });

  test('sim: clock, config, timeline, reset', async () => {
    await started();
    expect(await cli('sim clock')).toEqual(ok('virtual 2026-01-01T00:00:02Z\n'));
    expect(await cli('sim clock advance 1m')).toEqual(ok(''));
    expect(await cli('sim clock -o json')).toEqual(
      ok('{\n    "mode": "virtual",\n    "time": "2026-01-01T00:01:02Z"\n}\n'),
    );
    const timeline: unknown = JSON.parse((await cli('sim timeline -o json')).out);
    expect(timeline).toMatchObject([
      { event: 'create', pod: 'web-0' },
      { event: 'ready' },
      { event: 'create', pod: 'web-1' },
      { event: 'ready' },
    ]);
    expect((await cli('sim config start=500ms')).out).toContain('start=500ms\n');
    expect(await cli('sim config start=x')).toMatchObject({ code: 1, out: '' });
    expect(await cli('sim reset')).toEqual(ok('cluster reset\n'));
    expect(await cli('get sts')).toEqual(ok('', 'No resources found in default namespace.\n'));
  });

  test('describe by prefix and by name', async () => {
    await started();
    const { out, code } = await cli('describe pod web');
    expect([out.match(/^Name: +web-\d$/gm)?.length, out.includes('Events:'), code]).toEqual([2, false, 0]);
    expect((await cli('describe sts web')).out).toMatch(/Events:\n[\s\S]*SuccessfulCreate/);
    expect(await cli('describe pod nope')).toEqual(fails('Error from server (NotFound): pods "nope" not found\n'));
  });
});
