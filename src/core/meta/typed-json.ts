/** JSON in the order of its fields, with the escapes of Go's encoder: what the API server sends, and what kubectl prints of typed objects. */
import { stringifyJson } from './json';

/** JSON of what Go holds in a typed struct: fields keep their order, and strings are escaped as encoding/json does. */
export function typedJson(value: object, indent?: number): string {
  const text = stringifyJson(value, indent === undefined ? {} : { indent });
  // These stand in strings only.
  return text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
