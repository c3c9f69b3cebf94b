import { describe, expect, it } from 'vitest';
import { validateCustom } from '../../../../src/core/api/custom-resources';
import { fieldErrorText } from '../../../../src/core/api/status';

const wrong = (value: unknown, schema: object): string[] =>
  validateCustom({ spec: value }, { type: 'object', properties: { spec: schema } }, undefined, false).map(
    fieldErrorText,
  );
const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more });

describe('validateCustom', () => {
  it.each<[string, unknown, object, string[]]>([
    [
      'a text for a number',
      'x',
      { type: 'integer' },
      ['spec: Invalid value: "string": spec in body must be of type integer: "string"'],
    ],
    [
      'a fraction for a whole number',
      1.5,
      { type: 'integer', format: 'int32' },
      [
        'spec: Invalid value: "float64": spec in body must be of type int32: "float64"',
        '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec',
      ],
    ],
    [
      'a fraction for a whole number of any size',
      1.5,
      { type: 'integer' },
      ['spec: Invalid value: "number": spec in body must be of type integer: "number"'],
    ],
    ['a whole number for any number', 1, { type: 'number' }, []],
    [
      'a list for an object',
      [],
      object({}),
      ['spec: Invalid value: "array": spec in body must be of type object: "array"'],
    ],
    ['null', null, { type: 'string' }, ['spec: Invalid value: "null": spec in body must be of type string: "null"']],
    ['null where it is allowed', null, { type: 'string', nullable: true }, []],
    [
      'neither a number nor a text',
      true,
      { 'x-kubernetes-int-or-string': true },
      ['spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"'],
    ],
    ['a port by name', 'web', { 'x-kubernetes-int-or-string': true }, []],
    [
      'what is not listed',
      'c',
      { type: 'string', enum: ['a', 'b'] },
      ['spec: Unsupported value: "c": supported values: "a", "b"'],
    ],
    [
      'too much',
      15,
      { type: 'integer', maximum: 10 },
      ['spec: Invalid value: 15: spec in body should be less than or equal to 10'],
    ],
    [
      'just too little',
      0,
      { type: 'number', minimum: 0, exclusiveMinimum: true },
      ['spec: Invalid value: 0: spec in body should be greater than 0'],
    ],
    [
      'no multiple',
      7,
      { type: 'integer', multipleOf: 5 },
      ['spec: Invalid value: 7: spec in body should be a multiple of 5'],
    ],
    [
      'more than its format holds',
      2 ** 31,
      { type: 'integer', format: 'int32' },
      ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec'],
    ],
    ['as much as its format holds', -(2 ** 31), { type: 'integer', format: 'int32' }, []],
    ['much of what is long', 2 ** 31, { type: 'integer', format: 'int64' }, []],
    ['much of no known format', 2 ** 31, { type: 'integer', format: 'int16' }, []],
    [
      'more than a float',
      3.5e38,
      { type: 'number', format: 'float' },
      ['<nil>: Invalid value: "": Checked value must be of type number with format float in spec'],
    ],
    ['less than a double', 3.5e38, { type: 'number', format: 'double' }, []],
    ['what has no bounds of its type', 2 ** 31, { type: 'number', format: 'int32' }, []],
    [
      'a truth for a number of a format',
      true,
      { type: 'integer', format: 'int32' },
      ['spec: Invalid value: "": spec in body must be of type int32: ""'],
    ],
    [
      'a text for a number of a format',
      'x',
      { type: 'integer', format: 'int32' },
      ['spec: Invalid value: "string": spec in body must be of type integer: "string"'],
    ],
    [
      'a bound that its own format does not hold',
      1,
      { type: 'integer', format: 'int32', maximum: 4294967295 },
      ['<nil>: Invalid value: "": Maximum boundary value must be of type integer with format int32 in spec'],
    ],
    ['a long text', 'abc', { type: 'string', maxLength: 2 }, ['spec: Too long: may not be more than 2 bytes']],
    [
      'a short text',
      '',
      { type: 'string', minLength: 1 },
      ['spec: Invalid value: "": spec in body should be at least 1 chars long'],
    ],
    [
      'a text of another form',
      '* * * *',
      { type: 'string', pattern: String.raw`^(\d+|\*)(\s+(\d+|\*)){4}$` },
      [String.raw`spec: Invalid value: "* * * *": spec in body should match '^(\d+|\*)(\s+(\d+|\*)){4}$'`],
    ],
    ['a pattern in Go spelling', 'AB', { type: 'string', pattern: '(?i)^[[:alpha:]]+$' }, []],
    [
      'no time',
      'soon',
      { type: 'string', format: 'date-time' },
      ['spec: Invalid value: "soon": spec in body must be of type date-time: "soon"'],
    ],
    ['a format that is ignored', 'x', { type: 'string', format: 'semver' }, []],
    [
      'too few items',
      [],
      { type: 'array', minItems: 1 },
      ['spec: Invalid value: 0: spec in body should have at least 1 items'],
    ],
    [
      'too many items, one of them wrong',
      ['a', 1],
      { type: 'array', maxItems: 1, items: { type: 'string' } },
      [
        'spec[1]: Invalid value: "integer": spec[1] in body must be of type string: "integer"',
        'spec: Too many: 2: must have at most 1 item',
      ],
    ],
    [
      'fields that are missing',
      { a: 1 },
      object({ a: { type: 'string' } }, { required: ['b', 'c'] }),
      [
        'spec.a: Invalid value: "integer": spec.a in body must be of type string: "integer"',
        'spec.b: Required value',
        'spec.c: Required value',
      ],
    ],
    [
      'values of a map',
      { x: 1, y: 'z' },
      { type: 'object', additionalProperties: { type: 'string' } },
      ['spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"'],
    ],
    [
      'a map that is too large',
      { x: 1, y: 2 },
      { type: 'object', maxProperties: 1, additionalProperties: { type: 'integer' } },
      ['spec: Too many: 2: must have at most 1 item'],
    ],
    [
      'no alternative',
      {},
      object({ a: {}, b: {} }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
      [
        '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid',
        'spec.a: Required value',
      ],
    ],
    [
      'two alternatives',
      { a: 1, b: 1 },
      object({ a: {}, b: {} }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
      ['<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
    [
      'none of some',
      {},
      object({ a: {} }, { anyOf: [{ required: ['a'] }] }),
      ['<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)', 'spec.a: Required value'],
    ],
    [
      'what must not be',
      { a: 1 },
      object({ a: {} }, { not: { required: ['a'] } }),
      ['<nil>: Invalid value: "": "spec" must not validate the schema (not)'],
    ],
    [
      'an item twice in a set',
      ['a', 'b', 'a'],
      { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      ['spec[2]: Duplicate value: "a"'],
    ],
    [
      'a key twice in a map',
      [{ name: 'a' }, { name: 'a', port: 1 }],
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: object({ name: { type: 'string' }, port: { type: 'integer' } }),
      },
      ['spec[1]: Duplicate value: {"name":"a"}'],
    ],
    [
      'rules that could not be held against it',
      {},
      object({ a: {} }, { required: ['a'], 'x-kubernetes-validations': [{ rule: 'self.a > 1' }] }),
      [
        'spec.a: Required value',
        '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
      ],
    ],
  ])('%s', (_, value, schema, expected) => {
    expect(wrong(value, schema)).toEqual(expected);
  });

  it('looks at what the scale shows', () => {
    const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' };
    const check = (value: unknown, status = false): string[] =>
      validateCustom({ spec: { size: value } }, undefined, scale, status).map(fieldErrorText);
    expect(check(3)).toEqual([]);
    expect(check(undefined)).toEqual([]);
    expect(check(-1)).toEqual(['.spec.size: Invalid value: -1: should be a non-negative integer']);
    expect(check('x')).toEqual([
      '.spec.size: Invalid value: 0: .spec.size accessor error: x is of the type string, expected int64',
    ]);
    expect(check('x', true)).toEqual([]);
  });
});
