/**
 * kubectl's JSONPath templates: text with expressions in braces, `{range}`…`{end}`, filters, unions, slices and recursive
 * descent, as k8s.io/client-go/util/jsonpath. The messages are upstream's.
 */

import { goNumber } from './gofmt';
import { goStringify } from './gojson';
import { evaluate, type Iteration } from './jsonpath-eval';
import { type Action, parseTemplate } from './jsonpath-parser';

export interface JsonPathOptions {
  /** A field that is not there gives no result instead of an error, as `kubectl get -o jsonpath` has it. */
  readonly allowMissingKeys?: boolean;
}

export class JsonPath {
  private constructor(
    private readonly actions: readonly Action[],
    private readonly allowMissingKeys: boolean,
  ) {}

  /** Throws Error with the words that follow "error parsing jsonpath …, ". */
  static parse(template: string, options: JsonPathOptions = {}): JsonPath {
    return new JsonPath(parseTemplate(template), options.allowMissingKeys ?? false);
  }

  /**
   * What kubectl prints for the value: results of one expression with spaces between them, objects and lists as JSON. Throws
   * Error with the words that follow "error executing jsonpath …: Error executing template: ".
   */
  execute(value: unknown): string {
    return this.findResults(value)
      .map((results) => results.map(printed).join(' '))
      .join('');
  }

  /** The results of every expression and text of the template in turn, loops unrolled. */
  findResults(value: unknown): unknown[][] {
    const state: Iteration = { inRange: 0, endNode: undefined, allowMissingKeys: this.allowMissingKeys, steps: 0 };
    return evaluate(this.actions, 0, value, state);
  }

  /** As `-o jsonpath-as-json`: the results of each expression as an indented JSON list. */
  executeAsJson(value: unknown): string {
    return this.findResults(value)
      .map((results) => `${goStringify(results, '    ')}\n`)
      .join('');
  }
}

/**
 * The template for a path that may lack braces or the leading dot ("metadata.name", ".metadata.name", "{.metadata.name}"), as
 * kubectl's RelaxedJSONPathExpression for custom columns and --sort-by. Throws Error.
 */
export function relaxedJsonPath(expression: string): string {
  if (expression === '') return expression;
  // The same set of matches as upstream's pattern `^\{\.?([^{}]+)\}$|^\.?([^{}]+)$`.
  const inner = expression.startsWith('{') && expression.endsWith('}') ? expression.slice(1, -1) : expression;
  const path = inner.startsWith('.') && inner.length > 1 ? inner.slice(1) : inner;
  if (path === '' || /[{}]/.test(path)) {
    throw new Error(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  }
  return `{.${path}}`;
}

function printed(value: unknown): string {
  if (value === undefined) return '<no value>';
  if (value === null) return 'null';
  if (typeof value === 'object') return goStringify(value);
  return typeof value === 'number' ? goNumber(value) : String(value);
}
