/** Reads a custom resource as the API server does: metadata by its Go type, everything else by the definition's schema. */
import { type DecodeReport, decodeStruct } from '../decode-value';
import { asObject, type Json } from '../json';
import { schemaType } from '../schema/schema';
import { withSchemaDefaults } from './defaults';
import { prune } from './prune';
import type { CustomVersion } from './schema';

/** The object in the version that is kept, pruned and defaulted. `report` receives unknown fields and wrong types. */
export function decodeCustom(object: Json, version: CustomVersion, report: DecodeReport): Json {
  const meta = schemaType('V1ObjectMeta');
  const named = { ...object, apiVersion: version.apiVersion };
  const read =
    meta && typeof object.metadata === 'object' && object.metadata !== null
      ? { ...named, metadata: decodeStruct(object.metadata, meta, report, META) }
      : named;
  if (!version.schema) return read;
  const unknown: string[] = [];
  const pruned = prune(read, version.schema, unknown);
  for (const path of unknown) report.unknown.push(`unknown field ${JSON.stringify(path)}`);
  report.unknown.sort();
  return asObject(withSchemaDefaults(pruned, version.schema));
}

/** Go's words name the fields of the metadata alone, unknown fields are named from the root. */
const META = { struct: 'ObjectMeta', fields: [], path: 'metadata' };
