/** Objects as `-o json` prints them, and the List that holds several. */
import { goStringify } from '../core/meta/gojson';

export interface List<T> {
  readonly apiVersion: 'v1';
  readonly items: readonly T[];
  readonly kind: 'List';
  readonly metadata: { readonly resourceVersion: '' };
}

/** The value indented by four spaces, keys sorted, newline at the end (as cli-runtime's JSONPrinter). */
export const toJson = (value: unknown): string => `${goStringify(value, '    ')}\n`;

/** What `toJson` makes of the List of some objects, at least one, in pieces of an object each. */
export function* listAsJson(items: Iterable<unknown>): Iterable<string> {
  yield '{\n    "apiVersion": "v1",\n    "items": [';
  let comma = '';
  for (const item of items) {
    yield `${comma}\n        ${goStringify(item, '    ', 2)}`;
    comma = ',';
  }
  yield '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
}

/** Several objects as one (what kubectl makes of them for every structured output). */
export const listOf = <T>(items: readonly T[]): List<T> => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});
