/**
 * Turns what a client sent into what the API server holds: every field is checked against its Go type, unknown fields
 * are reported and dropped, quantities and times become canonical, and empty values that Go would leave out are left
 * out (as sigs.k8s.io/json decodes and encoding/json writes back). Custom kinds are read by their definition's schema.
 */
import { decodeCustom } from './custom-resources/decode';
import type { CustomVersions } from './custom-resources/schema';
import { type DecodeReport, decodeStruct } from './decode-value';
import { asObject } from './json';
import { resourceForKind, splitApiVersion, storageVersionOf } from './resources';
import { kindType, type SchemaType } from './schema/schema';
import { badRequest } from './status';
import type { Manifest } from './types';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface Decoded {
  readonly manifest: Manifest;
  /** `unknown field "spec.replica"`, one for each in the order of the fields' names, with `Warn`. */
  readonly warnings: string[];
}

/**
 * Decodes one object. Throws BadRequest with the API server's sentence when a value has the wrong type and, with
 * `Strict`, when there are unknown fields.
 */
export function decode(manifest: unknown, validation: FieldValidation, custom?: CustomVersions): Decoded {
  const { report, object } = inspect(manifest, custom);
  if (report.typeError !== undefined) throw badRequest(cannotHandle(object, report.typeError));
  if (validation === 'Strict' && report.unknown.length > 0) {
    throw badRequest(cannotHandle(object, strictSentence(report.unknown)));
  }
  return { manifest: report.value as Manifest, warnings: validation === 'Warn' ? report.unknown : [] };
}

/** The first value of the wrong type, in Go's words, without the sentence around it. */
export const typeError = (manifest: unknown, custom?: CustomVersions): string | undefined =>
  inspect(manifest, custom).report.typeError;

/** The same for an object that came of a strategic merge patch: it is converted, not decoded, and says so in other words. */
export const conversionError = (manifest: unknown): string | undefined => inspect(manifest).report.conversionError;

/** `strict decoding error: unknown field "a", unknown field "b"`, as runtime.NewStrictDecodingError. */
export const strictSentence = (unknown: readonly string[]): string => `strict decoding error: ${unknown.join(', ')}`;

/** All of the above of one object that is read once: for whoever asks for several. */
export interface Examined {
  readonly typeError: string | undefined;
  readonly conversionError: string | undefined;
  readonly unknown: readonly string[];
  /** As `decode` returns it; sound where there is no type error. */
  readonly manifest: Manifest;
}

/** `sound`: parts of the object that were decoded before, and are taken as they are where its kind is built in. */
export function examine(manifest: unknown, custom?: CustomVersions, sound?: ReadonlySet<unknown>): Examined {
  const { typeError, conversionError, unknown, value } = inspect(manifest, custom, sound).report;
  return { typeError, conversionError, unknown, manifest: value as Manifest };
}

interface Inspected {
  readonly report: DecodeReport & { readonly value: unknown };
  readonly object: { readonly apiVersion: string; readonly kind: string };
}

/** An object has no text of its own: its `toString` may be a field that somebody sent. */
const wordOf = (value: unknown): string => (typeof value === 'object' ? '' : String(value ?? ''));

function inspect(manifest: unknown, custom?: CustomVersions, sound?: ReadonlySet<unknown>): Inspected {
  const report: DecodeReport = { unknown: [], typeError: undefined, ...(sound && { sound }) };
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    const what = Array.isArray(manifest) ? 'array' : manifest === null ? 'null' : typeof manifest;
    report.typeError = `json: cannot unmarshal ${what} into Go value of type map[string]interface {}`;
    return { report: { ...report, value: manifest }, object: { apiVersion: '', kind: '' } };
  }
  const { apiVersion, kind } = manifest as { apiVersion: string; kind: string };
  const object = { apiVersion: wordOf(apiVersion), kind: wordOf(kind) };
  const type = typeOf(object.apiVersion, object.kind);
  const version = type ? undefined : custom?.(object.apiVersion, object.kind);
  const value = type
    ? decodeStruct(manifest, type, report)
    : version
      ? decodeCustom(asObject(manifest), version, report)
      : manifest;
  return { report: { ...report, value }, object };
}

/** The fields of an older version are read as those of the version it is stored in. */
function typeOf(apiVersion: string, kind: string): SchemaType | undefined {
  if (!resourceForKind(apiVersion, kind) && !(apiVersion === 'autoscaling/v1' && kind === 'Scale')) return undefined;
  return kindType(
    apiVersion === 'autoscaling/v1' ? apiVersion : (storageVersionOf(apiVersion, kind) ?? apiVersion),
    kind,
  );
}

function cannotHandle(object: { apiVersion: string; kind: string }, why: string): string {
  if (!object.kind) return why;
  const [, version] = splitApiVersion(object.apiVersion);
  return `${object.kind} in version ${JSON.stringify(version)} cannot be handled as a ${object.kind}: ${why}`;
}
