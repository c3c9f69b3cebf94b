/** `-o go-template`, with kubectl's words when a template cannot be parsed or run. */

import { GoTemplate, TemplateError } from '../core/meta/go-template';
import { goQuote, goValue } from '../core/meta/gofmt';
import { goStringify } from '../core/meta/gojson';

export interface GoTemplatePrinterOptions {
  /** Fields that are not there print `<no value>`; kubectl's default. */
  readonly allowMissingKeys?: boolean;
}

/** A template that failed while it ran: what it had printed and what helps to find the mistake go to stdout all the same. */
export class GoTemplateError extends Error {
  constructor(
    message: string,
    readonly printed: string,
  ) {
    super(message);
    this.name = 'GoTemplateError';
  }
}

/** A parsed template. Throws Error `error parsing template …`, so a command can refuse a bad one before it asks anybody. */
export function goTemplatePrinter(
  template: string,
  options: GoTemplatePrinterOptions = {},
): { print(value: unknown): string } {
  let parsed: GoTemplate;
  try {
    parsed = GoTemplate.parse(template);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new Error(`error parsing template ${template}, ${error.message}`);
  }
  return {
    /** The text, without a newline of its own. Throws GoTemplateError. */
    print(value) {
      try {
        return parsed.execute(value, { allowMissingKeys: options.allowMissingKeys ?? true });
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        throw new GoTemplateError(
          `error executing template ${goQuote(template)}: ${error.message}`,
          error.printed + forDebugging(template, error.message, value),
        );
      }
    },
  };
}

const forDebugging = (template: string, reason: string, value: unknown): string =>
  `Error executing template: ${reason}. Printing more information for debugging the template:
\ttemplate was:
\t\t${template}
\traw data was:
\t\t${goStringify(value)}
\tobject given to template engine was:
\t\t${goValue(value)}\n\n`;
