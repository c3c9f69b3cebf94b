import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, createCli } from '../support/cli';

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: things, singular: thing, kind: Thing}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{name: Big, type: integer, jsonPath: .spec.big}]
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              big: {type: integer, multipleOf: 1, minimum: 0}
              preset: {type: integer, default: 9007199254740995}
              any: {x-kubernetes-preserve-unknown-fields: true}
`;
const thing = (big: string, name = 'a'): string =>
  `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: ${name}}\nspec: {big: ${big}, any: [-9223372036854775808, {x: 18446744073709551615}]}\n`;
const pod = (spec: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: c, image: nginx}]\n  ${spec}\n`;

let cli: Cli;
beforeEach(() => {
  cli = createCli({
    'crd.yaml': CRD,
    'a.yaml': thing('9007199254740993'),
    'next.yaml': thing('9007199254740994'),
    'last.yaml': thing('9007199254740995'),
    'b.json': '{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"b"},"spec":{"big":9007199254740991}}',
    'grace.yaml': pod('terminationGracePeriodSeconds: 9007199254740993'),
    'deadline.yaml': pod('activeDeadlineSeconds: 9007199254740993'),
    'huge.yaml': pod('terminationGracePeriodSeconds: 9223372036854775808'),
  });
});
afterEach(() => cli.dispose());
const out = async (command: string): Promise<string> => {
  const { out, err, code } = await cli(command);
  expect([command, err.replace(/^Warning: .*\n/gm, ''), code]).toEqual([command, '', 0]);
  return out;
};

describe('a custom resource with integers beyond 2^53', () => {
  beforeEach(async () => {
    await out('apply -f crd.yaml');
    await out('apply -f a.yaml');
  });

  test('shows them in every form', async () => {
    expect(await out('get things --no-headers')).toBe('a     9007199254740993\n');
    expect(await out('get thing a -o jsonpath={.spec}')).toBe(
      '{"any":[-9223372036854775808,{"x":18446744073709552000}],"big":9007199254740993,"preset":9007199254740995}',
    );
    expect(await out('get thing a -o yaml')).toContain(
      'spec:\n  any:\n  - -9223372036854775808\n  - x: 1.8446744073709552e+19\n  big: 9007199254740993\n  preset: 9007199254740995\n',
    );
    expect(await out('get thing a -o json')).toContain('"big": 9007199254740993,');
    expect(await out('get thing a -o kyaml')).toContain('    big: 9007199254740993,\n');
    expect(await out('get thing a --no-headers -o custom-columns=B:.spec.big,A:.spec.any')).toBe(
      '9007199254740993   [-9223372036854775808 map[x:1.8446744073709552e+19]]\n',
    );
    expect(await out('get thing a -o go-template={{.spec.big}}={{.spec.any}}')).toBe(
      '9007199254740993=[-9223372036854775808 map[x:1.8446744073709552e+19]]',
    );
    expect(await out('get --raw /apis/example.com/v1/namespaces/default/things/a')).toContain('"big":9007199254740993');
    expect(await out('describe thing a')).toContain('  Big:     9007199254740993\n');
    expect(await out('apply view-last-applied thing a -o json')).toContain('"big": 9007199254740993\n');
  });

  test('is told apart by the last digit: apply, diff, filters, order', async () => {
    expect(await out('apply -f a.yaml')).toBe('thing.example.com/a unchanged\n');
    const { out: diff, code } = await cli('diff -f next.yaml');
    expect(code).toBe(1);
    expect(diff).toContain('-  big: 9007199254740993\n+  big: 9007199254740994\n');
    expect(await out('apply -f last.yaml')).toBe('thing.example.com/a configured\n');
    expect(await out('apply -f last.yaml')).toBe('thing.example.com/a unchanged\n');
    await out('create -f b.json');
    const filter = (by: string): Promise<string> =>
      out(`get things -o jsonpath={.items[?(@.spec.big${by})].metadata.name}`);
    expect(await filter('==9007199254740995')).toBe('a');
    expect(await filter('==9007199254740993')).toBe('');
    expect(await filter('<9007199254740995')).toBe('b');
    expect(await out('get things --sort-by=.spec.big -o name')).toBe('thing.example.com/b\nthing.example.com/a\n');
  });

  test('patches of every type', async () => {
    await out('patch thing a --type=merge -p {"spec":{"big":9007199254740997}}');
    await out(
      'patch thing a --type=json -p [{"op":"test","path":"/spec/big","value":9007199254740997},{"op":"copy","from":"/spec","path":"/spec/any/-"},{"op":"replace","path":"/spec/big","value":9007199254740999}]',
    );
    expect(await out('get thing a -o jsonpath={.spec.big},{.spec.any[2].big}')).toBe(
      '9007199254740999,9007199254740997',
    );
    expect(await cli('patch thing a --type=merge -p {"spec":{"big":9223372036854775808}}')).toEqual({
      out: '',
      err: 'The Thing "a" is invalid: spec.big: Invalid value: "number": spec.big in body must be of type integer: "number"\n',
      code: 1,
    });
    expect(await cli('patch thing a --type=merge -p {"spec":{"big":-9007199254740993}}')).toMatchObject({ code: 1 });
    expect(await out('get thing a -o jsonpath={.spec.big}')).toBe('9007199254740999');
  });
});

describe('a pod', () => {
  test('keeps what 64 bits hold, and lives with it', async () => {
    await out('apply -f grace.yaml');
    await out('sim clock settle');
    expect(await out('get pod p -o jsonpath={.spec.terminationGracePeriodSeconds},{.status.phase}')).toBe(
      '9007199254740993,Running',
    );
    await out('delete pod p --wait=false');
    expect(await out('get pod p -o jsonpath={.metadata.deletionGracePeriodSeconds}')).toBe('9007199254740993');
    await out('delete pod p');
    expect(await out('get pods -o name')).toBe('');
  });

  test('is refused what the field has no room for, exactly', async () => {
    expect(await cli('create -f deadline.yaml')).toEqual({
      out: '',
      err: 'The Pod "p" is invalid: spec.activeDeadlineSeconds: Invalid value: 9007199254740993: must be between 1 and 2147483647, inclusive\n',
      code: 1,
    });
    expect(await cli('create -f huge.yaml')).toEqual({
      out: '',
      err: 'Error from server (BadRequest): error when creating "huge.yaml": Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number 9223372036854776000 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64\n',
      code: 1,
    });
  });
});
