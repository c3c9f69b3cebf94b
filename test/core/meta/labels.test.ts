import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatLabelSelector,
  formatLabels,
  formatSelector,
  fromLabelSelector,
  matches,
  type Operator,
  parseSelector,
  type Requirement,
} from '../../../src/core/meta/labels';
import recorded from './fixtures/selectors.json';

describe('selectors as kubectl reads them', () => {
  test.each(recorded.cases)('$text', ({ text, selector, error }) => {
    if (error !== undefined) expect(() => parseSelector(text)).toThrow(new Error(error));
    else {
      const viaApi = fromLabelSelector(selector as Parameters<typeof fromLabelSelector>[0]);
      const plain = (requirements: readonly Requirement[]) =>
        requirements.map((each) => (each.operator === '==' ? { ...each, operator: '=' } : each));
      expect(plain(parseSelector(text))).toEqual(viaApi);
    }
  });
});

describe('the API form', () => {
  test('absent matches nothing, empty everything', () => {
    expect(matches(fromLabelSelector(undefined), { a: 'b' })).toBe(false);
    expect(matches(fromLabelSelector({}), undefined)).toBe(true);
  });

  test('columns', () => {
    const selector = {
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [
        { key: 'z', operator: 'NotIn', values: ['y', 'x'] },
        { key: 'c', operator: 'Exists' },
        { key: 'd', operator: 'DoesNotExist' },
        { key: 'e', operator: 'In', values: ['v'] },
      ],
    };
    expect(formatLabelSelector(selector)).toBe('a=1,b=2,c,!d,e in (v),z notin (x,y)');
    expect(formatLabelSelector({})).toBe('<none>');
    expect(formatLabelSelector(undefined)).toBe('<none>');
    expect(formatLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Foo' }] })).toBe('<error>');
    expect(formatLabels({ b: '2', a: '1' })).toBe('a=1,b=2');
    expect(formatLabels({})).toBe('<none>');
    expect(formatLabels(undefined)).toBe('<none>');
  });

  test('refusals name every problem', () => {
    expect(() => fromLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Foo' }] })).toThrow(
      new Error('"Foo" is not a valid label selector operator'),
    );
    expect(() => fromLabelSelector({ matchExpressions: [{ key: 'a', operator: 'In' }] })).toThrow(
      new Error("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"),
    );
  });

  test('keys that objects inherit are no labels', () => {
    expect(matches(parseSelector('constructor'), {})).toBe(false);
    expect(matches(parseSelector('!toString'), {})).toBe(true);
  });

  test('gt and lt compare 64-bit integers', () => {
    const labels = { n: '10', big: '9223372036854775808', word: 'x' };
    expect(matches(parseSelector('n>9'), labels)).toBe(true);
    expect(matches(parseSelector('n<10'), labels)).toBe(false);
    expect(matches(parseSelector('big>1'), labels)).toBe(false);
    expect(matches(parseSelector('word>1'), labels)).toBe(false);
    expect(matches(parseSelector('absent<1'), labels)).toBe(false);
  });
});

const key = fc.constantFrom('a', 'b', 'in', 'notin', 'app.kubernetes.io/name', 'x_y.z');
const value = fc.constantFrom('', '1', '2', 'in', 'notin', 'a-b.c_d');
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({ key, operator: fc.constantFrom<Operator>('=', '==', '!='), values: fc.tuple(value) }),
  fc.record({ key, operator: fc.constantFrom<Operator>('exists', '!'), values: fc.constant([]) }),
  fc.record({ key, operator: fc.constantFrom<Operator>('gt', 'lt'), values: fc.tuple(fc.nat().map(String)) }),
  fc.record({
    key,
    operator: fc.constantFrom<Operator>('in', 'notin'),
    values: fc.uniqueArray(value, { minLength: 1 }).map((values) => values.sort()),
  }),
);
const selector = fc
  .array(requirement)
  .map((requirements) => requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
const labelSet = fc.dictionary(key, value);

describe('selector algebra', () => {
  test('a written selector reads back equal', () => {
    fc.assert(
      fc.property(selector, (requirements) => {
        expect(parseSelector(formatSelector(requirements))).toEqual(requirements);
      }),
    );
  });

  test('matching agrees with a table of the operators', () => {
    const holds = ({ key, operator, values }: Requirement, labels: Record<string, string>): boolean => {
      const present = Object.keys(labels).includes(key);
      const among = present && values.includes(labels[key]!);
      if (operator === 'exists') return present;
      if (operator === '!') return !present;
      if (operator === 'in' || operator === '=' || operator === '==') return among;
      if (operator === 'notin' || operator === '!=') return !among;
      if (!present || !/^\d+$/.test(labels[key]!)) return false;
      return operator === 'gt' ? Number(labels[key]) > Number(values[0]) : Number(labels[key]) < Number(values[0]);
    };
    fc.assert(
      fc.property(selector, labelSet, (requirements, labels) => {
        expect(matches(requirements, labels)).toBe(requirements.every((each) => holds(each, labels)));
      }),
    );
  });

  test('long input takes no long time', () => {
    const many = `a in (${Array.from({ length: 20_000 }, (_, index) => `v${index}`).join(',')})`;
    expect(parseSelector(many)[0]?.values).toHaveLength(20_000);
    expect(() => parseSelector(`a${'!'.repeat(100_000)}`)).toThrow();
    expect(() => parseSelector(`a=${'-'.repeat(100_000)}`)).toThrow();
  });
});
