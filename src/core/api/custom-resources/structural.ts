/** Which schemas a CustomResourceDefinition may carry: structural ones (as ValidateStructural). */
import { goRegExpError } from '../../meta/go-regexp';
import { asList, asObject, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { fieldErrorText } from '../status';
import { forbidden, invalid, key, required } from '../validation/errors';
import {
  additionalOf,
  type CustomSchema,
  EMBEDDED,
  INT_OR_STRING,
  itemsOf,
  PRESERVE,
  propertiesOf,
  propertyOf,
} from './schema';

type Level = 'root' | 'item' | 'field';

const NO_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/** What keeps the schema from being structural, sorted as upstream sorts it. */
export function validateStructural(schema: CustomSchema, path: string): FieldError[] {
  const text = new Map<FieldError, string>();
  const errors = [...node(schema, 'root', path), ...completeness(schema, schema, path, path)];
  for (const error of errors) text.set(error, fieldErrorText(error));
  return errors.sort((a, b) => (text.get(a)! < text.get(b)! ? -1 : text.get(a)! > text.get(b)! ? 1 : 0));
}

function node(schema: CustomSchema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const type = typeof schema.type === 'string' ? schema.type : '';
  const items = itemsOf(schema);
  const additional = isSet(schema.additionalProperties) ? additionalOf(schema) : undefined;
  if (type === 'array' && !items) errors.push(required(`${path}.items`, 'must be specified'));
  if (items) errors.push(...node(items, 'item', `${path}.items`));
  for (const [name, property] of propertiesOf(schema)) {
    errors.push(...node(property, 'field', key(`${path}.properties`, name)));
  }
  if (isSet(schema.additionalProperties)) {
    const at = `${path}.additionalProperties`;
    if (level === 'root') errors.push(forbidden(at, 'must not be used at the root'));
    if (additional && schema.additionalProperties !== true) errors.push(...node(additional, 'field', at));
    if (isSet(schema.properties) && schema.additionalProperties !== true) {
      errors.push(forbidden(at, 'additionalProperties and properties are mutual exclusive'));
    }
  }
  errors.push(...extensions(schema, path), ...nested(schema, path), ...patternErrors(schema, path));
  if (schema[EMBEDDED] === true && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type ? invalid(`${path}.type`, type, why) : required(`${path}.type`, why));
  } else if (!type && schema[INT_OR_STRING] !== true && schema[PRESERVE] !== true) {
    errors.push(required(`${path}.type`, NO_TYPE[level]));
  }
  if (level === 'root' && type && type !== 'object') {
    errors.push(invalid(`${path}.type`, type, 'must be object at the root'));
  }
  if (schema[EMBEDDED] === true && schema[PRESERVE] !== true && propertiesOf(schema).length === 0) {
    const why =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(`${path}.properties`, why));
  }
  return errors;
}

function extensions(schema: CustomSchema, path: string): FieldError[] {
  if (schema[INT_OR_STRING] !== true) return [];
  return [PRESERVE, EMBEDDED]
    .filter((name) => schema[name] === true)
    .map((name) => invalid(`${path}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'));
}

/** Patterns are Go's: what Go can't read is refused, and can't be smuggled in to be matched for ever (as validateValueValidation). */
function patternErrors({ pattern }: CustomSchema, path: string): FieldError[] {
  if (typeof pattern !== 'string' || pattern === '') return [];
  const wrong = goRegExpError(pattern);
  const why = `must be a valid regular expression, but isn't: ${wrong}`;
  return wrong === undefined ? [] : [invalid(`${path}.pattern`, pattern, why)];
}

const JUNCTORS = ['anyOf', 'allOf', 'oneOf'];
const GENERIC = ['type', 'title', 'description'];
const UNDEFINED = ['default', 'additionalProperties', 'externalDocs'];

/** What stands under allOf, anyOf, oneOf and not restricts values; it must not describe structure. */
function nested(schema: CustomSchema, path: string): FieldError[] {
  const errors = JUNCTORS.flatMap((junctor) => {
    if (schema[INT_OR_STRING] === true && junctor !== 'oneOf') return [];
    return asList(schema[junctor]).flatMap((inner, i) => valuesOnly(inner, `${path}.${junctor}[${i}]`));
  });
  return isSet(schema.not) ? [...errors, ...valuesOnly(asObject(schema.not), `${path}.not`)] : errors;
}

function valuesOnly(schema: Json, path: string): FieldError[] {
  const errors = [...nested(schema, path), ...patternErrors(schema, path)];
  const items = itemsOf(schema);
  if (items) errors.push(...valuesOnly(items, `${path}.items`));
  for (const [name, property] of propertiesOf(schema)) {
    errors.push(...valuesOnly(property, key(`${path}.properties`, name)));
  }
  for (const field of GENERIC) {
    if (schema[field]) errors.push(forbidden(`${path}.${field}`, 'must be empty to be structural'));
  }
  for (const field of UNDEFINED) {
    if (isSet(schema[field])) errors.push(forbidden(`${path}.${field}`, 'must be undefined to be structural'));
  }
  for (const field of ['nullable', PRESERVE, EMBEDDED, INT_OR_STRING]) {
    if (schema[field] === true) errors.push(forbidden(`${path}.${field}`, 'must be false to be structural'));
  }
  return errors;
}

/** Every field that a restriction at the root speaks of is described outside of it. */
function completeness(values: Json, structure: CustomSchema | undefined, path: string, from: string): FieldError[] {
  const errors: FieldError[] = isSet(values.not) ? described(asObject(values.not), structure, path, `${from}.not`) : [];
  for (const junctor of ['allOf', 'anyOf', 'oneOf']) {
    for (const [i, inner] of asList(values[junctor]).entries()) {
      errors.push(...described(inner, structure, path, `${from}.${junctor}[${i}]`));
    }
  }
  return errors;
}

function described(values: Json, structure: CustomSchema | undefined, path: string, from: string): FieldError[] {
  if (!structure) return [required(path, `because it is defined in ${from}`)];
  const errors = completeness(values, structure, path, from);
  const items = itemsOf(values);
  if (items) errors.push(...described(items, itemsOf(structure), `${path}.items`, `${from}.items`));
  for (const [name, property] of propertiesOf(values)) {
    const at = key(`${path}.properties`, name);
    errors.push(...described(property, propertyOf(structure, name), at, key(`${from}.properties`, name)));
  }
  return errors;
}
