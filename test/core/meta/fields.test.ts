import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFieldSelector } from '../../../src/core/meta/fields';
import { formatFieldSelector } from '../../support/field-selector';

describe('field selectors', () => {
  test('terms are sorted, operators recognised, empty terms skipped', () => {
    expect(parseFieldSelector('status.phase!=Running,,metadata.name==web-0,a=')).toEqual([
      { field: 'a', value: '', negate: false },
      { field: 'metadata.name', value: 'web-0', negate: false },
      { field: 'status.phase', value: 'Running', negate: true },
    ]);
    expect(parseFieldSelector('')).toEqual([]);
  });

  test('escapes', () => {
    expect(parseFieldSelector('a=b\\,c\\=d\\\\')).toEqual([{ field: 'a', value: 'b,c=d\\', negate: false }]);
  });

  test.each([
    ['nonsense', "invalid selector: 'nonsense'; can't understand 'nonsense'"],
    ['a=1,b', "invalid selector: 'a=1,b'; can't understand 'b'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('%s is refused', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(new Error(message));
  });

  test('a written selector reads back', () => {
    const field = fc.constantFrom('metadata.name', 'spec.nodeName', 'status.phase');
    const value = fc.string({ unit: fc.constantFrom('a', ',', '=', '\\', '!') });
    fc.assert(
      fc.property(fc.record({ field, value, negate: fc.boolean() }), (requirement) => {
        expect(parseFieldSelector(formatFieldSelector([requirement]))).toEqual([requirement]);
      }),
    );
  });
});
