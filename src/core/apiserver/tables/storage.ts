/** Rows of claims, volumes and classes. */
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/types';
import { AGE, ageOf, asText, at, NAME, type TablePrinter, text, wide } from './printer';

export const claimPrinter = (): TablePrinter<PersistentVolumeClaim> => ({
  columns: [
    NAME,
    text('Status'),
    text('Volume'),
    text('Capacity'),
    text('Access Modes'),
    text('StorageClass'),
    text('VolumeAttributesClass'),
    AGE,
    wide('VolumeMode'),
  ],
  cells(claim, now) {
    const bound = Boolean(claim.spec.volumeName);
    return [
      claim.metadata.name,
      claim.metadata.deletionTimestamp ? 'Terminating' : (claim.status?.phase ?? ''),
      claim.spec.volumeName ?? '',
      bound ? (claim.status?.capacity?.storage ?? '0') : '',
      bound ? accessModesText(claim.status?.accessModes) : '',
      classOf(claim),
      asText(at(claim.spec, 'volumeAttributesClassName')) || '<unset>',
      ageOf(claim, now),
      claim.spec.volumeMode ?? '<unset>',
    ];
  },
});

export const volumePrinter = (): TablePrinter<PersistentVolume> => ({
  columns: [
    NAME,
    text('Capacity'),
    text('Access Modes'),
    text('Reclaim Policy'),
    text('Status'),
    text('Claim'),
    text('StorageClass'),
    text('VolumeAttributesClass'),
    text('Reason'),
    AGE,
    wide('VolumeMode'),
  ],
  cells(volume, now) {
    const { spec, status } = volume;
    return [
      volume.metadata.name,
      spec.capacity?.storage ?? '0',
      accessModesText(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      volume.metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
      classOf(volume),
      asText(spec.volumeAttributesClassName) || '<unset>',
      status?.reason ?? '',
      ageOf(volume, now),
      spec.volumeMode ?? '<unset>',
    ];
  },
});

export const storageClassPrinter = (): TablePrinter<StorageClass> => ({
  columns: [
    NAME,
    text('Provisioner'),
    text('ReclaimPolicy'),
    text('VolumeBindingMode'),
    { name: 'AllowVolumeExpansion', type: 'string', priority: 0 },
    AGE,
  ],
  cells: (storageClass, now) => [
    isDefault(storageClass) ? `${storageClass.metadata.name} (default)` : storageClass.metadata.name,
    storageClass.provisioner,
    storageClass.reclaimPolicy ?? 'Delete',
    storageClass.volumeBindingMode ?? 'Immediate',
    storageClass.allowVolumeExpansion ?? false,
    ageOf(storageClass, now),
  ],
});

function isDefault(storageClass: StorageClass): boolean {
  const annotations = storageClass.metadata.annotations ?? {};
  return (
    annotations['storageclass.kubernetes.io/is-default-class'] === 'true' ||
    annotations['storageclass.beta.kubernetes.io/is-default-class'] === 'true'
  );
}

/** The class a claim or volume names, its old annotation first. */
const classOf = (object: PersistentVolumeClaim | PersistentVolume): string =>
  object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? object.spec.storageClassName ?? '';

/** `RWO,ROX,RWX,RWOP`, each once, in this order (as GetAccessModesAsString). */
function accessModesText(modes: readonly string[] | undefined): string {
  const short: [string, string][] = [
    ['ReadWriteOnce', 'RWO'],
    ['ReadOnlyMany', 'ROX'],
    ['ReadWriteMany', 'RWX'],
    ['ReadWriteOncePod', 'RWOP'],
  ];
  return short
    .filter(([mode]) => modes?.includes(mode))
    .map(([, text]) => text)
    .join(',');
}
