/** Writing down what was applied last without applying it: what the `last-applied` commands share. */
import type { KubeObject, Manifest } from '../core/api/types';
import { LAST_APPLIED } from '../core/client/last-applied';
import { goStringify } from '../core/meta/gojson';

/** The text that the annotation gets for this manifest, as the command line writes JSON: one line, keys sorted. */
export const annotationText = (manifest: Manifest | KubeObject): string => goStringify(manifest);

/** The merge patch that writes it down. */
export const annotationPatch = (text: string): { [key: string]: unknown } => ({
  metadata: { annotations: { [LAST_APPLIED]: text } },
});
