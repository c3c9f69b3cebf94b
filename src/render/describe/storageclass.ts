/** `describe storageclass`. */

import type { StorageClass } from '../../core/api/types';
import { formatLabels } from '../../core/meta/labels';
import { asMaps, asStringMap, asStrings, asText } from './json';
import { boolText, writeBlock, writeEvents } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeStorageClass(storageClass: StorageClass, related: Related, now: number): string {
  const w = new DetailWriter();
  const annotations = storageClass.metadata.annotations ?? {};
  const isDefault =
    annotations['storageclass.kubernetes.io/is-default-class'] === 'true' ||
    annotations['storageclass.beta.kubernetes.io/is-default-class'] === 'true';
  w.field(0, 'Name', storageClass.metadata.name);
  w.field(0, 'IsDefaultClass', isDefault ? 'Yes' : 'No');
  w.field(0, 'Annotations', formatLabels(annotations));
  w.field(0, 'Provisioner', storageClass.provisioner);
  w.field(0, 'Parameters', formatLabels(asStringMap(storageClass.parameters)));
  const expansion = storageClass.allowVolumeExpansion;
  w.field(0, 'AllowVolumeExpansion', expansion === undefined ? '<unset>' : boolText(expansion));
  const mountOptions = asStrings(storageClass.mountOptions);
  if (mountOptions.length === 0) w.field(0, 'MountOptions', '<none>');
  else w.line(0, 'MountOptions:');
  for (const option of mountOptions) w.line(1, option);
  if (storageClass.reclaimPolicy) w.field(0, 'ReclaimPolicy', storageClass.reclaimPolicy);
  if (storageClass.volumeBindingMode) w.field(0, 'VolumeBindingMode', storageClass.volumeBindingMode);
  if (storageClass.allowedTopologies !== undefined) {
    const terms = asMaps(storageClass.allowedTopologies);
    w.line(0, `AllowedTopologies:\t${terms.length === 0 ? '<none>' : ''}`);
    terms.forEach((term, i) => {
      const lines = asMaps(term.matchLabelExpressions).map((expression) => {
        const values = asStrings(expression.values);
        return `${asText(expression.key)} in${values.length > 0 ? ` [${values.join(', ')}]` : ''}`;
      });
      writeBlock(w, `Term ${i}`, lines, '  ');
    });
  }
  writeEvents(w, related.events, now);
  return w.toString();
}
