/** Turns objects of other versions, most of which Kubernetes no longer serves, into the version they are stored in. */
import { asObject, asString, isSet, type Json, mapField, withAbsent } from './json';
import { asStored } from './other-versions';
import { storageVersionOf } from './resources';
import type { Manifest } from './types';

export interface Converted {
  readonly manifest: Manifest;
  /** One line that names the older version; empty when nothing was converted. */
  readonly warnings: string[];
}

/**
 * The manifest in its stored version, with the defaults that the older version had where they differ: apps/v1beta1
 * StatefulSets updated OnDelete and took their selector from the template's labels. Other manifests come back as they are.
 */
export function toStorageVersion(manifest: Manifest): Converted {
  const served = asStored(manifest);
  if (served !== manifest) return { manifest: served, warnings: [] };
  const version = storageVersionOf(manifest.apiVersion, manifest.kind);
  if (!version) return { manifest, warnings: [] };
  const changed = { ...convertSpec(manifest, manifest.apiVersion), apiVersion: version } as Manifest;
  return {
    manifest: changed,
    warnings: [`${manifest.apiVersion} ${manifest.kind} is deprecated; it is stored as ${version} ${manifest.kind}`],
  };
}

function convertSpec(manifest: Manifest, from: string): Json {
  switch (`${from} ${manifest.kind}`) {
    case 'apps/v1beta1 StatefulSet':
      return mapField(selectorFromTemplate(manifest), 'spec', (spec) =>
        mapField(withAbsent(spec, { updateStrategy: {} }), 'updateStrategy', (s) =>
          withAbsent(s, { type: 'OnDelete' }),
        ),
      );
    case 'apps/v1beta1 Deployment':
      return mapField(selectorFromTemplate(manifest), 'spec', ({ rollbackTo: _, ...spec }) => {
        const s = withAbsent(spec, { revisionHistoryLimit: 2 });
        return s;
      });
    case 'policy/v1beta1 PodDisruptionBudget':
      // An empty selector matched nothing in v1beta1 and matches everything in v1.
      return mapField(manifest, 'spec', (spec) =>
        isSet(spec.selector) && Object.keys(asObject(spec.selector)).length === 0
          ? {
              ...spec,
              selector: {
                matchExpressions: [
                  { key: 'pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match', operator: 'Exists' },
                ],
              },
            }
          : spec,
      );
    default:
      return manifest;
  }
}

/** apps/v1beta1 took a missing selector from the template's labels. */
function selectorFromTemplate(manifest: Json): Json {
  return mapField(manifest, 'spec', (spec) => {
    const labels = asObject(asObject(asObject(spec.template).metadata).labels);
    if (isSet(spec.selector) || Object.keys(labels).length === 0) return spec;
    const matchLabels = Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, asString(value)]));
    return { ...spec, selector: { matchLabels } };
  });
}
