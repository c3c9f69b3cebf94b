/** Everything that is wrong with a custom resource beside its metadata (as the customresource registry's validator). */
import { isInteger, isNumber, stringifyJson } from '../../meta/json';
import { asObject, isSet, type Json } from '../json';
import type { ScalePaths } from '../resources';
import type { FieldError } from '../status';
import { invalid } from '../validation/errors';
import { validateLists } from './lists';
import { type CustomSchema, hasRules } from './schema';
import { validateAgainst } from './validate';

const MAX_INT32 = 2147483647;

/** `status`: only the status is being written, so that what the scale's spec says is not looked at. */
export function validateCustom(
  object: Json,
  schema: CustomSchema | undefined,
  scale: ScalePaths | undefined,
  status: boolean,
): FieldError[] {
  const errors = schema ? validateAgainst(object, schema) : [];
  if (scale && !status) errors.push(...validateCount(object, scale.specReplicasPath));
  if (scale) errors.push(...validateCount(object, scale.statusReplicasPath));
  if (scale?.labelSelectorPath) errors.push(...validateText(object, scale.labelSelectorPath));
  if (!schema) return errors;
  errors.push(...validateLists(object, schema));
  if (errors.some(blocksRules) && hasRules(schema)) {
    const why =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
    errors.push(invalid('<nil>', null, why));
  }
  return errors;
}

/** Whether rules written in CEL could not be held against such an object. */
const blocksRules = ({ type, reason }: FieldError): boolean =>
  ['Unsupported value', 'Required value', 'Too long', 'Too many'].includes(type) || reason === 'FieldValueTypeInvalid';

/** The value at `.spec.replicas`; `blocked` names the part of the path that is no object. */
export function valueAt(object: Json, path: string): { readonly value: unknown; readonly blocked?: string } {
  let value: unknown = object;
  const parts = path.replace(/^\./, '').split('.');
  for (const [i, part] of parts.entries()) {
    if (!isSet(value)) return { value: undefined };
    if (typeof value !== 'object' || Array.isArray(value)) return { value, blocked: parts.slice(0, i).join('.') };
    value = asObject(value)[part];
  }
  return { value };
}

function validateCount(object: Json, path: string): FieldError[] {
  const { value } = valueAt(object, path);
  if (!isSet(value)) return [];
  if (!isNumber(value) || !isInteger(value)) return [invalid(path, 0, mismatch(path, value, 'int64'))];
  if (value < 0) return [invalid(path, value, 'should be a non-negative integer')];
  return value > MAX_INT32 ? [invalid(path, value, `should be less than or equal to ${MAX_INT32}`)] : [];
}

function validateText(object: Json, path: string): FieldError[] {
  const { value } = valueAt(object, path);
  return !isSet(value) || typeof value === 'string' ? [] : [invalid(path, '', mismatch(path, value, 'string'))];
}

/** As unstructured.NestedInt64 complains. */
function mismatch(path: string, value: unknown, wanted: string): string {
  const kind = Array.isArray(value)
    ? '[]interface {}'
    : typeof value === 'object'
      ? 'map[string]interface {}'
      : isNumber(value)
        ? isInteger(value)
          ? 'int64'
          : 'float64'
        : typeof value === 'boolean'
          ? 'bool'
          : 'string';
  const shown = typeof value === 'object' ? stringifyJson(value) : String(value);
  return `${path} accessor error: ${shown} is of the type ${kind}, expected ${wanted}`;
}
