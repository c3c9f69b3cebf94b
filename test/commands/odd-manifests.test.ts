/** Manifests that kubectl 1.36 takes or refuses in ways of its own: whole outputs, as real kubectl gave them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

const item = (kind: string, name: string): string => `- apiVersion: v1\n  kind: ${kind}\n  metadata: {name: ${name}}\n`;

let cli: Cli;
beforeEach(() => {
  cli = createCli({
    'small.yaml': 'apiVersion: v1\nkind: configmap\nmetadata: {name: x}\n',
    'list.yaml': `apiVersion: v1\nkind: List\nitems:\n${item('ConfigMap', 'l1')}${item('Nope', 'l2')}`,
    'nulls.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: {a: }}\ndata:\n  a:\n  b: ~\n  c: d\n',
    'unknown.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\nspec: {}\n',
    'nameless.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
  });
});
afterEach(() => cli.dispose());

const ok = (out: string, err = '') => ({ out, err, code: 0 });
const fails = (err: string, out = '') => ({ out, err, code: 1 });

describe('a kind in small letters', () => {
  const REFUSED =
    'configmap in version "v1" cannot be handled as a ConfigMap: no kind "configmap" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"\n';

  test.each(['apply', 'create', 'create --dry-run=server'])('is found, and the server refuses it: %s', async (verb) => {
    expect(await cli(`${verb} -f small.yaml`)).toEqual(
      fails(`Error from server (BadRequest): error when creating "small.yaml": ${REFUSED}`),
    );
  });
  test('will do where only the name counts', async () => {
    expect(await cli('create -f small.yaml --dry-run=client')).toEqual(ok('configmap/x created (dry run)\n'));
    await cli('create cm x');
    expect(await cli('get -f small.yaml -o name')).toEqual(ok('configmap/x\n'));
    expect(await cli('label -f small.yaml a=b')).toEqual(ok('configmap/x labeled\n'));
    expect(await cli('delete -f small.yaml')).toEqual(ok('configmap "x" deleted from default namespace\n'));
  });
});

describe('an unknown kind in a list', () => {
  const UNKNOWN = 'unable to recognize no matches for kind "Nope" in version "v1"\n';

  test('is named without its file, after what is known', async () => {
    expect(await cli('apply -f list.yaml')).toEqual(fails(UNKNOWN, 'configmap/l1 created\n'));
    expect(await cli('delete -f list.yaml')).toEqual(fails(UNKNOWN, 'configmap "l1" deleted from default namespace\n'));
  });
  test('leaves nothing to be shown of the objects', async () => {
    for (const how of ['', '--dry-run=client', '--dry-run=server', '--server-side'])
      expect(await cli(`apply -f list.yaml -o yaml ${how}`.trim())).toEqual(fails(UNKNOWN));
    expect(await cli('get cm l1 -o name')).toEqual(ok('configmap/l1\n'));
  });
});

describe('fields that are null', () => {
  const LEFT = '-o jsonpath={.data}{.metadata.labels}';

  test('are not created by apply, which remembers them', async () => {
    expect(await cli('apply -f nulls.yaml')).toEqual(ok('configmap/x created\n'));
    expect(await cli(`get cm x ${LEFT}`)).toEqual(ok('{"c":"d"}'));
    expect((await cli('apply view-last-applied cm x -o json')).out).toContain('"a": null');
    expect(await cli('apply -f nulls.yaml')).toEqual(ok('configmap/x configured\n'));
  });
  test('are empty texts for create', async () => {
    await cli('create -f nulls.yaml');
    expect(await cli(`get cm x ${LEFT}`)).toEqual(ok('{"a":"","b":"","c":"d"}{"a":""}'));
  });
});

test('a field that the kind does not have is no reason to stop while it stays as it is', async () => {
  expect((await cli('apply -f unknown.yaml --validate=ignore')).out).toBe('configmap/x created\n');
  expect((await cli('apply -f unknown.yaml --validate=ignore')).out).toBe('configmap/x configured\n');
});

test('a patch to what a file names is a patch, whatever it changes', async () => {
  await cli('create cm x');
  await cli('create cm l1');
  for (const how of ['', ' --dry-run=server'])
    expect((await cli(`patch -f unknown.yaml -p {}${how}`)).out).toMatch(
      /^configmap\/x patched( \(server dry run\))?\n$/,
    );
  expect((await cli('patch cm x -p {}')).out).toBe('configmap/x patched (no change)\n');
});

test('what has no name is refused by either apply', async () => {
  expect((await cli('apply -f nameless.yaml --server-side')).err).toBe('error: resource name may not be empty\n');
});
