/** Fills in the defaults of a custom resource's schema (as structural defaulting). */
import type { Json } from '../json';
import { additionalOf, type CustomSchema, itemsOf, propertiesOf, propertyOf } from './schema';

/**
 * The object with absent fields filled in, and nulls dropped where the schema allows none. The object itself is returned
 * where nothing changed.
 */
export const withSchemaDefaults = (object: Json, schema: CustomSchema): Json => complete(object, schema) as Json;

function complete(value: unknown, schema: CustomSchema | undefined): unknown {
  if (schema === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const completed = value.map((item) => complete(item === null ? (nullOf(items) ?? item) : item, items));
    return completed.every((item, index) => item === value[index]) ? value : completed;
  }
  const out: Record<string, unknown> = {};
  let changed = false;
  for (const [name, field] of Object.entries(value)) {
    const inner = propertyOf(schema, name) ?? additionalOf(schema);
    const completed = complete(field === null && inner && inner.nullable !== true ? inner.default : field, inner);
    changed ||= completed !== field;
    if (completed !== undefined) out[name] = completed;
  }
  for (const [name, property] of propertiesOf(schema)) {
    if (property.default === undefined || Object.hasOwn(out, name)) continue;
    out[name] = complete(property.default, property);
    changed = true;
  }
  return changed ? out : value;
}

const nullOf = (items: CustomSchema | undefined): unknown => (items?.nullable === true ? undefined : items?.default);
