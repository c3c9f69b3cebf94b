/** A manifest on its way into the store, as the API server reads it. */
import { toStorageVersion } from '../../api/convert';
import type { CustomVersions } from '../../api/custom-resources/schema';
import { decode, type FieldValidation } from '../../api/decode';
import type { ResourceInfo } from '../../api/resources';
import { badRequest, unregisteredKind } from '../../api/status';
import type { Manifest } from '../../api/types';
import type { Store } from '../../apiserver/store';

/**
 * The manifest in the version that is stored, for the namespace of the request.
 * @throws ApiError BadRequest for what can't be decoded, for a kind in other letters, and for another namespace
 */
export function acceptManifest(
  store: Store,
  resource: ResourceInfo,
  namespace: string | undefined,
  manifest: Manifest,
  validation: FieldValidation,
): { manifest: Manifest; warnings: readonly string[] } {
  if (manifest.kind !== resource.kind && manifest.kind.toLowerCase() === resource.kind.toLowerCase())
    throw unregisteredKind(manifest, resource.kind);
  const converted = toStorageVersion(manifest);
  const decoded = decode(converted.manifest, validation, resource.simulated ? undefined : customVersions(store));
  const warnings = [...converted.warnings, ...decoded.warnings];
  const { metadata } = decoded.manifest;
  if (!resource.namespaced) return { manifest: { ...decoded.manifest, metadata: { ...metadata } }, warnings };
  if (metadata?.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return { manifest: { ...decoded.manifest, metadata: { ...metadata, namespace } }, warnings };
}

export const customVersions =
  (store: Store): CustomVersions =>
  (apiVersion, kind) =>
    store.customVersion(apiVersion, kind);
