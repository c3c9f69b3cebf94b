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
  yield* itemsAsJson(items);
  yield '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
}

/** The List as one of Go's structs, whose fields come in their order; what it holds has sorted keys all the same. */
export function typedListAsJson(items: Iterable<unknown>): string {
  const head = '{\n    "kind": "List",\n    "apiVersion": "v1",\n    "metadata": {},\n    "items": [';
  return `${head}${[...itemsAsJson(items)].join('')}\n    ]\n}\n`;
}

function* itemsAsJson(items: Iterable<unknown>): Iterable<string> {
  let comma = '';
  for (const item of items) {
    yield `${comma}\n        ${goStringify(item, '    ', 2)}`;
    comma = ',';
  }
}

/** Several objects as one (what kubectl makes of them for every structured output). */
export const listOf = <T>(items: readonly T[]): List<T> => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});
