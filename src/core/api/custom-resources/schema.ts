/** The openAPIV3Schema of a custom resource, read field by field: nothing in it is trusted to have the right type. */
import { asObject, asStrings, isSet, type Json } from '../json';

/** One node of the schema, as the definition carries it. */
export type CustomSchema = Json;

/** What a served version of a custom resource says of its objects. */
export interface CustomVersion {
  /** `example.com/v1`: the version in which objects are kept and shown. */
  readonly apiVersion: string;
  /** Undefined keeps every field. */
  readonly schema: CustomSchema | undefined;
}

/** Finds the version that a manifest names; undefined for kinds that no definition brought. */
export type CustomVersions = (apiVersion: string, kind: string) => CustomVersion | undefined;

export const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
export const EMBEDDED = 'x-kubernetes-embedded-resource';
export const INT_OR_STRING = 'x-kubernetes-int-or-string';

export const propertyOf = (schema: CustomSchema, name: string): CustomSchema | undefined => {
  const properties = asObject(schema.properties);
  return Object.hasOwn(properties, name) ? asObject(properties[name]) : undefined;
};

/** The names of the properties, in order. */
export const propertiesOf = (schema: CustomSchema): [name: string, schema: CustomSchema][] =>
  Object.keys(asObject(schema.properties))
    .sort()
    .map((name) => [name, asObject(asObject(schema.properties)[name])]);

/** The schema of a map's values; `true` allows everything, as an empty schema does. */
export function additionalOf(schema: CustomSchema): CustomSchema | undefined {
  const { additionalProperties } = schema;
  if (additionalProperties === true) return { [PRESERVE]: true };
  return isSet(additionalProperties) && additionalProperties !== false ? asObject(additionalProperties) : undefined;
}

export const itemsOf = (schema: CustomSchema): CustomSchema | undefined =>
  isSet(schema.items) ? asObject(schema.items) : undefined;

/** The JSON types that are allowed; none for any. */
export function typesOf(schema: CustomSchema): readonly string[] {
  if (schema[INT_OR_STRING] === true) return ['integer', 'string'];
  return typeof schema.type === 'string' && schema.type !== '' ? [schema.type] : asStrings(schema.type);
}

/** Whether a rule written in CEL stands anywhere in the schema. */
export function hasRules(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  const rules = (schema as Json)['x-kubernetes-validations'];
  if (Array.isArray(rules) && rules.length > 0) return true;
  return Object.values(schema).some(hasRules);
}
