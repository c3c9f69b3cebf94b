/** Holds a custom resource against its schema, in the API server's words (as kube-openapi's schema validator). */

import { semanticEqual } from '../../meta/equal';
import { isInteger, isNumber, stringifyJson } from '../../meta/json';
import { asNumber, asObject, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { invalid, notSupported, required, tooLong, tooMany } from '../validation/errors';
import { matchesPattern, numberErrors } from './constraints';
import { formatCheck, numericFormat } from './formats';
import { type CustomSchema, itemsOf, propertiesOf, propertyOf, typesOf } from './schema';

/** What came of one schema: upstream shows the errors of the alternative that matched most. */
export interface Outcome {
  readonly errors: FieldError[];
  readonly matches: number;
}

/** Everything that is wrong with an object, in the order of the schema's properties. */
export const validateAgainst = (object: Json, schema: CustomSchema): FieldError[] => check(object, schema, '').errors;

export function check(value: unknown, schema: CustomSchema, path: string): Outcome {
  const errors = typeErrors(value, schema, path);
  let matches = errors.length === 0 ? 1 : 0;
  const take = (outcome: Outcome): void => {
    errors.push(...outcome.errors);
    matches += outcome.matches;
  };
  if (value !== null) take(alternatives(value, schema, path));
  if (typeof value === 'string') take(plain(textErrors(value, schema, path)));
  if (isNumber(value)) take(plain(numberErrors(value, schema, path)));
  if (Array.isArray(value)) take(listErrors(value, schema, path));
  if (Array.isArray(schema.enum) && !schema.enum.some((allowed) => semanticEqual(allowed, value))) {
    const allowed = schema.enum.map((item) => (typeof item === 'string' ? item : stringifyJson(item)));
    errors.push(notSupported(place(path), value, allowed));
  }
  if (kindOf(value) === 'object') take(objectErrors(asObject(value), schema, path));
  return { errors, matches };
}

const plain = (errors: FieldError[]): Outcome => ({ errors, matches: errors.length === 0 ? 1 : 0 });

/** The name of a field in an error; the whole object has none. */
export const place = (path: string): string => path.replace(/^\./, '') || '<nil>';

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isNumber(value)) return isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function typeErrors(value: unknown, schema: CustomSchema, path: string): FieldError[] {
  const types = typesOf(schema);
  const format = formatCheck(schema.format) ? String(schema.format) : (numericFormat(schema) ?? '');
  if (types.length === 0 && !format) return [];
  const kind = kindOf(value);
  if (kind === 'null') {
    return types.length > 0 && !types.includes('null') && schema.nullable !== true
      ? [wrongType(path, types.join(','), 'null')]
      : [];
  }
  const fits = types.includes(kind) || (kind === 'integer' && types.includes('number'));
  const isTextual = kind === 'string' || kind === 'array';
  if (format && !isTextual && !fits) {
    return [wrongType(path, format, kind === 'integer' ? 'int64' : kind === 'number' ? 'float64' : '')];
  }
  if (format && isTextual && !types.includes('number') && !types.includes('integer')) return [];
  return fits ? [] : [wrongType(path, types.join(','), kind)];
}

const wrongType = (path: string, type: string, value: string): FieldError => ({
  ...invalid(place(path), value, `${path} in body must be of type ${type}: ${stringifyJson(value)}`),
  reason: 'FieldValueTypeInvalid',
});

function textErrors(text: string, schema: CustomSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { maxLength, minLength, pattern } = schema;
  const length = [...text].length;
  if (typeof maxLength === 'number' && length > maxLength) errors.push(tooLong(place(path), maxLength));
  if (typeof minLength === 'number' && length < minLength) {
    errors.push(invalid(place(path), text, `${path} in body should be at least ${minLength} chars long`));
  }
  if (typeof pattern === 'string' && pattern !== '' && !matchesPattern(pattern, text)) {
    errors.push(invalid(place(path), text, `${path} in body should match '${pattern}'`));
  }
  const isFine = formatCheck(schema.format);
  if (isFine && !isFine(text)) errors.push(wrongType(path, String(schema.format), text));
  return errors;
}

