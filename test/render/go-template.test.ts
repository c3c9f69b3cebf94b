import { describe, expect, it } from 'vitest';
import { GoTemplateError, goTemplatePrinter } from '../../src/render/go-template';

const object = { kind: 'W', metadata: { name: 'a' }, spec: { html: '<b>', none: null, list: [1, 2.5] } };

function failure(template: string, allowMissingKeys = true): GoTemplateError {
  try {
    goTemplatePrinter(template, { allowMissingKeys }).print(object);
  } catch (error) {
    if (error instanceof GoTemplateError) return error;
    throw error;
  }
  throw new Error('the template did not fail');
}

describe('the go-template printer', () => {
  it('prints what the template says, and no newline of its own', () => {
    expect(goTemplatePrinter('{{.kind}}/{{.metadata.name}} {{.nope}}').print(object)).toBe('W/a <no value>');
  });

  it('refuses a bad template before it is given an object', () => {
    expect(() => goTemplatePrinter('{{bad')).toThrow(
      new Error('error parsing template {{bad, template: output:1: function "bad" not defined'),
    );
  });

  it('shows on stdout what led to a failure', () => {
    const { message, printed } = failure('{{.kind}} {{.metadata.name.x}}');
    const reason =
      'template: output:1:21: executing "output" at <.metadata.name.x>: can\'t evaluate field x in type interface {}';
    expect(message).toBe(`error executing template "{{.kind}} {{.metadata.name.x}}": ${reason}`);
    expect(printed).toBe(
      [
        `W Error executing template: ${reason}. Printing more information for debugging the template:`,
        '\ttemplate was:',
        '\t\t{{.kind}} {{.metadata.name.x}}',
        '\traw data was:',
        '\t\t{"kind":"W","metadata":{"name":"a"},"spec":{"html":"\\u003cb\\u003e","list":[1,2.5],"none":null}}',
        '\tobject given to template engine was:',
        '\t\tmap[kind:W metadata:map[name:a] spec:map[html:<b> list:[1 2.5] none:<nil>]]',
        '',
        '',
      ].join('\n'),
    );
  });

  it('fails over missing keys when it is told to', () => {
    expect(failure('{{.nope}}', false).message).toBe(
      'error executing template "{{.nope}}": template: output:1:2: executing "output" at <.nope>: map has no entry for key "nope"',
    );
  });
});
