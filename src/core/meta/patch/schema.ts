/** What a strategic merge needs to know of a type: which lists merge, on which key, and which objects retain only listed keys. */

import { goQuote } from '../gofmt';

export type PatchStrategy = 'merge' | 'replace' | 'retainKeys';

export interface PatchSchema {
  /** The metadata of a field by its JSON name; undefined when there is none: objects merge, lists are replaced. */
  field(name: string): PatchField | undefined;
  /** The type whose fields these are; none where any name will do, as in a map. */
  readonly type?: { readonly goName: string; readonly fields: { has(name: string): boolean } };
}

export interface PatchField {
  /** The field of the list's items that identifies them; none for lists of primitives. */
  readonly mergeKey?: string;
  readonly strategies: readonly PatchStrategy[];
  readonly list: boolean;
  /** The schema of the object, or of the list's items. */
  readonly item?: PatchSchema;
}

export const DIRECTIVE = '$patch';
export const RETAIN_KEYS = '$retainKeys';
export const DELETE_FROM = '$deleteFromPrimitiveList';
export const SET_ORDER = '$setElementOrder';

/** The patch is malformed; upstream answers with a bad request or an invalid patch. */
export class PatchError extends Error {
  override name = 'PatchError';
}

/** Whether the type is known and has no such field. */
export const isUnknown = (schema: PatchSchema | undefined, name: string): boolean =>
  schema?.type !== undefined && !schema.type.fields.has(name);

/**
 * The metadata of a field that holds an object or a list on both sides. Throws PatchError when the type has no such field, as
 * LookupPatchMetadataForStruct; what merely is set or taken away is never looked up.
 */
export function lookUp(schema: PatchSchema | undefined, name: string): PatchField | undefined {
  if (isUnknown(schema, name)) {
    throw new PatchError(
      `unable to find api field in struct ${schema?.type?.goName} for the json field ${goQuote(name)}`,
    );
  }
  return schema?.field(name);
}

/** The strategy besides retainKeys, '' for none, as extractRetainKeysPatchStrategy. */
export function strategyOf(field: PatchField | undefined): 'merge' | 'replace' | '' {
  return field?.strategies.includes('merge') ? 'merge' : field?.strategies.includes('replace') ? 'replace' : '';
}

export function retainsKeys(field: PatchField | undefined): boolean {
  return field?.strategies.includes('retainKeys') ?? false;
}
