/** The expected objects are what kubectl 1.36.2 prints for the same command line. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

let cli: Cli;
beforeEach(() => {
  cli = createCli({
    'h.txt': 'hello\n',
    'bin.dat': Uint8Array.from([0xff, 0xfe, 0, 0x62, 0x69, 0x6e]),
    'e.env': 'a=1\n# c\n\nB=x=y \n  C=3\nHOME\nNOPE\n',
    'd/one': '1\n',
    'd/two.x': '2\n',
    'd/sub/three': '3\n',
  });
  cli.env.HOME = '/tmp/rh';
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });
const shown = (command: string) => cli(`${command} --dry-run=client -o yaml`);

describe('create configmap and secret', () => {
  test('from files, folders, lines and literals, with a hash', async () => {
    expect(await shown('create cm x --from-env-file=e.env')).toEqual(
      ok(
        'apiVersion: v1\ndata:\n  B: \'x=y \'\n  C: "3"\n  HOME: /tmp/rh\n  NOPE: ""\n  a: "1"\nkind: ConfigMap\nmetadata:\n  name: x\n',
      ),
    );
    expect(await shown('create cm x --from-file=h.txt --from-file=k=bin.dat --append-hash')).toEqual(
      ok(
        'apiVersion: v1\nbinaryData:\n  k: //4AYmlu\ndata:\n  h.txt: |\n    hello\nkind: ConfigMap\nmetadata:\n  name: x-54fh8thdhc\n',
      ),
    );
    expect(await shown('create cm x --from-file=d')).toEqual(
      ok('apiVersion: v1\ndata:\n  one: |\n    1\n  two.x: |\n    2\nkind: ConfigMap\nmetadata:\n  name: x\n'),
    );
    expect(await shown('create cm x --append-hash')).toEqual(
      ok('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x-62ctbmbfd2\n'),
    );
    expect(
      await shown('create secret generic s --from-literal=a=1 --from-file=h.txt --type=Opaque --append-hash'),
    ).toEqual(
      ok(
        'apiVersion: v1\ndata:\n  a: MQ==\n  h.txt: aGVsbG8K\nkind: Secret\nmetadata:\n  name: s-c6d8k7h548\ntype: Opaque\n',
      ),
    );
  });

  test('a registry’s Secret and a certificate’s', async () => {
    const data =
      'eyJhdXRocyI6eyJoLmlvIjp7InVzZXJuYW1lIjoidSIsInBhc3N3b3JkIjoicFx1MDAzY1x1MDAyNlx1MDAzZSIsImF1dGgiOiJkVHB3UENZKyJ9fX0=';
    const command = 'create secret docker-registry r --docker-username=u --docker-password=p<&> --docker-server=h.io';
    expect(await shown(`${command} --append-hash`)).toEqual(
      ok(
        `apiVersion: v1\ndata:\n  .dockerconfigjson: ${data}\nkind: Secret\nmetadata:\n  name: r-tt75t86mgc\n` +
          'type: kubernetes.io/dockerconfigjson\n',
      ),
    );
    const pem = (what: string) => `-----BEGIN ${what}-----\nQQ==\n-----END ${what}-----\n`;
    cli.files.set('tls.crt', pem('CERTIFICATE')).set('tls.key', pem('PRIVATE KEY'));
    expect(await cli('create secret tls t --cert=tls.crt --key=tls.key')).toEqual(ok('secret/t created\n'));
    expect((await cli('get secret t -o jsonpath={.type}')).out).toBe('kubernetes.io/tls');
    expect(await cli('create secret tls u --cert=h.txt --key=tls.key')).toEqual(
      fails('error: tls: failed to find any PEM data in certificate input\n'),
    );
  });

  test('complain in kubectl’s words', async () => {
    const complaints: readonly (readonly [string, string])[] = [
      ['cm x --from-file=k=d', 'cannot give a key name for a directory path'],
      ['cm x --from-file=nope', 'error reading nope: no such file or directory'],
      ['cm x --from-file==', 'key name for file path  missing'],
      ['cm x --from-file=a=b=c', "key names or file paths cannot contain '='"],
      ['cm x --from-literal=abc', 'invalid literal source abc, expected key=value'],
      [
        'cm x --from-literal=a=1 --from-literal=a=2',
        'cannot add key "a", another key by that name already exists in Data for ConfigMap "x"',
      ],
      [
        'cm x --from-env-file=e.env --from-literal=a=1',
        'from-env-file cannot be combined with from-file or from-literal',
      ],
      ['cm x --from-env-file=d', 'env config file cannot be a directory'],
      [
        'secret generic s --from-literal=a=1 --from-literal=a=2',
        'cannot add key a, another key by that name already exists',
      ],
      [
        'secret docker-registry r --docker-username=u',
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      ],
      ['secret tls t --cert=h.txt', 'key and cert must be specified'],
      ['secret tls t --cert=nope --key=h.txt', 'Cannot read file nope, open nope: no such file or directory'],
      ['secret tls', "exactly one NAME is required, got 0\nSee 'stsctl create secret tls -h' for help and examples"],
    ];
    for (const [args, text] of complaints) expect(await cli(`create ${args}`)).toEqual(fails(`error: ${text}\n`));
  });
});

describe('create service, serviceaccount', () => {
  const yaml = (spec: string, namespace = '') =>
    `apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    app: a\n  name: a\n${namespace}spec:\n${spec}status:\n  loadBalancer: {}\n`;

  test('each type', async () => {
    expect(await shown('create svc clusterip a --tcp=80:8080 --tcp=443:https -n foo')).toEqual(
      ok(
        yaml(
          '  ports:\n  - name: 80-8080\n    port: 80\n    protocol: TCP\n    targetPort: 8080\n  - name: 443-https\n    port: 443\n' +
            '    protocol: TCP\n    targetPort: https\n  selector:\n    app: a\n  type: ClusterIP\n',
          '  namespace: foo\n',
        ),
      ),
    );
    expect(await shown('create service clusterip a --clusterip=None')).toEqual(
      ok(yaml('  clusterIP: None\n  selector:\n    app: a\n  type: ClusterIP\n')),
    );
    expect(await shown('create service nodeport a --tcp=80 --node-port=30080')).toEqual(
      ok(
        yaml(
          '  ports:\n  - name: "80"\n    nodePort: 30080\n    port: 80\n    protocol: TCP\n    targetPort: 80\n  selector:\n' +
            '    app: a\n  type: NodePort\n',
        ),
      ),
    );
    expect(await shown('create service externalname a --external-name=b.c')).toEqual(
      ok(yaml('  externalName: b.c\n  selector:\n    app: a\n  type: ExternalName\n')),
    );
    expect(await cli('create service loadbalancer a --tcp=80')).toEqual(ok('service/a created\n'));
    expect(await cli('create sa robot')).toEqual(ok('serviceaccount/robot created\n'));
    expect(await cli('get sa robot -o name')).toEqual(ok('serviceaccount/robot\n'));
  });

  test('complain in kubectl’s words', async () => {
    const complaints: readonly (readonly [string, string])[] = [
      ['clusterip a', 'at least one tcp port specifier must be provided'],
      ['clusterip a --tcp=x', 'strconv.ParseUint: parsing "x": invalid syntax'],
      ['clusterip a --tcp=99999', 'strconv.ParseUint: parsing "99999": value out of range'],
      ['clusterip a --tcp=80:x_y', 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'],
      ['externalname a', 'required flag(s) "external-name" not set'],
      ['externalname a --external-name=b_c', 'invalid service external name b_c'],
    ];
    for (const [args, text] of complaints)
      expect(await cli(`create service ${args}`)).toEqual(fails(`error: ${text}\n`));
  });
});

describe('run', () => {
  test('creates a pod, and a Service with it', async () => {
    expect(await cli('run p --image=nginx --restart=Never --env=A=b=c --port=80 --labels=x=y --expose')).toEqual(
      ok('service/p created\npod/p created\n'),
    );
    const fields = '{.metadata.labels}{.spec.restartPolicy}{.spec.containers[0].env}{.spec.containers[0].ports}';
    expect((await cli(`get pod p -o jsonpath=${fields}`)).out).toBe(
      '{"x":"y"}Never[{"name":"A","value":"b=c"}][{"containerPort":80,"protocol":"TCP"}]',
    );
    expect((await cli('get svc p -o jsonpath={.spec.selector}{.spec.ports}')).out).toBe(
      '{"x":"y"}[{"port":80,"protocol":"TCP","targetPort":80}]',
    );
    expect(await cli('run q --image=busybox --command --dry-run=client -o yaml -- sleep 1')).toEqual(
      ok(
        'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    run: q\n  name: q\nspec:\n  containers:\n  - command:\n    - sleep\n' +
          '    - "1"\n    image: busybox\n    name: q\n    resources: {}\n  dnsPolicy: ClusterFirst\n  restartPolicy: Always\nstatus: {}\n',
      ),
    );
  });

  test('complains in kubectl’s words, and says by name what is not there', async () => {
    const hint = "\nSee 'stsctl run -h' for help and examples";
    const complaints: readonly (readonly [string, string])[] = [
      ['p', 'required flag(s) "image" not set'],
      ['--image=nginx', `NAME is required for run${hint}`],
      ['p --image=nginx --restart=Nope', `invalid restart policy: Nope${hint}`],
      ['p --image=nginx --env=1A=x', 'invalid env: 1A=x'],
      ['p --image=nginx --labels=x', 'unexpected label spec: x'],
      ['p --image=NGINX', 'Invalid image name "NGINX": invalid reference format'],
      ['p --image=nginx --port=x', 'strconv.Atoi: parsing "x": invalid syntax'],
      ['p --image=nginx --expose', `--port must be set when exposing a service${hint}`],
      ['p --image=nginx --rm', `--rm should only be used for attached containers${hint}`],
      ['p --image=nginx -t', `-i/--stdin is required for containers with -t/--tty=true${hint}`],
    ];
    for (const [args, text] of complaints) expect(await cli(`run ${args}`)).toEqual(fails(`error: ${text}\n`));
  });
});
