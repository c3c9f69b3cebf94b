/** Patterns with stars say what the regular expression says that they stand for, and are matched in few steps. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goRegExpError, goRegExpMatches } from '../../../src/core/meta/go-regexp';
import { matchesParts, matchesWildcard, type WildcardPart } from '../../../src/core/meta/wildcard';

const texts = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 8 });
const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '*'), maxLength: 7 });
const partsOf = (pattern: string): WildcardPart[] =>
  [...pattern].map((character) => (character === '*' ? '*' : (other) => other === character));

test('as a regular expression would', () => {
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const expected = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's').test(text);
      expect(matchesWildcard(pattern, text)).toBe(expected);
      expect(matchesParts(partsOf(pattern), text)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('in steps that do not explode', () => {
  let steps = 0;
  const counted = partsOf(`${'*a'.repeat(30)}*b`).map(
    (part): WildcardPart =>
      part === '*'
        ? part
        : (character) => {
            steps++;
            return part(character);
          },
  );
  expect(matchesParts(counted, 'a'.repeat(1000))).toBe(false);
  expect(steps).toBeLessThan(32 * 1000);
  expect(matchesWildcard(`${'*a'.repeat(30)}*b`, 'a'.repeat(100_000))).toBe(false);
});

test("Go's regular expressions are matched in one pass, and what Go can't read is named", () => {
  expect(goRegExpMatches('^(a+)+$', `${'a'.repeat(5000)}!`)).toBe(false);
  expect(goRegExpMatches('(?i)^[[:alpha:]]+\\z', 'aBc')).toBe(true);
  expect(goRegExpMatches('^(a|a)*$', 'aaaa')).toBe(true);
  expect(goRegExpError('+')).toBe('error parsing regexp: missing argument to repetition operator: `+`');
  expect(goRegExpError('(?=a)')).toBe('error parsing regexp: invalid or unsupported Perl syntax: `(?=`');
  expect(goRegExpError('('.repeat(20_000))).toBe('error parsing regexp: expression too large');
  expect(goRegExpMatches('(', 'a')).toBeUndefined();
});
