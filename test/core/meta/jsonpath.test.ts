import { describe, expect, test } from 'vitest';
import { JsonPath, relaxedJsonPath } from '../../../src/core/meta/jsonpath';
import recorded from './fixtures/jsonpath.json';

interface Case {
  readonly template: string;
  readonly output?: string;
  readonly parseError?: string;
  readonly executeError?: string;
}

const cases = recorded.cases as readonly Case[];

describe('templates as kubectl prints them', () => {
  test.each(cases.filter((each) => each.output !== undefined))('$template', ({ template, output }) => {
    expect(JsonPath.parse(template, { allowMissingKeys: true }).execute(recorded.object)).toBe(output);
  });

  test.each(cases.filter((each) => each.parseError !== undefined))(
    'malformed: $template',
    ({ template, parseError }) => {
      expect(() => JsonPath.parse(template)).toThrow(new Error(parseError));
    },
  );

  test.each(cases.filter((each) => each.executeError !== undefined))(
    'fails: $template',
    ({ template, executeError }) => {
      const path = JsonPath.parse(template, { allowMissingKeys: true });
      expect(() => path.execute(recorded.object)).toThrow(new Error(executeError));
    },
  );
});

describe('what upstream leaves in map order comes out sorted here', () => {
  const object = { b: { x: 1 }, a: { x: 2 } };
  test.each([
    ['{.*.x}', '2 1'],
    ['{..x}', '2 1'],
  ])('%s', (template, output) => {
    expect(JsonPath.parse(template).execute(object)).toBe(output);
  });
});

/** Seen with kubectl 1.36. */
describe('corners', () => {
  const rows = [{ v: 1, t: [1, 2] }, { t: [3] }, { v: 2, t: [] }, { t: [4] }];
  const object = { rows, z: null, zz: [null, [1]], l: [] };
  const run = (template: string): string => {
    try {
      return JsonPath.parse(template, { allowMissingKeys: true }).execute(object);
    } catch (error) {
      return (error as Error).message;
    }
  };
  test.each([
    // A slice that asks for nothing ends the walk: the lists after it are not looked at.
    ['{.rows[*].t[:]}', '1 2 3'],
    ['{.rows[*].t[1:1]}', ''],
    ['{.rows[0,1].t[1:]}', '2'],
    // A path that fails exists.
    ['{.rows[?(@.v[0])].t}', '[1,2] []'],
    ['{.rows[?(@.t[5])].t}', '[1,2] [3] [] [4]'],
    ['{.rows[?(@.t[5].x)].t}', '[1,2] [3] [] [4]'],
    ['{range .zz[*]}{@};{end}', '<no value>;[1];'],
    ['{.zz[0]}', 'null'],
    ['{.z[?(@.v)]}', '<nil> is not array or slice and cannot be filtered'],
    ['{.zz[*][?(@)]}', '<nil> is not array or slice and cannot be filtered'],
    ['{range .l[*]}{@[?(@.v)]}{end}', '<invalid reflect.Value> is not array or slice and cannot be filtered'],
  ])('%s', (template, output) => {
    expect(run(template)).toBe(output);
  });
});

describe('options', () => {
  test('a missing key is an error unless allowed', () => {
    expect(() => JsonPath.parse('{.a.b}').execute({ a: {} })).toThrow(new Error('b is not found'));
    expect(JsonPath.parse('{.a.b}', { allowMissingKeys: true }).execute({ a: {} })).toBe('');
  });

  test('results as lists, and as JSON', () => {
    const path = JsonPath.parse('{.a[*]}{.b}');
    expect(path.findResults({ a: [1, 2], b: 'x' })).toEqual([[1, 2], ['x']]);
    expect(path.executeAsJson({ a: [1, 2], b: '<' })).toBe('[\n    1,\n    2\n]\n[\n    "\\u003c"\n]\n');
  });

  test('a parsed template can be used again', () => {
    const path = JsonPath.parse('{range .a[*]}{@},{end}');
    expect([path.execute({ a: [1] }), path.execute({ a: [] }), path.execute({ a: [2, 3] })]).toEqual([
      '1,',
      '',
      '2,3,',
    ]);
  });

  test('nothing inherited is a field', () => {
    const path = JsonPath.parse('{.constructor}{.__proto__}{.a.length}', { allowMissingKeys: true });
    expect(path.execute({ a: [1] })).toBe('');
  });
});

describe('relaxed expressions', () => {
  test.each([
    ['metadata.name', '{.metadata.name}'],
    ['.metadata.name', '{.metadata.name}'],
    ['{metadata.name}', '{.metadata.name}'],
    ['{.metadata.name}', '{.metadata.name}'],
    ['.metadata[', '{.metadata[}'],
    ['', ''],
  ])('%s', (expression, template) => {
    expect(relaxedJsonPath(expression)).toBe(template);
  });

  test.each(['{.a', '.a}', '{{a}}', '{}'])('%s is refused', (expression) => {
    expect(() => relaxedJsonPath(expression)).toThrow(
      new Error(
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
      ),
    );
  });
});

test('long templates take no long time', () => {
  for (const template of [
    '{.a'.repeat(20_000),
    `{.a[${'1,'.repeat(20_000)}1]}`,
    `{.a[?(@.b${'='.repeat(50_000)}1)]}`,
  ]) {
    try {
      JsonPath.parse(template, { allowMissingKeys: true }).execute({ a: [] });
    } catch {
      // Malformed is fine, slow is not.
    }
  }
  JsonPath.parse('{.kind}'.repeat(20_000)).execute({ kind: 'x' });
});
