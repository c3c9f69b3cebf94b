/** `describe persistentvolume`. */
import type { PersistentVolume } from '../../core/api/types';
import { claimClass } from './claim';
import { asMap, asMaps, asStrings, asText, goList, type Json } from './json';
import { ageOf, writeAnnotations, writeBlock, writeEvents, writeLabels } from './parts';
import type { Related } from './related';
import { accessModesText } from './storage-text';
import { writeSource } from './volumes';
import { DetailWriter } from './writer';

export function describePersistentVolume(volume: PersistentVolume, related: Related, now: number): string {
  const w = new DetailWriter();
  const { metadata, spec, status } = volume;
  w.field(0, 'Name', metadata.name);
  writeLabels(w, 'Labels', metadata.labels);
  writeAnnotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'Finalizers', goList(metadata.finalizers));
  w.field(0, 'StorageClass', claimClass(volume));
  const deleted = metadata.deletionTimestamp;
  w.field(0, 'Status', deleted ? `Terminating (lasts ${ageOf(deleted, now)})` : (status?.phase ?? ''));
  const claim = spec.claimRef;
  w.field(0, 'Claim', claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : '');
  w.field(0, 'Reclaim Policy', spec.persistentVolumeReclaimPolicy ?? '');
  w.field(0, 'Access Modes', accessModesText(spec.accessModes));
  if (spec.volumeMode !== undefined) w.field(0, 'VolumeMode', spec.volumeMode);
  w.field(0, 'Capacity', spec.capacity?.storage ?? '0');
  writeNodeAffinity(w, asMap(asMap(spec.nodeAffinity)?.required));
  w.field(0, 'Message', status?.message ?? '');
  w.line(0, 'Source:');
  writeSource(w, spec, true, now);
  writeEvents(w, related.events, now);
  return w.toString();
}

function writeNodeAffinity(w: DetailWriter, required: Json | undefined): void {
  w.line(0, `Node Affinity:\t${required ? '' : '<none>'}`);
  if (!required) return;
  const terms = asMaps(required.nodeSelectorTerms);
  w.line(1, `Required Terms:\t${terms.length === 0 ? '<none>' : ''}`);
  terms.forEach((term, i) => {
    writeBlock(w, `Term ${i}`, asMaps(term.matchExpressions).map(expressionText), '    ');
  });
}

function expressionText(expression: Json): string {
  const values = asStrings(expression.values);
  const list = values.length > 0 ? ` [${values.join(', ')}]` : '';
  return `${asText(expression.key)} ${asText(expression.operator).toLowerCase()}${list}`;
}
