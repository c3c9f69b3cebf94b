/** Custom resources as shapes: the schema that their definition carries. */
import type { ResourceInfo } from '../../core/api/resources';
import { resourceKey } from '../../core/api/resources';
import { isNotFound } from '../../core/api/status';
import type { Backend } from '../../core/client/backend';
import { findResource } from '../../core/client/builder';
import type { Shape } from '../../render/explain';

/**
 * The shape of a custom resource; undefined without a definition or when it carries no schema.
 *
 * @param standard the shape of a built-in kind, for the fields that every kind has
 */
export async function customShape(
  backend: Backend,
  resource: ResourceInfo,
  standard: Shape | undefined,
): Promise<Shape | undefined> {
  const definitions = await findResource(backend, 'customresourcedefinitions.apiextensions.k8s.io');
  if (!definitions) return undefined;
  try {
    const definition: unknown = await backend.get(definitions, undefined, resourceKey(resource));
    const versions = at(definition, 'spec', 'versions');
    const found = Array.isArray(versions)
      ? versions.find((v: unknown) => at(v, 'name') === resource.version)
      : undefined;
    const schema = at(found, 'schema', 'openAPIV3Schema');
    return isRecord(schema) ? withStandardFields(shapeOf(schema), standard) : undefined;
  } catch (e) {
    if (isNotFound(e)) return undefined;
    throw e;
  }
}

/** As the server publishes it: the fields that every object has take the place of what the definition says of them. */
function withStandardFields(shape: Shape, standard: Shape | undefined): Shape {
  const properties = new Map(shape.properties);
  for (const name of ['apiVersion', 'kind', 'metadata']) {
    const field = standard?.properties?.get(name);
    if (field) properties.set(name, field);
  }
  return { ...shape, properties };
}

function shapeOf(schema: Readonly<Record<string, unknown>>): Shape {
  const { description, type, items, additionalProperties, properties, required, externalDocs } = schema;
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
    ...(isRecord(externalDocs) && { externalDocs: docsOf(externalDocs) }),
  };
}

const docsOf = ({ description, url }: Readonly<Record<string, unknown>>): NonNullable<Shape['externalDocs']> => ({
  ...(typeof description === 'string' && { description }),
  ...(typeof url === 'string' && { url }),
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) current = isRecord(current) ? current[name] : undefined;
  return current;
}
