/** The annotation in which apply remembers what it applied, byte for byte as kubectl writes it. */
import { LAST_APPLIED } from '../api/annotations';
import type { KubeObject, Labels, Manifest } from '../api/types';
import { goStringify } from '../meta/gojson';

export { LAST_APPLIED } from '../api/annotations';

/** The manifest with its own configuration as annotation (as util.CreateApplyAnnotation). */
export function withLastApplied(manifest: Manifest): Manifest {
  const bare = withoutLastApplied(manifest);
  const annotations = { ...bare.metadata.annotations, [LAST_APPLIED]: `${goStringify(bare)}\n` };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

/** What apply writes down: the manifest without that annotation, and with annotations even where it has none. */
export const withoutLastApplied = (manifest: Manifest): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, annotations: without(manifest.metadata.annotations, LAST_APPLIED) },
});

/** For `create` and `replace`: written when asked for, refreshed when the file already carries one. */
export function maybeWithLastApplied(manifest: Manifest, save: boolean): Manifest {
  return save || manifest.metadata.annotations?.[LAST_APPLIED] !== undefined ? withLastApplied(manifest) : manifest;
}

export const lastApplied = (object: KubeObject): string | undefined => object.metadata.annotations?.[LAST_APPLIED];

/** The text that set-last-applied writes for this manifest: one line and its end, keys sorted. */
export const annotationText = (manifest: Manifest | KubeObject): string => `${goStringify(manifest)}\n`;

/** The merge patch that writes it down. */
export const annotationPatch = (text: string): { [key: string]: unknown } => ({
  metadata: { annotations: { [LAST_APPLIED]: text } },
});

function without(map: Labels | undefined, key: string): Labels {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([k]) => k !== key));
}
