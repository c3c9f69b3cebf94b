/** `-o jsonpath` and `-o jsonpath-as-json`, with kubectl's words when a template cannot be parsed or run. */
import { goQuote, goSyntax } from '../core/meta/gofmt';
import { JsonPath } from '../core/meta/jsonpath';

export interface JsonPathPrinterOptions {
  /** Results as indented JSON lists (`-o jsonpath-as-json`). */
  readonly asJson?: boolean;
  /** Fields that are not there print nothing; kubectl's default. */
  readonly allowMissingKeys?: boolean;
}

/** A parsed template. Throws Error `error parsing jsonpath …`, so a command can refuse a bad one before it asks anybody. */
export function jsonPathPrinter(
  template: string,
  options: JsonPathPrinterOptions = {},
): { print(value: unknown): string } {
  let path: JsonPath;
  try {
    path = JsonPath.parse(template, { allowMissingKeys: options.allowMissingKeys ?? true });
  } catch (error) {
    throw new Error(`error parsing jsonpath ${template}, ${messageOf(error)}`);
  }
  return {
    /** The text, without a newline of its own. Throws Error that shows the template and the object, ended by newlines. */
    print(value) {
      try {
        return options.asJson ? path.executeAsJson(value) : path.execute(value);
      } catch (error) {
        throw new Error(executionError(template, messageOf(error), value));
      }
    },
  };
}

const executionError = (template: string, reason: string, value: unknown): string =>
  `error executing jsonpath ${goQuote(template)}: Error executing template: ${reason}. Printing more information for debugging the template:
\ttemplate was:
\t\t${template}
\tobject given to jsonpath engine was:
\t\t${goSyntax(value)}\n\n\n`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
