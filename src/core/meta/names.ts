/**
 * What a name may be: DNS labels and subdomains, label keys and values, port and variable names. Every check returns the
 * list of upstream's complaints (k8s.io/apimachinery/pkg/util/validation and pkg/api/validate/content), empty when fine.
 */

import { utf8Length } from './text';

const DNS_1123_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_1123_SUBDOMAIN = `${DNS_1123_LABEL}(\\.${DNS_1123_LABEL})*`;
const LABEL_KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

/** A lowercase RFC 1123 label of at most 63 bytes, as IsDNS1123Label. */
export function isDns1123Label(value: string): string[] {
  const errors = tooLong(value, 63);
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)) {
    errors.push(
      matchesSubdomain(value)
        ? 'must not contain dots'
        : regexError(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
            DNS_1123_LABEL,
            'my-name',
            '123-abc',
          ),
    );
  }
  return errors;
}

/** A lowercase RFC 1123 subdomain of at most 253 bytes, as IsDNS1123Subdomain: the rule for most object names. */
export function isDns1123Subdomain(value: string): string[] {
  const errors = tooLong(value, 253);
  if (!matchesSubdomain(value)) errors.push(subdomainError());
  return errors;
}

/** A subdomain whose labels may hold underscores, as IsDNS1123SubdomainWithUnderscore: a search path of a resolver. */
export function isDns1123SubdomainWithUnderscore(value: string): string[] {
  const errors = tooLong(value, 253);
  const label = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
  if (!/^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/.test(value)) {
    errors.push(
      regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
        `${label}(\\.${label})*`,
        'example.com',
      ),
    );
  }
  return errors;
}

/** A DNS-1035 label, which starts with a letter, as IsDNS1035Label: the rule for the names of custom resources' kinds. */
export function isDns1035Label(value: string): string[] {
  const errors = tooLong(value, 63);
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(value)) {
    errors.push(
      regexError(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        '[a-z]([-a-z0-9]*[a-z0-9])?',
        'my-name',
        'abc-123',
      ),
    );
  }
  return errors;
}

/** A label or annotation key: a name with an optional DNS prefix and a slash, as IsQualifiedName (IsLabelKey). */
export function isQualifiedName(value: string): string[] {
  const parts = value.split('/');
  const format = () =>
    regexError(
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
      LABEL_KEY,
      'MyName',
      'my.name',
      '123-abc',
    );
  if (parts.length > 2) {
    return [`a valid label key ${format()} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  const name = parts[parts.length - 1] ?? '';
  if (parts.length === 2) {
    const prefix = parts[0] ?? '';
    if (prefix === '') errors.push(`prefix part ${EMPTY}`);
    else {
      if (utf8Length(prefix) > 253) errors.push('prefix part must be no more than 253 bytes');
      if (!matchesSubdomain(prefix)) errors.push(`prefix part ${subdomainError()}`);
    }
  }
  if (name === '') errors.push(`name part ${EMPTY}`);
  else if (utf8Length(name) > 63) errors.push('name part must be no more than 63 bytes');
  if (!/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)) errors.push(`name part ${format()}`);
  return errors;
}

/** A label's value: empty, or at most 63 bytes, as IsValidLabelValue. */
export function isLabelValue(value: string): string[] {
  const errors = utf8Length(value) > 63 ? ['must be no more than 63 bytes'] : [];
  if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)) {
    errors.push(
      regexError(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        `(${LABEL_KEY})?`,
        'MyValue',
        'my_value',
        '12345',
      ),
    );
  }
  return errors;
}

/** A port number from 1 to 65535, as IsValidPortNum. */
export function isValidPortNumber(port: number): string[] {
  return isInRange(port, 1, 65535);
}

/** A number from `low` to `high`, both included, as IsInRange. */
export function isInRange(value: number | bigint, low: number, high: number): string[] {
  return value >= low && value <= high ? [] : [`must be between ${low} and ${high}, inclusive`];
}

/** An IANA service name of at most 15 bytes, as IsValidPortName. */
export function isValidPortName(port: string): string[] {
  const errors = tooLong(port, 15);
  if (!/^[-a-z0-9]+$/.test(port)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(port)) errors.push('must contain at least one letter (a-z)');
  if (port.includes('--')) errors.push('must not contain consecutive hyphens');
  if (port.startsWith('-') || port.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

/** A whole number and a percent sign, as IsValidPercent. */
export function isValidPercent(text: string): string[] {
  if (/^[0-9]+%$/.test(text)) return [];
  return [
    regexError("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', '1%', '93%'),
  ];
}

/** A header field's name, as IsHTTPHeaderName. */
export function isHttpHeaderName(value: string): string[] {
  if (/^[-A-Za-z0-9]+$/.test(value)) return [];
  return [
    regexError("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', 'X-Header-Name'),
  ];
}

/** The strict rule for variable names, which `kubectl set env` applies (IsEnvVarName). The API server is more lenient. */
export function isEnvVarName(value: string): string[] {
  const errors = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(value)
    ? []
    : [
        regexError(
          "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
          '[-._a-zA-Z][-._a-zA-Z0-9]*',
          'my.env-name',
          'MY_ENV.NAME',
          'MyEnvName1',
        ),
      ];
  return [...errors, ...dotPrefix(value)];
}

/** The API server's rule for variable names in pods: printable ASCII without `=` (IsRelaxedEnvVarName). */
export function isRelaxedEnvVarName(value: string): string[] {
  const errors = value === '' ? [`environment variable name ${EMPTY}`] : [];
  if (!/^[ -<>-~]*$/.test(value)) {
    errors.push("a valid environment variable name must consist only of printable ASCII characters other than '='");
  }
  return errors;
}

/** A key of a ConfigMap or Secret, as IsConfigMapKey. */
export function isConfigMapKey(value: string): string[] {
  const errors = tooLong(value, 253);
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) {
    errors.push(
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        '[-._a-zA-Z0-9]+',
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    );
  }
  return [...errors, ...dotPrefix(value)];
}

/** Upstream's sentence for a value that a pattern refuses (RegexError), the odd comma before "or" included. */
function regexError(message: string, pattern: string, ...examples: readonly string[]): string {
  const used = `regex used for validation is '${pattern}')`;
  if (examples.length === 0) return `${message} (${used}`;
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}${used}`;
}

const EMPTY = 'must be non-empty';

function subdomainError(): string {
  return regexError(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    DNS_1123_SUBDOMAIN,
    'example.com',
  );
}

function matchesSubdomain(value: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value);
}

function tooLong(value: string, limit: number): string[] {
  return utf8Length(value) > limit ? [`must be no more than ${limit} characters`] : [];
}

function dotPrefix(value: string): string[] {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}
