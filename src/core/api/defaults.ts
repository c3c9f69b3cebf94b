/** Fills in what a manifest leaves out, before it is validated and stored. */
import { defaultsOf, type Gate } from './defaults/kinds';
import type { Manifest } from './types';

/**
 * The manifest with its kind's defaults (as the SetDefaults functions of Kubernetes 1.36). Applying it again changes
 * nothing. Custom kinds come back as they are. `gate` says which feature gates are on; all are off without it.
 */
export function withDefaults(manifest: Manifest, gate: Gate = () => false): Manifest {
  const change = isBuiltIn(manifest.apiVersion) ? defaultsOf(manifest.kind) : undefined;
  return change ? (change(manifest, gate) as Manifest) : manifest;
}

/** Groups of our own kinds: none, a single word, or below k8s.io. */
function isBuiltIn(apiVersion: string): boolean {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return !group.includes('.') || group.endsWith('.k8s.io');
}
