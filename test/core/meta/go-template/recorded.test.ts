/** What kubectl itself printed for a thousand templates over one object. */
import { describe, expect, test } from 'vitest';
import { GoTemplate, TemplateError } from '../../../../src/core/meta/go-template';
import recorded from '../fixtures/go-template.json';

interface Case {
  readonly template: string;
  readonly strict?: boolean;
  readonly output?: string;
  readonly parseError?: string;
  readonly executeError?: string;
  readonly printed?: string;
}

/** The outcome in the fixture's form. */
function outcome({ template, strict }: Case): Omit<Case, 'template'> {
  const kept = strict ? { strict } : {};
  let parsed: GoTemplate;
  try {
    parsed = GoTemplate.parse(template);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { ...kept, parseError: error.message };
  }
  try {
    return { ...kept, output: parsed.execute(recorded.object, { allowMissingKeys: !strict }) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { ...kept, executeError: error.message, printed: error.printed };
  }
}

const cases = recorded.cases as readonly Case[];

describe('templates as kubectl runs them', () => {
  test('there are many', () => expect(cases.length).toBeGreaterThan(1000));

  test.each(cases.map((each) => [each.strict ? `strictly: ${each.template}` : each.template, each] as const))(
    '%j',
    (_name, { template, ...expected }) => {
      expect(outcome({ template, ...expected })).toEqual(expected);
    },
  );
});
