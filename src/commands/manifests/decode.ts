/** Checks that a parsed document has the outline of an object, in the words of the client's decoder. */

import { type DecodeReport, decodeStruct } from '../../core/api/decode-value';
import { schemaType } from '../../core/api/schema/schema';
import { CommandError } from '../../core/client/errors';
import { goStringify } from '../../core/meta/gojson';

export type JsonObject = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Go's name of a JSON value's type. */
export function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (value === null) return 'null';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/**
 * What `apply`, `create` and `replace` check before all else (as validation.ParamVerifyingSchema).
 * @throws CommandError behind which the source is to be named.
 */
export function checkHeader(value: unknown): void {
  const problems: string[] = [];
  if (!isObject(value)) problems.push('invalid object to validate');
  else {
    for (const field of ['apiVersion', 'kind'])
      if (value[field] === undefined || value[field] === null || value[field] === '') problems.push(`${field} not set`);
      else if (typeof value[field] !== 'string') problems.push(`${field} isn't string type`);
  }
  if (problems.length === 0) return;
  const list = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  throw new CommandError(
    `error validating data: ${list}; if you choose to ignore these errors, turn validation off with --validate=false`,
  );
}

/** As UnstructuredJSONScheme and the metadata check that follows it. @throws CommandError */
export function decodeObject(value: unknown): JsonObject {
  if (!isObject(value))
    throw new CommandError(`json: cannot unmarshal ${jsonType(value)} into Go value of type unstructured.detector`);
  if (typeof value.kind !== 'string' || value.kind === '')
    throw new CommandError(`Object 'Kind' is missing in '${goStringify(value)}'`);
  if (value.apiVersion !== undefined && value.apiVersion !== null && typeof value.apiVersion !== 'string')
    throw mismatch(value.apiVersion, 'field metadataOnlyObject.TypeMeta.apiVersion of type string');
  checkMetadata(value.metadata);
  return value;
}

/** The metadata's fields have their types here already; unknown ones are the server's business. */
function checkMetadata(metadata: unknown): void {
  if (metadata === undefined || metadata === null) return;
  if (!isObject(metadata)) throw mismatch(metadata, 'field metadataOnlyObject.metadata of type v1.ObjectMeta');
  const type = schemaType('V1ObjectMeta');
  const report: DecodeReport = { unknown: [], typeError: undefined };
  if (type) decodeStruct(metadata, type, report, { struct: 'ObjectMeta', fields: ['metadata'], path: 'metadata' });
  if (report.typeError !== undefined) throw new CommandError(report.typeError);
}

const mismatch = (value: unknown, target: string): CommandError =>
  new CommandError(`json: cannot unmarshal ${jsonType(value)} into Go struct ${target}`);
