/** Lists that must not repeat themselves: sets and maps by key (as structural list types). */
import { semanticEqual } from '../../meta/equal';
import { asList, asObject, asStrings, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate } from '../validation/errors';
import { additionalOf, type CustomSchema, itemsOf, propertyOf } from './schema';

/** A Duplicate error for every repeated item of a `set` or `map` list anywhere in the value. */
export function validateLists(value: unknown, schema: CustomSchema | undefined, path = ''): FieldError[] {
  if (schema === undefined || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const inner = value.flatMap((item, index) => validateLists(item, items, `${path}[${index}]`));
    const keys = asStrings(schema['x-kubernetes-list-map-keys']);
    switch (schema['x-kubernetes-list-type']) {
      case 'set':
        return [...repeated(value, path), ...inner];
      case 'map':
        return [...repeated(keysOf(value, keys, items), path), ...inner];
      default:
        return inner;
    }
  }
  return Object.keys(value)
    .sort()
    .flatMap((name) => {
      const property = propertyOf(schema, name) ?? additionalOf(schema);
      return validateLists((value as Json)[name], property, path === '' ? name : `${path}.${name}`);
    });
}

const keysOf = (list: readonly unknown[], keys: readonly string[], items: CustomSchema | undefined): Json[] =>
  asList(list).map((item) =>
    Object.fromEntries(
      keys
        .map((key): [string, unknown] => [key, item[key] ?? asObject(propertyOf(items ?? {}, key)).default])
        .filter(([, value]) => value !== undefined),
    ),
  );

function repeated(list: readonly unknown[], path: string): FieldError[] {
  return list.flatMap((item, index) => {
    const first = list.findIndex((other) => semanticEqual(other, item));
    return first < index ? [duplicate(`${path}[${index}]`, item)] : [];
  });
}
