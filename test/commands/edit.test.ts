import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
/** What the editor was shown, in order. */
let opened: string[];
let commands: (readonly string[])[];

beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml(), 'new.yaml': webYaml(3, 'nginx:1.22') });
  opened = [];
  commands = [];
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '', code = 1) => ({ out, err, code });

/** An editor that makes one change after another; the last one again and again. */
function editor(...changes: ((text: string) => string)[]): void {
  cli.program = (command) => {
    commands.push(command);
    const path = command[command.length - 1].replaceAll('"', '').split(' ').at(-1) ?? '';
    const text = String(cli.files.get(path));
    opened.push(text);
    cli.files.set(path, (changes.length > 1 ? changes.shift() : changes[0])?.(text) ?? text);
    return 0;
  };
}

const HEAD =
  "# Please edit the object below. Lines beginning with a '#' will be ignored,\n" +
  '# and an empty file will abort the edit. If an error occurs while saving this file will be\n' +
  '# reopened with the relevant failures.\n#\n';
const temporary = (): string[] => [...cli.files.keys()].filter((key) => key.startsWith('/tmp/'));
const replicas = async (): Promise<string> => (await cli('get sts web -o jsonpath={.spec.replicas}')).out;

describe('edit', () => {
  test('sends what was changed, and nothing when nothing was', async () => {
    const yaml = (await cli('get sts web -o yaml')).out;
    editor((text) => text);
    expect(await cli('edit sts/web')).toEqual(ok('', 'Edit cancelled, no changes made.\n'));
    expect(opened).toEqual([HEAD + yaml]);
    editor((text) => `# a comment\n${text}`);
    expect(await cli('edit sts/web')).toEqual(ok('', 'Edit cancelled, no changes made.\n'));
    editor(() => '# nothing\n\n');
    expect(await cli('edit sts/web')).toEqual(
      fails(
        'error: statefulsets.apps "web" is invalid\nA copy of your changes has been stored to "/tmp/stsctl-edit-4/edit.yaml"\n' +
          'error: Edit cancelled, no valid changes were saved.\n',
      ),
    );
    cli.files.delete('/tmp/stsctl-edit-4/edit.yaml');
    editor((text) => text.replace('replicas: 2', 'replicas: 4'));
    expect(await cli('edit sts/web --output-patch')).toEqual(
      ok('Patch: {"spec":{"replicas":4}}\nstatefulset.apps/web edited\n'),
    );
    expect(await replicas()).toBe('4');
    expect(temporary()).toEqual([]);
  });

  test('what is refused is opened again with the reason, and nothing typed is lost', async () => {
    editor(
      (text) => text.replace('replicas: 2', 'replicas: -1 # mine'),
      (text) => text.replace('replicas: -1', 'replicas: 3'),
    );
    expect(await cli('edit sts/web')).toEqual(
      ok('statefulset.apps/web edited\n', 'error: statefulsets.apps "web" is invalid\n'),
    );
    expect(opened[1]).toBe(
      `${HEAD}# statefulsets.apps "web" was not valid:\n# * spec.replicas: Invalid value: -1: must be greater than or equal ` +
        `to 0\n#\n${opened[0].slice(HEAD.length).replace('replicas: 2', 'replicas: -1 # mine')}`,
    );
    expect(await replicas()).toBe('3');
    expect(temporary()).toEqual([]);

    editor(
      (text) => text.replace('replicas: 3', 'replicas: -1'),
      (text) => text,
    );
    expect(await cli('edit sts/web')).toEqual(
      fails(
        'error: statefulsets.apps "web" is invalid\n' +
          'A copy of your changes has been stored to "/tmp/stsctl-edit-4/edit.yaml"\n' +
          'error: Edit cancelled, no valid changes were saved.\n',
      ),
    );
    expect(temporary()).toEqual(['/tmp/stsctl-edit-4/edit.yaml']);
    expect(String(cli.files.get('/tmp/stsctl-edit-4/edit.yaml'))).toContain('  replicas: -1\n');
  });

  test('a syntax error is opened again too', async () => {
    editor(
      (text) => text.replace('spec:', 'spec: ['),
      (text) => text.replace('spec: [', 'spec:').replace('replicas: 2', 'replicas: 5'),
    );
    expect(await cli('edit sts/web')).toEqual(
      ok('statefulset.apps/web edited\n', 'error: statefulsets.apps "web" is invalid\n'),
    );
    expect(opened[1]).toMatch(
      /failures\.\n#\n# statefulsets\.apps "web" was not valid:\n# \* <nil>: Invalid value: "The edited file failed validation": yaml: line \d+: [^\n]*\n#\napiVersion/,
    );
    expect(await replicas()).toBe('5');
  });

  test('refuses another name, and says where the text of an object that went is', async () => {
    editor((text) => text.replace(/^ {2}name: web$/m, '  name: wob'));
    expect(await cli('edit sts/web')).toEqual(
      fails(
        'A copy of your changes has been stored to "/tmp/stsctl-edit-1/edit.yaml"\n' +
          'error: At least one of apiVersion, kind and name was changed\n',
      ),
    );
    cli.wrap = (backend) =>
      Object.assign(Object.create(backend), {
        patch: async (...args: Parameters<typeof backend.patch>) => {
          await backend.delete(args[0], args[1], args[2]);
          return backend.patch(args[0], args[1], 'gone', args[3], args[4]);
        },
      });
    editor((text) => text.replace('replicas: 2', 'replicas: 3'));
    expect(await cli('edit sts/web')).toEqual(
      fails(
        'error: statefulsets.apps "web" could not be found on the server\n' +
          'The edits you made on deleted resources have been saved to "/tmp/stsctl-edit-2/edit.yaml"\n',
      ),
    );
  });

  test('several objects in JSON; the editor as the environment names it', async () => {
    cli.env.EDITOR = 'ed';
    cli.env.KUBE_EDITOR = 'code --wait';
    editor((text) => text.replace('"replicas": 2', '"replicas": 1'));
    expect((await cli('edit sts/web svc/nginx -o json')).out).toContain('"replicas": 1');
    expect(commands[0].slice(0, 2)).toEqual(['code', '--wait']);
    expect(opened[0]).toMatch(/^\{\n {4}"apiVersion"[\s\S]*"kind": "List"/);
    cli.env.KUBE_EDITOR = '';
    cli.env.EDITOR = "sed -i 's/a b/c/'";
    editor((text) => text);
    await cli('edit sts/web');
    expect(commands[1]).toEqual(['/bin/bash', '-c', `sed -i 's/a b/c/' "/tmp/stsctl-edit-2/edit.yaml"`]);
    cli.program = () => undefined;
    expect(await cli('edit sts/web')).toEqual(
      fails(`error: there was a problem with the editor "/bin/bash -c sed -i 's/a b/c/'"\n`),
    );
    cli.env.EDITOR = 'nope';
    expect(await cli('edit sts/web')).toEqual(fails('error: unable to launch the editor "nope"\n'));
    cli.program = () => 3;
    cli.env.EDITOR = '';
    expect(await cli('edit sts/web')).toEqual(fails('error: there was a problem with the editor "vi"\n'));
  });
});

describe('apply view-, set- and edit-last-applied', () => {
  test('show, set and edit what was applied last, and leave the object alone', async () => {
    const image = '-o jsonpath={.spec.template.spec.containers[0].image}{.spec.replicas}';
    expect((await cli('apply view-last-applied svc/nginx')).out).toBe(
      'apiVersion: v1\nkind: Service\nmetadata:\n  annotations: {}\n  name: nginx\n  namespace: default\nspec:\n  clusterIP: None\n' +
        '  ports:\n  - name: web\n    port: 80\n  selector:\n    app: nginx\n',
    );
    expect(await cli('apply set-last-applied -f new.yaml')).toEqual(
      ok('service/nginx configured\nstatefulset.apps/web configured\n'),
    );
    expect(await cli('apply set-last-applied -f new.yaml')).toEqual(
      ok('set-last-applied nginx: no changes required.\nset-last-applied web: no changes required.\n'),
    );
    expect((await cli(`get sts web ${image}`)).out).toBe('nginx:1.212');
    expect((await cli('apply view-last-applied sts/web -o json')).out).toContain('"image": "nginx:1.22"');
    editor((text) => text.replace('nginx:1.22', 'nginx:1.23'));
    expect(await cli('apply edit-last-applied sts/web')).toEqual(ok('statefulset.apps/web edited\n'));
    expect(opened[0].split('\n').slice(0, 3)).toEqual([
      "# Please edit the 'last-applied-configuration' annotations below.",
      "# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.",
      '#',
    ]);
    expect((await cli('apply view-last-applied sts/web')).out).toContain('image: nginx:1.23');
    expect((await cli(`get sts web ${image}`)).out).toBe('nginx:1.212');
  });

  test('complain where nothing was applied', async () => {
    expect(await cli('apply view-last-applied node/node-1')).toEqual(ok(''));
    expect(await cli('apply view-last-applied sts/web -o wide')).toEqual(
      fails(
        "error: Unexpected -o output mode: wide, the flag 'output' must be one of yaml|json\n" +
          "See 'stsctl apply view-last-applied -h' for help and examples\n",
      ),
    );
    await cli('create configmap c');
    cli.files.set('c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n');
    expect(await cli('apply set-last-applied -f c.yaml')).toEqual(
      fails(
        'error: no last-applied-configuration annotation found on resource: c, to create the annotation, run the command ' +
          'with --create-annotation\n',
      ),
    );
    expect(await cli('apply set-last-applied -f c.yaml --create-annotation')).toEqual(ok('configmap/c configured\n'));
    expect(await cli('apply edit-last-applied node/node-1')).toEqual(
      fails(
        'error: no last-applied-configuration annotation found on resources, to create the annotation, use command ' +
          '`stsctl apply set-last-applied --create-annotation`\n',
      ),
    );
  });
});

describe('diff', () => {
  test('is silent without differences, and shows them with exit code 1', async () => {
    expect(await cli('diff -f web.yaml')).toEqual(ok(''));
    const name = 'apps.v1.StatefulSet.default.web';
    const { out, err, code } = await cli('diff -f new.yaml');
    expect([err, code]).toEqual(['', 1]);
    expect(out.replace(/\t.*/g, '').replace(/^( .*\n)+/gm, '…\n')).toBe(
      `diff -u -N LIVE/${name} MERGED/${name}\n--- LIVE/${name}\n+++ MERGED/${name}\n@@ -5,7 +5,7 @@\n…\n-  generation: 1\n` +
        '+  generation: 2\n…\n@@ -15,7 +15,7 @@\n…\n-  replicas: 2\n+  replicas: 3\n…\n@@ -27,7 +27,7 @@\n…\n' +
        '-      - image: nginx:1.21\n+      - image: nginx:1.22\n…\n',
    );
    expect(await replicas()).toBe('2');
  });

  test('hides what Secrets hold', async () => {
    cli.files.set('s.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: "1", b: "1"}\n');
    await cli('apply -f s.yaml');
    cli.files.set('s.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: "2", b: "1"}\n');
    const { out, code } = await cli('diff -f s.yaml');
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => /^[-+ ] {2}[ab]:/.test(line))).toEqual([
      "-  a: '*** (before)'",
      "+  a: '*** (after)'",
      "   b: '***'",
    ]);
  });

  test('leaves it to KUBECTL_EXTERNAL_DIFF', async () => {
    cli.env.KUBECTL_EXTERNAL_DIFF = 'colordiff -N ;rm -u';
    const inside: string[][] = [];
    cli.program = (command) => {
      commands.push(command);
      inside.push(temporary());
      return 1;
    };
    expect(await cli('diff -f new.yaml')).toEqual(fails(''));
    expect(commands).toEqual([['colordiff', '/tmp/LIVE-1', '/tmp/MERGED-2', '-N', '-u']]);
    expect(inside[0]).toEqual([
      '/tmp/LIVE-1/v1.Service.default.nginx',
      '/tmp/MERGED-2/v1.Service.default.nginx',
      '/tmp/LIVE-1/apps.v1.StatefulSet.default.web',
      '/tmp/MERGED-2/apps.v1.StatefulSet.default.web',
    ]);
    expect(temporary()).toEqual([]);
    cli.program = () => 0;
    expect(await cli('diff -f new.yaml')).toEqual(ok(''));
    cli.program = () => 4;
    expect(await cli('diff -f new.yaml')).toEqual(fails('error: exit status 4\n', '', 4));
    cli.program = () => undefined;
    expect(await cli('diff -f new.yaml')).toEqual(
      fails('error: failed to run "colordiff": executable file not found in $PATH\n', '', 2),
    );
  });

  test('a failure is 2', async () => {
    expect(await cli('diff')).toEqual(fails('error: must specify one of -f and -k\n', '', 2));
    expect(await cli('diff --nope')).toEqual(
      fails("error: unknown flag: --nope\nSee 'stsctl diff -h' for help and examples\n", '', 2),
    );
    expect(await cli('diff -f nope.yaml')).toEqual(fails('error: the path "nope.yaml" does not exist\n', '', 2));
  });
});