function listErrors(list: readonly unknown[], schema: CustomSchema, path: string): Outcome {
  const errors: FieldError[] = [];
  let matches = 1;
  const items = itemsOf(schema);
  for (const [index, item] of items ? list.entries() : []) {
    const outcome = check(item, items!, `${path}[${index}]`);
    errors.push(...outcome.errors);
    matches += outcome.matches;
  }
  const { minItems, maxItems } = schema;
  if (typeof minItems === 'number' && list.length < minItems) {
    errors.push(invalid(place(path), list.length, `${path} in body should have at least ${minItems} items`));
  }
  if (typeof maxItems === 'number' && list.length > maxItems) errors.push(tooMany(place(path), list.length, maxItems));
  return { errors, matches };
}

function objectErrors(object: Json, schema: CustomSchema, path: string): Outcome {
  const count = Object.keys(object).length;
  const { minProperties, maxProperties, additionalProperties } = schema;
  if (typeof minProperties === 'number' && count < minProperties) {
    const why = `${path} in body should have at least ${minProperties} properties`;
    return plain([invalid(place(path), count, why)]);
  }
  if (typeof maxProperties === 'number' && count > maxProperties) {
    return plain([tooMany(place(path), count, maxProperties)]);
  }
  const errors: FieldError[] = [];
  let matches = 0;
  const take = (outcome: Outcome): void => {
    errors.push(...outcome.errors);
    matches += outcome.matches;
  };
  if (isSet(additionalProperties) && typeof additionalProperties === 'object') {
    for (const name of Object.keys(object).sort()) {
      if (!propertyOf(schema, name)) take(check(object[name], asObject(additionalProperties), `${path}.${name}`));
    }
  } else if (additionalProperties === false) {
    for (const name of Object.keys(object).sort()) {
      if (!propertyOf(schema, name)) {
        errors.push(invalid(place(path), name, `${path}.${name} in body is a forbidden property`));
      }
    }
  }
  for (const [name, property] of propertiesOf(schema)) {
    if (Object.hasOwn(object, name)) take(check(object[name], property, path === '' ? name : `${path}.${name}`));
  }
  for (const name of Array.isArray(schema.required) ? schema.required : []) {
    if (typeof name === 'string' && !Object.hasOwn(object, name)) errors.push(required(place(`${path}.${name}`)));
  }
  return { errors, matches: matches + 1 };
}

/** anyOf, oneOf, allOf and not. */
function alternatives(value: unknown, schema: CustomSchema, path: string): Outcome {
  const errors: FieldError[] = [];
  let matches = 1;
  const say = (what: string): void => {
    errors.push(invalid('<nil>', '', `${JSON.stringify(path)} must ${what}`));
  };
  const outcomes = (list: unknown): Outcome[] =>
    Array.isArray(list) ? list.map((one) => check(value, asObject(one), path)) : [];
  const best = (list: readonly Outcome[]): Outcome | undefined =>
    list.reduce<Outcome | undefined>((found, one) => (found && found.matches >= one.matches ? found : one), undefined);
  const isValid = (outcome: Outcome): boolean => outcome.errors.length === 0;

  const some = outcomes(schema.anyOf);
  if (some.length > 0 && !some.some(isValid)) {
    say('validate at least one schema (anyOf)');
    errors.push(...best(some)!.errors);
  }
  const one = outcomes(schema.oneOf);
  const valid = one.filter(isValid);
  if (one.length > 0 && valid.length !== 1) {
    const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
    say(`validate one and only one schema (oneOf). ${found}`);
    if (valid.length === 0) errors.push(...best(one)!.errors);
  }
  const all = outcomes(schema.allOf);
  for (const outcome of all) errors.push(...outcome.errors);
  if (!all.every(isValid)) {
    say(`validate all the schemas (allOf)${all.some(isValid) ? '' : '. None validated'}`);
  }
  if (isSet(schema.not) && isValid(check(value, asObject(schema.not), path))) say('not validate the schema (not)');
  for (const outcome of [...some, ...valid, ...all]) matches += asNumber(outcome.matches);
  return { errors, matches };
}
