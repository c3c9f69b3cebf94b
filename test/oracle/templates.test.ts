/** JSONPath and Go templates: random ones over random objects must print, or complain, as kubectl does. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/meta/objects';
import { GoTemplateError, goTemplatePrinter } from '../../src/render/go-template';
import { jsonPathPrinter } from '../../src/render/jsonpath';
import { describeOracle, kubectl, runs } from './support/kubectl';
import { goTemplate, jsonPathTemplate, someObject } from './support/templates';

type Language = 'jsonpath' | 'jsonpath-as-json' | 'go-template';

interface Outcome {
  readonly out: string;
  readonly err: string;
}

/** kubectl prints the object of a label that changes nothing. */
async function asked(language: Language, object: JsonObject, template: string): Promise<Outcome> {
  const { out, err } = await kubectl(
    ['label', '--local', '-f', '-', 'x=y', '--overwrite', '-o', `${language}=${template}`],
    JSON.stringify(object),
  );
  return { out, err: err.replace(/^error: /, '').trimEnd() };
}

function computed(language: Language, object: JsonObject, template: string): Outcome {
  try {
    const asJson = language === 'jsonpath-as-json';
    const printer = language === 'go-template' ? goTemplatePrinter(template) : jsonPathPrinter(template, { asJson });
    return { out: printer.print(object), err: '' };
  } catch (error) {
    if (!(error instanceof Error) || error.constructor === TypeError) throw error;
    return { out: error instanceof GoTemplateError ? error.printed : '', err: error.message.trimEnd() };
  }
}

/** Maps have no order where kubectl walks all of one: then only the letters count, and errors that may come in another order. */
const walksMaps = (template: string): boolean => /\.\*|\.\.|\*\]|\{\*/.test(template);
const letters = (text: string): string => [...text].sort().join('');

async function expectSame(language: Language, object: JsonObject, template: string): Promise<void> {
  const own = computed(language, object, template);
  const first = await asked(language, object, template);
  // Some loops over nothing make kubectl itself fall over.
  if (first.err.startsWith('panic: ')) return;
  for (let attempt = 0; attempt < (walksMaps(template) ? 15 : 0); attempt++) {
    const { out, err } = await asked(language, object, template);
    if (err === own.err && letters(out) === letters(own.out)) return;
    // The letters of a text, which a wildcard may give, are numbers of a type that no JSON has.
    if (err.includes('uint8')) return;
  }
  expect({ template, ...own }).toEqual({ template, ...first });
}

/** Templates that stand for themselves can be asked about together. */
const together = (templates: readonly string[]): string => templates.join('\u0001');

/** All that print something are asked about in one call, a few of the others each in its own. */
async function expectAllSame(language: Language, object: JsonObject, templates: readonly string[]): Promise<void> {
  const fine = templates.filter((template) => computed(language, object, template).err === '');
  const joined = together(fine);
  const { out } = await asked(language, object, joined);
  if (out !== fine.map((template) => computed(language, object, template).out).join('\u0001')) {
    for (const template of fine) await expectSame(language, object, template);
  }
  const refused = templates.filter((template) => !fine.includes(template));
  for (const template of refused.slice(0, 4)) await expectSame(language, object, template);
}

describeOracle('templates', () => {
  test.each<[Language, fc.Arbitrary<string>]>([
    ['jsonpath', jsonPathTemplate],
    ['go-template', goTemplate],
  ])('%s', async (language, template) => {
    const templates = fc.array(template, { minLength: 1, maxLength: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(someObject, templates, (object, drawn) => expectAllSame(language, object, drawn)),
      runs(15),
    );
  });

  test('jsonpath-as-json', async () => {
    await fc.assert(
      fc.asyncProperty(someObject, jsonPathTemplate, (object, template) =>
        expectSame('jsonpath-as-json', object, template),
      ),
      runs(15),
    );
  });
});
