import { describe, expect, test } from 'vitest';
import * as namesModule from '../../../src/core/meta/names';

const names = { ...namesModule };

type Check =
  | 'isDns1123Label'
  | 'isDns1123Subdomain'
  | 'isDns1035Label'
  | 'isQualifiedName'
  | 'isLabelValue'
  | 'isValidPortName'
  | 'isEnvVarName'
  | 'isRelaxedEnvVarName'
  | 'isConfigMapKey'
  | 'isHttpHeaderName'
  | 'isValidPercent';

const long = (length: number) => 'a'.repeat(length);

describe('accepted', () => {
  test.each<[Check, string[]]>([
    ['isDns1123Label', ['a', '0', 'a-b', long(63)]],
    ['isDns1123Subdomain', ['a', 'a.b-c.d', '0.1', long(253)]],
    ['isDns1035Label', ['a', 'a-0', long(63)]],
    ['isQualifiedName', ['a', 'A_b.c-D', 'example.com/Name', `${long(253)}/${long(63)}`]],
    ['isLabelValue', ['', 'a', 'A_b.c-D', long(63)]],
    ['isValidPortName', ['a', 'http-2', '1a', long(15)]],
    ['isEnvVarName', ['A', '_a.b-c', '.a']],
    ['isRelaxedEnvVarName', ['A', '1 a!', '~']],
    ['isConfigMapKey', ['a', '.dot', 'A_b-c.d', '0', long(253)]],
    ['isHttpHeaderName', ['X-Name']],
    ['isValidPercent', ['0%', '150%']],
  ])('%s', (check, values) => {
    expect(values.flatMap((value) => names[check](value))).toEqual([]);
  });
});

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const key =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('refused, in upstream words', () => {
  test.each<[Check, string, string[]]>([
    ['isDns1123Label', 'Web_1', [label]],
    ['isDns1123Label', '', [label]],
    ['isDns1123Label', 'a-', [label]],
    ['isDns1123Label', 'a.b', ['must not contain dots']],
    ['isDns1123Label', long(64), ['must be no more than 63 characters']],
    ['isDns1123Label', `${long(64)}_`, ['must be no more than 63 characters', label]],
    ['isDns1123Subdomain', 'a..b', [subdomain]],
    ['isDns1123Subdomain', long(254), ['must be no more than 253 characters']],
    ['isQualifiedName', 'bad key', [`name part ${key}`]],
    ['isQualifiedName', '', ['name part must be non-empty', `name part ${key}`]],
    ['isQualifiedName', '/a', ['prefix part must be non-empty']],
    ['isQualifiedName', 'A/a', [`prefix part ${subdomain}`]],
    ['isQualifiedName', long(64), ['name part must be no more than 63 bytes']],
    ['isQualifiedName', `${long(254)}/a`, ['prefix part must be no more than 253 bytes']],
    ['isLabelValue', long(64), ['must be no more than 63 bytes']],
    [
      'isValidPortName',
      '--1',
      [
        'must contain at least one letter (a-z)',
        'must not contain consecutive hyphens',
        'must not begin or end with a hyphen',
      ],
    ],
    [
      'isValidPortName',
      'A',
      [
        'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'must contain at least one letter (a-z)',
      ],
    ],
    [
      'isRelaxedEnvVarName',
      'a=b',
      ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
    ],
    ['isConfigMapKey', '..', ["must not be '..'"]],
    ['isConfigMapKey', '..a', ["must not start with '..'"]],
    [
      'isConfigMapKey',
      'a b',
      [
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
  ])('%s(%s)', (check, value, errors) => {
    expect(names[check](value)).toEqual(errors);
  });

  test('lengths are counted in bytes', () => {
    expect(names.isLabelValue('é'.repeat(32))[0]).toBe('must be no more than 63 bytes');
  });

  test('numbers', () => {
    expect([names.isValidPortNumber(1), names.isValidPortNumber(65535)]).toEqual([[], []]);
    expect(names.isValidPortNumber(0)).toEqual(['must be between 1 and 65535, inclusive']);
  });
});

test('no value takes long', () => {
  for (const value of [`${long(1e6)}_!`, `${'a-'.repeat(5e5)}!`, `${'a.'.repeat(5e5)}!`]) {
    for (const check of [names.isDns1123Subdomain, names.isDns1123Label, names.isQualifiedName, names.isConfigMapKey])
      check(value);
  }
});
