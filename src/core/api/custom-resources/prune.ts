/** Drops what the schema does not name from a custom resource, and says what was dropped (as structural pruning). */
import type { Json } from '../json';
import { additionalOf, type CustomSchema, EMBEDDED, itemsOf, PRESERVE, propertyOf } from './schema';

const META = ['apiVersion', 'kind', 'metadata'];

/**
 * The object without unknown fields; `unknown` receives the path of each, `spec.list[0].field`. The object itself is
 * returned where nothing was dropped.
 */
export function prune(object: Json, schema: CustomSchema, unknown: string[]): Json {
  return pruneValue(object, { ...schema, [EMBEDDED]: true }, '', unknown) as Json;
}

function pruneValue(value: unknown, schema: CustomSchema | undefined, path: string, unknown: string[]): unknown {
  if (Array.isArray(value)) {
    // A list that is kept as it is may still hold objects of which something is known.
    const items = schema && (itemsOf(schema) ?? (schema[PRESERVE] === true ? { [PRESERVE]: true } : undefined));
    const pruned = value.map((item, index) => pruneValue(item, items, `${path}[${index}]`, unknown));
    return pruned.every((item, index) => item === value[index]) ? value : pruned;
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const inner = path === '' ? name : `${path}.${name}`;
    const property = schema && (propertyOf(schema, name) ?? additionalOf(schema));
    if (schema?.[EMBEDDED] === true && META.includes(name)) kept.push([name, field]);
    else if (property) kept.push([name, pruneValue(field, property, inner, unknown)]);
    else if (schema?.[PRESERVE] === true) kept.push([name, field]);
    else unknown.push(inner);
  }
  const same =
    kept.length === Object.keys(value).length && kept.every(([name, field]) => (value as Json)[name] === field);
  return same ? value : Object.fromEntries(kept);
}
