/** A PersistentVolumeClaim's own lines, shared with the claim templates inside pods (as printPersistentVolumeClaim). */

import { asMap, asStringMap, asText, at, goList, type Json } from './json';
import { ageOf, writeAnnotations, writeLabels } from './parts';
import { accessModesText } from './storage-text';
import type { DetailWriter } from './writer';

export interface ClaimLines {
  /** False for a template, which has no name, status or finalizers of its own. */
  readonly whole: boolean;
  readonly now: number;
}

/** `claim` is a claim or an ephemeral volume's template: metadata, spec and, for a claim, status. */
export function writeClaim(w: DetailWriter, claim: Json, options: ClaimLines): void {
  const { whole } = options;
  const meta = asMap(claim.metadata) ?? {};
  const spec = asMap(claim.spec) ?? {};
  if (whole) {
    w.field(0, 'Name', asText(meta.name));
    w.field(0, 'Namespace', asText(meta.namespace));
  }
  w.field(0, 'StorageClass', claimClass(claim));
  if (whole) {
    const deleted = asText(meta.deletionTimestamp);
    w.field(
      0,
      'Status',
      deleted ? `Terminating (lasts ${ageOf(deleted, options.now)})` : asText(at(claim, 'status', 'phase')),
    );
  }
  w.field(0, 'Volume', asText(spec.volumeName));
  writeLabels(w, 'Labels', asStringMap(meta.labels));
  writeAnnotations(w, 'Annotations', asStringMap(meta.annotations));
  if (whole) w.field(0, 'Finalizers', goList(meta.finalizers));
  const bound = asText(spec.volumeName) !== '';
  w.field(0, 'Capacity', bound ? asText(at(claim, 'status', 'capacity', 'storage') ?? '0') : '');
  w.field(0, 'Access Modes', bound ? accessModesText(at(claim, 'status', 'accessModes')) : '');
  if (spec.volumeMode !== undefined) w.field(0, 'VolumeMode', asText(spec.volumeMode));
  const source = asMap(spec.dataSource);
  if (source) {
    w.line(0, 'DataSource:');
    if (source.apiGroup !== undefined) w.field(1, 'APIGroup', asText(source.apiGroup));
    w.field(1, 'Kind', asText(source.kind));
    w.field(1, 'Name', asText(source.name));
  }
}

/** The class a claim or volume names, its old annotation first (as GetPersistentVolumeClaimClass). */
export function claimClass(object: Json): string {
  const annotated = at(object, 'metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class');
  return asText(annotated ?? at(object, 'spec', 'storageClassName'));
}
