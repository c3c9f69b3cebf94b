import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { listOf, toJson } from '../../src/render/json';
import { toYaml } from '../../src/render/yaml';
import { fixture } from './fixtures';

describe('toYaml', () => {
  it('prints every scalar style as kubectl does', () => {
    const { object, lines } = JSON.parse(fixture('scalars.json')) as { object: unknown; lines: string[] };
    expect(toYaml(object).split('\n')).toEqual([...lines, '']);
  });

  it('prints a ConfigMap of odd strings as recorded, from its JSON', () => {
    expect(toYaml(JSON.parse(fixture('configmap-quirks.json.txt')))).toBe(fixture('configmap-quirks.yaml.txt'));
  });

  it.each(['pods-list', 'revisions-list', 'statefulset-pg', 'secret-pg'])('gives the recorded %s back', (name) => {
    const text = fixture(`${name}.yaml.txt`);
    expect(toYaml(load(text))).toBe(text);
  });

  it('leaves undefined fields out and keeps null', () => {
    expect(toYaml({ b: undefined, a: null, c: { d: undefined } })).toBe('a: null\nc: {}\n');
  });

  it('prints scalars and empty values as documents', () => {
    expect([toYaml('x'), toYaml(1), toYaml([]), toYaml({}), toYaml(null)]).toEqual([
      'x\n',
      '1\n',
      '[]\n',
      '{}\n',
      'null\n',
    ]);
  });

  it('reads back equal', () => {
    // js-yaml knows YAML 1.2: what only YAML 1.1 takes for a boolean or a number is quoted, so nothing is lost.
    const text = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom('a', ' ', '\n', '\t', ':', '#', '-', "'", '"', '\\', '0', '1', '.', 'é', '😀'),
      }),
      fc.constantFrom('yes', '0x1F', '1_000', '2026-01-01', '1:30', '~', '', '---', '- a', 'a: b', '1e3', 'null'),
      fc.string({ minLength: 90, maxLength: 200, unit: fc.constantFrom('a', ' ', 'bcd', "'", '"', '\t') }),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(
          text.filter((key) => key !== '__proto__' && key !== '<<'),
          tie('any'),
          { maxKeys: 5, noNullPrototype: true },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(value, (v) => {
        expect(load(toYaml({ v }))).toEqual({ v });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('toJson', () => {
  it('prints a ConfigMap of odd strings as recorded', () => {
    const text = fixture('configmap-quirks.json.txt');
    expect(toJson(JSON.parse(text))).toBe(text);
  });

  it('prints a List of pods as recorded', () => {
    const text = fixture('pods-list.json.txt');
    const { items } = JSON.parse(text) as { items: unknown[] };
    expect(toJson(listOf(items))).toBe(text);
  });
});
