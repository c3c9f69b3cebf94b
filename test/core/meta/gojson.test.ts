import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goNumber, goQuote, goSyntax, goValue } from '../../../src/core/meta/gofmt';
import { goStringify } from '../../../src/core/meta/gojson';

test('keys sorted by bytes, HTML and line separators escaped', () => {
  const value = { b: '<a&b>', B: '\u2028\u2029', a: ['"\\\n\u0001\b\f'], '😀': 1, '\uffff': 2, '<': null };
  expect(goStringify(value)).toBe(
    '{"\\u003c":null,"B":"\\u2028\\u2029","a":["\\"\\\\\\n\\u0001\\b\\f"],"b":"\\u003ca\\u0026b\\u003e","\uffff":2,"😀":1}',
  );
});

test('indented as MarshalIndent', () => {
  expect(goStringify({ b: [], a: { x: [1, { y: {} }] } }, '    ')).toBe(
    '{\n    "a": {\n        "x": [\n            1,\n            {\n                "y": {}\n            }\n        ]\n    },\n    "b": []\n}',
  );
});

test('absent fields are left out, lone surrogates replaced', () => {
  expect(goStringify({ a: undefined, b: '\\ud800\ud800' })).toBe('{"b":"\\\\ud800\\ufffd"}');
});

test('reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('', '  '), (value, indent) => {
      expect(JSON.parse(goStringify(value, indent))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('%v, %#v and %q', () => {
  const value = { n: null, b: [1, 'x', 1.5, true], a: { c: '"' } };
  expect(goValue(value)).toBe('map[a:map[c:"] b:[1 x 1.5 true] n:<nil>]');
  expect(goSyntax(value)).toBe(
    'map[string]interface {}{"a":map[string]interface {}{"c":"\\""}, "b":[]interface {}{1, "x", 1.5, true}, "n":interface {}(nil)}',
  );
  expect(goQuote('a"\\\n\u0007\u0000\u007f\u00a0é😀\u200b')).toBe('"a\\"\\\\\\n\\a\\x00\\x7f\\u00a0é😀\\u200b"');
  expect([1e6, 1234567.5, 1e21, 0.0001, 0.00001, -1.5].map(goNumber)).toEqual([
    '1000000',
    '1.2345675e+06',
    '1e+21',
    '0.0001',
    '1e-05',
    '-1.5',
  ]);
});
