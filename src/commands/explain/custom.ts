/** Custom resources as shapes: the schema that their definition carries. */
import type { ResourceInfo } from '../../core/api/resources';
import { resourceForKind, resourceKey } from '../../core/api/resources';
import { isNotFound } from '../../core/api/status';
import type { Backend } from '../../core/client/backend';
import type { Shape } from '../../render/explain';

/** The shape of a custom resource; undefined without a definition or when it carries no schema. */
export async function customShape(backend: Backend, resource: ResourceInfo): Promise<Shape | undefined> {
  const definitions = resourceForKind('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  if (!definitions) return undefined;
  try {
    const definition: unknown = await backend.get(definitions, undefined, resourceKey(resource));
    const versions = at(definition, 'spec', 'versions');
    const found = Array.isArray(versions)
      ? versions.find((v: unknown) => at(v, 'name') === resource.version)
      : undefined;
    const schema = at(found, 'schema', 'openAPIV3Schema');
    return isRecord(schema) ? withStandardFields(shapeOf(schema)) : undefined;
  } catch (e) {
    if (isNotFound(e)) return undefined;
    throw e;
  }
}

/** As the server publishes it: the fields that every object has are added. */
function withStandardFields(shape: Shape): Shape {
  const properties = new Map(shape.properties);
  if (!properties.has('apiVersion')) properties.set('apiVersion', { type: 'string' });
  if (!properties.has('kind')) properties.set('kind', { type: 'string' });
  properties.set('metadata', { name: 'ObjectMeta', description: 'The standard metadata of every object.' });
  return { ...shape, properties };
}

function shapeOf(schema: Readonly<Record<string, unknown>>): Shape {
  const { description, type, items, additionalProperties, properties, required } = schema;
  const values = schema.enum;
  return {
    ...(typeof description === 'string' && { description }),
    ...(typeof type === 'string' && { type }),
    ...(isRecord(items) && { items: shapeOf(items) }),
    ...(isRecord(additionalProperties) && { values: shapeOf(additionalProperties) }),
    ...(isRecord(properties) && {
      properties: new Map(
        Object.entries(properties).map(([name, inner]) => [name, isRecord(inner) ? shapeOf(inner) : {}]),
      ),
    }),
    ...(Array.isArray(required) && { required: new Set(required.map(String)) }),
    ...(Array.isArray(values) && { enum: values.map(String) }),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) current = isRecord(current) ? current[name] : undefined;
  return current;
}
