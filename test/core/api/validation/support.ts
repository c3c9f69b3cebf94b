/** From a manifest to the sentences of the API server, as a write goes: decoded, completed, looked at. */
import { decode } from '../../../../src/core/api/decode';
import { withDefaults } from '../../../../src/core/api/defaults';
import { fieldErrorText } from '../../../../src/core/api/status';
import type { KubeObject, Manifest } from '../../../../src/core/api/types';
import { validateCreate, validateUpdate, writeWarnings } from '../../../../src/core/api/validation';

export const complete = (manifest: Manifest): KubeObject =>
  withDefaults(decode(manifest, 'Strict').manifest) as unknown as KubeObject;

export const create = (manifest: Manifest): string[] => validateCreate(complete(manifest)).map(fieldErrorText);

export const update = (next: Manifest, old: Manifest, subresource?: 'status' | 'scale'): string[] =>
  validateUpdate(complete(next), complete(old), subresource).map(fieldErrorText);

export const warnings = (manifest: Manifest): string[] => writeWarnings(complete(manifest));

export const annotated = (manifest: Manifest, annotations: Record<string, string>): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, annotations },
});

/** A table's row: what is wrong, the manifest, the sentences. */
export type Row = readonly [name: string, manifest: Manifest, errors: readonly string[]];

export const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
export const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const QUALIFIED =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
